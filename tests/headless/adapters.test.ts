import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NamedTensors } from '../../src/contract/checkpoint';
import { mergeAdapter } from '../../src/core/model/adapters/merge';
import { readForeignWeights } from '../../src/core/model/gpt2/weights';
import { loraOf } from '../../src/formats/adapterConfig';
import { modelOfGpt2 } from '../../src/formats/gpt2Config';
import { decodeSafetensors, encodeSafetensors } from '../../src/formats/safetensors';
import { logitsDoor } from '../../src/headless/logits';
import { openModelFolder } from '../../src/headless/modelFolder';

const LORA = 'tests/fixtures/interop/lora';
const BASE = 'tests/fixtures/interop/gpt2/plain';
type Config = Record<string, unknown>;
const jsonOf = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Config;
const base = () => openModelFolder(BASE, (config, stored) => readForeignWeights(stored, modelOfGpt2(config)));
const tensorsOf = (folder: string): NamedTensors =>
  decodeSafetensors(readFileSync(join(folder, 'adapter_model.safetensors'))).tensors;
const storedOf = (tensors: NamedTensors) => ({
  shapes: new Map(Object.entries(tensors).map(([name, { shape }]) => [name, shape])),
  inOrder: Object.keys(tensors),
  read: async (name: string) => tensors[name]!.data,
  whyNot: () => null,
});

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'adapters-'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

describe('an adapter that peft trained', () => {
  it.each([
    ['adapter_config.json', /adapter_model\.safetensors is missing: it lies beside adapter_config\.json/],
    ['adapter_model.safetensors', /adapter_config\.json is missing: it lies beside adapter_model\.safetensors/],
  ])('is asked for its other half where only %s came', async (name, words) => {
    const folder = join(scratch, `only-${name}`);
    cpSync(join(LORA, 'c-attn-r4', name), join(folder, name));
    await expect(logitsDoor({ folder: BASE, adapter: folder, greedy: null, tell: () => {} })).rejects.toThrow(words);
  });

  it.each(['c-attn-r4', 'attn-mlp-r8', 'rslora', 'modules-to-save'])('says the same here: %s', async (name) => {
    const answer = await logitsDoor({ folder: BASE, adapter: join(LORA, name), greedy: null, tell: () => {} });
    const { cases } = jsonOf(join(LORA, name, 'golden.json')) as unknown as {
      cases: { ids: number[]; positions: number[]; logits: number[][] }[];
    };
    for (const { ids, positions, logits } of cases) {
      const said = await answer(JSON.stringify(ids));
      for (const [i, position] of positions.entries())
        for (const [token, logit] of logits[i]!.entries())
          expect(Math.abs(said.logits[position]![token]! - logit)).toBeLessThan(1e-4);
    }
  });

  it('is the same under bare names, and under the names of an adapter in use', async () => {
    const tensors = tensorsOf(join(LORA, 'modules-to-save'));
    const config = loraOf(jsonOf(join(LORA, 'modules-to-save/adapter_config.json')));
    const wanted = await mergeAdapter(await base(), storedOf(tensors), config);
    const under = (rename: (name: string) => string) =>
      storedOf(Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [rename(name), tensor])));
    const bare = under((name) => name.replace('base_model.model.transformer.', ''));
    expect(await mergeAdapter(await base(), bare, config)).toEqual(wanted);
    const inUse = under((name) =>
      name.replace(/(lora_[AB])/, '$1.default').replace('ln_f.', 'ln_f.modules_to_save.default.'),
    );
    expect(await mergeAdapter(await base(), inUse, config)).toEqual(wanted);
  });
});

const SHAPES: Record<string, [number, number]> = {
  'attn.c_attn': [48, 144],
  'attn.c_proj': [48, 48],
  'mlp.c_fc': [48, 192],
  'mlp.c_proj': [192, 48],
};
const noise = (size: number, seed: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => Math.sin(1 + i * 0.7 + seed * 3.1) / 10);

/** A and B of some layers, `h.0.attn.c_attn`, each of its rank */
function adapterFor(ranks: Readonly<Record<string, number>>): NamedTensors {
  const entries = Object.entries(ranks).flatMap(([layer, rank], i) => {
    const [inputs, outputs] = SHAPES[layer.split('.').slice(2).join('.')]!;
    return [
      [`base_model.model.transformer.${layer}.lora_A.weight`, { shape: [rank, inputs], data: noise(rank * inputs, i) }],
      [
        `base_model.model.transformer.${layer}.lora_B.weight`,
        { shape: [outputs, rank], data: noise(outputs * rank, i + 0.5) },
      ],
    ] satisfies [string, NamedTensors[string]][];
  });
  return Object.fromEntries(entries);
}
const merged = async (config: Config, tensors: NamedTensors) =>
  mergeAdapter(await base(), storedOf(tensors), loraOf({ peft_type: 'LORA', r: 2, lora_alpha: 4, ...config }));
const refusal = (config: Config, tensors: NamedTensors): Promise<string> =>
  merged(config, tensors).then(
    () => 'nothing was refused',
    (error: Error) => error.message,
  );

const OURS: Record<string, string> = {
  'attn.c_attn': 'attn/wQkv',
  'attn.c_proj': 'attn/wOut',
  'mlp.c_fc': 'mlp/wIn',
  'mlp.c_proj': 'mlp/wOut',
};
/** the change of one number of a layer, by the formula */
async function changeOf(config: Config, ranks: Readonly<Record<string, number>>, layer: string, at: [number, number]) {
  const tensors = adapterFor(ranks);
  const [before, after] = [(await base()).tensors, (await merged(config, tensors)).tensors];
  const [, number, ...rest] = layer.split('.');
  const name = `block${number}/${OURS[rest.join('.')]}`;
  const [inputs, outputs] = SHAPES[rest.join('.')]!;
  const rank = ranks[layer]!;
  const of = (side: string) => tensors[`base_model.model.transformer.${layer}.lora_${side}.weight`]!.data;
  let product = 0;
  for (let r = 0; r < rank; r++) product += of('A')[r * inputs + at[0]]! * of('B')[at[1] * rank + r]!;
  const change = after[name]!.data[at[0] * outputs + at[1]]! - before[name]!.data[at[0] * outputs + at[1]]!;
  return { change, product };
}

describe('what a config says of single layers', () => {
  const [one, two] = ['h.0.attn.c_attn', 'h.1.attn.c_attn'];

  it('ranks and alphas by the end of a name or an expression', async () => {
    const config = {
      target_modules: ['c_attn'],
      rank_pattern: { 'h.1.attn.c_attn': 3 },
      alpha_pattern: { '.*h\\.1\\..*': 12 },
    };
    const ranks = { [one]: 2, [two]: 3 };
    const plain = await changeOf(config, ranks, one, [5, 7]);
    expect(plain.change).toBeCloseTo((4 / 2) * plain.product, 5);
    const own = await changeOf(config, ranks, two, [5, 7]);
    expect(own.change).toBeCloseTo((12 / 3) * own.product, 5);
  });

  it('a square matrix is not turned over', async () => {
    const { change, product } = await changeOf(
      { target_modules: ['attn.c_proj'] },
      { 'h.0.attn.c_proj': 2, 'h.1.attn.c_proj': 2 },
      'h.1.attn.c_proj',
      [3, 40],
    );
    expect(change).toBeCloseTo(2 * product, 5);
  });

  it.each<[string, Config, string[]]>([
    [
      'a list of ends',
      { target_modules: ['c_proj'] },
      ['h.0.attn.c_proj', 'h.0.mlp.c_proj', 'h.1.attn.c_proj', 'h.1.mlp.c_proj'],
    ],
    [
      'one expression for whole names',
      { target_modules: '.*\\.mlp\\.c_(fc|proj)' },
      ['h.0.mlp.c_fc', 'h.0.mlp.c_proj', 'h.1.mlp.c_fc', 'h.1.mlp.c_proj'],
    ],
    ['some layers', { target_modules: ['c_attn'], layers_to_transform: [1] }, [two]],
    [
      'one layer, by the name of their list',
      { target_modules: ['c_fc'], layers_to_transform: 0, layers_pattern: 'h' },
      ['h.0.mlp.c_fc'],
    ],
    [
      'one layer, where the name of their list is empty',
      { target_modules: ['c_attn'], layers_to_transform: [1], layers_pattern: '' },
      [two],
    ],
    [
      'a layer under its whole name, whatever the list of layers says',
      { target_modules: ['c_fc', 'transformer.h.1.attn.c_attn'], layers_to_transform: [0] },
      ['h.0.mlp.c_fc', two],
    ],
    ['an expression as Python writes it', { target_modules: '(?i)(?P<all>.*)\\.H\\.1\\.attn\\.c[_\\-]attn\\Z' }, [two]],
    ['all layers where the list of them is empty', { target_modules: ['c_attn'], layers_to_transform: [] }, [one, two]],
    ['all but some', { target_modules: ['c_attn', 'c_fc'], exclude_modules: ['c_fc'] }, [one, two]],
    [
      'all that are linear',
      { target_modules: 'all-linear' },
      ['h.0', 'h.1'].flatMap((layer) => Object.keys(SHAPES).map((name) => `${layer}.${name}`)),
    ],
  ])('%s', async (_, config, layers) => {
    const tensors = adapterFor(Object.fromEntries(layers.map((layer) => [layer, 2])));
    const [before, after] = [(await base()).tensors, (await merged(config, tensors)).tensors];
    const changed = Object.keys(after).filter((name) => after[name]!.data.some((x, i) => x !== before[name]!.data[i]));
    expect(changed.sort()).toEqual(
      layers.map((layer) => `block${layer.split('.')[1]}/${OURS[layer.split('.').slice(2).join('.')]}`).sort(),
    );
  });

  it('an adapter on the tied embedding leaves the output layer as it was: they are two from then on', async () => {
    const [a, b] = [noise(2 * 500, 1), noise(48 * 2, 2)];
    const tensors = {
      'base_model.model.transformer.wte.lora_embedding_A': { shape: [2, 500], data: a },
      'base_model.model.transformer.wte.lora_embedding_B': { shape: [48, 2], data: b },
    };
    const { model, tensors: after } = await merged({ target_modules: ['wte'] }, tensors);
    const before = (await base()).tensors.tokenEmbedding!.data;
    expect(model.tiedHead).toBe(false);
    expect(after['languageHead/weight']!.data[7 * 500 + 11]).toBe(before[11 * 48 + 7]);
    const product = a[11]! * b[7 * 2]! + a[500 + 11]! * b[7 * 2 + 1]!;
    expect(after.tokenEmbedding!.data[11 * 48 + 7]! - before[11 * 48 + 7]!).toBeCloseTo(2 * product, 5);
  });
});

describe('what was trained whole', () => {
  const numbers = (size: number) => ({ shape: [size], data: noise(size, 4) });

  it('may be a block of the model with all that lies in it, which has no adapter then', async () => {
    const mlp = Object.fromEntries(
      ['c_fc', 'c_proj'].flatMap((name) => {
        const [inputs, outputs] = SHAPES[`mlp.${name}`]!;
        const at = `base_model.model.transformer.h.1.mlp.${name}`;
        return [
          [`${at}.weight`, { shape: [inputs, outputs], data: noise(inputs * outputs, 5) }],
          [`${at}.bias`, numbers(outputs)],
        ];
      }),
    ) as NamedTensors;
    const ranks = { 'h.0.attn.c_proj': 2, 'h.0.mlp.c_proj': 2, 'h.1.attn.c_proj': 2 };
    const config = { target_modules: ['c_proj'], modules_to_save: ['h.1.mlp'] };
    const { tensors } = await merged(config, { ...adapterFor(ranks), ...mlp });
    expect(tensors['block1/mlp/wOut']!.data).toEqual(mlp['base_model.model.transformer.h.1.mlp.c_proj.weight']!.data);
    expect(tensors['block1/mlp/bIn']!.data).toEqual(mlp['base_model.model.transformer.h.1.mlp.c_fc.bias']!.data);
  });

  it('may be one use of a tied embedding: the other stays as it was', async () => {
    const head = { shape: [500, 48], data: noise(500 * 48, 6) };
    const attn = adapterFor({ 'h.0.attn.c_attn': 2, 'h.1.attn.c_attn': 2 });
    const config = { target_modules: ['c_attn'], modules_to_save: ['lm_head'] };
    const { model, tensors } = await merged(config, { ...attn, 'base_model.model.lm_head.weight': head });
    expect(model.tiedHead).toBe(false);
    expect(tensors['languageHead/weight']!.data[7 * 500 + 11]).toBe(head.data[11 * 48 + 7]);
    expect(tensors.tokenEmbedding).toEqual((await base()).tensors.tokenEmbedding);
  });

  it('is not the embedding that peft writes beside its adapter', async () => {
    const sides = { '.lora_A.weight': [2, 48], '.lora_B.weight': [500, 2] } as const;
    const head = Object.fromEntries(
      Object.entries(sides).map(([side, shape], i) => [
        `base_model.model.lm_head${side}`,
        { shape: [...shape], data: noise(shape[0] * shape[1], i) },
      ]),
    );
    const { tokenEmbedding } = (await base()).tensors;
    const repeated = { 'base_model.model.lm_head.base_layer.weight': tokenEmbedding! };
    const { tensors } = await merged({ target_modules: ['lm_head'] }, { ...head, ...repeated });
    expect(tensors.tokenEmbedding).toEqual(tokenEmbedding);
    expect(tensors['languageHead/weight']!.data[0]).not.toBe(tokenEmbedding!.data[0]);
  });
});

describe('an adapter is refused in words that name', () => {
  const ranks = { 'h.0.attn.c_attn': 2, 'h.1.attn.c_attn': 2 };
  const config = { target_modules: ['c_attn'] };
  it.each<[string, Config, NamedTensors, RegExp]>([
    ['its kind', { ...config, peft_type: 'IA3' }, adapterFor(ranks), /IA3/],
    ['that it scores texts', { ...config, task_type: 'SEQ_CLS' }, adapterFor(ranks), /SEQ_CLS: it scores texts/],
    ['DoRA', { ...config, use_dora: true }, adapterFor(ranks), /use_dora/],
    ['a bias', { ...config, bias: 'all' }, adapterFor(ranks), /bias is "all"/],
    ['a key that nobody knows', { ...config, spin: { up: 1 } }, adapterFor(ranks), /spin is \{"up":1\}/],
    ['single tokens', { ...config, trainable_token_indices: [1] }, adapterFor(ranks), /trainable_token_indices/],
    ['a beginning that changes the model', { ...config, init_lora_weights: 'pissa' }, adapterFor(ranks), /pissa/],
    ['no layer', {}, adapterFor(ranks), /target_modules names no layer/],
    ['layers that are not there', { target_modules: ['q_proj'] }, adapterFor(ranks), /names no layer of this model/],
    [
      'what is not used',
      config,
      adapterFor({ ...ranks, 'h.0.mlp.c_fc': 2 }),
      /2 tensors of the adapter are for no layer.*c_fc/,
    ],
    ['what is missing', config, adapterFor({ 'h.0.attn.c_attn': 2 }), /h\.1\.attn\.c_attn\.lora_A\.weight is missing/],
    ['another rank', { ...config, r: 4 }, adapterFor(ranks), /is \[2,48\], the adapter’s config asks for \[4,48\]/],
    ['an expression that cannot be read', { target_modules: '.*(?>c_attn)' }, adapterFor(ranks), /no expression/],
    [
      'one change for both uses of the embedding',
      { target_modules: ['lm_head'], ensure_weight_tying: true },
      adapterFor(ranks),
      /ensure_weight_tying is true: one change for both/,
    ],
    [
      'the embedding of another model',
      config,
      { ...adapterFor(ranks), 'base_model.model.lm_head.weight': { shape: [500, 48], data: noise(500 * 48, 3) } },
      /lm_head\.weight of the adapter is another one than the model’s/,
    ],
  ])('%s', async (_, settings, tensors, said) => {
    expect(await refusal(settings, tensors)).toMatch(said);
  });

  it('numbers that are none, and a folder without its file', async () => {
    const tensors = adapterFor(ranks);
    const [name] = Object.keys(tensors);
    tensors[name!]!.data[3] = Number.NaN;
    expect(await refusal(config, tensors)).toMatch(/not finite/);
    const folder = join(scratch, 'half');
    cpSync(join(LORA, 'c-attn-r4'), folder, { recursive: true });
    rmSync(join(folder, 'adapter_model.safetensors'));
    const open = () => logitsDoor({ folder: BASE, adapter: folder, greedy: null, tell: () => {} });
    await expect(open()).rejects.toThrow(/adapter_model\.safetensors/);
    writeFileSync(join(folder, 'adapter_model.safetensors'), encodeSafetensors(adapterFor(ranks), {}));
    await expect(open()).rejects.toThrow(/is \[2,48\]/);
  });
});

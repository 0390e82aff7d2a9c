import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NamedTensors } from '../../src/contract/checkpoint';
import { finish } from '../../src/contract/steps';
import { forward } from '../../src/core/analysis/forward';
import { lens } from '../../src/core/analysis/lens';
import { readForeignWeights } from '../../src/core/model/gpt2/weights';
import { modelOfGpt2 } from '../../src/formats/gpt2Config';
import { decodeSafetensors, encodeSafetensors, openStoredTensors } from '../../src/formats/safetensors';
import { logitsDoor } from '../../src/headless/logits';

const FIXTURES = 'tests/fixtures/interop/gpt2';
interface Golden {
  cases: { ids: number[]; positions: number[]; logits: number[][]; greedy?: number[] }[];
}
const goldenOf = (name: string) => JSON.parse(readFileSync(join(FIXTURES, name, 'golden.json'), 'utf8')) as Golden;

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'logits-'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

const quiet = (): void => {};
const open = (folder: string, greedy: number | null = null, tell: (words: string) => void = quiet) =>
  logitsDoor({ folder, adapter: null, greedy, tell });
const refusalOf = (folder: string): Promise<string> =>
  open(folder).then(
    () => 'nothing was refused',
    (error: Error) => error.message,
  );

type Config = Record<string, unknown>;
let copies = 0;
/** @returns a folder like `plain`, changed */
function variant(changed: { config?: Config; tensors?: (all: NamedTensors) => NamedTensors } = {}): string {
  const folder = join(scratch, `copy-${copies++}`);
  cpSync(join(FIXTURES, 'plain'), folder, { recursive: true });
  const path = join(folder, 'config.json');
  const config = JSON.parse(readFileSync(path, 'utf8')) as Config;
  writeFileSync(path, JSON.stringify({ ...config, ...changed.config }));
  const file = join(folder, 'model.safetensors');
  const { tensors } = decodeSafetensors(readFileSync(file));
  if (changed.tensors) writeFileSync(file, encodeSafetensors(changed.tensors(tensors), {}));
  return folder;
}
const without = (all: NamedTensors, name: string): NamedTensors =>
  Object.fromEntries(Object.entries(all).filter(([key]) => key !== name));

/** puts tensors that are not floats at the end of a file */
function append(folder: string, extra: readonly { name: string; dtype: string; shape: number[]; bytes: number }[]) {
  const path = join(folder, 'model.safetensors');
  const bytes = readFileSync(path);
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString()) as Record<string, unknown>;
  let end = bytes.length - 8 - length;
  for (const { name, dtype, shape, bytes: count } of extra) {
    header[name] = { dtype, shape, data_offsets: [end, end + count] };
    end += count;
  }
  const text = Buffer.from(JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length));
  const numbers = Buffer.alloc(end);
  bytes.copy(numbers, 0, 8 + length);
  writeFileSync(path, Buffer.concat([size, text, numbers]));
}

describe('a GPT-2 that transformers saved', () => {
  it.each(['plain', 'hub-names', 'untied-head', 'bf16', 'gelu-erf-eps-1e-3', 'sharded'])(
    'says the same here: %s',
    async (name) => {
      const answer = await open(join(FIXTURES, name), 12);
      for (const { ids, positions, logits, greedy } of goldenOf(name).cases) {
        const said = await answer(JSON.stringify(ids));
        expect(said.logits).toHaveLength(ids.length);
        for (const [i, position] of positions.entries())
          for (const [token, logit] of logits[i]!.entries())
            expect(Math.abs(said.logits[position]![token]! - logit)).toBeLessThan(1e-4);
        if (greedy) expect(said.greedy).toEqual(greedy);
      }
    },
  );

  it('goes on no further than its context', async () => {
    const answer = await open(join(FIXTURES, 'plain'), 12);
    const ids = Array.from({ length: 60 }, (_, i) => i);
    expect((await answer(JSON.stringify(ids))).greedy).toHaveLength(4);
    expect((await answer(JSON.stringify([...ids, 1, 2, 3, 4]))).greedy).toEqual([]);
  });

  it('leaves fields out that mean their defaults, and says the same', async () => {
    const [{ ids }] = goldenOf('plain').cases.slice(1) as [Golden['cases'][0]];
    const config = { activation_function: undefined, layer_norm_epsilon: undefined, n_inner: undefined };
    const said = await (await open(variant({ config })))(JSON.stringify(ids));
    expect(said).toEqual(await (await open(join(FIXTURES, 'plain')))(JSON.stringify(ids)));
  });

  it('has masks of any type beside its weights, and heads of other tasks', async () => {
    const folder = variant();
    append(folder, [
      { name: 'transformer.h.0.attn.bias', dtype: 'BOOL', shape: [1, 1, 64, 64], bytes: 4096 },
      { name: 'transformer.h.1.attn.bias', dtype: 'U8', shape: [1, 1, 64, 64], bytes: 4096 },
      { name: 'transformer.h.1.attn.masked_bias', dtype: 'F32', shape: [], bytes: 4 },
      { name: 'multiple_choice_head.summary.weight', dtype: 'F32', shape: [1, 48], bytes: 192 },
      { name: 'classifier.weight', dtype: 'F32', shape: [2, 48], bytes: 384 },
    ]);
    const answer = await open(folder);
    expect(await answer('[1,2,3]')).toEqual(await (await open(join(FIXTURES, 'plain')))('[1,2,3]'));
  });

  it('is read with the output layer of its file where the config says that it is the embedding, and that is told', async () => {
    const told: string[] = [];
    const tensors = (all: NamedTensors): NamedTensors => {
      const { shape, data } = all['transformer.wte.weight']!;
      return { ...all, 'lm_head.weight': { shape, data: data.map((value) => 2 * value) } };
    };
    const answer = await open(variant({ tensors }), null, (words) => told.push(words));
    const [twice, once] = [await answer('[5]'), await (await open(join(FIXTURES, 'plain')))('[5]')];
    expect(told).toEqual([expect.stringContaining('the file’s is used')]);
    twice.logits[0]!.forEach((logit, i) => {
      expect(logit).toBeCloseTo(2 * once.logits[0]![i]!, 3);
    });
    const same = (all: NamedTensors): NamedTensors => ({ ...all, 'lm_head.weight': all['transformer.wte.weight']! });
    expect(await (await open(variant({ tensors: same })))('[5]')).toEqual(once);
  });
});

describe('what a GPT-2 may have otherwise', () => {
  /** inner width 96 instead of 192 */
  const narrow = (all: NamedTensors): NamedTensors =>
    Object.fromEntries(
      Object.entries(all).map(([name, { shape, data }]) => {
        if (name.endsWith('c_fc.bias')) return [name, { shape: [96], data: data.slice(0, 96) }];
        if (name.endsWith('mlp.c_proj.weight')) return [name, { shape: [96, 48], data: data.slice(0, 96 * 48) }];
        if (!name.endsWith('c_fc.weight')) return [name, { shape, data }];
        const rows = Array.from({ length: 48 }, (_, row) => [...data.slice(row * 192, row * 192 + 96)]);
        return [name, { shape: [48, 96], data: Float32Array.from(rows.flat()) }];
      }),
    );

  it.each<[string, { config: Config; tensors?: typeof narrow }]>([
    ['another inner width', { config: { n_inner: 96 }, tensors: narrow }],
    ['GELU by erf', { config: { activation_function: 'gelu' } }],
    ['ReLU', { config: { activation_function: 'relu' } }],
    ['SiLU', { config: { activation_function: 'silu' } }],
    ['quick GELU', { config: { activation_function: 'quick_gelu' } }],
    ['tanh', { config: { activation_function: 'tanh' } }],
    ['another epsilon', { config: { layer_norm_epsilon: 0.01 } }],
    ['an epsilon of more than 1', { config: { layer_norm_epsilon: 2.5 } }],
    ['scores that are not divided by the root of the head width', { config: { scale_attn_weights: false } }],
    ['scores divided by the number of the layer', { config: { scale_attn_by_inverse_layer_idx: true } }],
  ])('%s: computed as the slow pass in plain loops does, and not as without it', async (_, changed) => {
    const folder = variant(changed);
    const ids = [3, 141, 59, 26, 53, 58];
    const said = await (await open(folder))(JSON.stringify(ids));
    const bytes = readFileSync(join(folder, 'model.safetensors'));
    const source = { size: bytes.length, read: async (from: number, to: number) => bytes.subarray(from, to) };
    const config = modelOfGpt2(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as Config);
    const { model, tensors } = await readForeignWeights(await openStoredTensors(source), config);
    const slow = finish(forward(tensors, model, ids)).stream.at(-1)!;
    for (const [position, row] of said.logits.entries()) {
      const wanted = lens(tensors, model, slow.subarray(position * 48, (position + 1) * 48));
      wanted.forEach((logit, token) => {
        expect(Math.abs(row[token]! - logit)).toBeLessThan(1e-4);
      });
    }
    if (changed.tensors) return; // there is none without it
    const plain = await (await open(join(FIXTURES, 'plain')))(JSON.stringify(ids));
    expect(Math.max(...plain.logits[5]!.map((logit, i) => Math.abs(logit - said.logits[5]![i]!)))).toBeGreaterThan(
      1e-3,
    );
  });

  it('an epsilon of 0 is 0', () => {
    expect(modelOfGpt2({ model_type: 'gpt2', layer_norm_epsilon: 0 }).normEpsilon).toBe(0);
  });

  it.each(['gelu_fast', 'gelu_accurate', 'gelu_pytorch_tanh'])('%s is gelu_new by another name', (name) => {
    expect(modelOfGpt2({ model_type: 'gpt2', activation_function: name }).activation).toBe('gelu');
  });
});

describe('a model is refused in words that name', () => {
  const first = 'transformer.h.0.attn.c_attn.weight';
  const part = (name: string, change: (one: NamedTensors[string]) => NamedTensors[string]) => (all: NamedTensors) => ({
    ...all,
    [name]: change(all[name]!),
  });

  it.each<[string, Parameters<typeof variant>[0], RegExp]>([
    ['its kind', { config: { model_type: 'llama' } }, /llama/],
    ['its kind, without a type', { config: { model_type: undefined, architectures: ['OPTForCausalLM'] } }, /OPT/],
    ['an activation', { config: { activation_function: 'relu6' } }, /activation_function is "relu6".*quick_gelu, tanh/],
    ['an epsilon below 0', { config: { layer_norm_epsilon: -1e-5 } }, /layer_norm_epsilon is -0\.00001/],
    ['cross-attention', { config: { add_cross_attention: true } }, /add_cross_attention/],
    ['quantised numbers', { config: { quantization_config: { bits: 8 } } }, /quantization_config/],
    ['a size', { config: { n_layer: 2.5 } }, /n_layer is 2\.5/],
    ['too many layers', { config: { n_layer: 96 } }, /n_layer is 96.*up to 24/],
    ['heads that do not share the width', { config: { n_head: 5 } }, /Width 48 cannot be shared by 5 heads/],
    ['a layer beyond the config', { config: { n_layer: 1 } }, /transformer\.h\.1\.\S+ is of layer 1.*1 layer/],
    ['a missing tensor', { tensors: (all) => without(all, first) }, new RegExp(`${first} is missing`)],
    ['a missing head', { config: { tie_word_embeddings: false } }, /lm_head\.weight is missing/],
    [
      'a shape',
      { tensors: part(first, ({ data }) => ({ shape: [48, 143], data: data.slice(0, 48 * 143) })) },
      /c_attn\.weight is \[48,143\], the config asks for \[48,144\]/,
    ],
    [
      'numbers that are none',
      { tensors: part(first, ({ shape, data }) => ({ shape, data: data.map((x, i) => (i === 7 ? Number.NaN : x)) })) },
      /c_attn\.weight holds numbers that are not finite/,
    ],
    [
      'a tensor that is not in a GPT-2',
      { tensors: (all) => ({ ...all, 'transformer.h.0.ln_cross_attn.weight': all['transformer.ln_f.weight']! }) },
      /ln_cross_attn\.weight is not in a GPT-2/,
    ],
    [
      'a name that stands twice',
      { tensors: (all) => ({ ...all, 'ln_f.bias': all['transformer.ln_f.bias']! }) },
      /ln_f\.bias stands twice/,
    ],
  ])('%s', async (_, changed, words) => {
    expect(await refusalOf(variant(changed))).toMatch(words);
  });

  it('a file that is cut, a pickle, a missing part of several, and whole numbers', async () => {
    const cut = variant();
    truncateSync(join(cut, 'model.safetensors'), 100_000);
    expect(await refusalOf(cut)).toMatch(/lie outside/);
    const pickle = variant();
    writeFileSync(join(pickle, 'model.safetensors'), Buffer.concat([Buffer.from([0x80, 2]), Buffer.alloc(5000, 0xff)]));
    expect(await refusalOf(pickle)).toMatch(/pickle/);
    const shards = join(scratch, 'shards');
    cpSync(join(FIXTURES, 'sharded'), shards, { recursive: true });
    rmSync(join(shards, 'model-00002-of-00002.safetensors'));
    expect(await refusalOf(shards)).toMatch(/in 2 files, and model-00002-of-00002\.safetensors is missing/);
    const whole = variant({ tensors: (all) => without(all, 'transformer.wte.weight') });
    append(whole, [{ name: 'transformer.wte.weight', dtype: 'I8', shape: [500, 48], bytes: 24_000 }]);
    expect(await refusalOf(whole)).toMatch(/wte\.weight: its numbers are I8/);
    const nowhere = join(scratch, 'nowhere');
    expect(await refusalOf(nowhere)).toBe(`${nowhere}: there is no such file or folder`);
    const file = join(cut, 'config.json');
    expect(await refusalOf(file)).toBe(`${file}: it is a file, and the folder is wanted in which it lies`);
    rmSync(join(cut, 'model.safetensors'));
    expect(await refusalOf(cut)).toMatch(/: model\.safetensors is missing; what came is .*config\.json/);
  });
});

describe('a line', () => {
  it('that asks for no tokens of the model is refused in words', async () => {
    const answer = await open(join(FIXTURES, 'plain'));
    const asked = (line: string) => answer(line).catch((error: Error) => error.message);
    expect(await asked('{')).toBe('not JSON');
    expect(await asked('[]')).toMatch(/array/);
    expect(await asked('[1, 500]')).toBe('500 is no token: they are numbers from 0 to 499');
    expect(await asked('["a"]')).toMatch(/"a" is no token/);
    expect(await asked(JSON.stringify(Array(65).fill(1)))).toBe('65 tokens, and the model reads 64 at once');
  });

  it('is answered by the command, which ends with 1 where something was refused', async () => {
    const run = (args: string[], input: string) =>
      new Promise<{ code: number | null; out: string; told: string }>((resolve) => {
        const child = execFile('npx', ['tsx', 'src/headless/lab.ts', ...args], (_, out, told) =>
          resolve({ code: child.exitCode, out, told }),
        );
        child.stdin!.end(input);
      });
    const { code, out } = await run(['logits', join(FIXTURES, 'plain'), '--greedy', '2'], '[1]\n\n[900]\n[2]\n');
    const rows = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows.map((row) => Object.keys(row))).toEqual([['logits', 'greedy'], ['refused'], ['logits', 'greedy']]);
    expect(code).toBe(1);
    expect(await run(['logits', 'nowhere'], '')).toMatchObject({ code: 1, out: expect.stringContaining('refused') });
    expect(await run(['logits'], '')).toMatchObject({
      code: 2,
      out: '',
      told: expect.stringContaining('logits FOLDER'),
    });
  }, 60_000);
});

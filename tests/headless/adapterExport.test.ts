import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tuning } from '../../src/contract/adapters';
import type { CheckpointLabel } from '../../src/contract/checkpoint';
import { presetConfig } from '../../src/contract/config';
import { tuningOf } from '../../src/core/model/adapters/tuning';
import type { CausalNetwork, Heads } from '../../src/core/model/causalNetwork';
import { openCheckpoint, saveCheckpoint } from '../../src/core/model/checkpoint';
import { createNetwork } from '../../src/core/model/createNetwork';
import { parameterList } from '../../src/core/model/layout';
import { Random } from '../../src/core/tensor/random';
import { createStoryTokenizer } from '../../src/core/text/wordTokenizer';
import { tf } from '../../src/core/tf';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/formats/checkpoint';
import { decodeSafetensors } from '../../src/formats/safetensors';
import { adapterFolder } from '../../src/formats/transformers/adapter';
import { exportAdapter } from '../../src/headless/adapter';
import { startPortable } from '../../src/headless/engine';
import { exportTo } from '../../src/headless/export';
import { logitsDoor } from '../../src/headless/logits';

const tiny = presetConfig('tiny');
const tokenizer = createStoryTokenizer().save();
const MODEL = { ...tiny.model, vocabSize: tokenizer.tokens.length, width: 32, heads: 2 };
const LANGUAGE: Heads = { language: true, scalar: false };
const SCORING: Heads = { language: false, scalar: true };
const LIST = parameterList(MODEL, LANGUAGE);
const lora = (changes: Partial<Parameters<typeof tuningOf>[0]> = {}): Tuning => {
  const rows = { loraRank: 4, loraAlpha: 8, loraStable: false, loraTargets: 'both', frozenLayers: 0 } as const;
  return tuningOf({ ...rows, ...changes }, LIST, MODEL);
};
const IDS = [1, 5, 9, 40, 23, 7];

let scratch: string;
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'adapter-'));
  await startPortable();
});
afterAll(() => rmSync(scratch, { recursive: true }));

/** its numbers are not those of its beginning */
async function stirred(network: CausalNetwork): Promise<CausalNetwork> {
  const { scoreScale, ...weights } = await network.save();
  for (const { data } of Object.values(weights)) data.set(data.map((x, i) => 2 * x + 0.05 * Math.sin(i * 1.3)));
  network.load({ ...weights, ...(scoreScale && { scoreScale }) });
  return network;
}
async function saved(network: CausalNetwork, name: string, label: Partial<CheckpointLabel> = {}): Promise<string> {
  const corpus = { kind: 'stories', config: tiny.stories, seed: 1 } as const;
  const around = { name, pooling: null, tokenizer, corpus, step: 7, metrics: {}, parents: [] };
  const path = join(scratch, `${name}.safetensors`);
  writeFileSync(path, encodeCheckpoint(await saveCheckpoint(network, { kind: 'policy', ...around, ...label })));
  return path;
}
const trunk = async () => stirred(createNetwork(MODEL, LANGUAGE, Random.fromSeed(5), 'trunk'));
const logitsOf = async (network: CausalNetwork): Promise<number[][]> =>
  (await network.logits({ tokens: tf.tensor2d(IDS, [1, IDS.length], 'int32'), leftPad: null }).array())[0]!;
const farthest = (a: number[][], b: number[][]): number =>
  Math.max(...a.flatMap((row, i) => row.map((value, j) => Math.abs(value - b[i]![j]!))));
const said = async (folder: string, adapter: string | null): Promise<number[][]> =>
  (await (await logitsDoor({ folder, adapter, greedy: null, tell: () => {} }))(JSON.stringify(IDS))).logits;

const KINDS: [string, Tuning][] = [
  ['all matrices', lora()],
  [
    'attention of the upper layers, rank-stabilised',
    lora({ loraTargets: 'attention', loraStable: true, frozenLayers: 1 }),
  ],
  ['ranks that differ', { ...lora(), changes: { ...lora().changes, 'block1/mlp/wOut': { rank: 2, scaling: 0.75 } } }],
  [
    'norms trained whole beside',
    { ...lora(), whole: ['block0/norm2/gain', 'block0/norm2/bias', 'finalNorm/gain', 'finalNorm/bias'] },
  ],
];

describe('what was learned by adapters', () => {
  it.each(KINDS)('opens on its trunk to the same logits, and merged without it: %s', async (name, tuning) => {
    const base = await trunk();
    const policy = await stirred(base.tuned('policy', LANGUAGE, tuning, Random.fromSeed(2)));
    const [baseFolder, merged, adapter] = ['base', 'merged', 'adapter'].map((part) => join(scratch, `${name} ${part}`));
    await exportTo(await saved(base, `${name} base`), baseFolder!, null);
    const checkpoint = await saved(policy, name);
    await exportTo(checkpoint, merged!, null);
    const { files } = await exportAdapter(checkpoint, adapter!, '../base');
    expect(files).toEqual(['adapter_config.json', 'adapter_model.safetensors']);
    const own = await logitsOf(policy);
    expect(farthest(own, await logitsOf(base))).toBeGreaterThan(0.01);
    expect(farthest(await said(baseFolder!, adapter!), own)).toBeLessThan(1e-5);
    expect(farthest(await said(merged!, null), own)).toBeLessThan(1e-5);
  });

  it('is written as peft names it, short where it can be', async () => {
    const policy = (await trunk()).tuned('policy', LANGUAGE, lora({ loraTargets: 'attention' }), Random.fromSeed(2));
    const folder = join(scratch, 'named');
    await exportAdapter(await saved(policy, 'named'), folder, 'somebody/base');
    const config = JSON.parse(readFileSync(join(folder, 'adapter_config.json'), 'utf8'));
    expect(config).toMatchObject({ peft_type: 'LORA', task_type: 'CAUSAL_LM', r: 4, lora_alpha: 8 });
    expect(config).toMatchObject({ base_model_name_or_path: 'somebody/base', fan_in_fan_out: true, use_rslora: false });
    expect(config.target_modules).toEqual(['attn.c_attn', 'attn.c_proj']);
  });

  it('stays in the file of the model, which opens as a plain one', async () => {
    const policy = (await trunk()).tuned('policy', LANGUAGE, lora(), Random.fromSeed(2));
    const file = decodeCheckpoint(new Uint8Array(readFileSync(await saved(await stirred(policy), 'kept'))));
    expect(Object.keys(file.meta.adapter!.changes)).toHaveLength(4 * MODEL.layers);
    const opened = openCheckpoint(file).createNetwork('opened');
    expect(opened.tuning).toBeNull();
    expect(Object.keys(await opened.save())).toEqual(LIST.map(({ name }) => name));
  });

  it('opens on its trunk to the bits that it was trained to, a score with it', async () => {
    const base = await trunk();
    const heads = { language: true, scalar: true };
    const tuning = { ...lora(), whole: ['finalNorm/gain', 'finalNorm/bias'] };
    const policy = await stirred(base.tuned('policy', heads, tuning, Random.fromSeed(2)));
    policy.setScoreScale(2, -1);
    const file = decodeCheckpoint(new Uint8Array(readFileSync(await saved(policy, 'on its trunk'))));
    const again = openCheckpoint(file).createOn!(base, 'again');
    expect(await logitsOf(again)).toEqual(await logitsOf(policy));
    expect(await again.save()).toEqual(await policy.save());
    const { [Object.keys(file.adapterTensors!)[0]!]: _, ...rest } = file.adapterTensors!;
    expect(() => openCheckpoint({ ...file, adapterTensors: rest })).toThrow('lora_A.weight is missing');
  });

  it('is refused in words where there is none, or none that peft would read', async () => {
    const refused = async (network: CausalNetwork, label: Partial<CheckpointLabel>, words: string) => {
      const path = await saved(network, words, label);
      await expect(exportAdapter(path, join(scratch, 'none'), '')).rejects.toMatchObject({
        code: 'file/checkpoint',
        message: expect.stringContaining(words),
      });
    };
    const base = await trunk();
    await refused(base, {}, 'it has no adapter');
    await refused(
      base.tuned('upper', LANGUAGE, lora({ loraRank: 0, frozenLayers: 1 }), Random.fromSeed(2)),
      {},
      'trained themselves',
    );
    const judge = base.tuned('judge', SCORING, lora(), Random.fromSeed(2));
    await refused(judge, { kind: 'reward', pooling: 'sum' }, 'a score that is the sum of its tokens is not in GPT-2');
  });

  it('of a reward model is a sequence classifier’s, with its score and its last norm whole', async () => {
    const judge = await stirred((await trunk()).tuned('judge', SCORING, lora(), Random.fromSeed(2)));
    judge.setScoreScale(2, -1);
    const path = await saved(judge, 'judge', { kind: 'reward', pooling: 'last' });
    const folder = join(scratch, 'judging');
    await exportAdapter(path, folder, 'somebody/base');
    const config = JSON.parse(readFileSync(join(folder, 'adapter_config.json'), 'utf8'));
    expect(config).toMatchObject({ task_type: 'SEQ_CLS', modules_to_save: ['transformer.ln_f', 'score'] });
    const { tensors } = decodeSafetensors(new Uint8Array(readFileSync(join(folder, 'adapter_model.safetensors'))));
    const file = decodeCheckpoint(new Uint8Array(readFileSync(path)));
    const score = tensors['base_model.model.score.weight']!.data;
    expect([...score]).toEqual([...file.tensors['score.weight']!.data].map((x) => Math.fround(2 * x)));
    const { 'ln_f.bias': _, ...withoutNorm } = file.tensors;
    expect(() => adapterFolder({ ...file, tensors: withoutNorm }, '')).toThrow('whose last norm its scores need');
  });
});

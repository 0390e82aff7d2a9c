import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tuning } from '../../src/contract/adapters';
import type { LoraConfig } from '../../src/contract/settings/lora';
import { tuningOf } from '../../src/core/model/adapters/tuning';
import { openCheckpoint, saveCheckpoint } from '../../src/core/model/checkpoint';
import { parameterList } from '../../src/core/model/layout';
import { Random } from '../../src/core/tensor/random';
import { createStoryTokenizer } from '../../src/core/text/wordTokenizer';
import { tf } from '../../src/core/tf';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/formats/checkpoint';
import { startPortable } from '../../src/headless/engine';
import { logitsOf } from '../../src/headless/reading';
import { saveMadeModel } from '../helpers/madeModel';
import { lab, python } from './peers';

const LANGUAGE = { language: true, scalar: false };
const LORA: LoraConfig = { loraRank: 4, loraAlpha: 8, loraStable: false, loraTargets: 'both', frozenLayers: 0 };
const IDS = [1, 5, 9, 40, 23, 7];

let folder: string;
let trunk: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'adapters-'));
  await startPortable();
  trunk = await saveMadeModel(folder, { name: 'trunk', tokenizer: await createStoryTokenizer().save() });
});
afterAll(() => rmSync(folder, { recursive: true }));

const fileOf = (path: string) => decodeCheckpoint(new Uint8Array(readFileSync(path)));

/** a model that learned so beside the trunk, and what it says; @returns paths of its file and of its numbers */
async function learned(name: string, choose: (usual: Tuning) => Tuning, changes: Partial<LoraConfig>) {
  const { createNetwork, meta } = openCheckpoint(fileOf(trunk));
  const base = createNetwork('trunk');
  const tuning = choose(tuningOf({ ...LORA, ...changes }, parameterList(meta.model, LANGUAGE), meta.model));
  const policy = base.tuned('policy', LANGUAGE, tuning, Random.fromSeed(2));
  const weights = await policy.save();
  for (const { data } of Object.values(weights)) data.set(data.map((x, i) => 2 * x + 0.05 * Math.sin(i * 1.3)));
  policy.load(weights);
  const { adapter: _, ...label } = meta;
  const checkpoint = join(folder, `${name}.safetensors`);
  writeFileSync(checkpoint, encodeCheckpoint(await saveCheckpoint(policy, { ...label, kind: 'policy', name })));
  const golden = join(folder, `${name}.json`);
  writeFileSync(golden, JSON.stringify({ ids: IDS, logits: await logitsOf(policy, IDS) }));
  for (const network of [policy, base]) network.dispose();
  return { checkpoint, golden };
}

/** a reward model that learned beside the trunk, with a scale and a shift, and its score of the tokens */
async function learnedScore(changes: Partial<LoraConfig>) {
  const heads = { language: false, scalar: true };
  const { createNetwork, meta } = openCheckpoint(fileOf(trunk));
  const base = createNetwork('trunk');
  const tuning = tuningOf({ ...LORA, ...changes }, parameterList(meta.model, heads), meta.model);
  const judge = base.tuned('rewardModel', heads, tuning, Random.fromSeed(2));
  const { scoreScale: _, ...weights } = await judge.save();
  for (const { data } of Object.values(weights)) data.set(data.map((x, i) => 2 * x + 0.05 * Math.sin(i * 1.3)));
  judge.load({ ...weights, scoreScale: { shape: [2], data: Float32Array.of(1.75, -0.6) } });
  const { adapter: __, ...label } = meta;
  const file = await saveCheckpoint(judge, { ...label, kind: 'reward', pooling: 'last', name: 'judge' });
  const checkpoint = join(folder, 'judge.safetensors');
  writeFileSync(checkpoint, encodeCheckpoint(file));
  const batch = { tokens: tf.tensor2d([IDS], [1, IDS.length], 'int32'), leftPad: null };
  const [score] = await judge.scores(batch, 1, tf.ones([1, IDS.length - 1]), 'last').data();
  const golden = join(folder, 'judge.json');
  writeFileSync(golden, JSON.stringify({ ids: IDS, score }));
  for (const network of [judge, base]) network.dispose();
  return { checkpoint, golden };
}

describe('an adapter that the lab saves', () => {
  it.each<[string, Partial<LoraConfig>]>([
    ['all matrices', {}],
    ['attention of upper layers', { loraTargets: 'attention', frozenLayers: 1 }],
  ])('of a reward model is opened by peft as a sequence classifier to the same score: %s', async (name, changes) => {
    const { checkpoint, golden } = await learnedScore(changes);
    const [base, adapter] = [join(folder, `scored ${name}`), join(folder, `scoring ${name}`)];
    expect(lab(['export', trunk, base]).status).toBe(0);
    expect(lab(['adapter', checkpoint, adapter, '--base', base])).toMatchObject({ status: 0 });
    expect(JSON.parse(python('check_adapter.py', base, adapter, golden))).toMatchObject({ keys: [] });
  });

  it.each<[string, (usual: Tuning) => Tuning, Partial<LoraConfig>]>([
    ['all matrices', (usual) => usual, {}],
    [
      'attention of upper layers, rank-stabilised',
      (usual) => usual,
      { loraTargets: 'attention', loraStable: true, frozenLayers: 1 },
    ],
    [
      'ranks that differ',
      ({ changes, whole }) => ({ changes: { ...changes, 'block1/mlp/wOut': { rank: 2, scaling: 0.75 } }, whole }),
      {},
    ],
    ['norms trained whole beside', ({ changes }) => ({ changes, whole: ['finalNorm/gain', 'finalNorm/bias'] }), {}],
  ])('is opened by peft on the trunk and says the same, beside it and merged: %s', async (name, choose, changes) => {
    const { checkpoint, golden } = await learned(name, choose, changes);
    const [base, adapter] = [join(folder, `${name} trunk`), join(folder, `${name} adapter`)];
    expect(lab(['export', trunk, base]).status).toBe(0);
    expect(lab(['adapter', checkpoint, adapter, '--base', base]).status).toBe(0);
    expect(JSON.parse(python('check_adapter.py', base, adapter, golden))).toMatchObject({ keys: [] });
  });
});

import { describe, expect, it } from 'vitest';
import type { CheckpointLabel } from '../../../src/contract/checkpoint';
import type { ModelConfig } from '../../../src/contract/config';
import { presetConfig } from '../../../src/contract/config';
import type { LabError } from '../../../src/contract/errors';
import type { CausalNetwork, Heads, TokenBatch } from '../../../src/core/model/causalNetwork';
import { openCheckpoint, saveCheckpoint } from '../../../src/core/model/checkpoint';
import { createNetwork } from '../../../src/core/model/createNetwork';
import { Random } from '../../../src/core/tensor/random';
import { tf } from '../../../src/core/tf';
import { decodeCheckpoint, encodeCheckpoint, labelCheckpoint } from '../../../src/formats/checkpoint';
import { decodeSafetensors, encodeSafetensors, numbersOf, type StoredType } from '../../../src/formats/safetensors';
import { withBackend } from '../../helpers/backend';

withBackend('cpu');

const config: ModelConfig = {
  vocabSize: 7,
  contextLength: 6,
  layers: 1,
  heads: 2,
  width: 8,
  positions: 'learned',
  norm: 'pre',
  activation: 'gelu',
  tiedHead: true,
};
const label: CheckpointLabel = {
  name: 'Tiny',
  kind: 'base',
  pooling: null,
  tokenizer: { kind: 'word', tokens: ['<pad>', '<bos>', '<eos>', 'a', 'b', 'c', 'd'] },
  corpus: { kind: 'stories', config: presetConfig('tiny').stories, seed: 3 },
  step: 12,
  metrics: { 'train/loss': 1.5 },
  parents: [],
};
/** of a file that was never on a shelf */
const UNKNOWN = { checkpointId: null, madeAt: null, lineage: null, ancestors: [] };
const network = (heads: Heads = { language: true, scalar: false }, changes: Partial<ModelConfig> = {}) =>
  createNetwork({ ...config, ...changes }, heads, Random.fromSeed(1), 'policy');
const batch = (): TokenBatch => ({ tokens: tf.tensor2d([[1, 3, 4, 5]], [1, 4], 'int32'), leftPad: null });

const fileOf = async (model: CausalNetwork, dtype?: StoredType, said: CheckpointLabel = label) =>
  encodeCheckpoint(await saveCheckpoint(model, said), dtype);
const load = (bytes: Uint8Array) => openCheckpoint(decodeCheckpoint(bytes));

const messageOf = (bytes: Uint8Array): string => {
  try {
    load(bytes);
  } catch (error) {
    expect((error as LabError).code).toBe('file/checkpoint');
    return (error as LabError).message;
  }
  return 'nothing was thrown';
};

describe('a checkpoint', () => {
  it('comes back as the same network with the same label', async () => {
    const original = network();
    const { meta, createNetwork: restore } = load(await fileOf(original));
    expect(meta).toEqual({
      ...label,
      ...UNKNOWN,
      model: config,
      heads: original.heads,
      scoreScale: { gain: 1, bias: 0 },
    });
    const copy = restore('copy');
    expect(copy.logits(batch()).dataSync()).toEqual(original.logits(batch()).dataSync());
  });

  it('keeps the score scale of a reward model', async () => {
    const reward = network({ language: false, scalar: true });
    reward.setScoreScale(0.3, -1.7);
    const { createNetwork: restore } = load(await fileOf(reward, 'F32', { ...label, kind: 'reward', pooling: 'sum' }));
    expect(restore('copy').scoreScale).toEqual(reward.scoreScale);
  });

  it('carries the names and shapes of a Hugging Face GPT-2', async () => {
    const model = network({ language: true, scalar: true }, { tiedHead: false });
    const { tensors, metadata } = decodeSafetensors(await fileOf(model));
    const shapes = Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, shape]));
    expect(metadata.format).toBe('pt');
    expect(shapes).toEqual({
      'wte.weight': [7, 8],
      'wpe.weight': [6, 8],
      'h.0.ln_1.weight': [8],
      'h.0.ln_1.bias': [8],
      'h.0.attn.c_attn.weight': [8, 24],
      'h.0.attn.c_attn.bias': [24],
      'h.0.attn.c_proj.weight': [8, 8],
      'h.0.attn.c_proj.bias': [8],
      'h.0.ln_2.weight': [8],
      'h.0.ln_2.bias': [8],
      'h.0.mlp.c_fc.weight': [8, 32],
      'h.0.mlp.c_fc.bias': [32],
      'h.0.mlp.c_proj.weight': [32, 8],
      'h.0.mlp.c_proj.bias': [8],
      'ln_f.weight': [8],
      'ln_f.bias': [8],
      'lm_head.weight': [7, 8],
      'score.weight': [1, 8],
      'score.bias': [1],
    });
  });

  it('turns an untied head round on the way out and back on the way in', async () => {
    const model = network(undefined, { tiedHead: false });
    const file = await fileOf(model);
    const inside = (await model.save())['languageHead/weight']?.data ?? [];
    const outside = decodeSafetensors(file).tensors['lm_head.weight']?.data ?? [];
    expect(outside[1]).toBe(inside[7]); // [C,V] row 1, column 0
    expect(load(file).tensors['languageHead/weight']?.data).toEqual(inside);
  });

  it('opens with the names of a whole model, transformer. in front', async () => {
    const file = await fileOf(network());
    const { tensors, metadata } = decodeSafetensors(file);
    const prefixed = Object.fromEntries(
      Object.entries(tensors).map(([name, tensor]) => [`transformer.${name}`, tensor]),
    );
    expect(load(encodeSafetensors(prefixed, metadata)).tensors).toEqual(load(file).tensors);
  });

  it('in half precision moves the logits only a little', async () => {
    const original = network();
    const half = load(await fileOf(original, 'F16')).createNetwork('half');
    const difference = tf.max(tf.abs(tf.sub(half.logits(batch()), original.logits(batch())))).dataSync()[0] ?? 1;
    expect(difference).toBeGreaterThan(0);
    expect(difference).toBeLessThan(1e-3);
  });

  it('remembers how it was made, and takes what the shelf knows without touching a weight', async () => {
    const lineage = {
      recipe: { kind: 'ppo' as const, config: { klCoef: 0.05, optimizer: { beta1: 0.9 } } },
      sources: { human: 3 },
    };
    const parent = { checkpointId: 'base-1', name: 'Base', kind: 'base' as const, parents: [] };
    const file = await fileOf(network(), 'F16', { ...label, parents: ['base-1'], lineage, ancestors: [parent] });
    const renamed = { ...parent, name: 'My first' };
    const labelled = labelCheckpoint(file, {
      checkpointId: 'policy-7',
      name: 'Leashed',
      madeAt: 1e12,
      ancestors: [renamed],
    });
    const { meta, tensors } = load(labelled);
    expect(meta).toMatchObject({
      checkpointId: 'policy-7',
      name: 'Leashed',
      madeAt: 1e12,
      lineage,
      ancestors: [renamed],
      step: 12,
    });
    expect(tensors).toEqual(load(file).tensors);
    expect(numbersOf(labelled), 'half precision stays half precision').toEqual(numbersOf(file));
  });

  it('opens under the beginning of a name without end', async () => {
    const { meta } = load(await fileOf(network(), 'F32', { ...label, name: '🌊'.repeat(2000) }));
    expect(meta.name).toBe('🌊'.repeat(200));
  });

  it('opens without its history when that cannot be understood', async () => {
    const file = await fileOf(network());
    const { tensors, metadata } = decodeSafetensors(file);
    const meta = JSON.parse(metadata.rlhfLab ?? '{}');
    const open = (changes: object) =>
      load(encodeSafetensors(tensors, { rlhfLab: JSON.stringify({ ...meta, ...changes }) })).meta;
    const deep = { kind: 'ppo', a: { b: { c: { d: 1 } } } };
    const strange = {
      lineage: { recipe: deep, sources: {} },
      ancestors: [{ checkpointId: 'live:run', name: 'x', kind: 'base', parents: [] }],
    };
    for (const madeAt of ['yesterday', 1e300, 8.64e15 + 1, -1])
      expect(open({ ...strange, checkpointId: '../base', madeAt })).toMatchObject(UNKNOWN);
  });

  it('is refused with the place named when anything is wrong', async () => {
    const file = await fileOf(network());
    const { tensors, metadata } = decodeSafetensors(file);
    const meta = JSON.parse(metadata.rlhfLab ?? '{}');
    const withMeta = (changes: object) =>
      encodeSafetensors(tensors, { rlhfLab: JSON.stringify({ ...meta, ...changes }) });
    const { 'wte.weight': _, ...withoutEmbedding } = tensors;
    const notFinite = { ...tensors, 'ln_f.bias': { shape: [8], data: new Float32Array(8).fill(Number.NaN) } };
    expect(messageOf(encodeSafetensors(tensors, {}))).toContain('rlhfLab');
    expect(messageOf(encodeSafetensors(tensors, { rlhfLab: '{' }))).toContain('JSON');
    expect(messageOf(encodeSafetensors(withoutEmbedding, metadata))).toContain('tensor wte.weight is missing');
    expect(messageOf(encodeSafetensors(notFinite, metadata))).toContain('ln_f.bias');
    expect(
      messageOf(encodeSafetensors({ ...tensors, extra: { shape: [1], data: new Float32Array(1) } }, metadata)),
    ).toContain('tensors');
    expect(messageOf(withMeta({ model: { ...config, width: 16 } }))).toContain('tensor wte.weight is [7,8]');
    expect(messageOf(withMeta({ model: { ...config, layers: 1e9 } }))).toContain('rlhfLab.model.layers');
    expect(messageOf(withMeta({ model: { ...config, heads: 3 } }))).toContain('multiple');
    expect(messageOf(withMeta({ kind: 'virus' }))).toContain('rlhfLab.kind');
    expect(messageOf(withMeta({ version: 2 }))).toContain('rlhfLab.version');
  });
});

/** What the scripted thread remembers, and how its things are found. */
import { type PresetName, presetConfig } from '../../../src/contract/config';
import type { CheckpointInfo, CheckpointKind, CorpusSummary, EngineInfo } from '../../../src/contract/domain';
import { LabError } from '../../../src/contract/errors';
import type { Emit, FakeRun } from './fakeRun';
import * as stories from './stories';

export interface FakeLab {
  engine: EngineInfo;
  corpus: CorpusSummary;
  shelf: Map<string, CheckpointInfo>;
  runs: Map<string, FakeRun>;
  /** completions that fine-tuned models were shown, by checkpoint */
  shown: Map<string, string[]>;
  emit: Emit;
}

export const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
export const decode = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

export function storyCorpus(config = presetConfig('tiny').stories): CorpusSummary {
  return {
    kind: 'stories',
    config,
    vocabSize: stories.VOCAB_SIZE,
    trainTokens: config.stories * 20,
    heldOutTokens: config.stories * 2,
    entropy: { natsPerToken: 1.12, natsPerStory: 24.9 },
    size: config.stories,
    samples: stories.samples(8, 1, true),
    animals: stories.ANIMALS,
  };
}

export const parameters = (layers: number, width: number, vocab: number): number =>
  layers * 12 * width * width + (vocab + 48) * width;

export function checkpoint(id: string, kind: CheckpointKind, more: Partial<CheckpointInfo> = {}): CheckpointInfo {
  const model = { ...presetConfig('tiny').model, vocabSize: stories.VOCAB_SIZE };
  const size = parameters(model.layers, model.width, model.vocabSize);
  return {
    checkpointId: id,
    name: id,
    kind,
    model,
    pooling: kind === 'reward' ? 'last' : null,
    parents: [],
    ancestors: [],
    lineage: null,
    madeAt: null,
    importedFrom: null,
    tokenizerKey: `word-${stories.VOCAB_SIZE}`,
    step: 0,
    parameters: size,
    bytes: size * 4,
    metrics: {},
    shipped: false,
    ...more,
  };
}

export function shipped(lab: FakeLab, preset: PresetName): CheckpointInfo {
  const metrics = { 'eval/loss': 1.2, 'eval/aboveFloor': 0.08, 'eval/grammatical': 0.98, 'eval/coherent': 0.85 };
  const { model } = presetConfig(preset);
  const name = `Shipped ${preset}`;
  const info = checkpoint(`shipped-${preset}`, 'base', {
    name,
    shipped: true,
    step: 2000,
    metrics,
    model: { ...model, vocabSize: stories.VOCAB_SIZE },
  });
  lab.shelf.set(info.checkpointId, info);
  return info;
}

/** models that a run trains at the moment are found too */
export function needCheckpoint(lab: FakeLab, id: string): CheckpointInfo {
  const found = lab.shelf.get(id);
  if (!found && !id.startsWith('live:'))
    throw new LabError('run/missingInput', `There is no checkpoint ${id} in Checkpoints.`);
  return found ?? checkpoint(id, 'base');
}

export function needRun(lab: FakeLab, id: string): FakeRun {
  const found = lab.runs.get(id);
  if (!found) throw new LabError('run/missingInput', `There is no run ${id}.`);
  return found;
}

export function save(lab: FakeLab, info: CheckpointInfo, runId: string, isResult: boolean): CheckpointInfo {
  lab.shelf.set(info.checkpointId, info);
  lab.emit('shelf/saved', { runId, info, bytes: encode(info), isResult });
  return info;
}

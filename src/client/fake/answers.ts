/** What the scripted client answers to every call. */
import { type PresetName, presetConfig } from '../../contract/config';
import type { CheckpointInfo, CheckpointKind, CorpusSummary, EngineInfo, RunSpec, TasteResult, Vote } from '../../contract/domain';
import { LabError } from '../../contract/errors';
import type { Handlers, RunState } from '../../contract/protocol';
import * as curves from './curves';
import { type Emit, FakeRun, type Saved } from './fakeRun';
import * as stories from './stories';

/** What the scripted thread remembers. */
export interface FakeLab {
  engine: EngineInfo;
  corpus: CorpusSummary;
  shelf: Map<string, CheckpointInfo>;
  runs: Map<string, FakeRun>;
  emit: Emit;
}

const NEEDED_VOTES = 8;
const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const decode = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

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

const parameters = (layers: number, width: number, vocab: number): number => layers * 12 * width * width + (vocab + 48) * width;

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
    step: 0,
    parameters: size,
    bytes: size * 4,
    metrics: {},
    shipped: false,
    ...more,
  };
}

function resultOf(run: FakeRun): CheckpointInfo {
  const { spec, state } = run;
  const kinds = { pretrain: 'base', reward: 'reward', ppo: 'policy' } as const;
  const parents = spec.kind === 'pretrain' ? [] : spec.kind === 'reward' ? [spec.baseId] : [spec.baseId, spec.rewardId];
  const id = `${kinds[spec.kind]}-${state.runId}`;
  return checkpoint(id, kinds[spec.kind], {
    parents,
    step: state.step,
    metrics: run.values(),
    name: `${kinds[spec.kind]}, ${state.step} steps`,
  });
}

const isSaved = (value: unknown): value is Saved => typeof value === 'object' && value !== null && 'fake' in value;

function taste(votes: Vote[], vetoed: string[]): TasteResult {
  const usable = votes.filter((vote) => vote.choice === 'a' || vote.choice === 'b');
  if (usable.length < NEEDED_VOTES) {
    const sentence = `${NEEDED_VOTES - usable.length} more votes that prefer one side are needed.`;
    return { kind: 'missing', usableVotes: usable.length, needed: NEEDED_VOTES, sentence };
  }
  const mean = (of: (text: string) => number): number =>
    usable.reduce((sum, vote) => sum + (of(vote.a) - of(vote.b)) * (vote.choice === 'a' ? 1 : -1), 0) / usable.length;
  const row = (attribute: string, label: string, weight: number) => ({
    attribute,
    label,
    weight,
    low: weight - 0.4,
    high: weight + 0.4,
    vetoed: vetoed.includes(attribute),
  });
  const weights = [
    row(
      'endingMood',
      'happy ending',
      mean((text) => stories.attributes(text).endingMood),
    ),
    row(
      'middleMood',
      'happy middle',
      mean((text) => stories.attributes(text).middleMood),
    ),
    row(
      'politeWords',
      'polite words',
      mean((text) => stories.attributes(text).politeWords),
    ),
    row('length', 'longer text', mean((text) => stories.attributes(text).length) / 4),
  ];
  const examples = [0, 1, 2, 3, 4].map((i) => ({
    prompt: stories.prompt(`rule ${i}`),
    chosen: stories.completion(`rule ${i}`, 1),
    rejected: stories.completion(`rule ${i} other`, 0),
    difference: 1.2 - 0.1 * i,
  }));
  return { kind: 'rule', rule: { usableVotes: usable.length, weights, agreement: 0.9, examples } };
}

/** every handler of the protocol, deterministic */
export function fakeAnswers(lab: FakeLab): Handlers {
  const needCheckpoint = (id: string): CheckpointInfo => {
    const found = lab.shelf.get(id);
    if (!found && !id.startsWith('live:')) throw new LabError('run/missingInput', `There is no checkpoint ${id} on the shelf.`);
    return found ?? checkpoint(id, 'base');
  };
  const needRun = (id: string): FakeRun => {
    const found = lab.runs.get(id);
    if (!found) throw new LabError('run/missingInput', `There is no run ${id}.`);
    return found;
  };
  const save = (info: CheckpointInfo): CheckpointInfo => {
    lab.shelf.set(info.checkpointId, info);
    lab.emit('shelf/saved', { info, bytes: encode(info) });
    return info;
  };
  const start = (runId: string, spec: RunSpec): FakeRun => {
    if (spec.kind !== 'pretrain') needCheckpoint(spec.baseId);
    if (spec.kind === 'ppo') needCheckpoint(spec.rewardId);
    const run = new FakeRun(runId, spec, lab.emit, (one) => save(resultOf(one)));
    lab.runs.set(runId, run);
    return run;
  };
  const step = (run: FakeRun): RunState => {
    run.step();
    return run.over ? run.state : run.set({ status: 'paused' });
  };
  const pause = (run: FakeRun): RunState => {
    if (run.state.status !== 'running') return run.state;
    run.emitSnapshot();
    return run.set({ status: 'paused', message: `Paused at step ${run.state.step}.` });
  };
  const unknown = (text: string) => stories.words(text).filter((word) => lab.corpus.kind === 'stories' && stories.tokenId(word) < 0);

  return {
    'engine/start': async ({ backend }) => {
      lab.engine = backend === 'auto' ? lab.engine : { ...lab.engine, backend, reason: `?backend=${backend} asks for it.` };
      return lab.engine;
    },
    'engine/probe': async () => ({ stepMs: 52, tokensPerSecond: 27_000, suggested: 'tiny' }),
    'engine/memory': async () => ({ tensors: 120, bytes: 6_400_000 }),

    'corpus/stories': async ({ config, seed }) => {
      lab.corpus = { ...storyCorpus(config), samples: stories.samples(8, seed, true) };
      return lab.corpus;
    },
    'corpus/text': async ({ bytes, config, seed }) => {
      const text = new TextDecoder().decode(bytes);
      if (text.trim() === '') throw new LabError('text/empty', 'The text has no characters in it.');
      for (const done of [25, 50, 100]) lab.emit('corpus/progress', { done, total: 100, label: 'Learning merges' });
      const samples = stories.samples(4, seed, false);
      const vocabSize = config.tokenizer === 'char' ? new Set(text).size : Math.min(config.vocabSize, 300);
      const trainTokens = Math.ceil(text.length * (1 - config.heldOutShare));
      const heldOutTokens = text.length - trainTokens;
      lab.corpus = { kind: 'text', config, vocabSize, trainTokens, heldOutTokens, entropy: null, size: text.length, samples, animals: [] };
      return lab.corpus;
    },
    'corpus/checkpoint': async ({ checkpointId }) => {
      needCheckpoint(checkpointId);
      return lab.corpus;
    },
    'corpus/samples': async ({ count, seed }) => stories.samples(count, seed, lab.corpus.kind === 'stories'),
    'corpus/tokens': async ({ text }) => stories.tokens(text, lab.corpus.kind === 'stories' ? 'words' : 'characters'),

    'model/estimate': async ({ model, batchSize }) => {
      const size = parameters(model.layers, model.width, model.vocabSize);
      return {
        parameters: size,
        trainingBytes: size * 16 + batchSize * model.contextLength * model.width * model.layers * 80,
        secondsPerStep: 0.05,
      };
    },

    'shelf/list': async () => [...lab.shelf.values()],
    'shelf/shipped': async ({ preset }) => {
      lab.corpus = storyCorpus();
      return shipped(lab, preset);
    },
    'shelf/export': async ({ checkpointId }) => {
      const info = needCheckpoint(checkpointId);
      return { bytes: encode(info), fileName: `${checkpointId}.safetensors` };
    },
    'shelf/import': async ({ bytes, name, checkpointId }) => {
      try {
        const saved = decode(bytes) as CheckpointInfo;
        const info = { ...saved, checkpointId: checkpointId ?? saved.checkpointId };
        lab.shelf.set(info.checkpointId, info);
        return info;
      } catch {
        throw new LabError('file/checkpoint', `${name} is not a checkpoint of this lab.`);
      }
    },
    'shelf/remove': async ({ checkpointId }) => {
      lab.shelf.delete(checkpointId);
    },

    'run/create': async ({ runId, spec }) => start(runId, spec).set({}),
    'run/restore': async ({ runId, snapshot }) => {
      let saved: unknown;
      try {
        saved = decode(snapshot);
      } catch {
        saved = null;
      }
      if (!isSaved(saved)) throw new LabError('storage/corrupt', 'The stored run cannot be read.');
      const run = start(runId, saved.spec);
      run.restore(saved);
      return run.set({});
    },
    'run/play': async ({ runId }) => {
      const run = needRun(runId);
      return run.over ? run.state : run.set({ status: 'running', message: 'Training.' });
    },
    'run/pause': async ({ runId }) => pause(needRun(runId)),
    'run/step': async ({ runId }) => step(needRun(runId)),
    'run/adjust': async ({ runId, knobs }) => needRun(runId).adjust(knobs),
    'run/snapshot': async ({ runId }) => needRun(runId).snapshot(),
    'run/keep': async ({ runId }) => save(resultOf(needRun(runId))),
    'run/dispose': async ({ runId }) => {
      lab.runs.delete(runId);
    },
    'run/watch': async () => undefined,

    'inspect/attention': async ({ checkpointId, text }) => {
      const { layers, heads } = needCheckpoint(checkpointId).model;
      return curves.attention(text, layers, heads);
    },
    'inspect/next': async ({ checkpointId, text, sampling }) => {
      needCheckpoint(checkpointId);
      return nextTokens(text, sampling.topK, sampling.temperature);
    },
    'inspect/complete': async ({ checkpointIds, prompts, seed }) =>
      checkpointIds.map((id) => prompts.map((prompt) => stories.completion(`${needCheckpoint(id).checkpointId} ${prompt} ${seed}`))),

    'compare/pairs': async ({ policyId, count, seed }) => {
      needCheckpoint(policyId);
      return Array.from({ length: count }, (_, i) => stories.pair(policyId, seed, i));
    },
    'compare/simulate': async ({ policyId, rater, count, noise, seed }) =>
      Array.from({ length: count }, (_, i) => {
        const { pairId, prompt, first: a, second: b } = stories.pair(policyId, seed, i);
        const prefersA = stories.gold(rater, a) >= stories.gold(rater, b) !== stories.unit(`noise ${seed} ${i}`) < noise;
        const choice = prefersA ? 'a' : 'b';
        const where = { voteId: `simulated-${seed}-${i}`, pairId, prompt, a, b, choice, policyId } as const;
        return { ...where, source: 'simulated', rater, swapped: false, repeatOf: null, seconds: 0, at: 0 } as const;
      }),
    'taste/infer': async ({ votes, vetoed }) => taste(votes, vetoed),

    'reward/score': async ({ checkpointId, text }) => {
      needCheckpoint(checkpointId);
      const tokens = stories.words(text).map((piece) => ({ text: piece, contribution: (stories.unit(`score ${piece}`) - 0.5) * 0.8 }));
      return { score: stories.gold({ name: 'happy' }, text), tokens, unknownWords: unknown(text) };
    },
  };
}

function shipped(lab: FakeLab, preset: PresetName): CheckpointInfo {
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

function nextTokens(text: string, topK: number, temperature: number) {
  const words = ['.', 'the', 'glad', 'sad', 'sang', 'home', 'owl', 'warm'];
  const raw = words.map((word) => Math.exp(4 * stories.unit(`${text} next ${word}`)));
  const sum = raw.reduce((a, b) => a + b, 0);
  const rows = words.map((word, i) => ({ id: Math.max(0, stories.tokenId(word)), text: word, probability: (raw[i] ?? 0) / sum }));
  rows.sort((a, b) => b.probability - a.probability);
  const kept = topK > 0 ? topK : temperature === 0 ? 1 : rows.length;
  const sharp = rows.map((row, i) => (i < kept ? row.probability ** (1 / Math.max(temperature, 0.01)) : 0));
  const total = sharp.reduce((a, b) => a + b, 0);
  return rows.map((row, i) => ({ ...row, filtered: (sharp[i] ?? 0) / total }));
}

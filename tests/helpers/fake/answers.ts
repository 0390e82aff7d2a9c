/** What the scripted client answers to every call. */
import type { CheckpointInfo } from '../../../src/contract/domain';
import { LabError } from '../../../src/contract/errors';
import type { CallKind, Handlers } from '../../../src/contract/protocol';
import { arenaHandlers } from '../../../src/worker/handlers/arena';
import { gridHandlers } from '../../../src/worker/handlers/grid';
import { classAnswers } from './classAnswers';
import { decode, encode, type FakeLab, needCheckpoint, parameters, shipped, storyCorpus } from './fakeLab';
import { modelAnswers } from './modelAnswers';
import { runAnswers } from './runAnswers';
import * as stories from './stories';
import { spans, time } from './time';
import { translateAnswers } from './translateAnswers';

const engineAnswers = (lab: FakeLab): Pick<Handlers, Extract<CallKind, `engine/${string}`> | 'model/estimate'> => ({
  'engine/start': async ({ backend, executor }) => {
    lab.engine =
      backend === 'auto' ? lab.engine : { ...lab.engine, backend, reason: `?backend=${backend} asks for it.` };
    if (executor !== 'auto') lab.engine = { ...lab.engine, executor };
    return lab.engine;
  },
  'engine/fast': async ({ fast }) => {
    lab.engine = { ...lab.engine, fast };
    return lab.engine;
  },
  'engine/probe': async () => ({ stepMs: 52, tokensPerSecond: 27_000, suggested: 'tiny' }),
  'engine/fetchFiles': async () => undefined,
  'engine/time': async () => time,
  'engine/trace': async () => ({ spans, nowMs: 5000, today: Date.UTC(2026, 0, 2) }),
  'engine/memory': async () => ({ tensors: 120, bytes: 6_400_000 }),

  'model/estimate': async ({ model, batchSize }) => {
    const size = parameters(model.layers, model.width, model.vocabSize);
    return {
      parameters: size,
      trainingBytes: size * 16 + batchSize * model.contextLength * model.width * model.layers * 80,
      secondsPerStep: 0.05,
    };
  },
});

const corpusAnswers = (lab: FakeLab): Pick<Handlers, Extract<CallKind, `corpus/${string}`>> => ({
  'corpus/stories': async ({ config, seed }) => {
    lab.corpus = { ...storyCorpus(config), samples: stories.samples(8, seed, true) };
    return lab.corpus;
  },
  'corpus/text': async ({ bytes, config, seed }, { tell }) => {
    const text = new TextDecoder().decode(bytes);
    if (text.trim() === '') throw new LabError('text/empty', 'The text has no characters in it.');
    for (const done of [25, 50, 100]) tell({ done, total: 100, label: 'Learning merges' });
    const samples = stories.samples(4, seed, false);
    const vocabSize = config.tokenizer === 'char' ? new Set(text).size : Math.min(config.vocabSize, 300);
    const trainTokens = Math.ceil(text.length * (1 - config.heldOutShare));
    const heldOutTokens = text.length - trainTokens;
    lab.corpus = {
      kind: 'text',
      config,
      vocabSize,
      trainTokens,
      heldOutTokens,
      entropy: null,
      size: text.length,
      samples,
      animals: [],
    };
    return lab.corpus;
  },
  'corpus/checkpoint': async ({ checkpointId }) => {
    needCheckpoint(lab, checkpointId);
    return lab.corpus;
  },
  'corpus/samples': async ({ count, seed }) => stories.samples(count, seed, lab.corpus.kind === 'stories'),
  'corpus/tokens': async ({ text }) => stories.tokens(text, lab.corpus.kind === 'stories' ? 'words' : 'characters'),
});

const shelfAnswers = (lab: FakeLab): Pick<Handlers, Extract<CallKind, `shelf/${string}`>> => ({
  'shelf/list': async () => [...lab.shelf.values()],
  'shelf/shipped': async ({ preset, aside = false }) => {
    if (!aside) lab.corpus = storyCorpus();
    return shipped(lab, preset);
  },
  'shelf/export': async ({ checkpointId }) => {
    const info = needCheckpoint(lab, checkpointId);
    return { bytes: encode(info), fileName: `${checkpointId}.safetensors` };
  },
  'shelf/import': async ({ bytes, name, checkpointId, known }) => {
    try {
      const saved = decode(bytes) as CheckpointInfo;
      const arrival = checkpointId === undefined ? { importedFrom: name } : { checkpointId, name, ...known };
      const info = { ...saved, ...arrival, name: checkpointId === undefined ? saved.name : name };
      lab.shelf.set(info.checkpointId, info);
      return info;
    } catch {
      throw new LabError('file/checkpoint', `${name} is not a checkpoint of this lab.`);
    }
  },
  'shelf/open': async ({ files }) => {
    throw new LabError('file/checkpoint', `${files[0]?.path} is no model that this scripted thread opens`);
  },
  'shelf/transformers': async ({ checkpointId }) => ({
    bytes: encode(needCheckpoint(lab, checkpointId)),
    fileName: `${checkpointId}-for-transformers.zip`,
  }),
  'shelf/rename': async ({ checkpointId, name }) => {
    const info = { ...needCheckpoint(lab, checkpointId), name };
    lab.shelf.set(checkpointId, info);
    return info;
  },
  'shelf/adapter': async ({ checkpointId }) => {
    const info = needCheckpoint(lab, checkpointId);
    return { bytes: encode(info), fileName: `${info.name}-adapter.zip` };
  },
  'shelf/duplicate': async ({ checkpointId, copyId, name, merged = false }) => {
    const { adapter, ...plain } = needCheckpoint(lab, checkpointId);
    const info = { ...plain, ...(adapter && !merged && { adapter }), checkpointId: copyId, name, shipped: false };
    lab.shelf.set(copyId, info);
    return { info, bytes: encode(info) };
  },
  'shelf/remove': async ({ checkpointId }) => {
    lab.shelf.delete(checkpointId);
  },
});

const measureAnswers = (lab: FakeLab): Pick<Handlers, 'measure/policy'> => ({
  'measure/policy': async ({ policyId, referenceId, rewardId, rater, texts }) => {
    for (const id of [policyId, referenceId]) needCheckpoint(lab, id);
    const moved = policyId === referenceId ? 0 : 1;
    const about = (value: number) => ({ value, error: 0.1 });
    const shares = { distinct: 0.9, duplicates: 0.1, grammatical: 0.95, coherent: 0.9, finished: 1 };
    return {
      measurement: {
        texts,
        kl: about(2.5 * moved),
        score: rewardId === null ? null : about(1.2 * moved),
        gold: rater === null ? null : about(0.9 * moved - 0.1),
        distinctNgrams: [0.1, 0.3, 0.5],
        length: 13,
        ...shares,
      },
      samples: [],
    };
  },
});

/** every handler of the protocol, deterministic */
export const fakeAnswers = (lab: FakeLab): Handlers => ({
  ...engineAnswers(lab),
  ...corpusAnswers(lab),
  ...shelfAnswers(lab),
  ...runAnswers(lab),
  ...modelAnswers(lab),
  ...measureAnswers(lab),
  ...translateAnswers(),
  ...arenaHandlers(),
  ...gridHandlers(), // exact, and soon done: nothing to make up
  ...classAnswers(),
});

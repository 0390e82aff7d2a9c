/**
 * `lab record NAME FILE [--date 2026-11-30]`: makes runs with the settings of the page and writes down what they told,
 * as a recording. Made again it has the same numbers, and other times.
 */
import { writeFile } from 'node:fs/promises';
import { type LabConfig, presetConfig } from '../contract/config';
import type { CheckpointInfo, RunKind, RunSpec } from '../contract/domain';
import { LabError } from '../contract/errors';
import type { MetricPoint } from '../contract/observations';
import type { Rater, Vote } from '../contract/preferences';
import type { Event, RunState } from '../contract/protocol';
import { RECORDING_FORMAT, type RecordedLook, type RecordedTrack, type RecordingPlan } from '../contract/recording';
import { type NotebookItem, writeNotebook } from '../formats/notebook/write';
import { hashOfNumbers } from '../formats/recording';
import { type Headless, openSession } from './session';
import { checkFile } from './writable';

const RATER: Rater = { name: 'happy' };
/** so much of a recording a damaged part costs */
const STEPS_OF_PART = 20;
const LOOKS_OF_PART = 5;
const PROMPT = 'the fox found a kite .';
const SEED = 1;

const tiny = (change: (config: LabConfig) => Partial<LabConfig> = () => ({})): LabConfig => {
  const config = presetConfig('tiny', SEED);
  return { ...config, backend: 'wasm', executor: 'fused', ...change(config) };
};

export const PLANS: Readonly<Record<string, RecordingPlan>> = {
  pretrain: {
    title: 'Pretraining Tiny',
    text: 'A model that knows nothing learns to write stories, 600 steps from its first.',
    config: tiny(({ pretrain }) => ({ pretrain: { ...pretrain, steps: 600 } })),
    kinds: ['pretrain'],
    votes: 0,
  },
  ppo: {
    title: 'A reward model, then PPO',
    text: 'From 400 votes for happy endings a reward model learns to judge, and PPO writes what it likes.',
    config: tiny(),
    kinds: ['reward', 'ppo'],
    votes: 400,
  },
  dpo: {
    title: 'DPO on the same votes',
    text: 'The same 400 votes without a reward model: DPO learns from the pairs themselves.',
    config: tiny(),
    kinds: ['dpo'],
    votes: 400,
  },
};

/** What runs need, as it comes to be. */
interface Made {
  /** different tokens of the corpus */
  vocabSize: number;
  base: CheckpointInfo | null;
  reward: { info: CheckpointInfo; bytes: Uint8Array } | null;
  votes: Vote[];
}

const needed = <T>(thing: T | null): T => {
  if (thing === null) throw new Error('a run was asked for before what it needs');
  return thing;
};

function specOf(
  kind: RecordingPlan['kinds'][number],
  config: LabConfig,
  { base, reward, votes, vocabSize }: Made,
): RunSpec {
  const seed = config.seed;
  if (kind === 'pretrain')
    return { kind, seed, config: config.pretrain, model: { ...config.model, vocabSize }, fixedPrompt: PROMPT };
  const baseId = needed(base).checkpointId;
  const opinions = votes;
  if (kind === 'reward')
    return { kind, seed, config: config.reward, baseId, opinions, vetoed: [], useRule: false, rater: RATER };
  if (kind === 'dpo') return { kind, seed, config: config.dpo, baseId, opinions, rewardId: null, rater: RATER };
  return { kind, seed, config: config.ppo, baseId, rewardId: needed(reward).info.checkpointId, rater: RATER };
}

/** Writes down what runs tell. */
class Ear {
  private points: MetricPoint[] = [];
  private looks: RecordedLook[] = [];
  private over: (state: RunState) => void = () => {};
  private failed: (error: Error) => void = () => {};
  result: Made['reward'] = null;

  readonly hear = (event: Event): void => this.take(structuredClone(event));

  private take({ event, data }: Event): void {
    switch (event) {
      case 'run/metrics':
        for (const point of data.points) this.points.push(point);
        return;
      case 'run/samples':
        return void this.looks.push({ step: data.step, what: 'samples', value: data.samples });
      case 'run/rollouts':
        return void this.looks.push({ step: data.step, what: 'rollouts', value: data.rows });
      case 'run/review':
        return void this.looks.push({ step: data.step, what: 'review', value: data.review });
      case 'run/beforeAfter':
        return void this.looks.push({ step: data.step, what: 'beforeAfter', value: data.rows });
      case 'shelf/saved':
        this.result = { info: data.info, bytes: data.bytes };
        return;
      case 'run/failed':
        this.failed(new Error(data.error.message));
        return;
      case 'run/state':
        if (data.status === 'done') this.over(data);
    }
  }

  /** @returns what was told of a run that was begun meanwhile, once it is over */
  async until(begin: () => Promise<unknown>, kind: RunKind, spec: RunSpec): Promise<RecordedTrack> {
    const { totalSteps } = await new Promise<RunState>((resolve, reject) => {
      [this.over, this.failed] = [resolve, reject];
      begin().catch(reject);
    });
    const [points, looks] = [this.points, this.looks];
    [this.points, this.looks] = [[], []];
    return { kind, spec, totalSteps, hash: hashOfNumbers(points), points, looks };
  }
}

async function prepare({ call }: Headless, { config, votes, kinds }: RecordingPlan): Promise<Made> {
  const { stories, seed } = config;
  if (kinds[0] === 'pretrain') {
    const { vocabSize } = await call('corpus/stories', { config: stories, seed });
    return { vocabSize, base: null, reward: null, votes: [] };
  }
  const base = await call('shelf/shipped', { preset: 'tiny' });
  const asked = { policyId: base.checkpointId, rater: RATER, count: votes, noise: 0, seed, sampling: config.sampling };
  return { vocabSize: base.model.vocabSize, base, reward: null, votes: await call('compare/simulate', asked) };
}

/** @returns the runs of a plan, one after the other, and what they were made from */
export async function recorded(plan: RecordingPlan, tell: (words: string) => void) {
  const ear = new Ear();
  const own = openSession(ear.hear);
  await own.session.start('wasm', 'fused');
  const made = await prepare(own, plan);
  const tracks: RecordedTrack[] = [];
  for (const [i, kind] of plan.kinds.entries()) {
    tell(`${kind}…`);
    const runId = `recorded-${i + 1}`;
    const spec = specOf(kind, plan.config, made);
    await own.call('run/create', { runId, spec });
    tracks.push(await ear.until(() => own.call('run/play', { runId }), kind, spec));
    if (kind === 'reward') made.reward = ear.result;
  }
  const base = made.base && { info: made.base, bytes: own.session.shelf.export(made.base.checkpointId) };
  return { tracks, votes: made.votes, models: [base, made.reward].filter((model) => model !== null) };
}

type Recorded = Awaited<ReturnType<typeof recorded>>;

async function* items(plan: RecordingPlan, found: Recorded, madeAt: number): AsyncGenerator<NotebookItem> {
  const { title, text, config } = plan;
  const { tracks, votes, models } = found;
  const idOf = (kind: string) => models.find(({ info }) => info.kind === kind)?.info.checkpointId ?? null;
  const corpus = { kind: 'stories', config: config.stories, seed: config.seed };
  yield {
    path: 'recording/about.json',
    record: { format: RECORDING_FORMAT, title, text, madeAt, tracks: tracks.length },
  };
  for (const [i, { points, looks, ...run }] of tracks.entries()) {
    const spec = 'opinions' in run.spec ? { ...run.spec, opinions: [] } : run.spec;
    yield { path: `recording/${i + 1}/run.json`, record: { ...run, spec } };
    yield { path: `recording/${i + 1}/points`, list: points, each: STEPS_OF_PART };
    yield { path: `recording/${i + 1}/looks`, list: looks, each: LOOKS_OF_PART };
  }
  yield { path: 'settings/config.json', record: config };
  yield { path: 'settings/corpus.json', record: corpus };
  yield { path: 'settings/slots.json', record: { baseId: idOf('base'), rewardId: idOf('reward'), policyId: null } };
  yield { path: 'opinions', list: votes };
  for (const [i, { info, bytes }] of models.entries()) {
    yield { path: `models/${i + 1}.json`, record: { ...info, madeAt } };
    yield { path: `models/${i + 1}.safetensors`, bytes };
  }
}

/** @returns the file of a recording */
export async function recordingFile(plan: RecordingPlan, found: Recorded, madeAt: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of writeNotebook(items(plan, found, madeAt), madeAt)) pieces.push(piece);
  return Buffer.concat(pieces);
}

export async function recordTo(name: string, path: string, date: string, tell: (words: string) => void) {
  const plan = Object.hasOwn(PLANS, name) ? PLANS[name]! : null;
  if (!plan)
    throw new LabError(
      'run/missingInput',
      `there is no recording "${name}"; there are ${Object.keys(PLANS).join(', ')}`,
    );
  const madeAt = Date.parse(date);
  if (Number.isNaN(madeAt)) throw new LabError('run/missingInput', `"${date}" is no date`);
  await checkFile(path, 'run/missingInput');
  const found = await recorded(plan, tell);
  const file = await recordingFile(plan, found, madeAt);
  await writeFile(path, file);
  const runs = found.tracks.map(({ kind, totalSteps, hash }) => ({ kind, steps: totalSteps, hash }));
  return { file: path, bytes: file.length, runs };
}

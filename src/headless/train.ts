/**
 * `lab train SETTINGS.json`: a run of the page without the page, by the same drivers. The same settings give the same
 * numbers as there, on WebAssembly, and the same file.
 */
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { SHIPPED } from '../contract/config';
import { type CheckpointInfo, type CorpusSummary, isOver, type RunSpec } from '../contract/domain';
import { LabError } from '../contract/errors';
import { saysSomething } from '../contract/evidence';
import { LIMITS } from '../contract/limits';
import type { MetricId, MetricValues } from '../contract/metrics';
import type { Rater } from '../contract/preferences';
import type { Event, Events, RunState } from '../contract/protocol';
import { asksModel } from '../contract/settings/whichReward';
import { labelCheckpoint } from '../formats/checkpoint';
import { type Headless, openSession } from './session';
import { readTraining, type TrainingAsked } from './settings';
import { bytesOf, demonstrationsIn, opinionsIn } from './trainingData';
import { checkFile, unwritable } from './writable';

/** What came of it. */
export interface Trained {
  name: string;
  kind: string;
  checkpointId: string;
  step: number;
  /** the last of each, by its id */
  metrics: MetricValues;
  out: string;
}

type Tell = (words: string) => void;

const RUN = 'run';
/** milliseconds between two lines of progress */
const TOLD_EVERY = 1000;

const fail = (message: string): never => {
  throw new LabError('run/missingInput', message);
};

/** of a run's numbers the one that it is about, to be told on the way */
const SHOWN: Record<TrainingAsked['kind'], MetricId> = {
  pretrain: 'train/loss',
  finetune: 'train/loss',
  reward: 'reward/loss',
  dpo: 'dpo/loss',
  ppo: 'objective/scores',
};

const isShipped = (name: string): name is (typeof SHIPPED)[number] => (SHIPPED as readonly string[]).includes(name);

async function openModel({ call }: Headless, from: string): Promise<CheckpointInfo> {
  if (isShipped(from)) return call('shelf/shipped', { preset: from });
  return call('shelf/import', { bytes: await bytesOf(from, LIMITS.modelBytes), name: basename(from) });
}

/** Who plays which part among the models that are given. */
interface Cast {
  /** the reference, and where a policy begins unless there is a start */
  baseId: string;
  rewardId: string | null;
  /** a policy to go on from */
  startId: string | null;
}

function castOf(models: readonly CheckpointInfo[]): Cast {
  const judges = models.filter(({ kind }) => kind === 'reward');
  const first = models.filter(({ kind }) => kind === 'base' || kind === 'finetuned');
  const [writer, start, ...more] = [...first, ...models.filter(({ kind }) => kind === 'policy')];
  if (judges.length > 1 || more.length > 0) return fail('from: at most one reward model, one base and one policy');
  if (!writer) return fail('from: this kind of run begins from a model that writes');
  return {
    baseId: writer.checkpointId,
    rewardId: judges[0]?.checkpointId ?? null,
    startId: start?.checkpointId ?? null,
  };
}

async function openText({ call }: Headless, path: string, { config }: TrainingAsked): Promise<CorpusSummary> {
  const { text, model, seed } = config;
  const bytes = await bytesOf(path, LIMITS.textBytes);
  return call('corpus/text', { bytes, config: text, contextLength: model.contextLength, seed });
}

async function pretrainSpec(lab: Headless, asked: TrainingAsked): Promise<RunSpec> {
  const { config, data, fixedPrompt } = asked;
  const { seed, stories } = config;
  const { vocabSize, samples } =
    data === undefined ? await lab.call('corpus/stories', { config: stories, seed }) : await openText(lab, data, asked);
  const model = { ...config.model, vocabSize };
  return {
    kind: 'pretrain',
    seed,
    config: config.pretrain,
    model,
    fixedPrompt: fixedPrompt ?? samples[0]?.prompt ?? '',
  };
}

/** whether the page would let the rule label pairs by itself */
async function ruleOf(
  { call }: Headless,
  baseId: string,
  opinions: RunSpec & { kind: 'reward' | 'dpo' },
  asked: TrainingAsked,
) {
  const { useRule, vetoed, config } = asked;
  const { ruleLabels } = config[opinions.kind];
  const own = opinions.opinions.filter(({ source }) => source !== 'simulated');
  if (!useRule || ruleLabels === 0 || own.length === 0) return { useRule: false, vetoed };
  const measured = asked.rater.taste ? { own: asked.rater.taste } : {};
  const result = await call('taste/infer', { opinions: own, vetoed, policyId: baseId, seed: config.seed, ...measured });
  return { useRule: result.kind === 'rule' && saysSomething(result), vetoed };
}

async function specOf(lab: Headless, asked: TrainingAsked, tell: Tell): Promise<RunSpec> {
  const { kind, config, data, from, text } = asked;
  const { seed } = config;
  const rater = asked.rater as Rater;
  if (text !== undefined) await openText(lab, text, asked);
  if (kind === 'pretrain') return pretrainSpec(lab, asked);
  const models: CheckpointInfo[] = [];
  for (const one of from) models.push(await openModel(lab, one));
  const { baseId, rewardId, startId } = castOf(models);
  const start = startId === null ? {} : { startId };
  if (kind === 'ppo') {
    if (data !== undefined) return fail('data: PPO takes its prompts from the texts of its model');
    if (rewardId === null && asksModel(config.ppo))
      return fail('from: there is no reward model to pay, and no rule does');
    return { kind, seed, config: config.ppo, baseId, rewardId, rater, ...start };
  }
  if (data === undefined) return fail('data: a file of rows to learn from is missing');
  if (kind === 'finetune') {
    const demonstrations = await demonstrationsIn(lab, baseId, data, tell);
    return { kind, seed, config: config.finetune, baseId, demonstrations, wish: null, rewardId, rater };
  }
  const opinions = await opinionsIn(lab, baseId, data, tell);
  const spec: RunSpec & { kind: 'reward' | 'dpo' } =
    kind === 'reward'
      ? { kind, seed, config: config.reward, baseId, opinions, vetoed: [], useRule: false, rater }
      : { kind, seed, config: config.dpo, baseId, opinions, rewardId, rater, ...start };
  const rule = await ruleOf(lab, baseId, spec, asked);
  return kind === 'reward' || rule.useRule ? { ...spec, ...rule } : spec;
}

/** Hears a run: tells how far it is, and keeps what it leaves. */
class Hearing {
  readonly latest: MetricValues = {};
  saved: Events['shelf/saved'] | null = null;
  error: Events['run/failed']['error'] | null = null;
  private toldAt = Number.NEGATIVE_INFINITY;
  private settle: (state: RunState) => void = () => {};
  readonly over = new Promise<RunState>((resolve) => {
    this.settle = resolve;
  });

  constructor(
    private readonly shown: MetricId,
    private readonly tell: Tell,
  ) {}

  hear({ event, data }: Event): void {
    if (event === 'run/metrics') for (const { values } of data.points) Object.assign(this.latest, values);
    if (event === 'shelf/saved') this.saved = data;
    if (event === 'run/failed') {
      this.error = data.error;
      this.settle({} as RunState);
    }
    if (event === 'run/state') this.see(data);
  }

  private see(state: RunState): void {
    const now = performance.now();
    if (isOver(state.status) || now - this.toldAt >= TOLD_EVERY) {
      this.toldAt = now;
      const value = this.latest[this.shown];
      this.tell(value === undefined ? state.message : `${state.message} ${this.shown} ${value.toPrecision(4)}`);
    }
    if (state.status === 'done') this.settle(state);
  }
}

/** @throws LabError in words, also where the run itself fails or stops */
async function runToEnd(lab: Headless, hearing: Hearing, spec: RunSpec): Promise<Events['shelf/saved']> {
  await lab.call('run/create', { runId: RUN, spec });
  await lab.call('run/play', { runId: RUN });
  await hearing.over;
  const { error, saved } = hearing;
  if (error) throw new LabError('run/missingInput', error.message);
  return saved ?? fail('the run left no model');
}

const BACKENDS_HERE = ['auto', 'wasm', 'cpu'] as const;

/** @throws LabError in words */
export async function train(path: string, tell: Tell): Promise<Trained> {
  const asked = await readTraining(path);
  const { kind, config, out } = asked;
  const backend = BACKENDS_HERE.find((one) => one === config.backend);
  if (!backend) return fail(`backend: ${config.backend} is the page's; here there are ${BACKENDS_HERE.join(', ')}`);
  const hearing = new Hearing(SHOWN[kind], tell);
  await checkFile(out, 'run/missingInput', `out: ${out}`);
  const lab = openSession((event) => hearing.hear(event));
  await lab.call('engine/start', { backend: backend === 'auto' ? 'wasm' : backend, executor: config.executor });
  const spec = await specOf(lab, asked, tell);
  const { info, bytes } = await runToEnd(lab, hearing, spec);
  const { checkpointId, name, step, metrics, ancestors } = info;
  await writeFile(out, labelCheckpoint(bytes, { checkpointId, name, madeAt: null, ancestors })).catch((error) =>
    unwritable(error, out, 'run/missingInput', `out: ${out}`),
  );
  await lab.call('run/dispose', { runId: RUN });
  return { name, kind: info.kind, checkpointId, step, metrics, out };
}

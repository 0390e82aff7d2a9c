/**
 * Our side of each contest: the work, what a peer has to know to do the same, and the numbers by which that is seen.
 */
import { presetConfig } from '../../../src/contract/config';
import type { Rollout } from '../../../src/core/model/causalNetwork';
import type { tf } from '../../../src/core/tf';
import { disposeRollout } from '../../../src/core/train/experience';
import { stepFlops } from '../../../src/worker/estimate';
import {
  naiveStep,
  rollout,
  S,
  type Shape,
  type StepWork,
  TEMPERATURE,
  TINY,
  TINY_PROMPTS,
  trainingStep,
  type Work,
} from '../work';
import type { Task } from './peer';
import { ppoUpdate } from './ppoUpdate';
import { CHECKED_STEPS, modelOf, stepTask } from './stepTask';

export interface Contest {
  task: Task;
  check: number[];
  ours: Work;
  /** arithmetic of a turn, where it is counted */
  flops?: number;
  /** how many a turn has, one after the other: training is steps in a row; 1 where it is whole by itself */
  inARow: number;
  /** the naive composition of tf.js; it does not clip, so only its first loss is the same */
  naive?: () => StepWork;
}
/** by the end of a row's id */
export const CONTESTS: Readonly<Record<string, () => Promise<Contest>>> = {
  'step.S': () => stepContest(S),
  'step.tiny': () => stepContest(TINY),
  'generate.tiny': generateContest,
  'ppo.tiny': () => ppoContest('separate'),
  'ppo.tiny.shared': () => ppoContest('shared'),
};

const STEPS_IN_A_ROW = 8;

const rowsOf = (rows: tf.Tensor2D): Promise<number[][]> => rows.array();

async function stepContest(shape: Shape): Promise<Contest> {
  const ours = trainingStep(shape, 'fused');
  const task = await stepTask(ours);
  const check: number[] = [];
  for (let step = 0; step < CHECKED_STEPS; step++) check.push(await ours.step());
  const flops = stepFlops(shape.config, shape.batch, shape.length);
  return { task, check, ours, flops, inARow: STEPS_IN_A_ROW, naive: () => naiveStep(shape) };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** @returns the rows of a rollout, which is given back */
async function read(written: Rollout): Promise<{ written: number[][]; mask: number[][]; logprobs: number[][] }> {
  const { batch, completionMask, logprobs } = written;
  const [tokens, mask, seen] = await Promise.all([batch.tokens, completionMask, logprobs].map(rowsOf));
  disposeRollout(written);
  return { written: tokens!, mask: mask!, logprobs: seen! };
}

async function generateContest(): Promise<Contest> {
  const ours = rollout(TINY.config, TINY_PROMPTS, 'fused');
  const { written, logprobs } = await read(ours.write());
  const prompts = await rowsOf(ours.prompts);
  const { completionLength } = TINY_PROMPTS;
  const model = await modelOf(ours.network);
  const task: Task = { kind: 'generate', model, prompts, completionLength, temperature: TEMPERATURE, written };
  return { task, check: [mean(logprobs.flat())], ours, inARow: 1 };
}

async function ppoContest(valueModel: 'separate' | 'shared'): Promise<Contest> {
  const update = await ppoUpdate({ ...presetConfig('tiny').ppo, valueModel });
  const { lab, prompts } = update;
  const { config, base, rewardModel, corpus } = lab.inputs;
  const models = { model: await modelOf(base), rewardModel: await modelOf(rewardModel!) };
  const { eosId, padId } = corpus.tokenizer;
  const first = await update.write();
  const check = await update.learn(first);
  const encoded = prompts.map((prompt) => corpus.encodePrompt(prompt));
  const task: Task = { kind: 'ppo', ...models, config, prompts: encoded, eosId, padId, ...(await read(first)) };
  return { task, check, ours: update, inARow: 1 };
}

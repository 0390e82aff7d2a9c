/** The JSON half of a stored run, checked before a run is built on it. */
import * as v from 'valibot';
import { LIVE_KNOBS } from '../../contract/config';
import type { RunKind } from '../../contract/domain';
import { LabError } from '../../contract/errors';
import { isMetricId } from '../../contract/labels';
import { PPO } from '../../contract/settings/ppo';
import type { BestOfState } from '../../core/train/bestOfN';
import type { DpoState } from '../../core/train/dpoRun';
import type { FineTuneState } from '../../core/train/fineTuneRun';
import type { PpoState } from '../../core/train/ppoRun';
import type { PretrainState } from '../../core/train/pretrainRun';
import type { RewardState } from '../../core/train/rewardRun';
import type { SavedRun } from '../../core/train/snapshot';
import { firstIssue } from '../schemas';

const step = v.pipe(v.number(), v.integer(), v.minValue(0));
const finite = v.pipe(v.number(), v.finite());
const metrics = v.record(v.pipe(v.string(), v.check(isMetricId)), finite);
const steps = { step, unreported: v.exactOptional(v.array(metrics)) };

/** samples of a stored draw; how many is checked against nothing, as every N is read off what is there */
const sample = v.object({
  completion: v.string(),
  score: finite,
  gold: v.nullable(finite),
  grammatical: v.nullable(v.boolean()),
  length: step,
  finished: v.exactOptional(v.boolean()),
});

/** a knob that acts while a run goes on */
const remembered = ({ since }: { mark: string; since?: string }) =>
  since === undefined ? finite : v.exactOptional(finite);

const SCHEMAS = {
  pretrain: v.object(steps),
  finetune: v.object({
    ...steps,
    best: v.nullable(v.object({ epoch: step, quality: finite, metrics })),
  }),
  dpo: v.object(steps),
  reward: v.object({
    ...steps,
    totalSteps: v.exactOptional(step),
    example: v.nullable(v.object({ chosenScore: finite, rejectedScore: finite, loss: finite })),
  }),
  ppo: v.object({
    iteration: step,
    ...Object.fromEntries(LIVE_KNOBS.map((knob) => [knob, remembered(PPO[knob].live)])),
  }),
  bestOf: v.object({
    done: v.array(v.object({ prompt: v.string(), samples: v.pipe(v.array(sample), v.minLength(1)) })),
  }),
} as const;

export interface SavedStates {
  pretrain: PretrainState;
  finetune: FineTuneState;
  dpo: DpoState;
  reward: RewardState;
  ppo: PpoState;
  bestOf: BestOfState;
}

/** @throws LabError('storage/corrupt') that names the place */
export function readState<K extends RunKind>(kind: K, saved: SavedRun<unknown>): SavedRun<SavedStates[K]> {
  const result = v.safeParse(SCHEMAS[kind] as v.GenericSchema, saved.state);
  if (!result.success)
    throw new LabError('storage/corrupt', `The stored run cannot be read: state.${firstIssue(result.issues)}`);
  return { tensors: saved.tensors, state: result.output as SavedStates[K] };
}

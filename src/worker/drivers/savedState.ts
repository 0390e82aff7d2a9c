/** The JSON half of a stored run, checked before a run is built on it. */
import * as v from 'valibot';
import type { RunKind } from '../../contract/domain';
import { LabError } from '../../contract/errors';
import type { PpoState } from '../../core/train/ppoRun';
import type { RewardState } from '../../core/train/rewardRun';
import type { SavedRun } from '../../core/train/snapshot';
import { firstIssue } from '../schemas';

const step = v.pipe(v.number(), v.integer(), v.minValue(0));
const finite = v.pipe(v.number(), v.finite());
const text = v.pipe(v.string(), v.maxLength(20_000));
const pair = v.object({ prompt: text, chosen: text, rejected: text, source: v.picklist(['human', 'simulated', 'imported', 'rule']) });

const SCHEMAS = {
  pretrain: v.object({ step }),
  reward: v.object({
    step,
    rulePairs: v.array(pair),
    example: v.nullable(v.object({ chosenScore: finite, rejectedScore: finite, loss: finite })),
  }),
  ppo: v.object({
    iteration: step,
    klCoef: finite,
    learningRate: finite,
    klTarget: v.exactOptional(finite),
    entropyCoef: v.exactOptional(finite),
    ptxCoef: v.exactOptional(finite),
  }),
} as const;

export interface SavedStates {
  pretrain: { step: number };
  reward: RewardState;
  ppo: PpoState;
}

/** @throws LabError('storage/corrupt') that names the place */
export function readState<K extends RunKind>(kind: K, saved: SavedRun<unknown>): SavedRun<SavedStates[K]> {
  const result = v.safeParse(SCHEMAS[kind] as v.GenericSchema, saved.state);
  if (!result.success) throw new LabError('storage/corrupt', `The stored run cannot be read: state.${firstIssue(result.issues)}`);
  return { tensors: saved.tensors, state: result.output as SavedStates[K] };
}

/** One run as the page shows it: what it is while there is none, and how it changes. */
import { isOver, type RunKind } from '../../contract/domain';
import type { Context } from '../context';
import type { RunView } from '../state';

export const EMPTY_RUN: RunView = {
  runId: null,
  spec: null,
  labels: [],
  madeFrom: null,
  state: null,
  busy: null,
  history: [],
  marks: [],
  live: [],
  samples: [],
  attention: null,
  rollouts: null,
  review: null,
  beforeAfter: null,
  bestOf: null,
  error: null,
  savedAt: null,
};
/** no run of any kind */
export const NO_RUNS: Record<RunKind, RunView> = {
  pretrain: EMPTY_RUN,
  finetune: EMPTY_RUN,
  reward: EMPTY_RUN,
  ppo: EMPTY_RUN,
  dpo: EMPTY_RUN,
  bestOf: EMPTY_RUN,
};

export const hasEnded = ({ state }: RunView): boolean => isOver(state?.status);

/** changes some fields of the run of this kind */
export const patchRun = (context: Context, kind: RunKind, fields: Partial<RunView>): void =>
  context.patch('runs', { [kind]: { ...context.get().runs[kind], ...fields } });

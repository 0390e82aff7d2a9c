/**
 * One thing at a time is done to a run, and it is judged when it acts: what was seen when it was pressed may have
 * changed.
 */
import type { RunKind } from '../../contract/domain';
import { attempt, type Context, unlessCancelled } from '../context';
import type { NoticeAction, Refusal, RunView, Stage } from '../state';
import { hasEnded, patchRun } from './runView';

/** @returns why it is not done */
type Judge = (seen: RunView, now: RunView) => Refusal | undefined;

const open = (stage: Stage, label: string): NoticeAction => ({ kind: 'stage', stage, label });
const MISSING: Record<RunKind, NoticeAction[]> = {
  pretrain: [open('data', 'Open Data')],
  finetune: [open('pretrain', 'Open Pretrain')],
  reward: [open('pretrain', 'Open Pretrain'), open('compare', 'Open Compare')],
  ppo: [open('pretrain', 'Open Pretrain'), open('reward', 'Open Reward model')],
  dpo: [open('pretrain', 'Open Pretrain'), open('compare', 'Open Compare')],
  bestOf: [open('pretrain', 'Open Pretrain'), open('reward', 'Open Reward model')],
};

/** Train and Step start over after a run that has ended: one that ended unseen is asked about first. */
export const losesOnlyWhatWasSeen: Judge = (seen, now) => {
  const wasSeen = seen.runId === now.runId && hasEnded(seen);
  return hasEnded(now) && (now.state?.step ?? 0) > 0 && !wasSeen ? 'ask' : undefined;
};

/** What is about one run is not done to another one that came in its place. */
export const actsOnWhatWasSeen: Judge = (seen, now) => (seen.runId === now.runId ? undefined : 'ignored');

/** while the thread is busy with a run, further presses are ignored */
export async function exclusively(
  context: Context,
  kind: RunKind,
  busy: NonNullable<RunView['busy']>,
  judge: Judge,
  body: () => Promise<void>,
): Promise<Refusal | undefined> {
  const run = () => context.get().runs[kind];
  const seen = run();
  await context.settled();
  if (context.get().engine.status === 'crashed') await context.get().engine.restart();
  const refused = run().busy === null ? judge(seen, run()) : 'ignored';
  if (refused) return refused;
  patchRun(context, kind, { busy, error: null });
  const error = await attempt(context, body, MISSING[kind]);
  context.batch.flush();
  patchRun(context, kind, unlessCancelled(error) ? { busy: null, error } : { busy: null });
  return undefined;
}

import type { Context } from '../context';
import type { LabState } from '../state';
import type { DifferenceSlice } from './differenceState';
import { inspectedId, isLive } from './inspected';
import { checkpointById, rolesOf } from './inUse';

/** @returns which two are held against each other: the chosen ones, else the reference and the newest policy */
export function comparedIds(state: LabState): { before: string | null; after: string | null } {
  const { beforeId, afterId } = state.difference;
  const there = (id: string | null) =>
    id !== null && (checkpointById(state, id) !== null || isLive(state, id)) ? id : null;
  const { policyId, fineTunedId, baseId } = state.shelf.slots;
  return {
    before: there(beforeId) ?? rolesOf(state).reference ?? baseId ?? inspectedId(state),
    after: there(afterId) ?? policyId ?? fineTunedId ?? baseId ?? inspectedId(state),
  };
}

/** What does not go together is refused by the thread, and no earlier answer stands beside the refusal. */
export async function lookAtDifference(
  context: Context,
  isNewest: () => boolean,
  call: Context['call'],
): Promise<void> {
  const { before: beforeId, after: afterId } = comparedIds(context.get());
  if (beforeId === null || afterId === null) return context.patch('difference', { result: null });
  const { text } = context.get().inspect;
  try {
    const result = await call('inspect/difference', { beforeId, afterId, text });
    if (isNewest()) context.patch('difference', { result });
  } catch (error) {
    if (isNewest()) context.patch('difference', { result: null });
    throw error;
  }
}

export function differenceSlice(context: Context): DifferenceSlice {
  /** Inspect looks again by itself where other models are to be shown */
  const compare = (beforeId: string, afterId: string) => context.patch('difference', { beforeId, afterId });
  return {
    beforeId: null,
    afterId: null,
    result: null,
    compare,
    swap() {
      const { before, after } = comparedIds(context.get());
      if (before !== null && after !== null) compare(after, before);
    },
  };
}

import * as v from 'valibot';
import { SWEEP_NAMES } from '../../contract/domain';
import { COUNT, FINITE, HISTORY, TEXT } from '../lessons/lessonRecord';

/** A sweep that was stored; one that was under way when the page was closed is stored as cut short. */
export const SWEEP_RECORD = v.object({
  sweepId: v.picklist(SWEEP_NAMES),
  seed: v.pipe(v.number(), v.safeInteger()),
  status: v.picklist(['done', 'cancelled', 'failed', 'cut']),
  runs: v.array(
    v.object({
      value: FINITE,
      totalSteps: COUNT,
      history: HISTORY,
      status: v.picklist(['begun', 'done', 'failed']),
      message: TEXT,
    }),
  ),
});

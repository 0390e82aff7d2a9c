import * as v from 'valibot';
import { isMetricId } from '../../contract/labels';

export const COUNT = v.pipe(v.number(), v.integer(), v.minValue(0));
export const FINITE = v.pipe(v.number(), v.finite());
export const TEXT = v.pipe(v.string(), v.maxLength(20_000));

export const HISTORY = v.array(
  v.object({ step: COUNT, elapsedMs: FINITE, values: v.record(v.pipe(v.string(), v.check(isMetricId)), FINITE) }),
);

const ARM = v.object({
  totalSteps: COUNT,
  history: HISTORY,
  rows: v.array(v.object({ prompt: TEXT, before: TEXT, after: TEXT })),
  accuracy: v.nullable(FINITE),
  heldOutPairs: v.optional(COUNT),
});

/** A lesson that was stored; one that was under way when the page was closed is stored as cut short. */
export const LESSON_RECORD = v.object({
  lessonId: v.string(),
  seed: v.pipe(v.number(), v.safeInteger()),
  answer: v.string(),
  base: TEXT,
  status: v.picklist(['done', 'failed', 'cut']),
  arms: v.object({ healthy: ARM, broken: ARM }),
  forkAt: v.nullable(COUNT),
});

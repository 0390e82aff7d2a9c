/** On how many cases a number rests, and whether that is enough to draw it or to act on it. */
import { casesOf, type MetricId, type MetricValues } from '../../contract/labels';
import type { MetricPoint } from '../../contract/observations';
import { ENOUGH_CASES } from '../../contract/shares';

/**
 * @returns cases behind a metric among these numbers; null where nobody counted, as in runs stored before that was kept
 */
export function casesAmong(values: MetricValues, id: MetricId): number | null {
  const counter = casesOf(id);
  return counter === null ? null : (values[counter] ?? null);
}

/** @returns cases behind the newest value of a metric; null where nobody counted */
export function casesBehind(history: readonly MetricPoint[], id: MetricId): number | null {
  if (casesOf(id) === null) return null; // nobody counts them, so the history need not be searched
  const newest = history.findLast(({ values }) => values[id] !== undefined);
  return newest ? casesAmong(newest.values, id) : null;
}

export const areFew = (cases: number | null | undefined): boolean =>
  cases !== null && cases !== undefined && cases < ENOUGH_CASES;

/** Whether a curve of it, or a choice by it, would only follow the luck of a few cases. */
export const isOfFew = (history: readonly MetricPoint[], id: MetricId): boolean => areFew(casesBehind(history, id));

import { casesOf, type MetricId } from '../../contract/labels';
import type { MetricPoint } from '../../contract/observations';
import { areFew, casesBehind } from '../../store/runs/cases';
import type { ChartLevel } from '../charts/chartTypes';
import type { LineOf } from './useChartView';

/** A curve in a card of its own. */
export interface SmallChart {
  metric: MetricId;
  title?: string;
  /** instead of the unit */
  note?: string;
  lines: readonly LineOf[];
  /** fixed limits of the value axis */
  range?: readonly [number, number];
  /** values worth comparing with */
  levels?: readonly ChartLevel[];
}

/** Shares are looked at whole. */
export const WHOLE = [0, 1] as const;

export const one = (metric: MetricId, label: string, tone: LineOf['tone'], title?: string): SmallChart => ({
  metric,
  lines: [{ id: metric, label, tone }],
  ...(title !== undefined && { title }),
});

/** Why a number has no curve, as short as a small card has room for: "1 held out: too few"; null where it has one */
export function fewNote(history: readonly MetricPoint[], id: MetricId): string | null {
  const cases = casesBehind(history, id);
  if (!areFew(cases)) return null;
  return `${cases} ${casesOf(id) === 'eval/heldOut' ? 'held out' : 'texts'}: too few`;
}

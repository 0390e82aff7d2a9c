/** The numbers of a run as a lesson asks for them. */
import { casesOf } from '../../contract/labels';
import type { Fact, LessonCondition, Measure, Moment, Standard } from '../../contract/lesson';
import { isFact, MEASURES, numberName } from '../../contract/lesson';
import type { MetricId } from '../../contract/metrics';
import type { MetricPoint } from '../../contract/observations';
import { wilsonInterval } from '../../contract/shares';
import { type GoldPoint, goldCurve, highest } from '../runs/overoptimization';

/** What has happened since a step began, as plain data. */
export interface Reading {
  seed: number;
  /** for a side, hidden repeats not counted; of simulated raters all */
  votes: number;
  /** steps that the run of the place has made */
  step: number;
  history: readonly MetricPoint[];
  /** of the twin; null where there is none */
  control: readonly MetricPoint[] | null;
  /** until then both are one run */
  forkAt: number | null;
  /** what was pressed or turned since the step began: settings by their names in the address, `train` */
  pressed: readonly string[];
  /** what else stands on the page; what it does not show is absent */
  facts: Readonly<Partial<Record<Fact, number>>>;
  /** steps whose question was answered */
  answered: readonly string[];
}

/** measurements that a number averages: one batch of 32 texts is off by about ±0.2 */
const WINDOW = 3;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const valuesOf = (points: readonly MetricPoint[], id: MetricId): number[] =>
  points.flatMap((point) => (point.values[id] === undefined ? [] : [point.values[id]]));

/** asked of the same cases at every look, or of many: the last answer is the one that the page shows */
const IS_STEADY = /^(eval|eval_\w+|axis|train|translator)\/|^reward\/accuracy$/;
export const isSteady = (id: MetricId): boolean => IS_STEADY.test(id);

/**
 * Where a run stands in one number, wherever it is shown: what is steady as it was last measured, of batches the mean of
 * the last three. NaN before the first.
 */
export const standing = (points: readonly MetricPoint[], id: MetricId): number =>
  mean(valuesOf(points, id).slice(isSteady(id) ? -1 : -WINDOW));

/** before the first step */
export const firstOf = (points: readonly MetricPoint[], id: MetricId): number => valuesOf(points, id)[0] ?? Number.NaN;

/** @returns the points up to a step: where one run left the other */
export const until = (points: readonly MetricPoint[], forkAt: number | null): readonly MetricPoint[] =>
  forkAt === null ? [] : points.filter(({ step }) => step <= forkAt);

/** an end of the 95 % interval of a share; NaN where its cases were not counted */
function intervalOf(points: readonly MetricPoint[], id: MetricId): { low: number; high: number } {
  const counter = casesOf(id);
  const cases = counter === null ? Number.NaN : standing(points, counter);
  return wilsonInterval(standing(points, id) * cases, cases);
}

/**
 * where the curve of a number is highest once a run goes its own way, averaged over neighbours; null without one. What
 * makes up the number at the end is that number: a short curve that only rose would else have fallen to its own mean
 */
function peakOf(points: readonly MetricPoint[], id: MetricId, forkAt: number | null): GoldPoint | null {
  const curve = goldCurve(
    points.flatMap(({ step, values: { [id]: gold } }) => (gold === undefined ? [] : [{ step, kl: 0, proxy: 0, gold }])),
  );
  const ends = curve.length - (isSteady(id) ? 1 : WINDOW);
  const end = standing(points, id);
  const levelled = curve.map((point, i) => (i < ends ? point : { ...point, gold: end }));
  return highest(levelled.filter(({ step }) => step > (forkAt ?? 0)));
}

function momentOf(points: readonly MetricPoint[], id: MetricId, moment: Moment, forkAt: number | null): number {
  if (moment === 'peak') return peakOf(points, id, forkAt)?.gold ?? Number.NaN;
  if (moment === 'peakAt') return peakOf(points, id, forkAt)?.step ?? Number.NaN;
  if (moment === 'start') return firstOf(points, id);
  if (moment === 'low' || moment === 'high') return intervalOf(points, id)[moment];
  return standing(moment === 'fork' ? until(points, forkAt) : points, id);
}

/** @returns a number by its name, NaN where it was not measured */
export function numberIn(reading: Reading, name: string): number {
  const found = numberName(name);
  if (found === null) return Number.NaN;
  if (found.kind === 'count') return reading[found.count];
  if (found.kind === 'fact') return reading.facts[found.fact] ?? Number.NaN;
  const points = found.ofControl ? (reading.control ?? []) : reading.history;
  return momentOf(points, MEASURES[found.measure as Measure], found.moment, reading.forkAt);
}

function standardIn({ history, control, forkAt }: Reading, id: MetricId, standard: Standard): number {
  return standard === 'control' ? standing(control ?? [], id) : momentOf(history, id, standard, forkAt);
}

/** the number that a condition is about; null where it is about none */
function comparedIn(reading: Reading, when: LessonCondition): number | null {
  if ('metric' in when) {
    if (when.metric === 'iteration' || when.metric === 'step') return reading.step;
    return isFact(when.metric) ? (reading.facts[when.metric] ?? null) : standing(reading.history, when.metric);
  }
  if ('change' in when) return standing(reading.history, when.change) - standardIn(reading, when.change, when.from);
  if ('share' in when) return standing(reading.history, when.share) / standardIn(reading, when.share, when.of);
  return null;
}

/** @returns whether it is so; what was not measured is not so */
export function holds(when: LessonCondition, reading: Reading): boolean {
  if ('votes' in when) return reading.votes >= when.votes;
  if ('pressed' in when) return reading.pressed.includes(when.pressed);
  if ('answered' in when) return reading.answered.includes(when.answered);
  const value = comparedIn(reading, when);
  if (value === null || Number.isNaN(value)) return false;
  const { atLeast = -Infinity, atMost = Infinity, above = -Infinity, below = Infinity } = when;
  const isBelow = below === Infinity || value < below;
  const isAbove = above === -Infinity || value > above;
  return value >= atLeast && value <= atMost && isAbove && isBelow;
}

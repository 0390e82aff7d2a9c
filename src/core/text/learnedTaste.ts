/**
 * What a reward model pays for, read off its scores: a linear regression of the scores of many texts on their
 * attributes,
 *   score = b + Σ wⱼ · (xⱼ − mean) / spreadⱼ + ε
 * least squares, w = (XᵀX)⁻¹Xᵀy, with the intervals of that estimate. It is fitted to all attributes at once, so length
 * is not paid for what longer texts happen to have more of.
 */
import type { StoryAttributes } from '../../contract/domain';
import { Z_95 } from '../../contract/shares';
import type { LearnedWeight } from '../../contract/taste';
import { invert } from './ridgeLogistic';
import { TASTE_ATTRIBUTES } from './taste';

export interface JudgedText {
  attributes: StoryAttributes;
  score: number;
}

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / Math.max(1, values.length);
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

/** keeps the inverse finite where two attributes always go together */
const RIDGE = 1e-6;

/** @returns values less their mean, over their standard deviation; null where they never vary */
function standardised(values: readonly number[]): number[] | null {
  const centre = mean(values);
  const spread = Math.sqrt(mean(values.map((x) => (x - centre) ** 2)));
  return spread === 0 ? null : values.map((x) => (x - centre) / spread);
}

/** The same thing of every text. */
export interface Measured {
  name: string;
  label: string;
  values: readonly number[];
}

/** As `learnedWeightsOf`, of the attributes of stories. */
export const learnedWeights = (texts: readonly JudgedText[]): LearnedWeight[] =>
  learnedWeightsOf(
    TASTE_ATTRIBUTES.map(({ name, label, of }) => ({ name, label, values: texts.map((text) => of(text.attributes)) })),
    texts.map(({ score }) => score),
  );

/**
 * @param scores of more texts than there are attributes
 * @returns a weight for every attribute; those that never vary say nothing and are left out
 */
export function learnedWeightsOf(measured: readonly Measured[], scores: readonly number[]): LearnedWeight[] {
  const columns = measured.flatMap(({ name, label, values: raw }) => {
    const values = standardised(raw);
    return values ? [{ name, label, values }] : [];
  });
  const free = scores.length - columns.length - 1;
  if (free < 1) return [];
  const centre = mean(scores);
  const y = scores.map((score) => score - centre);
  const moments = columns.map(({ values }, j) =>
    columns.map((other, k) => dot(values, other.values) + (j === k ? RIDGE * scores.length : 0)),
  );
  const inverse = invert(moments);
  const products = columns.map(({ values }) => dot(values, y));
  const weights = inverse.map((row) => dot(row, products));
  const left = y.reduce(
    (sum, value, i) => sum + (value - columns.reduce((fit, { values }, j) => fit + weights[j]! * values[i]!, 0)) ** 2,
    0,
  );
  return columns.map(({ name, label }, j) => {
    const reach = Z_95 * Math.sqrt((left / free) * inverse[j]![j]!);
    return { attribute: name, label, weight: weights[j]!, low: weights[j]! - reach, high: weights[j]! + reach };
  });
}

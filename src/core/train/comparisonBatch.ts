/** Comparisons of different sizes in one batch: every completion is one row of the rectangle that the network reads. */
import { maxOf } from '../../contract/many';
import { type RankingResult, rankingLoss } from '../losses/rankingLoss';
import type { Comparison } from '../text/rankings';
import { tf } from '../tf';

/**
 * A batch of comparisons as one rectangle of texts: first the best of each, then the second best, and so on.
 *   texts       a1 b1 c1 | a2 b2 c2 | a3 c3          b has two completions, a and c three
 */
export interface Rectangle {
  texts: { prompt: string; completion: string }[];
  /** [B,K] row of each completion; −1 where there is none */
  rows: number[][];
}

export function rectangleOf(comparisons: readonly Comparison[]): Rectangle {
  const widest = maxOf(comparisons.map(({ completions }) => completions.length));
  const rows = comparisons.map(() => new Array<number>(widest).fill(-1));
  const texts: Rectangle['texts'] = [];
  for (let k = 0; k < widest; k++)
    for (const [i, { prompt, completions }] of comparisons.entries()) {
      const completion = completions[k];
      if (completion !== undefined) rows[i]![k] = texts.push({ prompt, completion }) - 1;
    }
  return { texts, rows };
}

/**
 * [R] scores → [B,K], 0 where there is no completion; a product with ones and zeros, because its gradient exists
 * everywhere
 */
function spread(scores: tf.Tensor1D, rows: readonly (readonly number[])[]): tf.Tensor2D {
  const oneHotRows = rows.flat().map((row) => Array.from({ length: scores.shape[0] }, (_, i) => (i === row ? 1 : 0)));
  const column = tf.matMul(tf.tensor2d(oneHotRows), tf.expandDims(scores, 1) as tf.Tensor2D); // [B·K,1]
  return tf.reshape(column, [rows.length, rows[0]!.length]);
}

const filled = (values: readonly number[], length: number): number[] => [
  ...values,
  ...new Array<number>(length - values.length).fill(0),
];

/**
 * What the scores of a rectangle cost.
 * @param scores [R] one per text, differentiated
 * @param strengthMargin score by which one unit of strength should win
 */
export function comparisonLoss(
  scores: tf.Tensor1D,
  rows: Rectangle['rows'],
  comparisons: readonly Comparison[],
  strengthMargin: number,
): RankingResult {
  const widest = rows[0]!.length;
  const ranks = tf.tensor2d(comparisons.map((one) => filled(one.ranks, widest)));
  const counted = tf.tensor2d(rows.map((ofPrompt) => ofPrompt.map((row) => (row < 0 ? 0 : 1))));
  const depths = tf.mul<tf.Tensor2D>(tf.tensor2d(comparisons.map((one) => filled(one.depths, widest))), strengthMargin);
  return rankingLoss(spread(scores, rows), ranks, { counted, depths });
}

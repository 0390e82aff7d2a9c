/** What an encoder and cross-attention cost, and which cells of attention one triangle does without. */
import type { TranslateShape } from '../../../contract/translate';

/** numbers of one attention, its output and its normalisation included */
const attentionSize = (width: number): number => 4 * width * width + 4 * width + 2 * width;
const mlpSize = (width: number, inner: number): number => 2 * width * inner + inner + width + 2 * width;

/** numbers that a decoder alone does without */
export function leftOut({ layers, width, mlpWidth, sourceWords }: TranslateShape) {
  return {
    encoder: layers * (attentionSize(width) + mlpSize(width, mlpWidth)),
    cross: layers * attentionSize(width),
    sourceWords: sourceWords * width,
  };
}

/** pairs of a reading word and a read one: of the model of 2017, of one triangle, and those that are lost */
export function pairsOf(source: number, written: number) {
  const triangle = (count: number): number => (count * (count + 1)) / 2;
  return {
    squares: source * source + written * source + triangle(written),
    triangle: triangle(source + written),
    lost: triangle(source - 1),
  };
}

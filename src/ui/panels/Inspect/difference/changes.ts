/** What changed most between two models on one text, found by comparing every number. */
import type { HeadAt, ModelDifference } from '../../../../contract/inside';
import { fixed, signed } from '../../../../contract/numbers';
import { formatNumber } from '../../../primitives/format';
import { headOfLayer, tokenName, tokenNames } from '../attention';

/** A cell of one head whose weight differs. */
export interface CellChange extends HeadAt {
  row: number;
  column: number;
  before: number;
  after: number;
}

/** A token that one model finds likelier than the other, in nats. */
export interface WordChange {
  token: number;
  before: number;
  after: number;
  ratio: number;
}

/** @returns after − before of one head, [T,T] */
export function headDifference({ maps, tokens }: ModelDifference, { layer, head }: HeadAt): Float32Array {
  if (!maps) return new Float32Array(tokens.length ** 2);
  const size = tokens.length ** 2;
  const start = (layer * maps.heads + head) * size;
  return maps.after.subarray(start, start + size).map((weight, i) => weight - (maps.before[start + i] as number));
}

function largestOf(difference: ModelDifference, at: HeadAt): CellChange {
  const count = difference.tokens.length;
  const changes = headDifference(difference, at);
  let best = 0;
  changes.forEach((change, i) => {
    if (Math.abs(change) > Math.abs(changes[best] as number)) best = i;
  });
  return cellOf(difference, at, Math.floor(best / count), best % count);
}

export function cellOf({ maps, tokens }: ModelDifference, at: HeadAt, row: number, column: number): CellChange {
  const index = ((at.layer * (maps?.heads ?? 0) + at.head) * tokens.length + row) * tokens.length + column;
  return { ...at, row, column, before: maps?.before[index] ?? 0, after: maps?.after[index] ?? 0 };
}

export const sizeOf = ({ before, after }: CellChange): number => Math.abs(after - before);

/** @returns the largest change of each head, in reading order; nothing where the models have another shape */
export function headChanges(difference: ModelDifference): CellChange[] {
  const { maps } = difference;
  if (!maps) return [];
  return Array.from({ length: maps.layers * maps.heads }, (_, i) =>
    largestOf(difference, { layer: Math.floor(i / maps.heads), head: i % maps.heads }),
  );
}

/** @returns the tokens of the completion with what they gained or lost */
export const wordChanges = ({ logprobs, from }: ModelDifference): WordChange[] =>
  logprobs.flatMap((one, token) => (one && token >= from ? [{ token, ...one, ratio: one.after - one.before }] : []));

/** @returns the one that differs most; null of none */
export const mostChanged = (words: readonly WordChange[]): WordChange | null =>
  words.reduce<WordChange | null>(
    (most, word) => (!most || Math.abs(word.ratio) > Math.abs(most.ratio) ? word : most),
    null,
  );

export const isSame = (difference: ModelDifference): boolean =>
  wordChanges(difference).every(({ ratio }) => ratio === 0) &&
  headChanges(difference).every((change) => sizeOf(change) === 0);

const wordSentence = (difference: ModelDifference, word: WordChange, units: string): string =>
  `Of the ${units}, “${tokenName(difference.tokens[word.token] as string)}” ${word.ratio < 0 ? 'lost' : 'gained'} most: ${signed(word.ratio)} nats, a factor of ${formatNumber(Math.exp(word.ratio))}.`;

/** "head 2 of layer 1. From “he” it read “cruel” with 0.59, now with 0.33. Of the words, “cruel” lost most: −1.32 nats …" */
export function differenceSentence(
  difference: ModelDifference,
  cell: CellChange | null,
  word: WordChange | null,
  units: string,
): string {
  if (isSame(difference)) return 'Nothing differs: on this text both models compute the same numbers.';
  const names = tokenNames(difference.tokens);
  const looks = cell
    ? `${headOfLayer(cell)}. From “${names[cell.row]}” it read “${names[cell.column]}” with ${fixed(cell.before, 2)}, now with ${fixed(cell.after, 2)}. `
    : '';
  return `${looks}${word ? wordSentence(difference, word, units) : ''}`;
}

/** One token's row of one head, cut out of a block's numbers. */
import type { ModelConfig } from '../../../../contract/config';
import type { Arithmetic } from '../../../../contract/inside';

import { tokenName, tokenNames } from '../attention';

/** what the MLP puts its numbers through, in a word */
export const ACTIVATION_NAMES: Record<ModelConfig['activation'], string> = {
  ...{ gelu: 'GELU', geluErf: 'GELU', quickGelu: 'GELU', silu: 'SiLU', relu: 'ReLU', tanh: 'tanh' },
};

export interface View {
  arithmetic: Arithmetic;
  /** as they are read, and as they are told apart in a list */
  names: string[];
  options: string[];
  /** the token whose row it is, counted from 0 */
  row: number;
  head: number;
  /** numbers of a head, D; and of the stream, C */
  size: number;
  width: number;
  /** numbers within the MLP */
  inner: number;
}

export function viewOf(arithmetic: Arithmetic, head: number, token: number): View {
  const { width, heads, innerWidth: inner = 4 * width } = arithmetic.model;
  const row = Math.max(0, Math.min(token, arithmetic.tokens.length - 1));
  const names = arithmetic.tokens.map(tokenName);
  const options = tokenNames(arithmetic.tokens);
  return { arithmetic, names, options, row, head: Math.min(head, heads - 1), size: width / heads, width, inner };
}

export type HeadPart = 'q' | 'k' | 'v' | 'mixed';
export type StreamPart = 'before' | 'attention' | 'sum1' | 'mlp' | 'sum2' | 'tokenVectors' | 'positions';

/** @returns q, k, v or the mixed values of one token in one head, [D] */
export function ofHead(view: View, part: HeadPart, token: number, head = view.head): Float32Array {
  const { arithmetic, size } = view;
  const start = (head * arithmetic.tokens.length + token) * size;
  return arithmetic.numbers[part].subarray(start, start + size);
}

/** @returns a vector of the stream at one token, [C] */
export function ofStream({ arithmetic, width, row }: View, part: StreamPart, token = row): Float32Array {
  const all = part === 'tokenVectors' || part === 'positions' ? arithmetic[part] : arithmetic.numbers[part];
  return all.subarray(token * width, (token + 1) * width);
}

/** @returns what attention reads of a token: the stream, normalised before where the block is `pre`; [C] */
export function readBy(view: View, token: number): Float32Array {
  const { arithmetic, width } = view;
  const { norm1, before } = arithmetic.numbers;
  const read = arithmetic.model.norm === 'pre' ? norm1.out : before;
  return read.subarray(token * width, (token + 1) * width);
}

const pair = ({ arithmetic: { numbers, tokens }, head, row }: View, part: 'scores' | 'weights') => {
  const start = (head * tokens.length + row) * tokens.length;
  return numbers[part].subarray(start, start + tokens.length);
};
/** of the row's token with every token, [T]: before the mask */
export const scoresOf = (view: View): Float32Array => pair(view, 'scores');
/** [T]: exactly 0 for later tokens */
export const weightsOf = (view: View): Float32Array => pair(view, 'weights');

/** @returns the columns that the row may read, largest of these numbers first */
export const ranked = ({ row }: View, numbers: Float32Array): number[] =>
  Array.from({ length: row + 1 }, (_, column) => column).sort(
    (a, b) => (numbers[b] as number) - (numbers[a] as number),
  );

/** above so many tokens those that are hardly read fold into one line */
const MOST_ROWS = 24;
const HARDLY = 0.01;

/** @returns the tokens that get a row of their own; the others are told together */
export function shownColumns(view: View): { shown: number[]; others: number[] } {
  const weights = weightsOf(view);
  const all = view.names.map((_, column) => column);
  if (all.length <= MOST_ROWS) return { shown: all, others: [] };
  const isShown = (column: number) =>
    column === view.row + 1 || (column <= view.row && (weights[column] as number) >= HARDLY);
  return { shown: all.filter(isShown), others: all.filter((column) => column <= view.row && !isShown(column)) };
}

/** so many products can be told apart on a phone */
export const FEW_PRODUCTS = 8;

/** @returns which numbers of q and k give the largest products for this token, in their order; `own` is among them */
export function largestProducts(view: View, column: number, own: number | null): number[] {
  const [q, k] = [ofHead(view, 'q', view.row), ofHead(view, 'k', column)];
  const size = (i: number) => (i === own ? Number.POSITIVE_INFINITY : Math.abs((q[i] as number) * (k[i] as number)));
  const order = [...q.keys()].sort((a, b) => size(b) - size(a));
  return order.slice(0, FEW_PRODUCTS).sort((a, b) => a - b);
}

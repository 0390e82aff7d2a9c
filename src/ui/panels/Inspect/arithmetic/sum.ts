/** The form of a sum on the page: the largest parts, the others together, and the total. */
import { fixed, rounded } from '../../../../contract/numbers';

export interface Part {
  label: string;
  /** as printed between label and value: ["2.87", "2.71"], or nothing */
  factors: string[];
  value: number;
}
interface Line {
  label: string;
  value: number;
  digits?: number;
}
/** As it stands in the column beside the picture. */
export interface Sum {
  value: number;
  digits: number;
  about: string;
  columns: string[];
  /** all products in their order, where each has a place: a score's */
  products?: Float32Array;
  parts: Part[];
  others: { count: number; value: number } | null;
  /** after the parts: what else is added, the total, and what is made of it; the last is the number itself */
  lines: Line[];
  /** the printed digits do not quite add up */
  isRounded: boolean;
}

const LARGEST = 5;
export const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

export interface Terms {
  terms: Part[];
  /** added without being a product: a bias */
  added?: Line[];
  /** what the sum is called */
  name: string;
  /** what is made of the sum; the last is the number itself */
  made?: Line[];
  about: string;
  columns: string[];
  digits?: number;
}

export function summed({ terms, added = [], name, made = [], about, columns, digits = 2 }: Terms): Sum {
  const order = [...terms].sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const parts = order.slice(0, LARGEST);
  const rest = order.slice(LARGEST);
  const others = rest.length === 0 ? null : { count: rest.length, value: total(rest.map(({ value }) => value)) };
  const sum = total([...terms, ...added].map(({ value }) => value));
  const printed = [...parts, ...added, ...(others ? [others] : [])].map(({ value }) => rounded(value, digits));
  return {
    value: made.at(-1)?.value ?? sum,
    digits: made.at(-1)?.digits ?? digits,
    about,
    columns,
    parts,
    others,
    lines: [...added, { label: name, value: sum }, ...made],
    isRounded: rounded(total(printed), digits) !== rounded(sum, digits),
  };
}

export const product = (label: string, left: number, right: number, decimals = 2): Part => ({
  label,
  factors: [fixed(left, decimals), fixed(right, 2)],
  value: left * right,
});

/** x·W + b of one output. @param weight [I,O] */

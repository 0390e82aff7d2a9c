/**
 * The 32 signs of which codes are made, each worth 5 bits, and the field of 32 elements in which they are checked.
 *
 * A sign is an element of GF(32) = GF(2)[x] / (x⁵ + x² + 1): its bits are the coefficients of a polynomial, sums are
 * XOR, and α = x has order 31. A word c₀ c₁ … is sound when Σ cᵢ αⁱ = 0, and a longer one when Σ cᵢ α²ⁱ = 0 too. One
 * check finds every wrong sign and every swap of two, since αⁱ ≠ αʲ; two find any two wrong signs, and of a single one
 * S₂ / S₁ = αⁱ tells its place (Reed and Solomon 1960).
 */

/** without 0, O, 1 and I, which are read for one another */
export const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const LEFT_OUT = '0O1I';

/** What came of reading something that a person typed: it, or why not, as half a sentence. */
export type Reading<T> = { kind: 'read'; value: T } | { kind: 'refused'; why: string };
export const read = <T>(value: T): Reading<T> => ({ kind: 'read', value });
export const refused = (why: string): Reading<never> => ({ kind: 'refused', why });

const MODULUS = 0b100101;
const ORDER = 31;
/** POWERS[i] = αⁱ */
const POWERS: readonly number[] = Array.from({ length: ORDER - 1 }).reduce<number[]>(
  (powers) => {
    const next = powers.at(-1)! << 1;
    return [...powers, next & 32 ? next ^ MODULUS : next];
  },
  [1],
);

const power = (exponent: number): number => POWERS[((exponent % ORDER) + ORDER) % ORDER]!;
/** @param element not 0 */
const logarithm = (element: number): number => POWERS.indexOf(element);
const times = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : power(logarithm(a) + logarithm(b)));
const over = (a: number, b: number): number => (a === 0 ? 0 : power(logarithm(a) - logarithm(b)));

/** Σ cᵢ α^(step·i), the first sign first; 0 for a sound word */
export const syndrome = (word: readonly number[], step: 1 | 2): number =>
  word.reduce((sum, sign, i) => sum ^ times(sign, power(step * i)), 0);

/** @returns the word with one sign behind it that makes Σ cᵢ αⁱ = 0 */
export const withOneCheck = (word: readonly number[]): number[] => [
  ...word,
  over(syndrome(word, 1), power(word.length)),
];

/** @returns the word with two signs behind it, x and y: x a + y b = S₁ and x a² + y b² = S₂ at their places a and b */
export function withTwoChecks(word: readonly number[]): number[] {
  const [a, b] = [power(word.length), power(word.length + 1)];
  const [first, second] = [syndrome(word, 1), syndrome(word, 2)];
  const y = over(second ^ times(a, first), times(b, b ^ a));
  return [...word, over(first ^ times(y, b), a), y];
}

/** @returns where a single sign would have to be wrong, from 0; null when one alone cannot be the cause */
export function wrongPlace(word: readonly number[]): number | null {
  const [first, second] = [syndrome(word, 1), syndrome(word, 2)];
  if (first === 0 || second === 0) return null;
  const position = logarithm(over(second, first));
  return position < word.length ? position : null;
}

export const isSound = (word: readonly number[]): boolean => syndrome(word, 1) === 0 && syndrome(word, 2) === 0;

/** what nobody sees: soft hyphens, joiners, marks of the direction of writing, as chats put them before a line */
const UNSEEN = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;
const PLAIN = /^[ -~\s]*$/;
/** @returns the text as it is seen, wide and narrow forms of a sign as the sign */
export const asSeen = (text: string): string => (PLAIN.test(text) ? text : text.normalize('NFKC').replace(UNSEEN, ''));

/** what may stand between signs: all that a chat makes of a space or a hyphen */
const BETWEEN = /[\s\p{Pd}]/gu;
/** @returns the signs alone, as capitals */
export const bare = (text: string): string => asSeen(text).replace(BETWEEN, '').toUpperCase();

/** @returns the signs as numbers; of 0, O, 1 and I none is guessed */
export function signsOf(text: string): Reading<number[]> {
  const signs = [...bare(text)];
  const strange = signs.find((sign) => !ALPHABET.includes(sign));
  if (strange === undefined) return read(signs.map((sign) => ALPHABET.indexOf(sign)));
  return refused(LEFT_OUT.includes(strange) ? `there is no ${strange} in a code` : `“${strange}” is no sign of a code`);
}

export const textOf = (word: readonly number[]): string => word.map((sign) => ALPHABET[sign]).join('');

/** @returns so many signs, the most significant first */
export const signsOfNumber = (value: bigint, count: number): number[] =>
  Array.from({ length: count }, (_, i) => Number((value >> BigInt(5 * (count - 1 - i))) & 31n));

export const numberOfSigns = (word: readonly number[]): bigint =>
  word.reduce((value, sign) => (value << 5n) | BigInt(sign), 0n);

export const lengthTrouble = (found: number, needed: number): string =>
  `${found} ${found === 1 ? 'sign' : 'signs'}, ${needed} are needed`;

/**
 * JSON that gives back what was put in: JSON itself turns NaN and the infinities into null and −0 into 0, and a curve
 * that diverged holds just those. They are written as `{"$": "NaN"}`; an object that has such a key of its own is put
 * into another one.
 */
const KEY = '$';
const NUMBERS: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-0', -0],
]);

const isPlainNumber = (value: number): boolean => Number.isFinite(value) && !Object.is(value, -0);
const mapped = (value: object, change: (one: unknown) => unknown): object =>
  Object.fromEntries(Object.entries(value).map(([key, one]) => [key, change(one)]));

function tagged(value: unknown): unknown {
  if (typeof value === 'number')
    return isPlainNumber(value) ? value : { [KEY]: Object.is(value, -0) ? '-0' : `${value}` };
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(tagged);
  const inside = mapped(value, tagged);
  return Object.hasOwn(value, KEY) ? { [KEY]: inside } : inside;
}

function untagged(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(untagged);
  if (!Object.hasOwn(value, KEY)) return mapped(value, untagged);
  const inside = (value as { [KEY]: unknown })[KEY];
  if (typeof inside === 'object' && inside !== null) return mapped(inside, untagged);
  return NUMBERS.get(inside as string);
}

/** @param value what IndexedDB could hold, but for dates, bytes and the like */
export const toExactJson = (value: unknown): string => JSON.stringify(tagged(value));

/** @throws SyntaxError, or RangeError where it is nested beyond reason */
export const fromExactJson = (text: string): unknown => untagged(JSON.parse(text));

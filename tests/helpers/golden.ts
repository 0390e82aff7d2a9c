/**
 * Reference vectors of tests/fixtures: `{ tolerance, cases: [{ name, inputs, outputs }] }`. A suite turns inputs into
 * outputs by name; every output of every case in the file is compared, so a case dropped into a file is run without
 * further ado.
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { tf } from '../../src/core/tf';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export interface Tolerance {
  abs: number;
  rel: number;
}
export interface GoldenCase {
  name: string;
  inputs: { [key: string]: Json };
  outputs: { [key: string]: Json };
}
export interface GoldenFile {
  description: string;
  tolerance: { [precision: string]: Json };
  cases: GoldenCase[];
}
/** What the code under test gives for one golden name: a tensor, a number or nested lists of them. */
export type Actual =
  | tf.Tensor
  | number
  | boolean
  | string
  | null
  | readonly Actual[]
  | Int32Array
  | Float32Array
  | { readonly [key: string]: Actual };

export function loadGolden(file: string): GoldenFile {
  return JSON.parse(readFileSync(new URL(`../fixtures/${file}.json`, import.meta.url), 'utf8')) as GoldenFile;
}

export const toleranceOf = (file: GoldenFile, precision: string): Tolerance =>
  file.tolerance[precision] as unknown as Tolerance;

/** Read through `data()`: on WebGPU there is no synchronous way. */
async function plain(actual: Actual): Promise<Json> {
  if (actual instanceof tf.Tensor) {
    await actual.data();
    return (await actual.array()) as Json;
  }
  if (actual instanceof Int32Array || actual instanceof Float32Array) return [...actual];
  if (Array.isArray(actual)) return Promise.all(actual.map(plain));
  if (typeof actual === 'object' && actual !== null)
    return Object.fromEntries(
      await Promise.all(Object.entries(actual).map(async ([key, value]) => [key, await plain(value)] as const)),
    );
  return actual as Json;
}

type Tree = { [key: string]: Json };

const says = (value: Json | undefined): string =>
  typeof value === 'number' ? `${value}` : (JSON.stringify(value) ?? 'nothing');

/** |x − g| ≤ abs + rel·|g|; what is no number is not read as one, and no number is near NaN or null. */
function isNear(actual: Json | undefined, golden: number, { abs, rel }: Tolerance): boolean {
  return typeof actual === 'number' && Math.abs(actual - golden) <= abs + rel * Math.abs(golden);
}

/** true and false, or a mask's 1 and 0 */
const isSameTruth = (actual: Json | undefined, golden: boolean): boolean =>
  actual === golden || actual === (golden ? 1 : 0);

function mismatchInside(
  actual: Json | undefined,
  golden: Json[] | Tree,
  tolerance: Tolerance,
  path: string,
): string | null {
  const isSameKind = typeof actual === 'object' && actual !== null && Array.isArray(actual) === Array.isArray(golden);
  if (!isSameKind) return `${path}: expected ${Array.isArray(golden) ? 'a list' : 'named values'}, got ${says(actual)}`;
  if (Array.isArray(golden) && (actual as Json[]).length !== golden.length)
    return `${path}: expected ${golden.length} entries, got ${says(actual)}`;
  for (const [key, value] of Object.entries(golden)) {
    const found = mismatch((actual as Tree)[key], value, tolerance, `${path}.${key}`);
    if (found) return found;
  }
  return null;
}

/**
 * The first number that is not near the golden one at the same place of the same structure. A null, "not defined",
 * matches null alone.
 */
export function mismatch(actual: Json | undefined, golden: Json, tolerance: Tolerance, path: string): string | null {
  if (typeof golden === 'object' && golden !== null) return mismatchInside(actual, golden, tolerance, path);
  const same =
    typeof golden === 'number'
      ? isNear(actual, golden, tolerance)
      : typeof golden === 'boolean'
        ? isSameTruth(actual, golden)
        : actual === golden;
  return same ? null : `${path}: expected ${says(golden)}, got ${says(actual)}`;
}

export async function expectGolden(actual: Actual, golden: Json, tolerance: Tolerance, label = 'value'): Promise<void> {
  expect(mismatch(await plain(actual), golden, tolerance, label)).toBeNull();
}

/**
 * One test per case of a file. All outputs named there must be produced, and every input must be one the suite knows.
 * @param known inputs that `run` looks at
 * @param run gives at least the golden outputs, by golden name
 */
export function itReproduces(
  file: string,
  known: readonly string[],
  run: (inputs: { [key: string]: Json }, golden: GoldenCase) => { readonly [name: string]: Actual },
  precision: string | ((output: string, file: GoldenFile) => Tolerance) = 'float32',
): void {
  const golden = loadGolden(file);
  const toleranceFor = (output: string): Tolerance =>
    typeof precision === 'string' ? toleranceOf(golden, precision) : precision(output, golden);
  for (const entry of golden.cases) {
    it(`${file}: ${entry.name}`, async () => {
      expect(Object.keys(entry.inputs).filter((key) => !known.includes(key))).toEqual([]);
      const actual = run(entry.inputs, entry);
      for (const [name, value] of Object.entries(entry.outputs))
        await expectGolden(actual[name] as Actual, value, toleranceFor(name), name);
    });
  }
}

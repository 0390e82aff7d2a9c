/**
 * Reference vectors of tests/fixtures: `{ tolerance, cases: [{ name, inputs, outputs }] }`. A suite turns inputs into outputs
 * by name; every output of every case in the file is compared, so a case dropped into a file is run without further ado.
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

export const toleranceOf = (file: GoldenFile, precision: string): Tolerance => file.tolerance[precision] as unknown as Tolerance;

/** Read through `data()`: on WebGPU there is no synchronous way. */
async function plain(actual: Actual): Promise<Json> {
  if (actual instanceof tf.Tensor) {
    await actual.data();
    return (await actual.array()) as Json;
  }
  if (actual instanceof Int32Array || actual instanceof Float32Array) return [...actual];
  if (Array.isArray(actual)) return Promise.all(actual.map(plain));
  if (typeof actual === 'object' && actual !== null)
    return Object.fromEntries(await Promise.all(Object.entries(actual).map(async ([key, value]) => [key, await plain(value)] as const)));
  return actual as Json;
}

/** |x − g| ≤ abs + rel·|g| for every number, at the same place in the same structure. */
function mismatch(actual: Json | undefined, golden: Json, tolerance: Tolerance, path: string): string | null {
  if (typeof golden === 'number') {
    const value = typeof actual === 'boolean' ? Number(actual) : actual;
    if (typeof value !== 'number') return `${path}: expected ${golden}, got ${JSON.stringify(actual)}`;
    const close = Math.abs(value - golden) <= tolerance.abs + tolerance.rel * Math.abs(golden);
    return close ? null : `${path}: expected ${golden}, got ${value}`;
  }
  if (golden !== null && typeof golden === 'object') {
    const keys = Object.keys(golden);
    const got = (actual ?? {}) as { [key: string]: Json };
    if (Array.isArray(golden) && (got as unknown as Json[]).length !== golden.length)
      return `${path}: expected ${golden.length} entries, got ${JSON.stringify(actual)}`;
    for (const key of keys) {
      const found = mismatch(got[key], (golden as { [key: string]: Json })[key] as Json, tolerance, `${path}.${key}`);
      if (found) return found;
    }
    return null;
  }
  return actual === golden || Number(actual) === Number(golden) ? null : `${path}: expected ${golden}, got ${JSON.stringify(actual)}`;
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

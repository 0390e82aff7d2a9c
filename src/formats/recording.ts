/**
 * A recording is a notebook of the lab before its runs, with the runs beside it:
 *
 *   recording/about.json           what it is
 *   recording/1/run.json           what a run was made from, without the votes, which are the notebook's
 *   recording/1/points/1.jsonl     its numbers, one step a line
 *   recording/1/looks/1.jsonl      texts and pictures that it showed, in order of steps
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { MetricPoint } from '../contract/observations';
import { toExactJson } from './notebook/exactJson';

/**
 * @returns "7c1e90ab", the beginning of the SHA-256 of the numbers, a line a step, without what a clock measured: a run
 * that is made again from the same seed by the same arithmetic has the same
 */
export function hashOfNumbers(points: readonly MetricPoint[]): string {
  const hash = sha256.create();
  for (const { step, values } of points) {
    const numbers = Object.entries(values).filter(([id]) => !id.startsWith('perf/'));
    hash.update(new TextEncoder().encode(`${toExactJson([step, numbers.sort(([a], [b]) => (a < b ? -1 : 1))])}\n`));
  }
  return bytesToHex(hash.digest()).slice(0, 8);
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lab, python } from './peers';

interface Row {
  ids: number[];
  logits: number[][];
  /** null where two tokens are too close to be told apart */
  greedy: number[] | null;
}

const TOLERANCE = 1e-4;
let folder: string;
let kinds: { name: string; adapter: string | null }[];
const rowsOf = (name: string) => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Row[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'models-'));
  python('make_models.py', folder, '17');
  kinds = JSON.parse(readFileSync(join(folder, 'kinds.json'), 'utf8')) as typeof kinds;
});
afterAll(() => rmSync(folder, { recursive: true }));

function farthest(ours: number[][], theirs: number[][]): number {
  expect([ours.length, ours[0]!.length]).toEqual([theirs.length, theirs[0]!.length]);
  const apart = theirs.flatMap((row, i) => row.map((value, j) => Math.abs(value - ours[i]![j]!)));
  return apart.reduce((one, other) => Math.max(one, other), 0);
}

describe('models that transformers saved and adapters that peft saved', () => {
  it('say in the lab what they say in torch, and go on with the same tokens', () => {
    expect(kinds.length).toBeGreaterThan(10);
    let compared = 0;
    for (const { name, adapter } of kinds) {
      const rows = rowsOf(name);
      const options = adapter === null ? [] : ['--adapter', join(folder, adapter)];
      const model = join(folder, adapter === null ? name : 'plain');
      const { status, lines, told } = lab(
        ['logits', model, '--greedy', '6', ...options],
        rows.map(({ ids }) => ids),
      );
      expect(status, `${name}: ${JSON.stringify(lines).slice(0, 300)} ${told}`).toBe(0);
      for (const [i, { logits, greedy }] of rows.entries()) {
        const said = lines[i] as { logits: number[][]; greedy: number[] };
        expect(farthest(said.logits, logits), name).toBeLessThan(TOLERANCE);
        if (greedy === null) continue;
        expect(said.greedy, name).toEqual(greedy);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(kinds.length);
  });
});

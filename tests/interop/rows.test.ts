import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lab, python } from './peers';

const scratch = mkdtempSync(join(tmpdir(), 'rows-'));
afterAll(() => rmSync(scratch, { recursive: true }));
const model = join(scratch, 'tiny');

const PROMPTS = ['fox', 'owl', 'bear', 'hen'].map((one) => `the ${one} found a kite .`);
const SAID = {
  preferences: PROMPTS.map((prompt, i) => ({
    prompt,
    chosen: 'he was glad .',
    rejected: 'he was sad .',
    margin: i / 2,
  })),
  demonstrations: PROMPTS.map((prompt) => ({ prompt, completion: 'he was glad .' })),
  rankings: PROMPTS.map((prompt) => ({ prompt, completions: ['a', 'b', 'c'], ranks: [1, 3, 2] })),
  prompts: PROMPTS.map((prompt) => ({ prompt })),
};
interface Told {
  rows: number;
  columns: Record<string, string>;
  losses: Record<string, number[]>;
}
const TRAINED = { preferences: ['dpo', 'reward'], demonstrations: ['sft'], rankings: [], prompts: [] };

beforeAll(() => {
  expect(lab(['export', 'public/checkpoints/tiny.safetensors', model])).toMatchObject({ status: 0 });
});

it.each(['apart', 'joined', 'messages'])(
  'rows as datasets loads them, without a null, and TRL trains on them as they are: %s',
  (form) => {
    const files = (['jsonl', 'parquet'] as const).flatMap((kind) =>
      Object.entries(SAID).map(([name, rows]) => {
        const [from, out] = [join(scratch, `${name}.given.jsonl`), join(scratch, `${name}-${form}.${kind}`)];
        writeFileSync(from, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
        expect(lab(['data', from, '--out', out, '--form', form]).lines[0]).toMatchObject({ kind: name, written: 4 });
        return { name: name as keyof typeof SAID, out };
      }),
    );
    const told = python('check_rows.py', model, ...files.map(({ out }) => out))
      .split('\n')
      .flatMap((line) => (line.startsWith('rows ') ? [JSON.parse(line.slice(5)) as Told] : []));
    expect(told).toHaveLength(files.length);
    for (const [i, { rows, columns, losses }] of told.entries()) {
      const { name } = files[i]!;
      expect(rows).toBe(4);
      expect(Object.keys(losses)).toEqual(TRAINED[name]);
      expect(Object.values(losses).flat().every(Number.isFinite)).toBe(true);
      if (name === 'preferences') expect(columns.margin).toContain('float64');
    }
  },
  600_000,
);

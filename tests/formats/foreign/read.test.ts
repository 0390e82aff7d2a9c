import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { foreignTable } from '../../../src/formats/foreign/file';
import { readForeign } from '../../../src/formats/foreign/read';
import type { ForeignData } from '../../../src/formats/foreign/rows';

const FOLDER = 'tests/fixtures/interop/data';
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = async (bytes: Uint8Array): Promise<ForeignData> => readForeign(await foreignTable(bytes));
const readText = (text: string): Promise<ForeignData> => read(bytesOf(text));
const readRows = (...rows: unknown[]): Promise<ForeignData> =>
  readText(rows.map((row) => JSON.stringify(row)).join('\n'));

interface Expected {
  kept: Record<string, unknown>[];
  refused: { row: number }[];
}
const { files } = JSON.parse(readFileSync(join(FOLDER, 'expected.json'), 'utf8')) as {
  files: Record<string, Expected>;
};
/** white space at the ends of texts says nothing */
const trimmed = (row: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key, typeof value === 'string' ? value.trim() : value]),
  );

describe('a file that another program wrote', () => {
  it.each(Object.entries(files))('%s: every row is kept or refused as it should be', async (file, expected) => {
    const { rows, refused } = await read(readFileSync(join(FOLDER, file)));
    expect(rows).toHaveLength(expected.kept.length);
    for (const [i, wanted] of expected.kept.entries()) expect(trimmed(rows[i]!)).toMatchObject(trimmed(wanted));
    expect(refused.map(({ at }) => at)).toEqual(expected.refused.map(({ row }) => row));
    for (const { why } of refused) expect(why.length).toBeGreaterThan(5);
  });

  it.each(['brotli', 'lz4', 'delta'])(
    'Parquet with %s has the same texts, and numbers that are whole stay so',
    async (name) => {
      const { rows, refused } = await read(readFileSync(join(FOLDER, `parquet/${name}.parquet`)));
      expect(refused).toEqual([]);
      expect(rows).toHaveLength(12);
      expect(rows[4]).toEqual({
        prompt: 'Name a river.',
        chosen: 'The one behind the mill. (4)',
        rejected: 'Water.',
        margin: 4,
      });
    },
  );

  it('has lists of messages in row groups of Parquet', async () => {
    const { rows } = await read(readFileSync(join(FOLDER, 'parquet/nested.parquet')));
    expect(rows).toHaveLength(12);
    expect(rows[11]).toEqual({
      prompt: 'Why is snow quiet?',
      chosen: 'It holds air, and air holds the sound.',
      rejected: 'It is cold.',
    });
  });

  it('is refused in words when it is Parquet with a column that its schema does not have, and nothing goes unheard', async () => {
    const bytes = new Uint8Array(readFileSync(join(FOLDER, 'parquet/snappy.parquet')));
    bytes.fill(0xff, 30, 60); // in the first column's page
    const name = Buffer.from('prompt');
    const places = [...bytes.keys()].filter((at) => name.every((byte, i) => bytes[at + i] === byte));
    expect(places.length).toBeGreaterThan(1);
    for (const at of places.slice(1)) {
      const renamed = bytes.slice();
      renamed[at] = 0x71;
      await expect(read(renamed)).rejects.toThrow(/Parquet file is damaged/);
    }
  });

  it('is refused in words when the columns of its Parquet are nested without end', async () => {
    const nested = (depth: number): Uint8Array => {
      const group = { name: 'a', num_children: 1, repetition_type: 'REQUIRED' as const };
      const leaf = { name: 'a', type: 'BYTE_ARRAY' as const, repetition_type: 'REQUIRED' as const };
      const data = Array.from({ length: depth }).reduce<unknown>((inner) => ({ a: inner }), 'x') as { a: unknown };
      const schema = [{ name: 'root', num_children: 1 }, ...Array(depth - 1).fill(group), leaf];
      return new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'a', data: [data.a] }], schema }));
    };
    expect((await foreignTable(nested(20))).rows).toHaveLength(1);
    await expect(read(nested(200))).rejects.toThrow('nested too deep');
  });

  it('is refused in words when it is Parquet that is cut or none', async () => {
    const whole = readFileSync(join(FOLDER, 'parquet/snappy.parquet'));
    const cut = Buffer.concat([whole.subarray(0, 700), whole.subarray(1200)]);
    for (const bytes of [whole.subarray(0, 900), cut, bytesOf('PAR1 and then nothing')])
      await expect(read(bytes)).rejects.toThrow(/Parquet/);
  });
});

describe('a table of text', () => {
  it('is the same in UTF-16, with bars, and with lone carriage returns', async () => {
    const rows = ['prompt|chosen|rejected', 'p|"a|b"|c', 'q|x|y'];
    const wanted = [
      { prompt: 'p', chosen: 'a|b', rejected: 'c' },
      { prompt: 'q', chosen: 'x', rejected: 'y' },
    ];
    expect((await readText(rows.join('\r'))).rows).toEqual(wanted);
    const wide = Buffer.from(`\uFEFF${rows.join('\r\n')}`, 'utf16le');
    expect((await read(wide)).rows).toEqual(wanted);
  });

  it('has its columns found by what they are called, or by their order', async () => {
    const named = await readText('response_worse,my_question,preferred_reply\nw,q,b\n');
    expect(named.rows).toEqual([{ prompt: 'q', chosen: 'b', rejected: 'w' }]);
    const ordered = await readText('eins,zwei,drei\nq,b,w\n');
    expect(ordered.rows).toEqual([{ prompt: 'q', chosen: 'b', rejected: 'w' }]);
  });

  it('takes as long as its length, not longer', async () => {
    const row = `"${'x,'.repeat(50)}",a,b\n`;
    const { rows } = await readText(`prompt,chosen,rejected\n${row.repeat(20_000)}`);
    expect(rows).toHaveLength(20_000);
  });
});

describe('labels', () => {
  const ab = { prompt: 'p', response_a: 'one', response_b: 'two' };
  const [one, two] = [
    { prompt: 'p', chosen: 'one', rejected: 'two' },
    { prompt: 'p', chosen: 'two', rejected: 'one' },
  ];

  it('a and b, the names of columns, and models of an arena', async () => {
    const { rows, refused } = await readRows(
      { ...ab, winner: 'a' },
      { ...ab, winner: 'B' },
      { ...ab, winner: 'response_b' },
      { ...ab, winner: 'model_a' },
      { ...ab, winner: 'tie' },
      { ...ab, winner: 'c' },
      { ...ab, winner: null },
    );
    expect(rows).toEqual([one, two, two, one]);
    expect(refused).toEqual([
      { at: 4, why: 'a tie: no side was chosen' },
      { at: 5, why: 'winner names neither answer: c' },
      { at: 6, why: 'winner is missing' },
    ]);
  });

  it('count from 1, or from 0 where a 0 is among them', async () => {
    const from1 = await readText('prompt,answer 1,answer 2,label\np,one,two,1\np,one,two,2\n');
    expect(from1.rows).toEqual([one, two]);
    const from0 = await readRows(
      { prompt: 'p', response_0: 'one', response_1: 'two', better_response_id: 0 },
      { prompt: 'p', response_0: 'one', response_1: 'two', better_response_id: 1 },
    );
    expect(from0.rows).toEqual([one, two]);
  });

  it('good and bad alone: answers to one prompt are held against each other, in order', async () => {
    const { rows, refused } = await readRows(
      { prompt: 'p', completion: 'good 1', label: true },
      { prompt: 'q', completion: 'alone', label: true },
      { prompt: 'p', completion: 'bad 1', label: false },
      { prompt: 'p', completion: 'good 2', label: 'good' },
      { prompt: 'p', completion: 'odd', label: 'perhaps' },
    );
    expect(rows).toEqual([{ prompt: 'p', chosen: 'good 1', rejected: 'bad 1' }]);
    expect(refused).toEqual([
      { at: 1, why: 'no bad answer to its prompt is left to hold it against' },
      { at: 3, why: 'no bad answer to its prompt is left to hold it against' },
      { at: 4, why: 'label is neither good nor bad' },
    ]);
  });
});

describe('other kinds', () => {
  it('rankings, by ranks or by scores', async () => {
    const { kind, rows } = await readRows(
      { prompt: 'p', completions: ['a', 'b', 'c'], ranks: [2, 1, 2] },
      {
        instruction: 'q',
        completions: [
          { response: 'a', overall_score: 3 },
          { response: 'b', overall_score: 9 },
        ],
      },
    );
    expect(kind).toBe('rankings');
    expect(rows).toEqual([
      { prompt: 'p', completions: ['a', 'b', 'c'], ranks: [2, 1, 2] },
      { prompt: 'q', completions: ['a', 'b'], ranks: [2, 1] },
    ]);
  });

  it('the lab’s own votes, ties refused', async () => {
    const { kind, rows, refused } = await readRows(
      { prompt: 'p', completions: ['a', 'b'], choice: 'b' },
      { prompt: 'p', completions: ['a', 'b'], choice: 'tie' },
    );
    expect(kind).toBe('preferences');
    expect(rows).toEqual([{ prompt: 'p', chosen: 'b', rejected: 'a' }]);
    expect(refused).toHaveLength(1);
  });

  it('demonstrations as columns, messages and instructions; prompts alone', async () => {
    const chat = [
      { role: 'user', content: 'u' },
      { role: 'assistant', content: 'a' },
    ];
    expect((await readRows({ prompt: 'p', completion: 'c' })).rows).toEqual([{ prompt: 'p', completion: 'c' }]);
    expect((await readRows({ prompt: 'p', response: 'c' })).rows).toEqual([{ prompt: 'p', completion: 'c' }]);
    expect((await readRows({ messages: chat })).rows).toEqual([{ prompt: 'u', completion: 'a' }]);
    expect((await readRows({ instruction: 'i', input: 'x', output: 'o' })).rows).toEqual([
      { prompt: 'i\nx', completion: 'o' },
    ]);
    const prompts = await readRows({ prompt: 'p' }, { prompt: '' });
    expect(prompts).toMatchObject({ kind: 'prompts', rows: [{ prompt: 'p' }], refused: [{ at: 1 }] });
  });

  it('are refused where a text is too long, a row is no object, or there is no room', async () => {
    const { rows, refused } = await readRows({ prompt: 'p', completion: 'x'.repeat(20_001) }, 7, {
      prompt: 'p',
      completion: 'c',
    });
    expect(rows).toHaveLength(1);
    expect(refused.map(({ why }) => why)).toEqual([
      'a text is longer than 20,000 characters',
      'not an object with names and values',
    ]);
    const many = await readText(`prompt,chosen,rejected\n${'p,a,b\n'.repeat(100_003)}`);
    expect(many.rows).toHaveLength(100_000);
    expect(many.refused).toEqual(
      [100_000, 100_001, 100_002].map((at) => ({ at, why: 'the lab keeps 100,000 preferences' })),
    );
  });
});

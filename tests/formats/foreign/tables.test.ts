import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { foreignTable } from '../../../src/formats/foreign/file';
import { headAs } from '../../../src/formats/foreign/head';
import { guessedRoles } from '../../../src/formats/foreign/mapping';
import { pythonValue } from '../../../src/formats/foreign/python';
import { readForeign } from '../../../src/formats/foreign/read';

const tableOf = (text: string) => foreignTable(new TextEncoder().encode(text));
const read = async (text: string) => readForeign(await tableOf(text));
const PAIRS = [
  { prompt: 'first q', chosen: 'good', rejected: 'bad' },
  { prompt: 'second q', chosen: 'fine', rejected: 'poor' },
];

describe('tables as other programs write them', () => {
  it.each<[string, string]>([
    [
      'R, with numbers of rows below no name',
      'prompt\tchosen\trejected\n1\tfirst q\tgood\tbad\n2\tsecond q\tfine\tpoor\n',
    ],
    ['a data frame’s index', ',prompt,chosen,rejected\n0,first q,good,bad\n1,second q,fine,poor\n'],
    ['a separator behind the last cell', 'prompt,chosen,rejected\nfirst q,good,bad,\nsecond q,fine,poor,\n'],
    ['… and behind the last name', 'prompt;chosen;rejected;\nfirst q;good;bad;\nsecond q;fine;poor;\n'],
    ['spaces before quotes', '"prompt", "chosen", "rejected"\n"first q", "good", "bad"\n"second q", "fine", "poor"\n'],
    ['remarks above the head', '# by a tool\n# today\nprompt,chosen,rejected\nfirst q,good,bad\nsecond q,fine,poor\n'],
    ['a separator that is named in quotes', '"sep=;"\nprompt;chosen;rejected\nfirst q;good;bad\nsecond q;fine;poor\n'],
    ['a spreadsheet in Europe', '\uFEFFsep=;\r\nprompt;chosen;rejected\r\nfirst q;good;bad\r\nsecond q;fine;poor\r\n'],
  ])('%s', async (_, text) => {
    expect(await read(text)).toMatchObject({ rows: PAIRS, refused: [], notes: [] });
  });

  it('write decimals behind a comma, and no number in many ways', async () => {
    const margins = ['1,5', '0,125', '2', '\\N', 'NULL', '<NA>', 'NA', '1,500'];
    const lines = margins.map((margin, i) => `p ${i};good;bad;${margin}\n`);
    const { rows, refused } = await read(`prompt;chosen;rejected;margin\n${lines.join('')}`);
    expect(rows.map((row) => 'margin' in row && row.margin)).toEqual([1.5, 0.125, 2, false, false, false, false]);
    expect(refused).toEqual([{ at: 7, why: 'margin is not a number' }]); // or fifteen hundred
  });

  it('hold nothing in a cell that a database calls so, and rows of nothing', async () => {
    const { rows, refused } = await read('prompt,chosen,rejected\nfirst q,good,\\N\n,,\n');
    expect(rows).toEqual([]);
    expect(refused).toEqual([
      { at: 0, why: 'rejected is missing' },
      { at: 1, why: 'all its cells are empty' },
    ]);
  });

  it('put quotes behind a backslash, where that is how most lines read, and it is told', async () => {
    const { rows, refused, notes } = await read(
      'prompt,chosen,rejected\n"say \\"hi\\", please","good","a \\\\ b"\nsecond q,"fine","poor"\n',
    );
    expect(rows).toEqual([
      { prompt: 'say "hi", please', chosen: 'good', rejected: 'a \\ b' },
      { prompt: 'second q', chosen: 'fine', rejected: 'poor' },
    ]);
    expect([refused, notes]).toEqual([[], ['A quote behind a backslash is read as a quote of the cell.']]);
    const path = await read('prompt,chosen,rejected\n"C:\\","it is ""so""","no"\n');
    expect(path).toMatchObject({ rows: [{ prompt: 'C:\\', chosen: 'it is "so"', rejected: 'no' }], notes: [] });
  });

  it.each<[string, string]>([
    ['around every cell', "'prompt';'chosen';'rejected'\n'first q';'good; or so';'isn''t'\n'second q';'fine';'poor'\n"],
    ['where they must', "prompt,chosen,rejected\nfirst q,'good; or so',isn't\n'second q','fine','poor, bad'\n"],
    ['around cells that need none', "'prompt','chosen'\n'first q','good; or so'\n"],
  ])('stand in single quotes %s', async (_, text) => {
    const { rows, refused, notes } = await read(text.replace("'chosen'\n", "'completion'\n"));
    expect(refused).toEqual([]);
    expect(Object.values(rows[0]!).slice(0, 2)).toEqual(['first q', 'good; or so']);
    expect(notes[0]).toBe('Cells stand in single quotes.');
  });

  it('are not taken for others by an apostrophe, or by a comma within a cell', async () => {
    const { rows, notes } = await read("prompt,chosen,rejected\n'tis so?,it's, well\n'twas,aye,'no'\n");
    expect([rows.length, notes]).toEqual([2, []]);
    const bars = '"Is it, so?";"Yes, it is.";"No, not it."\n'.repeat(3);
    expect((await read(bars)).rows[0]).toEqual({
      prompt: 'Is it, so?',
      chosen: 'Yes, it is.',
      rejected: 'No, not it.',
    });
  });

  it('hold lists and messages as Python prints them', async () => {
    const list = `prompt,completions,ranks\nfirst q,"['a x' 'b, y'\n ""c's""]",[2 1 3]\n`;
    expect((await read(list)).rows).toEqual([
      { prompt: 'first q', completions: ['a x', 'b, y', "c's"], ranks: [2, 1, 3] },
    ]);
    const user = `"[{'role': 'user', 'content': 'first\\nq', 'weight': None}]"`;
    const { rows } = await read(`prompt,chosen,rejected\n${user},good,bad\n`);
    expect(rows).toMatchObject([{ prompt: 'first\nq', chosen: 'good' }]);
    const text = "prompt,chosen,rejected\nlist them,\"['a', 'b']\",bad\n"; // an answer in Python stays one
    expect((await read(text)).rows).toMatchObject([{ chosen: "['a', 'b']" }]);
  });

  it('hold several answers on a side where both sides do so in every row', async () => {
    const head = 'prompt,chosen,rejected\n';
    const several = `${head}first q,"[""good one""]","['bad one' 'worse one']"\nsecond q,['fine'],"['poor', 'so so']"\n`;
    expect((await read(several)).rows).toEqual([
      { prompt: 'first q', completions: ['good one', 'bad one', 'worse one'], ranks: [1, 2, 2] },
      { prompt: 'second q', completions: ['fine', 'poor', 'so so'], ranks: [1, 2, 2] },
    ]);
    const code = `${several}third q,"['x', 'y']",no list\n`;
    expect((await read(code)).rows).toMatchObject([{ chosen: '["good one"]' }, {}, { chosen: "['x', 'y']" }]);
  });
});

describe('what Python prints', () => {
  it.each<[string, unknown]>([
    [`['a', "b's", 'c\\'s\\n\\x41\\u00e9']`, ['a', "b's", "c's\nAé"]],
    [`{'x': [1, -2.5, 1e3], 'y': None, 'z': True}`, { x: [1, -2.5, 1000], y: null, z: true }],
    [`[{'a': array([{'b': 'c'}], dtype=object)}]`, [{ a: [{ b: 'c' }] }]],
    ['[]', []],
  ])('%s', (text, value) => {
    expect(pythonValue(text)).toEqual(value);
  });

  it.each(["['a", '[1', "{'a' 1}", "{1: 'a'}", '[a]', "['a'] b", '', '['.repeat(100_000), '[array([1], dtype=object]'])(
    'is not %s',
    (text) => {
      expect(pythonValue(text)).toBeUndefined();
    },
  );
});

describe('the first line', () => {
  it('is a row where it is sentences, and where the visitor says so', async () => {
    const long = await tableOf('What is a lamp?,A thing that glows in the dark.,dunno\nWhy so?,Because.,eh\n');
    expect(long.head?.isRow).toBe(true);
    expect(readForeign(long)).toMatchObject({
      rows: [{ prompt: 'What is a lamp?' }, { prompt: 'Why so?' }],
      notes: [
        'Columns are taken in their order: “column 1” as the prompt, “column 2” as chosen, “column 3” as rejected.',
        'The first line is taken for a row, since it names no columns.',
      ],
    });
    const short = await tableOf('first q,good,bad\nsecond q,fine,poor\n');
    expect(readForeign(short)).toMatchObject({
      rows: [PAIRS[1]],
      notes: [
        expect.stringMatching(/^Columns are taken in their order/),
        expect.stringContaining('“first q”, “good”, “bad”'),
      ],
    });
    const asRow = headAs(short, true);
    expect(readForeign(asRow).rows).toEqual(PAIRS);
    expect(headAs(asRow, false)).toEqual(short);
    expect(headAs(short, false)).toBe(short);
  });

  it('is names where one of them says something', async () => {
    for (const head of ['prompt,chosen,rejected', 'My question for you.,Better answer,Worse answer'])
      expect(await read(`${head}\nfirst q,good,bad\n`)).toMatchObject({ rows: [PAIRS[0]], notes: [] });
  });

  it('tells columns of one name apart, and guesses none of them for what two are called', async () => {
    const same = await tableOf('text,text,text\nfirst q,good,bad\n');
    expect(same.columns).toEqual(['text (1)', 'text (2)', 'text (3)']);
    expect(readForeign(same).rows).toEqual([PAIRS[0]]);
    const twice = await tableOf('prompt,chosen,chosen,rejected\nfirst q,good,fine,bad\n');
    expect(guessedRoles(twice)).toMatchObject({ 'chosen (1)': null, 'chosen (2)': null });
    expect((await tableOf('a,a,a (1)\n1,2,3\n')).columns).toEqual(['a (2)', 'a (3)', 'a (1)']);
  });

  it('of numbers is no two answers, and what a label table’s prompt is taken for is told', async () => {
    expect(guessedRoles(await tableOf('1,2,3,label\nfirst q,good,bad,1\n'))).toEqual({
      1: null,
      2: null,
      3: null,
      label: 'label',
    });
    const { notes, rows } = await read('ask me,response_a,response_b,winner\nfirst q,good,bad,a\n');
    expect([notes, rows]).toEqual([['“ask me” is taken for the prompt.'], [PAIRS[0]]]);
  });
});

describe('a column of Parquet that says nothing to the lab', () => {
  const bytes = new Uint8Array([1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0]);
  const leaf = (name: string, more: object) => ({ name, repetition_type: 'REQUIRED' as const, ...more });
  const text = (name: string) => leaf(name, { type: 'BYTE_ARRAY', converted_type: 'UTF8' });
  const fileOf = (odd: object, values: unknown[], names: readonly string[] = ['prompt', 'chosen', 'rejected']) => {
    const schema = [{ name: 'root', num_children: names.length + 1 }, ...names.map(text), leaf('odd', odd)];
    const columnData = [
      ...names.map((name) => ({ name, data: PAIRS.map((row) => row[name as 'prompt']) })),
      { name: 'odd', data: values },
    ];
    return new Uint8Array(
      parquetWriteBuffer({ columnData, schema: schema as never, codec: 'UNCOMPRESSED', statistics: false }),
    );
  };
  const POINT = { type: 'Point', coordinates: [1, 2] };
  const INTERVAL = { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 12, converted_type: 'INTERVAL' };

  it.each<[string, object, unknown[]]>([
    ['INTERVAL', INTERVAL, [bytes, bytes]],
    ['BSON', { type: 'BYTE_ARRAY', converted_type: 'BSON' }, [bytes, bytes]],
    ['GEOMETRY', { type: 'BYTE_ARRAY', logical_type: { type: 'GEOMETRY' } }, [POINT, POINT]],
  ])('%s is passed over and told, and the others are read', async (kind, odd, values) => {
    expect(readForeign(await foreignTable(fileOf(odd, values)))).toEqual({
      kind: 'preferences',
      rows: PAIRS,
      refused: [],
      notes: [`“odd” holds ${kind}, which is not read.`],
    });
  });

  it('is missed only where it would be used', async () => {
    const table = await foreignTable(fileOf(INTERVAL, [bytes, bytes], ['prompt', 'chosen']));
    expect(readForeign(table, { odd: 'rejected' }).refused).toMatchObject([{ why: 'rejected is missing' }, { at: 1 }]);
  });

  it('does not stop at JSON that is none', async () => {
    const file = fileOf({ type: 'BYTE_ARRAY', converted_type: 'JSON' }, [{ a: 1 }, { b: 2 }]);
    const at = Buffer.from(file).indexOf('{"b":2}');
    file.set(new TextEncoder().encode('{"b" 2}'), at);
    const table = await foreignTable(file);
    expect(table.rows.map((row) => 'cells' in row && row.cells.odd)).toEqual([{ a: 1 }, '{"b" 2}']);
  });
});

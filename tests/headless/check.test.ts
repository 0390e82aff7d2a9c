import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataIn } from '../../src/headless/data';
import { judge } from '../../src/headless/judge';
import type { Verdict } from '../../src/headless/verdict';
import { parseOpinions } from '../helpers/atOnce';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const put = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const lines = (...rows: unknown[]): string =>
  rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n');
const vote = (i: number) => ({ prompt: `p${i}`, chosen: 'a', rejected: 'b' });
const ranking = { prompt: 'p', completions: ['a', 'b'], ranks: [1, 2] };
const demonstration = { prompt: 'p', completion: 'c' };
const whys = ({ refused }: Verdict) => refused.map(({ at, why }) => [at, why]);

describe('a file of rows', () => {
  it('is what most of its rows are; the rest is counted in words', async () => {
    const path = put('mixed.jsonl', lines(vote(1), '', vote(2), ranking, demonstration, demonstration));
    expect(await judge(path)).toEqual({
      kind: 'votes',
      rows: 5,
      kept: 4,
      notes: ['1 row is a ranking.', '2 rows are demonstrations.'],
      refused: [{ at: 6, why: 'the same as line 5' }],
    });
    expect(await judge(put('r.jsonl', lines(ranking)))).toMatchObject({
      kind: 'rankings',
      rows: 1,
      kept: 1,
      notes: [],
      refused: [],
    });
    expect(await judge(put('d.jsonl', lines(demonstration)))).toMatchObject({ kind: 'demonstrations', kept: 1 });
  });

  it('has every bad line named, in the order of the lines', async () => {
    const verdict = await judge(
      put('bad.jsonl', lines('{', vote(1), [], { prompt: 'p', chosen: 'a' }, { other: 1 }, vote(1))),
    );
    expect(verdict).toMatchObject({ kind: 'votes', rows: 6, kept: 1 });
    expect(whys(verdict)).toEqual([
      [1, 'not JSON: the object does not end in its line'],
      [3, 'not a JSON object'],
      [4, '"rejected" is missing'],
      [5, 'neither "chosen", "choice" and "completions", nor "completion"'],
      [6, 'the same vote as line 2'],
    ]);
  });

  it('is told from prose by its lines, and by its name where none is sound', async () => {
    expect((await judge(put('rows.txt', lines(vote(1), vote(2))))).kind).toBe('votes');
    expect((await judge(put('brace.txt', `{ so it began.\n${'And it went on and on. '.repeat(9)}`))).kind).toBe('text');
    expect(await judge(put('prose.jsonl', 'one\ntwo'))).toMatchObject({ kind: null, rows: 2, kept: 0 });
  });

  it('says by name in which other form it is', async () => {
    const why = async (text: string) => (await judge(put('form.jsonl', text))).refused[0]?.why;
    const message = { role: 'user', content: 'hello' };
    expect(await why(lines({ chosen: 'a', rejected: 'b' }))).toBe('"prompt" is missing');
    expect(await why(lines({ messages: [message] }))).toContain(
      '"messages" is a conversation; the lab reads a "prompt"',
    );
    expect(await why(lines({ conversations: [{ from: 'human', value: 'hello' }] }))).toContain(
      '"conversations" is a conversation',
    );
    expect(await why(lines(vote(1), { Prompt: 'p', Chosen: 'a', Rejected: 'b' }))).toBe(
      '"Prompt" must be written "prompt"',
    );
    expect(await why(lines({ prompt: 'p', completions: ['a', 'b'], choice: 'A' }))).toBe(
      '"choice" is none of a, b, tie, bothBad',
    );
    expect(await why(lines({ prompt: 'p', completions: "['a', 'b']", choice: 'a' }))).toBe(
      '"completions" is a text where a list belongs',
    );
    expect(await why(lines({ prompt: 'p', completion: 'c', label: false }))).toContain(
      '"label" says that the completion is a bad one',
    );
    expect(await judge(put('good.jsonl', lines({ ...demonstration, label: true })))).toMatchObject({
      kind: 'demonstrations',
      kept: 1,
    });
  });

  it('is read where it is one value of JSON, whatever its name and layout', async () => {
    const array = [vote(1), vote(2), vote(3)];
    for (const name of ['rows.json', 'rows.jsonl', 'rows.txt'])
      for (const text of [
        JSON.stringify(array),
        `\uFEFF${JSON.stringify(array, null, 2)}`,
        `[\n${array.map((one) => JSON.stringify(one)).join(',\n')}\n]`,
        JSON.stringify({ data: array }),
        JSON.stringify({
          prompt: { 0: 'p', 1: 'q', 2: 'r' },
          chosen: { 0: 'a', 1: 'a', 2: 'a' },
          rejected: { 0: 'b', 1: 'b', 2: 'b' },
        }),
      ])
        expect(await judge(put(name, text)), text).toEqual({ kind: 'votes', rows: 3, kept: 3, notes: [], refused: [] });
    const object = await judge(put('object.json', `\n${JSON.stringify(vote(1), null, 2)}`));
    expect(object).toMatchObject({ kind: 'votes', rows: 1, kept: 1 });
    expect(whys(await judge(put('other.json', '[{"a":1}]')))[0]?.[1]).toContain('one JSON array');
    expect((await judge(put('verse.txt', `[Verse 1]\n${'and so it went on '.repeat(9)}`))).kind).toBe('text');
  });

  it('is refused with the slip that makes a line no JSON', async () => {
    const plain = '{"prompt":"p","chosen":"a","rejected":"b"';
    const slips: [string, string][] = [
      [`${plain},"margin":NaN}`, 'NaN, Infinity and None are no values of JSON; null is'],
      [`${plain},"margin":-Infinity}`, 'NaN, Infinity and None are no values of JSON; null is'],
      [`${plain},"swapped":True}`, 'true and false are written small'],
      ["{'prompt': 'p', 'chosen': 'a', 'rejected': 'b'}", 'names and texts stand in double quotes'],
      [`${plain},}`, 'a comma stands before a bracket that closes'],
      [`${plain}},`, 'a comma follows the object'],
      ["{prompt: 'p', chosen: 'a', rejected: 'b'}", 'names and texts stand in double quotes'],
      [`${plain}} ${plain}}`, 'two objects stand in it, and one belongs on a line'],
      ['// votes of monday', 'there are no comments in it'],
    ];
    const verdict = await judge(put('slips.jsonl', slips.map(([line]) => line).join('\n')));
    expect(verdict.refused.map(({ why }) => why)).toEqual(slips.map(([, why]) => `not JSON: ${why}`));
    expect(whys(await judge(put('torn.jsonl', `${plain.replace('"p"', '"p: NaN, {\'"')}`)))).toEqual([
      [1, 'not JSON: the object does not end in its line'],
    ]);
  });

  it('is refused in the words that the page has for it', async () => {
    const rows = [
      ...[
        '{',
        '[]',
        'prompt,chosen',
        '{"a":NaN}',
        { messages: [] },
        { Chosen: 'a' },
        { chosen: 'a' },
        { prompt: 'p', chosen: '', rejected: '' },
      ],
      ...[
        { ...vote(1), margin: -1 },
        { ...vote(1), prompt: [{ content: 'p' }] },
        { ...ranking, ranks: [1, 3] },
        vote(2),
        vote(2),
      ],
    ];
    const { refused } = await judge(put('both.jsonl', lines(...rows)));
    const page = parseOpinions(lines(...rows), () => 'id');
    expect(refused).toEqual(page.badLines.map(({ line, reason }) => ({ at: line, why: reason })));
  });

  it('beyond what the lab keeps has the rest refused, and the number said', async () => {
    const many = Array.from({ length: 20_002 }, (_, i) => JSON.stringify({ ...demonstration, prompt: `p${i}` }));
    const verdict = await judge(put('many.jsonl', many.join('\n')));
    expect(verdict).toMatchObject({ kind: 'demonstrations', rows: 20_002, kept: 20_000 });
    expect(verdict.notes).toEqual(['20,002 demonstrations came. The lab keeps 20,000: the first 20,000 were taken.']);
    expect(verdict.refused.map(({ at }) => at)).toEqual([20_001, 20_002]);
  });
});

describe('rows of another program', () => {
  const head = 'prompt,chosen,rejected\n';
  const message = (role: string, content: string) => ({ role, content });
  const asked = [message('user', 'hi')];
  const [good, bad] = [[message('assistant', 'a')], [message('assistant', 'b')]];

  it('are kept where the page keeps them, and are of the kind that it makes of them', async () => {
    const kept: [string, string, string, number][] = [
      ['a.csv', `${head}p,"a, and ""more""\nof it",b\nq,c,d\n`, 'votes', 2],
      ['a.tsv', 'prompt\tcompletion\np\ta\nq\tb\n', 'demonstrations', 2],
      ['semicolons.txt', `\uFEFF${head.replaceAll(',', ';')}p;a;b\r\nq;c;d\r\n`, 'votes', 2],
      ['frame.csv', `,${head}0,p,a,b\n1,q,c,d\n`, 'votes', 2],
      ['messages.jsonl', lines({ prompt: asked, chosen: good, rejected: bad }), 'votes', 1],
      ['implicit.jsonl', lines({ chosen: [...asked, ...good], rejected: [...asked, ...bad] }), 'votes', 1],
      ['sft.jsonl', lines({ messages: [...asked, ...good] }), 'demonstrations', 1],
      [
        'sharegpt.json',
        '[{"conversations":[{"from":"human","value":"h"},{"from":"gpt","value":"g"}]}]',
        'demonstrations',
        1,
      ],
      ['alpaca.jsonl', lines({ instruction: 'i', input: '', output: 'o' }), 'demonstrations', 1],
      ['ranks.json', JSON.stringify([{ ...ranking, completions: ['x', 'y', 'z'], ranks: [2, 1, 3] }]), 'rankings', 1],
    ];
    for (const [name, text, kind, rows] of kept)
      expect(await judge(put(name, text)), name).toMatchObject({ kind, rows, kept: rows, refused: [] });
  });

  it('are told by their guessed columns, and what is bad by its row or line', async () => {
    const guessed = await judge(put('guess.csv', 'question,better,worse\np,a,b\n'));
    expect(guessed).toMatchObject({ kind: 'votes', kept: 1 });
    expect(guessed.notes[0]).toContain('“question” as prompt, “better” as chosen, “worse” as rejected');
    const table = await judge(put('bad.csv', `${head}p,a,b\np,a\np,a,a\n,a,b\np,a,b\n`));
    expect(table).toMatchObject({ kind: 'votes', rows: 5, kept: 1 });
    expect(table.refused.map(({ at }) => at)).toEqual(['row 2', 'row 3', 'row 4', 'row 5']);
    expect(table.refused[3]?.why).toBe('the same vote as row 1');
    const conversations = lines({ messages: [...asked, ...good] }, '', { messages: [] }, '{');
    expect(await judge(put('bad.jsonl', conversations))).toMatchObject({
      ...{ kind: 'demonstrations', rows: 3, kept: 1 },
      refused: [{ at: 3 }, { at: 4, why: 'not JSON: the object does not end in its line' }],
    });
    const none = await judge(put('none.csv', `${head},,\n,,\n`));
    expect(none).toMatchObject({ kind: 'votes', rows: 2, kept: 0 });
    const array = await judge(put('twice.json', JSON.stringify([vote(1), vote(1)])));
    expect(whys(array)).toEqual([['row 2', 'the same vote as row 1']]);
  });

  it('that are prompts alone are none of the kinds, and it is said where they are asked', async () => {
    const verdict = await judge(put('prompts.jsonl', lines({ prompt: 'a' }, { prompt: 'b' })));
    expect(verdict).toMatchObject({ kind: null, rows: 2, kept: 0 });
    expect(whys(verdict).map(([at]) => at)).toEqual([1, 2]);
    expect(whys(verdict)[0]?.[1]).toContain('Compare asks');
    const table = await judge(put('prompts.csv', `prompt\n${'what is it that you do here\n'.repeat(50)}`));
    expect(table).toMatchObject({ kind: 'text', kept: 1, notes: [expect.stringContaining('Compare asks')] });
  });

  it('that say a name twice are refused, in lines and in one value', async () => {
    const twice = '{"prompt":"a","prompt":"b","chosen":"x","rejected":"y"}';
    for (const text of [
      twice,
      `${twice}\n${twice}`,
      `[${twice}]`,
      `{"data":[${twice}]}`,
      `[${twice},{"prompt":"c"}]`,
    ]) {
      const verdict = await judge(put('names.json', text));
      expect(verdict.kept, text).toBe(0);
      expect(verdict.refused[0]?.why, text).toContain('"prompt" stands twice');
    }
    const chats = lines('{"messages":[],"messages":[]}', { messages: [...asked, ...good] });
    expect(await judge(put('chats.jsonl', chats))).toMatchObject({ kept: 1, refused: [{ at: 1 }] });
  });

  it('are none in a dictionary of many words, in one object or many', async () => {
    const words = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`w${i}${i % 2 ? 'a' : '1'}`, i]));
    for (const [name, text] of [
      ['vocab.json', JSON.stringify(words)],
      ['vocab-array.json', JSON.stringify([{ ...words, label: 'a' }])],
      ['wide.csv', `${Object.keys(words).slice(0, 3000).join(',')}\n${'1,'.repeat(2999)}1\n`],
    ] as const)
      expect(await judge(put(name, text)), name).toMatchObject(
        name.endsWith('.csv') ? { kind: 'text' } : { kind: null, rows: 1, kept: 0 },
      );
  }, 60_000);

  it('in lines that only seem the lab’s own are what they say together, or beside their ranks', async () => {
    const scored = (completion: string, score: number) => ({ prompt: 'p', completion, score });
    expect(await judge(put('scored.jsonl', lines(scored('a', 1), scored('b', 3))))).toMatchObject({
      ...{ kind: 'rankings', rows: 2, kept: 2, refused: [] },
      notes: expect.arrayContaining(['Answers to one prompt are ranked by “score”: more is better.']),
    });
    const both = { ...vote(1), candidates_completions: ['a', 'b'], ranks: [1, 2] };
    expect(await judge(put('both.jsonl', lines(both)))).toMatchObject({ kind: 'votes', kept: 1, refused: [] });
  });

  it('are none in a file with nothing in it, and said to be none in a table with names alone', async () => {
    expect(await dataIn(put('head.csv', 'prompt,chosen,rejected\n'))).toMatchObject({
      ...{ kind: null, rows: [], refused: [], notes: ['There is no row in it.'] },
    });
    for (const nothing of ['', ' \n', '[]'])
      await expect(dataIn(put('nothing.json', nothing))).rejects.toThrow('nothing is in it');
  });

  it('judged good or bad one by one make pairs', async () => {
    const judged = (answer: string, label: string) => `p,${answer},${label}\n`;
    const text = `prompt,completion,label\n${judged('a', 'good')}${judged('b', 'bad')}${judged('c', 'good')}`;
    const verdict = await judge(put('kto.csv', text));
    expect(verdict).toMatchObject({
      kind: 'votes',
      rows: 3,
      kept: 2,
      notes: ['2 rows make 1 pair, good against bad.'],
    });
    expect(verdict.refused).toHaveLength(1);
  });

  it('beyond what the lab keeps are counted', async () => {
    const rows = Array.from({ length: 20_005 }, (_, i) => `p${i},c${i}\n`);
    const verdict = await judge(put('many.csv', `prompt,completion\n${rows.join('')}`));
    expect(verdict).toMatchObject({ kind: 'demonstrations', rows: 20_005, kept: 20_000 });
    expect(whys(verdict)).toEqual(
      [1, 2, 3, 4, 5].map((i) => [`row ${20_000 + i}`, 'the lab keeps 20,000 demonstrations']),
    );
  });

  it('take no room where they stand twice', async () => {
    const again = 'p,a,b\n'.repeat(100_010);
    const verdict = await judge(put('again.csv', `prompt,chosen,rejected\n${again}p,b,a\n`));
    expect(verdict).toMatchObject({ kind: 'votes', rows: 100_011, kept: 2, notes: [] });
    expect(verdict.refused).toHaveLength(100_009);
    expect(verdict.refused.at(-1)).toEqual({ at: 'row 100010', why: 'the same vote as row 1' });
  }, 60_000);

  it('are read up to a million, in every form, and nothing of more', async () => {
    const more = 1_000_001;
    const files = [
      put('million.json', `[${'{},'.repeat(more)}{}]`),
      put('million.csv', `prompt,chosen,rejected\n${'p,a,b\n'.repeat(more)}`),
      put('million.jsonl', '{}\n'.repeat(more)),
      put('column.json', `{"prompt":[${'"",'.repeat(more)}""],"chosen":[],"rejected":[]}`),
    ];
    for (const path of files.slice(0, 2))
      expect(await judge(path), path).toEqual({
        ...{ kind: null, rows: 0, kept: 0, notes: [] },
        refused: [{ at: null, why: 'the file: more than 1,000,000 rows stand in it, and the lab reads no more.' }],
      });
    for (const path of files.slice(2)) expect((await judge(path)).kept, path).toBe(0);
    const values = put('values.json', `{"data":[${'{},'.repeat(1_000_001)}{}]}`);
    expect(whys(await judge(values))).toEqual([[1, 'it holds more than 100,000 values']]);
  }, 120_000);

  it('may call a column as anything that objects have', async () => {
    const verdict = await judge(
      put('names.csv', '__proto__,constructor,toString,prompt,chosen,rejected\n1,2,3,p,a,b\n'),
    );
    expect(verdict).toEqual({ kind: 'votes', rows: 1, kept: 1, notes: [], refused: [] });
    const frame = '{"__proto__":{"0":"x"},"prompt":{"0":"p"},"chosen":{"0":"a"},"rejected":{"0":"b"}}';
    expect(await judge(put('proto.json', frame))).toMatchObject({ kind: 'votes', kept: 1, notes: [] });
  });

  it('with two columns of one name guess neither of them, and one that says what stands between its cells is read', async () => {
    const twice = await judge(put('twice.csv', 'prompt,chosen,chosen,rejected\np,a,c,b\n'));
    expect(whys(twice)).toEqual([['row 1', 'chosen is missing']]);
    expect(twice.notes).toContain('2 columns are called “chosen”, and are told apart by a number.');
    const said = await judge(put('said.csv', 'sep=;\r\nprompt;chosen;rejected\r\np, q;a;b\r\n'));
    expect(said).toMatchObject({ kind: 'votes', rows: 1, kept: 1 });
    expect(whys(await judge(put('head.csv', 'prompt,chosen,rejected\n')))).toEqual([
      [null, 'it is the head of a table, and no row stands below it'],
    ]);
  });

  it('of values inside one another without end are refused alone', async () => {
    const deep = (depth: number) =>
      `{"prompt":"p${depth}","chosen":"a","rejected":"b","x":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    const verdict = await judge(put('deep.jsonl', lines(deep(50), deep(10_000), deep(60))));
    expect(verdict).toMatchObject({ kind: 'votes', rows: 3, kept: 2 });
    expect(whys(verdict)).toEqual([[2, 'too many brackets stand inside one another']]);
    const list = await judge(put('deep.json', `[${deep(50)},${deep(10_000)}]`));
    expect(list).toMatchObject({ kind: 'votes', rows: 2, kept: 1 });
  });

  it('are told from prose, whatever its name', async () => {
    const prose = 'Question, answer, output: so it began, and so it went on.\n'.repeat(9);
    for (const name of ['prose.txt', 'prose.md']) expect((await judge(put(name, prose))).kind, name).toBe('text');
    expect((await judge(put('ages.csv', `name,age\n${'Anna,12\nBruno,13\n'.repeat(20)}`))).kind).toBe('text');
  });

  it('say in words which value is none', async () => {
    const plain = vote(1);
    const list = { prompt: 'p', completions: ['a', 'b'], choice: 'a' };
    const rows: [unknown, string | RegExp][] = [
      [{ ...plain, margin: '3' }, '"margin" is a text where a number belongs'],
      [{ ...plain, margin: -1 }, '"margin" is -1, and at least 0 belongs there'],
      [{ ...plain, margin: 101 }, '"margin" is larger than 100'],
      [{ ...list, round: 1.5 }, '"round" is 1.5, and no whole number'],
      [{ ...list, swapped: 'no' }, '"swapped" is neither true nor false'],
      [{ ...plain, prompt: 7 }, '"prompt" is a number where a text belongs'],
      [{ ...plain, prompt: { a: 1 } }, '"prompt" is a JSON object where a text belongs'],
      [{ ...plain, chosen: ['a'] }, '"chosen" is a list where a text belongs'],
      [{ ...list, completions: [] }, '"choice" is between 2 completions, and there are 0'],
      ['{"prompt":"p","chosen":"a\tb","rejected":"c"}', /^not JSON: a tab or another control character/],
    ];
    const verdict = await judge(put('values.jsonl', lines(vote(0), ...rows.map(([row]) => row))));
    expect(verdict).toMatchObject({ kind: 'votes', kept: 1 });
    for (const [i, [, why]] of rows.entries())
      if (typeof why === 'string') expect(verdict.refused[i]?.why).toBe(why);
      else expect(verdict.refused[i]?.why).toMatch(why);
  });
});

describe('a text', () => {
  it('is counted in the tokens of each tokenizer', async () => {
    const text = 'the café is open. '.repeat(20);
    expect(await judge(put('text.md', text))).toEqual({
      kind: 'text',
      rows: 1,
      kept: 1,
      notes: [],
      refused: [],
      tokens: { char: 360, word: 101, bpe: expect.any(Number) },
    });
  });

  it('that is a document is said to be one', async () => {
    expect(whys(await judge(put('book.xlsx', Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0))))[0]?.[1]).toContain(
      'a ZIP archive',
    );
  });

  it('is refused as Data refuses it', async () => {
    expect(await judge(put('short.txt', 'too short'))).toMatchObject({
      kind: 'text',
      rows: 1,
      kept: 0,
      tokens: { char: 9 },
    });
    expect(whys(await judge(put('latin.txt', Uint8Array.of(0x63, 0xe9, 0x63))))).toEqual([
      [
        'byte 1',
        'Byte 1 (E9) begins no UTF-8 character. It looks like Windows-1252, or another encoding of one byte a character.',
      ],
    ]);
    expect(whys(await judge(put('white.txt', ' \n ')))[0]?.[1]).toContain('white space');
    expect(await judge(put('long.txt', 'a'.repeat(20 * 2 ** 20 + 1)))).toMatchObject({ kind: 'text', kept: 0 });
  });
});

describe('a model', () => {
  const foreign = (name: string, config: object | null, model: Uint8Array | null): string => {
    const path = join(folder, name);
    mkdirSync(path);
    if (config) put(`${name}/config.json`, JSON.stringify(config));
    if (model) put(`${name}/model.safetensors`, model);
    return path;
  };
  const header = (text: string): Uint8Array => {
    const bytes = new TextEncoder().encode(`        ${text}`);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(bytes.length - 8), true);
    return bytes;
  };

  it('of the lab is opened as the page opens it', async () => {
    const verdict = await judge('public/checkpoints/tiny.safetensors');
    expect(verdict).toMatchObject({ kind: 'model', rows: 1, kept: 1, refused: [] });
    expect(verdict.notes).toEqual(['Tiny, trained: base, 2 layers, width 64, 119,808 parameters.']);
  });

  it('of another program is opened as the page opens it, from its folder', async () => {
    const verdict = await judge('tests/fixtures/interop/gpt2/plain');
    expect(verdict).toMatchObject({ kind: 'model', rows: 1, kept: 1, refused: [] });
    expect(verdict.notes).toEqual(['GPT-2: of another program, 2 layers, width 48, 83,712 parameters.']);
    expect(whys(await judge('tests/fixtures/interop/gpt2/bf16'))[0]?.[1]).toContain('tokenizer.json is missing');
  });

  it('is opened in parts and from an archive, as the page opens it', async () => {
    const parts = await judge('tests/fixtures/interop/gpt2/sharded');
    expect(parts.refused.every(({ why }) => !/one file/.test(why))).toBe(true);
    const plain = 'tests/fixtures/interop/gpt2/plain';
    const files = ['config.json', 'model.safetensors', 'tokenizer.json'];
    const zip = zipSync(Object.fromEntries(files.map((name) => [`gpt2/${name}`, readFileSync(join(plain, name))])));
    expect(await judge(put('gpt2.zip', zip))).toMatchObject({ kind: 'model', rows: 1, kept: 1, refused: [] });
    const other = await judge(put('votes.zip', zipSync({ 'votes.jsonl': strToU8(lines(vote(1))) })));
    expect(other).toMatchObject({ kind: null, rows: 0, kept: 0 });
    expect(whys(other)[0]?.[1]).toContain('holds no model');
    const notebook = await judge(put('lab.rlhflab', zipSync({ 'notebook.json': strToU8('{}') })));
    expect(whys(notebook)[0]?.[1]).toContain('a notebook of the lab');
    for (const cut of [30, 100, zip.length - 5]) {
      const { kept, refused } = await judge(put('cut.zip', zip.subarray(0, cut)));
      expect([kept, refused.length]).toEqual([0, 1]);
    }
  });

  it('with a number that is none is refused by the tensor’s name in the file', async () => {
    const bytes = new Uint8Array(readFileSync('public/checkpoints/tiny.safetensors'));
    const start = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
    for (const half of [0x7e00, 0x7c00, 0xfc00]) {
      new DataView(bytes.buffer).setUint16(start, half, true);
      expect(whys(await judge(put('odd-numbers.safetensors', bytes)))).toEqual([
        ['wte.weight', 'tensor wte.weight holds numbers that are not finite'],
      ]);
    }
  });

  it('is refused by the name of the tensor, or of what it is', async () => {
    const twice =
      '{"w":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"w":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}';
    expect(whys(await judge(put('twice.safetensors', header(twice))))).toEqual([
      ['w', 'tensor w stands twice in the header'],
    ]);
    expect(whys(await judge(put('noise.safetensors', new Uint8Array(99).fill(0xe7))))[0]?.[1]).toContain('impossible');
    const llama = await judge(foreign('llama', { model_type: 'llama' }, header('{}')));
    expect(llama).toMatchObject({
      kind: 'model',
      rows: 1,
      kept: 0,
      refused: [{ at: 'config.json', why: expect.stringContaining('llama') }],
    });
    const gpt2 = { model_type: 'gpt2', vocab_size: 4, n_positions: 4, n_layer: 1, n_head: 1, n_embd: 2 };
    expect(whys(await judge(foreign('gpt2', gpt2, header('{}'))))).toEqual([
      ['wte.weight', 'tensor wte.weight is missing'],
    ]);
    expect(whys(await judge(foreign('odd', { ...gpt2, n_layer: -1 }, header('{}'))))[0]?.[1]).toContain('n_layer');
    expect((await judge(foreign('own', null, header('{}')))).refused[0]?.why).toContain('config.json is missing');
    expect(await judge(foreign('empty', null, null))).toMatchObject({
      kind: null,
      rows: 0,
      refused: [{ at: 'model.safetensors' }],
    });
    expect(await judge(foreign('half', gpt2, null))).toMatchObject({
      kind: 'model',
      rows: 1,
      refused: [{ at: 'model.safetensors' }],
    });
    expect(whys(await judge(foreign('tall', { ...gpt2, n_layer: 999_999 }, header('{}'))))).toEqual([
      ['config.json', 'config.json: n_layer is 999,999, and the lab opens models up to 24'],
    ]);
    const name = 'a b is c';
    const odd = { [name]: { dtype: 'F8_E4M3', shape: [0], data_offsets: [0, 0] } };
    expect(whys(await judge(put('odd.safetensors', header(JSON.stringify(odd)))))[0]?.[0]).toBe(name);
    const long = await judge(put('long.safetensors', header(JSON.stringify({ ['x'.repeat(5000)]: odd[name] }))));
    expect(JSON.stringify(long).length).toBeLessThan(500);
    const dangling = foreign('dangling', gpt2, null);
    symlinkSync('nowhere', join(dangling, 'model.safetensors'));
    expect(await judge(dangling)).toMatchObject({
      kind: 'model',
      rows: 1,
      refused: [{ at: 'model.safetensors', why: 'there is no such file or folder' }],
    });
    const sharded = foreign('sharded', { model_type: 'gpt2' }, null);
    put('sharded/model.safetensors.index.json', '{}');
    expect(whys(await judge(sharded))).toEqual([
      ['model.safetensors.index.json', 'model.safetensors.index.json has no weight_map'],
    ]);
    put(
      'sharded/model.safetensors.index.json',
      JSON.stringify({ weight_map: { a: 'model-00001-of-00002.safetensors' } }),
    );
    expect(whys(await judge(sharded))[0]?.[1]).toContain('model-00001-of-00002.safetensors is missing');
    const pickled = foreign('pickled', gpt2, null);
    put('pickled/pytorch_model.bin', 'x');
    expect(whys(await judge(pickled))).toEqual([['model.safetensors', expect.stringContaining('a pickle of Python')]]);
    const adapter = foreign('adapter', null, null);
    put('adapter/adapter_config.json', '{}');
    expect(await judge(adapter)).toMatchObject({ kind: 'model', refused: [{ at: 'adapter_config.json' }] });
  });
});

describe('whatever there is', () => {
  it('gets a verdict', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    truncateSync(put('huge.jsonl', ''), 3 * 2 ** 30);
    truncateSync(put('huge.safetensors', ''), 3 * 2 ** 30);
    const deep = `${'['.repeat(200_000)}\n${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`;
    for (const name of ['config.json', 'tokenizer.json', 'model.safetensors.index.json']) {
      const inside = join(folder, `pipe-${name}`);
      mkdirSync(inside);
      writeFileSync(join(inside, 'config.json'), '{"model_type":"gpt2"}');
      rmSync(join(inside, name), { force: true });
      execFileSync('mkfifo', [join(inside, name)]);
    }
    const odd = [
      ...['pipe-config.json', 'pipe-tokenizer.json', 'pipe-model.safetensors.index.json'],
      ...['pipe', 'huge.jsonl', 'huge.safetensors', 'nothing', 'nothing/below', 'x'.repeat(5000)],
    ].map((name) => join(folder, name));
    const files = [
      put('empty.txt', ''),
      put('deep.jsonl', deep),
      put('line.jsonl', JSON.stringify({ ...vote(1), prompt: 'x'.repeat(20_000_000) })),
      put('nul.jsonl', '\u0000\n{"prompt":"\u0000"}'),
      put(
        'random.bin',
        Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251),
      ),
      put('brace.bin', Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0xff)),
    ];
    expect(whys(await judge('caf\uFFFD.jsonl'))).toEqual([
      [null, 'there is no such file or folder, or its name is no UTF-8'],
    ]);
    for (const path of [...odd, ...files, '', '/dev/zero', '\u0000']) {
      const verdict = await judge(path);
      expect(verdict.kept, path).toBe(0);
      expect(verdict.refused.length, path).toBeGreaterThan(0);
      for (const { why } of verdict.refused) expect(why).not.toMatch(/Invalid|undefined|stack/);
    }
  });
});

describe('the command', () => {
  const run = async (...args: string[]): Promise<{ code: number; out: string; err: string }> => {
    try {
      const { stdout, stderr } = await promisify(execFile)('npx', ['tsx', 'src/headless/check.ts', ...args]);
      return { code: 0, out: stdout, err: stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, out: stdout, err: stderr };
    }
  };

  it('prints a line of JSON for each file in order, and ends with 0, 1 or 2', async () => {
    const good = put('good.jsonl', lines(vote(1)));
    const kept = await run(good, good);
    expect(kept.code).toBe(0);
    expect(
      kept.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { file: good, kept: 1 },
      { file: good, kept: 1 },
    ]);
    const refused = await run('nowhere', good, '--odd');
    expect(refused.code).toBe(1);
    const verdicts = refused.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { file: string; kind: string | null });
    expect(verdicts.map(({ file, kind }) => [file, kind])).toEqual([
      ['nowhere', null],
      [good, 'votes'],
      ['--odd', null],
    ]);
    for (const args of [[], ['--']]) {
      const usage = await run(...args);
      expect([usage.code, usage.out]).toEqual([2, '']);
      expect(usage.err).toContain('FILE');
    }
    const named = await run('--', good, '--', good);
    expect(named.out.match(/"file":"[^"]*"/g)).toEqual([good, '--', good].map((file) => `"file":"${file}"`));
  });

  it('prints all of it before it ends, also where it is much and is read slowly', async () => {
    const bad = put('much.jsonl', '{"prompt":1}\n'.repeat(20_000));
    const files = [bad, bad, bad, bad, put('last.jsonl', lines(vote(1)))];
    const slow = join(folder, 'slow.txt');
    const command = `npx tsx src/headless/check.ts "$@" | (sleep 1; cat) > ${slow}; echo \${PIPESTATUS[0]}`;
    const { stdout } = await promisify(execFile)('bash', ['-c', command, 'bash', ...files]);
    expect(stdout.trim()).toBe('1');
    const verdicts = readFileSync(slow, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { file: string } & Verdict);
    expect(verdicts.map(({ file, refused }) => [file, refused.length])).toEqual(
      files.map((file, i) => [file, i < 4 ? 20_000 : 0]),
    );
  });
});

import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { freshDisk, openPage, type Page } from '../openLab';

const FOLDER = 'tests/fixtures/interop/data';
const fileOf = (name: string) => new Uint8Array(readFileSync(`${FOLDER}/${name}`));
const bytesOf = (text: string) => new TextEncoder().encode(text);
const offer = ({ lab }: Page) => lab.getState().tables.offer;
const tables = ({ lab }: Page) => lab.getState().tables;
const votes = ({ lab }: Page) => lab.getState().opinions.all;
const open = (page: Page, bytes: Uint8Array, name: string) => page.lab.getState().opinions.importFile(bytes, name);

describe('a table of another program', () => {
  beforeEach(freshDisk);

  it('is shown with a guess, three rows and what will be kept, and nothing of it is here before the visitor says so', async () => {
    const page = await openPage();
    await open(page, fileOf('other-names.csv'), 'other-names.csv');
    expect(offer(page)).toMatchObject({
      name: 'other-names.csv',
      columns: ['Question', 'Better answer', 'Worse answer'],
      roles: { Question: 'prompt', 'Better answer': 'chosen', 'Worse answer': 'rejected' },
    });
    const { sample, verdict, rows } = offer(page)!;
    expect(sample).toHaveLength(3);
    expect(sample[1]).toEqual([
      'Name a use for an old bicycle wheel.',
      'Hang it on a wall and train beans up its spokes.',
      'Throw it away.',
    ]);
    expect(verdict!.votes + verdict!.refusedCount).toBe(rows);
    expect(votes(page)).toEqual([]);
    const told: (string | undefined)[] = [];
    const leave = page.lab.subscribe(({ work }) => told.push(work.underway.voteFile?.progress?.label));
    await tables(page).accept();
    leave();
    expect(told).toContain('storing');
    expect(offer(page)).toBeNull();
    expect(votes(page)).toHaveLength(verdict!.votes);
    expect(votes(page)[0]).toMatchObject({ source: 'imported', prompt: sample[0]![0], ranks: [1, 2] });
  });

  it('is read as the visitor says, each role by one column', async () => {
    const page = await openPage();
    await open(page, bytesOf('a;b;c;d\nAsked;One;Two;3\nAsked;Same;Same;1\n'), 'plain.csv');
    expect(offer(page)!.verdict).toMatchObject({ votes: 0, refusedCount: 2 });
    await tables(page).setRole('a', 'prompt');
    await tables(page).setRole('b', 'chosen');
    await tables(page).setRole('c', 'rejected');
    expect(offer(page)!.verdict).toMatchObject({
      kind: 'preferences',
      votes: 1,
      refused: [{ row: 2, why: 'both completions are the same' }],
    });
    await tables(page).setRole('c', 'chosen');
    expect(offer(page)!.roles).toEqual({ a: 'prompt', b: null, c: 'chosen', d: null });
    await tables(page).setRole('b', 'rejected');
    await tables(page).accept();
    expect(votes(page).map(({ completions }) => completions)).toEqual([['Two', 'One']]);
  });

  it('may begin with a row in place of names: the visitor says so, and back', async () => {
    const page = await openPage();
    await open(page, bytesOf('first q,good,bad\nsecond q,fine,poor\n'), 'bare.csv');
    expect(offer(page)).toMatchObject({ rows: 1, firstLine: 'names', columns: ['first q', 'good', 'bad'] });
    await tables(page).setFirstLine('row');
    expect(offer(page)).toMatchObject({
      ...{ rows: 2, firstLine: 'row', columns: ['column 1', 'column 2', 'column 3'] },
      roles: { 'column 1': 'prompt', 'column 2': 'chosen', 'column 3': 'rejected' },
      verdict: { votes: 2, refusedCount: 0 },
    });
    await tables(page).setFirstLine('names');
    expect(offer(page)).toMatchObject({ rows: 1, verdict: { votes: 1 } });
    await tables(page).setFirstLine('row');
    await tables(page).accept();
    expect(votes(page).map(({ prompt }) => prompt)).toEqual(['first q', 'second q']);
    await open(page, fileOf('parquet/zstd.parquet'), 'zstd.parquet');
    expect(offer(page)!.firstLine).toBeNull();
  });

  it('is shown though all its columns have one name', async () => {
    const page = await openPage();
    await open(page, bytesOf('text,text,text\nfirst q,good,bad\n'), 'same.csv');
    expect(offer(page)).toMatchObject({ columns: ['text (1)', 'text (2)', 'text (3)'], verdict: { votes: 1 } });
  });

  it.each([
    ['semicolon-bom-crlf.csv', 'votes'],
    ['tabs.tsv', 'votes'],
    ['from-pandas-records.json', 'votes'],
    ['trl-conversational.jsonl', 'votes'],
    ['parquet/zstd.parquet', 'votes'],
    ['llama-factory/sharegpt_ranking.json', 'votes'],
  ] as const)('%s is one too', async (name, kind) => {
    const page = await openPage();
    await open(page, fileOf(name), name);
    const { verdict } = offer(page)!;
    expect(verdict![kind]).toBeGreaterThan(0);
    await tables(page).accept();
    expect(votes(page)).toHaveLength(verdict!.votes + verdict!.rankings);
  });

  it('of lines under names that say nothing is shown all the same, and read as the visitor says', async () => {
    const page = await openPage();
    const lines = ['One', 'Two'].map((text) => JSON.stringify({ سؤال: 'Asked', α: text, β: 'Same', γ: 7 }));
    await open(page, bytesOf(lines.join('\n')), 'lines.jsonl');
    expect(offer(page)).toMatchObject({ rows: 2, columns: ['سؤال', 'α', 'β', 'γ'], verdict: { votes: 0 } });
    for (const [column, role] of [
      ['سؤال', 'prompt'],
      ['α', 'chosen'],
      ['β', 'rejected'],
    ] as const)
      await tables(page).setRole(column, role);
    expect(offer(page)!.verdict).toMatchObject({ votes: 2, refusedCount: 0 });
  });

  it('in UTF-16 is read, and left alone leaves nothing', async () => {
    const page = await openPage();
    const text = '\uFEFFprompt\tchosen\trejected\nWho?\tMe.\tYou.\n';
    const bytes = new Uint8Array(Uint16Array.from(text, (sign) => sign.charCodeAt(0)).buffer);
    await open(page, bytes, 'utf16.tsv');
    expect(offer(page)!.verdict).toMatchObject({ votes: 1, refusedCount: 0 });
    tables(page).cancel();
    expect([offer(page), votes(page)]).toEqual([null, []]);
  });

  it('is none where a file is lines of the lab, a damaged Parquet, or prose: it is told as before', async () => {
    const page = await openPage();
    await open(page, bytesOf('{"prompt": "Who?", "chosen": "Me.", "rejected": "You."}\n'), 'mine.jsonl');
    expect([offer(page), votes(page).length]).toEqual([null, 1]);
    for (const [bytes, name] of [
      [fileOf('parquet/zstd.parquet').slice(0, 200), 'cut.parquet'],
      [bytesOf('Once there was a fox.'), 'prose.txt'],
      [bytesOf('nonsense, and more\n{"prompt": "Who?"}\n'), 'half.jsonl'],
    ] as const) {
      await open(page, bytes, name);
      expect(offer(page), name).toBeNull();
      expect(
        page.lab.getState().notices.notices.some(({ message }) => message.includes(name)),
        name,
      ).toBe(true);
    }
  });

  it('counts once: with another file, in the same file, and after lines that said the same', async () => {
    const page = await openPage();
    const text = 'prompt,chosen,rejected\nWho?,Me.,You.\nWho?,Me.,You.\nWhen?,Now.,Then.\n';
    await open(page, bytesOf('{"prompt": "When?", "chosen": "Now.", "rejected": "Then."}\n'), 'lines.jsonl');
    await open(page, bytesOf(text), 'first.csv');
    expect(offer(page)!.verdict).toMatchObject({
      votes: 1,
      refused: [
        { row: 2, why: 'the same vote as row 1' },
        { row: 3, why: 'the same vote as one that is here' },
      ],
    });
    await tables(page).accept();
    await open(page, bytesOf(text), 'again.csv');
    expect(offer(page)!.verdict).toMatchObject({ votes: 0, refusedCount: 3 });
    await tables(page).accept();
    expect(votes(page)).toHaveLength(2);
  });

  it('of conversations alone is one, in a column of its own', async () => {
    const page = await openPage();
    const messages = [
      { role: 'user', content: 'Who?' },
      { role: 'assistant', content: 'Me.' },
    ];
    await open(page, bytesOf(`${JSON.stringify({ messages })}\n`), 'sft.jsonl');
    expect(offer(page)!.verdict).toMatchObject({ kind: 'demonstrations', demonstrations: 1, refusedCount: 0 });
    await tables(page).accept();
    await open(page, bytesOf(JSON.stringify([{ messages }, { messages }])), 'again.json');
    expect(offer(page)!.verdict).toMatchObject({ demonstrations: 0, refusedCount: 2 });
  });

  it('of twenty thousand rows is counted and taken', async () => {
    const page = await openPage();
    const lines = Array.from({ length: 20_000 }, (_, i) => `p ${i},yes ${i},no ${i}`);
    await open(page, bytesOf(`prompt,chosen,rejected\n${lines.join('\n')}`), 'many.csv');
    expect(offer(page)!.verdict).toMatchObject({ votes: 20_000, refusedCount: 0 });
  });

  it('of prompts alone is asked: two texts on each are what is voted on next', async () => {
    const page = await openPage();
    await page.lab.getState().shelf.startTrained('tiny');
    const prompts = ['fox', 'owl', 'bear', 'hen', 'duck', 'robin'].map((one) => `the ${one} found a kite .`);
    await open(page, bytesOf(['prompt', ...prompts, prompts[0]!, ''].join('\n')), 'prompts.csv');
    expect(offer(page)!.verdict).toMatchObject({ kind: 'prompts', prompts: 6, votes: 0, refusedCount: 0 });
    const before = page.lab.getState().pairs.queue.length;
    await tables(page).accept();
    const { queue } = page.lab.getState().pairs;
    const asked = queue.slice(0, queue.length - before);
    expect(asked.length).toBeGreaterThan(2); // on some the scripted model writes one text twice
    for (const { prompt, completions } of asked) {
      expect(prompts).toContain(prompt);
      expect(new Set(completions).size).toBe(2);
    }
    expect(votes(page)).toEqual([]);
  });

  it('of rankings under other names is read as the visitor says', async () => {
    const page = await openPage();
    await open(page, bytesOf(JSON.stringify([{ asked: 'p', written: ['a', 'b', 'c'], order: [2, 1, 3] }])), 'r.json');
    await tables(page).setRole('asked', 'prompt');
    await tables(page).setRole('written', 'completions');
    await tables(page).setRole('order', 'ranks');
    expect(offer(page)!.verdict).toMatchObject({ kind: 'rankings', rankings: 1 });
    await tables(page).accept();
    expect(votes(page)[0]).toMatchObject({ completions: ['a', 'b', 'c'], ranks: [2, 1, 3] });
  });

  it('that is damaged Parquet, or has no rows, is refused by what is wrong with it', async () => {
    const page = await openPage();
    await open(page, fileOf('parquet/zstd.parquet').subarray(0, 700), 'cut.parquet');
    expect(page.lab.getState().opinions.error?.message).toMatch(/cut\.parquet: the Parquet file is damaged/);
    expect(offer(page)).toBeNull();
  });

  it('of two hundred thousand rows is read in steps, told, and can be called off: nothing is changed then', async () => {
    const page = await openPage();
    const line = (i: number) => `question ${i},better ${i},worse ${i}\n`;
    const rows = Array.from({ length: 200_000 }, (_, i) => line(i)).join('');
    const opening = open(page, bytesOf(`prompt,chosen,rejected\n${rows}`), 'large.csv');
    const work = () => page.lab.getState().work;
    const shown = new Promise<void>((resolve) => {
      const leave = page.lab.subscribe(({ tables: { offer: there } }) => {
        if (!there) return;
        leave();
        resolve();
      });
    });
    await shown;
    expect(work().underway.voteFile).toBeDefined();
    work().cancel('voteFile');
    await opening;
    expect(offer(page)).toBeNull();
    expect(votes(page)).toEqual([]);
    await open(page, bytesOf(`prompt,chosen,rejected\n${rows}`), 'large.csv');
    expect(offer(page)!.verdict).toMatchObject({ kind: 'preferences', votes: 100_000 });
    expect(offer(page)!.verdict!.refused.at(-1)!.why).toBe('the lab keeps 100,000 preferences');
  }, 120_000);
});

import { describe, expect, it } from 'vitest';
import { foreignTable } from '../../../src/formats/foreign/file';
import { readForeign } from '../../../src/formats/foreign/read';

const read = async (rows: readonly object[]) =>
  readForeign(await foreignTable(new TextEncoder().encode(JSON.stringify(rows))));

describe('answers to one prompt, a row each', () => {
  const row = (completion: string, more: object, prompt = 'p') => ({ prompt, completion, ...more });

  it('are a ranking by rank, where 1 is best, and by score, where more is better', async () => {
    const ranks = [
      row('x', { rank: 2 }),
      row('u', { rank: 1 }, 'q'),
      row('y', { rank: 1 }),
      row('v', { rank: 1 }, 'q'),
    ];
    expect(await read(ranks)).toMatchObject({
      kind: 'rankings',
      refused: [],
      rows: [
        { prompt: 'p', completions: ['x', 'y'], ranks: [2, 1] },
        { prompt: 'q', completions: ['u', 'v'], ranks: [1, 1] },
      ],
    });
    const scores = ['x', 'y', 'z'].map((response, i) => ({ question: 'p', response, score: [0.1, 0.9, 0.5][i] }));
    const found = await read(scores);
    expect(found.rows).toEqual([{ prompt: 'p', completions: ['x', 'y', 'z'], ranks: [3, 1, 2] }]);
    expect(found.notes).toEqual(['Answers to one prompt are ranked by “score”: more is better.']);
  });

  it('are demonstrations where each prompt has one', async () => {
    expect(await read([row('x', { score: 1 }), row('y', { score: 2 }, 'q')])).toMatchObject({ kind: 'demonstrations' });
  });

  it('that say too little are refused by their rows', async () => {
    const { rows, refused } = await read([
      row('x', { rank: 1 }),
      row('y', { rank: 2 }),
      row('z', { rank: null }),
      row('u', { rank: 1 }, 'alone'),
    ]);
    expect(rows).toHaveLength(1);
    expect(refused).toEqual([
      { at: 2, why: 'rank is missing' },
      { at: 3, why: 'no other answer to its prompt is here to rank it against' },
    ]);
  });
});

describe('answers side by side', () => {
  const THREE = { prompt: 'p', response_1: 'bad', response_2: 'good', response_3: 'fair' };
  const RANKED = { prompt: 'p', completions: ['bad', 'good', 'fair'], ranks: [3, 1, 2] };

  it.each<[string, object]>([
    ['ranks', { ...THREE, rank_1: 3, rank_2: 1, rank_3: 2 }],
    ['scores, of which more is better', { ...THREE, score_1: 0.5, score_2: 9, score_3: 4 }],
    ['ranks behind their names', { ...THREE, response_1_rank: 3, response_2_rank: 1, response_3_rank: 2 }],
    [
      'letters',
      { question: 'p', answer_a: 'bad', answer_b: 'good', answer_c: 'fair', rating_a: 1, rating_b: 5, rating_c: 3 },
    ],
    [
      'numbers from 0',
      {
        prompt: 'p',
        completion0: 'bad',
        completion1: 'good',
        completion2: 'fair',
        reward0: -1,
        reward1: 2,
        reward2: 0,
      },
    ],
  ])('are ranked by %s', async (_, row) => {
    expect(await read([row])).toMatchObject({ kind: 'rankings', rows: [RANKED], refused: [] });
  });

  it('are a pair where there are two, and a tie is named', async () => {
    const two = { prompt: 'p', response_1: 'bad', response_2: 'good' };
    const { rows, refused } = await read([
      { ...two, score_1: 1, score_2: 4 },
      { ...two, score_1: 2, score_2: 2 },
      { ...two, score_1: null, score_2: 2 },
    ]);
    expect(rows).toEqual([{ prompt: 'p', chosen: 'good', rejected: 'bad', scores: [4, 1] }]);
    expect(refused.map(({ why }) => why)).toEqual(['a tie: no side was chosen', 'score_1 is missing']);
  });

  it('are ranked by a label that names the best, and refused where nothing does', async () => {
    expect((await read([{ ...THREE, best: 2 }])).rows).toEqual([{ ...RANKED, ranks: [2, 1, 2] }]);
    const { rows, refused } = await read([THREE]);
    expect(rows).toEqual([]);
    expect(refused[0]!.why).toMatch(/^3 answers \(response_1, response_2, response_3\), and no column says/);
  });

  it('of which a row has not all are ranked without them', async () => {
    const { rows } = await read([
      { ...THREE, rank_1: 3, rank_2: 1, rank_3: 2 },
      { ...THREE, response_3: null, rank_1: 2, rank_2: 1, rank_3: null },
    ]);
    expect(rows[1]).toEqual({ prompt: 'p', completions: ['bad', 'good'], ranks: [2, 1] });
  });

  it('judged between 1 and 2 by a model, and of an instruction that goes on in its input', async () => {
    const judged = (preference: number) => ({ instruction: 'p', input: 'q', output_1: 'x', output_2: 'y', preference });
    const { rows, refused } = await read([judged(1.02), judged(1.97), judged(1.5), judged(2)]);
    expect(rows.map((row) => [row.prompt, 'chosen' in row && row.chosen])).toEqual([
      ['p\nq', 'x'],
      ['p\nq', 'y'],
      ['p\nq', 'y'],
    ]);
    expect(refused).toEqual([{ at: 2, why: 'a tie: no side was chosen' }]);
  });
});

describe('messages that answer one another', () => {
  const said = (id: string, parent: string | null, role: string, rank: number | null = null) => ({
    ...{ message_id: id, parent_id: parent, text: `text ${id}`, role, rank, lang: 'en' },
  });
  const ROWS = [
    said('a', null, 'prompter'),
    said('b', 'a', 'assistant', 1),
    said('c', 'a', 'assistant', 0),
    said('d', 'c', 'prompter'),
    said('e', 'd', 'assistant'),
  ];
  const WANTED = [
    { prompt: 'text a', completions: ['text b', 'text c'], ranks: [2, 1] },
    { prompt: 'Human: text a\n\nAssistant: text c\n\nHuman: text d\n\nAssistant:', completion: 'text e' },
  ];

  it('in rows of their own are rankings where they are ranked, else demonstrations', async () => {
    expect(await read(ROWS)).toMatchObject({ rows: WANTED, refused: [] });
    expect(await read([...ROWS].reverse())).toMatchObject({ refused: [] });
  });

  it('as trees are the same', async () => {
    const node = (id: string, role: string, rank: number | null, replies: object[]) => ({
      text: `text ${id}`,
      role,
      rank,
      replies,
    });
    const below = node('d', 'prompter', null, [node('e', 'assistant', null, [])]);
    const tree = node('a', 'prompter', null, [node('b', 'assistant', 1, []), node('c', 'assistant', 0, [below])]);
    expect(await read([{ message_tree_id: 'a', tree_state: 'x', prompt: tree }])).toMatchObject({ rows: WANTED });
  });

  it('without the one that they answer, or without a text, are refused', async () => {
    const { rows, refused } = await read([
      ...ROWS,
      said('x', 'gone', 'assistant', 0),
      { ...said('y', 'a', 'assistant'), text: null },
    ]);
    expect(rows).toHaveLength(2);
    expect(refused).toEqual([
      { at: 5, why: 'the message that it answers is not here' },
      { at: 6, why: 'text is missing' },
    ]);
  });

  it('in a circle, twice under one id, or below too many others, are refused and never lost', async () => {
    const circle = [said('x', 'y', 'assistant'), said('y', 'x', 'prompter')];
    const deep = Array.from({ length: 10_000 }, (_, i) =>
      said(`${i}`, i === 0 ? null : `${i - 1}`, i % 2 === 0 ? 'prompter' : 'assistant'),
    );
    const { rows, refused } = await read([...ROWS, ...circle, said('a', null, 'prompter')]);
    expect(rows).toMatchObject(WANTED);
    expect(refused.map(({ at }) => at)).toEqual([5, 6, 7]);
    const long = await read(deep);
    expect(long.refused).toHaveLength(10_000 - 101);
    expect(long.rows).toHaveLength(51);
  });

  it('too long are refused', async () => {
    const { rows, refused } = await read([...ROWS.slice(0, 2), { ...ROWS[2]!, text: 'x'.repeat(20_001) }]);
    expect(rows).toEqual([]);
    expect(refused[0]!.why).toMatch(/longer than 20,000/);
  });
});

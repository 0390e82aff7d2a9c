import { describe, expect, it, vi } from 'vitest';
import { finish } from '../../../src/contract/steps';
import { foreignTable } from '../../../src/formats/foreign/file';
import { readTable } from '../../../src/formats/foreign/mapping';
import { openTable } from '../../../src/formats/foreign/opening';
import { readForeign } from '../../../src/formats/foreign/read';
import { counting } from '../../../src/formats/foreign/unpacking';

const read = async (value: unknown) =>
  readForeign(await foreignTable(new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))));
const PAIR = { prompt: 'p', chosen: 'good', rejected: 'bad' };
const user = { role: 'user', content: 'p' };
const answer = (content: string) => ({ role: 'assistant', content });

describe('rows of other programs in their less usual forms', () => {
  it.each<[string, unknown]>([
    ['a data frame by columns', { prompt: { 0: 'p' }, chosen: { 0: 'good' }, rejected: { 0: 'bad' } }],
    ['a data frame by its index', { 7: PAIR }],
    [
      'columns, index and data apart',
      { columns: ['prompt', 'chosen', 'rejected'], index: [7], data: [['p', 'good', 'bad']] },
    ],
    ['lists by column', { prompt: ['p'], chosen: ['good'], rejected: ['bad'] }],
    ['rows as the hub’s viewer wraps them', { rows: [{ row_idx: 0, row: PAIR, truncated_cells: [] }] }],
    ['a data frame whose rows have names', { prompt: { x: 'p' }, chosen: { x: 'good' }, rejected: { x: 'bad' } }],
    ['records as an interface pages them', { items: [PAIR], total: 1 }],
    ['messages, and answers that are texts', [{ prompt: [user], chosen: 'good', rejected: 'bad' }]],
    [
      'an instruction beside whole conversations',
      [{ instruction: 'p', chosen: [user, answer('good')], rejected: [user, answer('bad')] }],
    ],
    [
      'transcripts with line breaks of Windows',
      [{ chosen: '\r\n\r\nHuman: p\r\n\r\nAssistant: good', rejected: '\r\n\r\nHuman: p\r\n\r\nAssistant: bad' }],
    ],
    ['an input without an instruction', [{ instruction: '', input: 'p', chosen: 'good', rejected: 'bad' }]],
    [
      'a column for each outcome of a battle',
      [{ prompt: 'p', response_a: 'bad', response_b: 'good', winner_model_a: 0, winner_model_b: 1, winner_tie: 0 }],
    ],
    [
      'labels that number the answers from 0, and say so in their names',
      [{ prompt: 'p', response_0: 'bad', response_1: 'good', better_response_id: 1 }],
    ],
    ['scores that are none', [{ ...PAIR, score_chosen: 'N/A', score_rejected: 'nan' }]],
    [
      'conversations that are called good or bad',
      [
        { prompt: [user], completion: [answer('good')], label: true },
        { prompt: [user], completion: [answer('bad')], label: false },
      ],
    ],
    ['numbers with a point for good and bad', 'prompt,completion,label\np,good,1.0\np,bad,0.0\n'],
    [
      'messages as JSON in the cells of a table',
      'prompt,chosen,rejected\n"[{""role"":""user"",""content"":""p""}]","[{""role"":""assistant"",""content"":""good""}]","[{""role"":""assistant"",""content"":""bad""}]"\n',
    ],
    [
      'Argilla’s ranking as names in order',
      [
        {
          fields: { prompt: 'p', one: 'bad', two: 'good' },
          responses: { rank: [{ value: ['two', 'one'], status: 'submitted' }] },
        },
      ],
    ],
    [
      'Argilla’s choice beside a comment',
      [
        {
          fields: { prompt: 'p', one: 'bad', two: 'good' },
          responses: { comment: [{ value: 'hm' }], better: [{ value: 'two' }] },
        },
      ],
    ],
    [
      'Argilla’s first version as a table',
      [
        {
          prompt: 'p',
          one: 'bad',
          two: 'good',
          better: [{ user_id: 'u', value: 'two', status: 'submitted' }],
          'better-suggestion': null,
          external_id: null,
          metadata: '{}',
        },
      ],
    ],
    [
      'the same with lists inside of one answer',
      [
        {
          prompt: 'p',
          one: 'bad',
          two: 'good',
          better: { user_id: ['u'], value: ['two'], status: ['submitted'] },
          'better-suggestion': null,
        },
      ],
    ],
    [
      'Label Studio’s choice of a side beside another choice',
      [
        {
          data: { prompt: 'p', answer1: 'bad', answer2: 'good', source: 'web' },
          annotations: [
            {
              result: [
                { to_name: 'answer1', value: { choices: ['fluent'] } },
                { to_name: 'answer1,answer2', value: { selected: 'right' } },
              ],
            },
          ],
        },
      ],
    ],
    ['one row of messages alone', { prompt: [user], chosen: [answer('good')], rejected: [answer('bad')] }],
    ['messages with an answer each', [{ messages: [user], chosen: answer('good'), rejected: answer('bad') }]],
    [
      'OpenAI’s names',
      [
        {
          input: { messages: [user], tools: [] },
          preferred_output: [answer('good')],
          non_preferred_output: [answer('bad')],
        },
      ],
    ],
    [
      'two whole conversations and a winner, beside names of models',
      [
        {
          question_id: 1,
          model_a: 'x',
          model_b: 'y',
          winner: 'model_b',
          conversation_a: [user, answer('bad')],
          conversation_b: [user, answer('good')],
        },
      ],
    ],
    [
      'Label Studio’s short form',
      [{ prompt: 'p', answer1: 'bad', answer2: 'good', comparison: 'right', id: 3, annotator: 1 }],
    ],
    [
      'Argilla’s answers by person',
      [
        {
          fields: { prompt: 'p', one: 'bad', two: 'good' },
          responses: [
            { user_id: 'u', status: 'discarded', values: { better: { value: 'one' } } },
            {
              user_id: 'w',
              status: 'submitted',
              values: {
                better: {
                  value: [
                    { value: 'two', rank: 1 },
                    { value: 'one', rank: 2 },
                  ],
                },
              },
            },
          ],
        },
      ],
    ],
    [
      'Argilla’s records as a table',
      [
        {
          id: '1',
          status: 'completed',
          prompt: 'p',
          one: 'bad',
          two: 'good',
          'better.responses': ['one', 'two'],
          'better.responses.status': ['draft', 'submitted'],
        },
      ],
    ],
    [
      'LLaMA-Factory’s good and bad alone',
      [
        { instruction: 'p', input: '', output: 'good', kto_tag: true },
        { instruction: 'p', input: '', output: 'bad', kto_tag: false },
      ],
    ],
    ['HelpSteer3', [{ context: [user], response1: 'bad', response2: 'good', overall_preference: 2, domain: 'x' }]],
    [
      'SHP',
      [{ history: 'p', human_ref_A: 'good', human_ref_B: 'bad', labels: 1, score_A: 9, score_B: 2, domain: 'x' }],
    ],
    [
      'WebGPT',
      [
        {
          question: { full_text: 'p', id: '1' },
          ...{ answer_0: 'bad', score_0: -0.5, quotes_0: {}, answer_1: 'good', score_1: 0.5, quotes_1: {} },
        },
      ],
    ],
    [
      'HelpSteer2',
      [{ prompt: 'p', response_1: 'bad', response_2: 'good', preference_strength: 2, preference_statement: 'x' }],
    ],
    [
      'the safe one of two',
      [{ prompt: 'p', response_0: 'bad', response_1: 'good', is_response_0_safe: false, is_response_1_safe: true }],
    ],
    [
      'answers that are called safe or not',
      [
        { prompt: 'p', response: 'good', category: {}, is_safe: true },
        { prompt: 'p', response: 'bad', category: {}, is_safe: false },
      ],
    ],
    ['votes of a forum', [{ qid: 1, question: 'p', date: '2020', response_j: 'good', response_k: 'bad' }]],
    [
      'a battle whose texts are lists of turns',
      [
        {
          ...{ id: 1, prompt: '["p"]', response_a: '["bad"]', response_b: '["good"]' },
          ...{ winner_model_a: 0, winner_model_b: 1, winner_tie: 0 },
        },
      ],
    ],
    [
      'a side that is called better in words',
      [{ prompt: 'p', response_a: 'good', response_b: 'bad', preference: 'A is much better' }],
    ],
    [
      'a text beside whole conversations that names them',
      [
        {
          prompt: 'a name',
          chosen: [user, answer('good')],
          rejected: [user, answer('bad')],
          original_response: 'good',
        },
      ],
    ],
    ['summaries', [{ info: { post: 'p' }, summaries: [{ text: 'bad' }, { text: 'good' }], choice: 1, worker: 'w' }]],
  ])('%s', async (_, value) => {
    expect(await read(value)).toMatchObject({ kind: 'preferences', rows: [PAIR], refused: [] });
  });

  it('of published sets: how much better, whose scores, and ties by name', async () => {
    const helpSteer = (overall_preference: number | null) => ({
      ...{ context: [user], response1: 'good', response2: 'bad', overall_preference },
    });
    expect(await read([helpSteer(-3), helpSteer(0), helpSteer(null)])).toMatchObject({
      rows: [{ ...PAIR, margin: 3 }],
      refused: [
        { at: 1, why: 'a tie: no side was chosen' },
        { at: 2, why: 'overall_preference is missing' },
      ],
    });
    const shp = { history: 'p', human_ref_A: 'bad', human_ref_B: 'good', score_A: 2, score_B: 9 };
    expect(await read([{ ...shp, labels: 0 }])).toMatchObject({ rows: [{ ...PAIR, scores: [9, 2] }] });
    const webGpt = { question: 'p', answer_0: 'good', answer_1: 'bad', score_0: 0, score_1: 0 };
    expect((await read([webGpt])).refused).toEqual([{ at: 0, why: 'a tie: no side was chosen' }]);
    const ranked = [
      { answer: 'good', rank: 1 },
      { answer: 'bad', rank: 2 },
    ];
    expect(await read([{ prompt: 'p', answers: ranked, num_responses: 2 }])).toMatchObject({
      kind: 'rankings',
      rows: [{ prompt: 'p', completions: ['good', 'bad'], ranks: [1, 2] }],
    });
  });

  it('counts what a system was told and nobody reads', async () => {
    const rows = [{ system: 'Be rude.', ...PAIR }, { system: ' ', ...PAIR }, { system: null, ...PAIR }, PAIR];
    const { notes } = await read(rows);
    expect(notes).toEqual(['What “system” says is left out of 1 row. A message of the role system would be kept.']);
    expect((await read([{ system_prompt: 'Be rude.', question: 'p', chosen: 'a', rejected: 'b' }])).notes).toHaveLength(
      1,
    );
    const asked = { system: 'Be rude.', instruction: 'p', input: '', output: 'good' };
    expect(await read([asked])).toMatchObject({ notes: [], rows: [{ messages: [{ role: 'system' }, user] }] });
  });

  it('a data frame by named rows, and a list for each split: all of them', async () => {
    for (const value of [
      { x: PAIR, y: PAIR },
      { train: [PAIR], test: [PAIR] },
    ])
      expect(await read(value)).toMatchObject({ kind: 'preferences', rows: [PAIR, PAIR] });
  });

  it('ranks that leave no place out behind a tie, of UltraFeedback and of more than two fields', async () => {
    const scored = [3, 7.5, 7.5].map((overall_score, i) => ({ response: `${i}`, overall_score }));
    expect((await read([{ instruction: 'p', completions: scored }])).rows).toEqual([
      { prompt: 'p', completions: ['0', '1', '2'], ranks: [2, 1, 1] },
    ]);
    const order = (...names: string[]) => ({ value: names, status: 'submitted' });
    const record = (...rank: object[]) => ({
      fields: { prompt: 'p', one: '1', two: '2', three: '3' },
      responses: { rank },
    });
    const { rows, refused } = await read([
      record(order('two', 'three', 'one')),
      record(order('two', 'three', 'one'), order('one', 'two', 'three')),
      record(order('two', 'three')),
    ]);
    expect(rows).toEqual([{ prompt: 'p', completions: ['1', '2', '3'], ranks: [3, 1, 2] }]);
    expect(refused.map(({ why }) => why)).toEqual(['annotators disagree', 'the ranking leaves one out']);
  });

  it('an answer that is called good and bad is never held against itself', async () => {
    const rows = (...all: [string, boolean][]) =>
      all.map(([completion, label]) => ({ prompt: 'p', completion, label }));
    const both = await read(rows(['same', true], ['same', false]));
    expect(both).toMatchObject({ rows: [], refused: [{ at: 0 }, { at: 1 }] });
    expect(both.refused[0]!.why).toBe('the same answer to its prompt is called good and bad');
    const changed = await read(rows(['x', true], ['y', true], ['z', false], ['y', false]));
    expect(changed).toMatchObject({
      refused: [],
      rows: [
        { chosen: 'y', rejected: 'z' },
        { chosen: 'x', rejected: 'y' },
      ],
    });
    expect(await read(rows(['x', true], ['x', false], ['z', true]))).toMatchObject({
      rows: [{ chosen: 'z', rejected: 'x' }],
      refused: [{ at: 0 }],
    });
  });

  it('says what a single number of a label, and a column beside the answers, may mean', async () => {
    const labelled = [{ prompt: 'p', response_a: 'x', response_b: 'y', label: 1 }];
    expect((await read(labelled)).notes).toEqual([
      '“label” is 1 in every row: read as “response_a”, the first of two.',
    ]);
    const judged = [{ prompt: 'p', response: 'x', feedback: 'negative' }];
    expect((await read(judged)).notes.join()).toContain('nothing is known of “feedback”');
    const rated = { fields: { prompt: 'p', response_1: 'x', response_2: 'y' }, responses: { quality: [{ value: 2 }] } };
    expect((await read([rated])).refused[0]!.why).toContain('a rating, which names no field');
    const python = `prompt,chosen,rejected\n"[{'role': 'user', 'content': ...}]",a,b\n`;
    expect((await read(python)).refused[0]!.why).toContain('as Python prints them');
  });

  describe('Label Studio’s lists in order', () => {
    const items = ['one', 'two', 'three'].map((body, i) => ({ id: `i${i}`, title: `Item ${i}`, body }));
    const ranker = (...orders: unknown[]) => ({
      data: { prompt: 'p', items },
      annotations: orders.map((order) => ({ result: [{ to_name: 'list', type: 'ranker', value: { ranker: order } }] })),
    });
    it.each([[['i2', 'i0', 'i1']], [{ rank: ['i2', 'i0', 'i1'] }], [{ _: [], best: ['i2', 'i0', 'i1'] }]])(
      '%j is a ranking',
      async (order) => {
        expect(await read([ranker(order, order)])).toMatchObject({
          kind: 'rankings',
          rows: [{ prompt: 'p', completions: ['one', 'two', 'three'], ranks: [2, 3, 1] }],
          refused: [],
        });
      },
    );

    it('that leave one out, differ, stand in buckets or rank nothing are refused in words', async () => {
      const none = { data: { prompt: 'p' }, annotations: ranker(['i0']).annotations };
      const { refused } = await read([
        ranker(['i0', 'i1']),
        ranker(['i0', 'i1', 'i2'], ['i2', 'i1', 'i0']),
        ranker({ good: ['i0', 'i1'], bad: ['i2'] }),
        ranker({}),
        none,
      ]);
      expect(refused.map(({ why }) => why)).toEqual([
        'the ranking leaves i2 out',
        'annotators disagree',
        'the annotation sorts into 2 buckets, and the lab reads one list in order',
        'the annotation is empty',
        'the annotation ranks a list (Ranker), and the task has none',
      ]);
    });
  });

  it.each<[string, unknown]>([
    ['ratings of generations', { instruction: 'p', generations: ['x', 'y', 'z'], ratings: [1, 3, 2] }],
    ['labels of responses', { prompt: 'p', responses: ['x', 'y', 'z'], labels: [0, 2, 1] }],
  ])('%s are rankings', async (_, row) => {
    expect((await read([row])).rows).toEqual([{ prompt: 'p', completions: ['x', 'y', 'z'], ranks: [3, 1, 2] }]);
  });

  it('one good answer beside several bad ones is a ranking; labels of steps are none', async () => {
    expect((await read([{ prompt: 'p', chosen: ['x'], rejected: ['y', 'z'] }])).rows).toEqual([
      { prompt: 'p', completions: ['x', 'y', 'z'], ranks: [1, 2, 2] },
    ]);
    const steps = await read([{ prompt: 'p', completions: ['x', 'y'], labels: [true, false] }]);
    expect(steps.refused[0]!.why).toBe('each completion wants a rank or a score');
  });

  it.each<[string, unknown]>([
    ['a conversation', { conversation: [user, answer('good')], model: 'm' }],
    ['questions and answers in a conversation', { conversation: [{ input: 'p', output: 'good' }] }],
    ['texts in turn', { conversations: ['p', 'good'], source: 'x' }],
    [
      'contents in parts',
      {
        contents: [
          { role: 'user', parts: [{ text: 'p' }] },
          { role: 'model', parts: [{ text: 'good' }] },
        ],
      },
    ],
    ['messages beside a number and a source', { id: 'x', messages: [user, answer('good')], source: 'y' }],
    ['what a system is told beside a question', { system_prompt: 'Be kind.', question: 'p', response: 'good' }],
  ])('%s is a demonstration', async (_, row) => {
    expect(await read([row])).toMatchObject({ kind: 'demonstrations', rows: [{ prompt: 'p', completion: 'good' }] });
  });

  it('an instruction without an answer is a prompt, and a call of a tool is named', async () => {
    expect(await read([{ instruction: 'p', responses: { m: 'x' } }])).toMatchObject({ kind: 'prompts' });
    const call = { role: 'assistant', content: null, tool_calls: [{ function: { name: 'f' } }] };
    const called = await read([{ prompt: [user], chosen: [call], rejected: [answer('bad')] }]);
    expect(called.refused[0]!.why).toBe('chosen has a call of a tool, and the lab reads texts alone');
    const told = await read([{ messages: [user, { role: 'tool', content: 'ok' }, answer('good')] }]);
    expect(told.refused[0]!.why).toMatch(/a message of "tool", and the lab reads those of system, user and assistant$/);
  });

  it.each([
    ['an answer', { response_a: 'x', response_b: 'y', text: 'p', winner: 'a' }],
    ['the label', { winner: 'a', text: 'p', response_a: 'x', response_b: 'y' }],
    ['a number of the row', { id: '17', text: 'p', response_a: 'x', response_b: 'y', winner: 'a' }],
  ])('takes no prompt from %s, though it stands first and the prompt is called by no known name', async (_, row) => {
    expect((await read([row])).rows).toMatchObject([{ prompt: 'p', chosen: 'x', rejected: 'y' }]);
  });

  it('misses a prompt where there are answers and a label alone', async () => {
    const { rows, refused } = await read([{ response_a: 'x', response_b: 'y', winner: 'a' }]);
    expect(rows).toEqual([]);
    expect(refused[0]!.why).toContain('prompt is missing');
  });

  it('says what Python wrote instead of a number', async () => {
    const { refused } = await read('{"prompt": "p", "chosen": "a", "rejected": "b", "margin": NaN}\n{"prompt": "p"}\n');
    expect(refused[0]!.why).toContain('NaN');
  });

  it('names the columns beside prompts of which it knows nothing', async () => {
    expect((await read([{ prompt: 'p', responses: ['a', 'b'], ranking: [2, 1] }])).notes.join()).toContain(
      '“responses”, “ranking”',
    );
    expect((await read([{ prompt: 'p' }])).notes).toEqual([]);
  });
});

describe('a table whose rows have a form of their own', () => {
  const rowsOf = async (value: unknown) => {
    const bytes = new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
    const opened = (await openTable(bytes, 'file'))!;
    const { opinions, demonstrations, refused } = finish(readTable(opened.table, opened.roles, () => 'id'));
    return { roles: opened.roles, opinions: opinions.map(({ one }) => one), demonstrations, refused };
  };

  it('has none of its columns guessed, which would take the answers for something else', async () => {
    const labelled = await rowsOf('prompt,response_a,response_b,label\np,x,y,b\n');
    expect(labelled).toMatchObject({
      opinions: [{ prompt: 'p', completions: ['y', 'x'], ranks: [1, 2] }],
      refused: [],
    });
    expect(labelled.roles.response_a).toBeNull();
    const asked = await rowsOf([{ instruction: 'i', input: 'x', output: 'o' }]);
    expect(asked.demonstrations).toMatchObject([{ one: { prompt: 'i\nx', completion: 'o' } }]);
    const talked = await rowsOf([
      {
        conversations: [
          { from: 'human', value: 'p' },
          { from: 'gpt', value: 'c' },
        ],
        system: '',
        tools: '',
      },
    ]);
    expect(talked.demonstrations).toMatchObject([{ one: { prompt: 'p', completion: 'c' } }]);
  });

  it('is told by its own reasons where nothing of it can be taken', async () => {
    const lines = JSON.stringify({ prompt: [user, answer('hm')], chosen: [answer('a')], rejected: [answer('b')] });
    expect((await rowsOf(lines)).refused[0]!.why).toContain('not the human’s');
  });
});

describe('what a table is unpacked from', () => {
  it('is counted on the way, whatever the file says of itself', () => {
    const unpack = vi.fn((_packed: Uint8Array, size: number) => new Uint8Array(size));
    const { GZIP, ZSTD } = counting({ GZIP: unpack, ZSTD: unpack }, 10);
    GZIP(new Uint8Array(1), 4);
    ZSTD(new Uint8Array(1), 6);
    expect(() => GZIP(new Uint8Array(1), 1)).toThrow(/unpacked it has/);
    expect(unpack).toHaveBeenCalledTimes(2);
  });
});

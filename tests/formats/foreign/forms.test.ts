import { describe, expect, it } from 'vitest';
import { foreignTable } from '../../../src/formats/foreign/file';
import { readForeign } from '../../../src/formats/foreign/read';

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

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
  ])('%s', async (_, value) => {
    expect(await read(value)).toMatchObject({ kind: 'preferences', rows: [PAIR], refused: [] });
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

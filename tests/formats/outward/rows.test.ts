import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import type { Ranking, Vote } from '../../../src/contract/preferences';
import { finish } from '../../../src/contract/steps';
import { readOpinions } from '../../../src/formats/opinions';
import { rowLines } from '../../../src/formats/outward/lines';
import { parquetOf } from '../../../src/formats/outward/parquet';
import {
  demonstrationRows,
  haveMargins,
  type OutPair,
  type OutRow,
  pairCount,
  pairsIn,
  preferenceRows,
  promptRows,
  ROW_FORMS,
  rankingRows,
} from '../../../src/formats/outward/rows';

const PAIR: OutPair = { prompt: 'the owl', chosen: 'is glad .', rejected: ' is sad .', margin: 2 };
const ranked = (ranks: number[], strengths: number[] | null): Ranking => ({
  ...(finish(readOpinions('{"prompt":"p","completions":["one","two","three"],"ranks":[1,2,3]}', () => 'r'))
    .good[0] as Ranking),
  ranks,
  strengths,
});
const readBack = async (rows: readonly OutRow[]) => {
  const file = (await parquetOf(rows)).buffer;
  return { rows: await parquetReadObjects({ file }), schema: parquetSchema(parquetMetadata(file)) };
};

describe('preferences for TRL', () => {
  it('are all comparisons that tell two texts apart, with the strengths between them summed', () => {
    const pairs = pairsIn([ranked([1, 3, 2], [1, 0.5])], 2);
    expect(pairs.map(({ chosen, rejected, margin }) => [chosen, rejected, margin])).toEqual([
      ['one', 'two', 3],
      ['one', 'three', 2],
      ['three', 'two', 1],
    ]);
    expect(pairCount(ranked([1, 3, 2], null))).toBe(3);
    expect(pairsIn([ranked([1, 1, 2], null)], 1)).toHaveLength(pairCount(ranked([1, 1, 2], null)));
  });

  it('leave out ties and hidden repeats', () => {
    const [vote] = finish(readOpinions('{"prompt":"p","chosen":"a","rejected":"b"}', () => 'v')).good as Vote[];
    expect(pairsIn([vote!, { ...vote!, repeatOf: 'v' } as Vote, { ...vote!, ranks: [1, 1] } as Vote], 1)).toHaveLength(
      1,
    );
  });

  it('have a margin in every row or in none', () => {
    const pairs = [PAIR, { ...PAIR, margin: null }];
    expect(haveMargins(pairs)).toBe(false);
    expect(preferenceRows(pairs, 'apart', ' ', haveMargins(pairs)).some((row) => 'margin' in row)).toBe(false);
    expect(preferenceRows([PAIR], 'apart', ' ', true)).toEqual([
      { prompt: 'the owl', chosen: ' is glad .', rejected: ' is sad .', margin: 2 },
    ]);
  });

  it('are joined with a space where the two would grow together, and never in a text of one’s own', () => {
    expect(preferenceRows([PAIR], 'joined', ' ', false)).toEqual([
      { chosen: 'the owl is glad .', rejected: 'the owl is sad .' },
    ]);
    expect(preferenceRows([PAIR], 'joined', '', false)[0]).toMatchObject({ chosen: 'the owlis glad .' });
    expect(preferenceRows([{ ...PAIR, prompt: 'the owl ' }], 'joined', ' ', false)[0]).toMatchObject({
      chosen: 'the owl is glad .',
    });
  });

  it('keep the turns of a conversation', () => {
    const messages = [
      { role: 'system', content: 's' },
      { role: 'user', content: 'u' },
    ];
    expect(preferenceRows([{ ...PAIR, messages }], 'messages', ' ', false)).toEqual([
      {
        prompt: messages,
        chosen: [{ role: 'assistant', content: 'is glad .' }],
        rejected: [{ role: 'assistant', content: 'is sad .' }],
      },
    ]);
  });
});

describe('files of rows', () => {
  it.each(ROW_FORMS)(
    'read back as they were written, in Parquet without a column that may be null: %s',
    async (form) => {
      for (const rows of [
        preferenceRows([PAIR, { ...PAIR, prompt: '', chosen: 'ẞ 🦊\0' }], form, ' ', true),
        demonstrationRows([{ prompt: 'a', completion: 'b' }], form, ' '),
        promptRows([{ prompt: 'a' }, { prompt: 'b' }, { prompt: 'a' }], form),
        rankingRows([
          { prompt: 'a', completions: ['x', 'y', 'z'], ranks: [1, 3, 2] },
          { prompt: 'b', completions: ['x', 'y'], ranks: [1, 1] },
        ]),
      ]) {
        const back = await readBack(rows);
        expect(back.rows).toEqual(rows);
        for (const { element } of back.schema.children) expect(element.repetition_type).toBe('REQUIRED');
        expect(
          rowLines(rows)
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line)),
        ).toEqual(rows);
      }
    },
  );

  it('write whole margins as numbers of the same type as others', async () => {
    const rows = preferenceRows([PAIR, { ...PAIR, margin: 0.5 }], 'apart', ' ', true);
    expect(rowLines(rows)).toContain('"margin":2.0}');
    expect((await readBack([rows[0]!])).schema.children.at(-1)!.element.type).toBe('DOUBLE');
  });

  it('replace half of a surrogate pair, which Arrow refuses with the whole file', async () => {
    const rows = promptRows([{ prompt: 'a\ud800b' }], 'messages');
    expect(rowLines(rows)).toContain('a\ufffdb');
    expect((await readBack(rows)).rows).toEqual([{ prompt: [{ role: 'user', content: 'a\ufffdb' }] }]);
  });

  it('hold a hundred thousand rows', async () => {
    const rows = Array.from({ length: 100_000 }, (_, i) => ({ prompt: `p ${i}`, chosen: `c ${i}`, rejected: 'r' }));
    const back = await readBack(rows);
    expect(back.rows).toHaveLength(rows.length);
    expect(back.rows.at(-1)).toEqual(rows.at(-1));
  });
});

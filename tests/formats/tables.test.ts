import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/contract/limits';
import { type Demonstration, isVote, type Ranking, type Vote } from '../../src/contract/preferences';
import { demonstrationsToJsonl } from '../../src/formats/demonstrations';
import { type SaidVote, voteOf } from '../../src/formats/earlier';
import { DemonstrationSchema, RankingSchema, VoteSchema } from '../../src/formats/opinionSchemas';
import { rankingsToJsonl } from '../../src/formats/rankings';
import { votesToJsonl } from '../../src/formats/votes';
import { parseDemonstrations, parseOpinions } from '../helpers/atOnce';

const ids = () => {
  let next = 0;
  return () => `id${next++}`;
};

const filled = (first: string, most = 40) =>
  fc.string({ unit: 'binary', maxLength: most }).map((text) => `${first}${text}`);
const id = fc.string({ minLength: 1, maxLength: 12 });
const rater = fc.constantFrom(null, { name: 'happy' as const }, { name: 'animal' as const, animal: 'fox' });
const strength = fc.double({ min: 0, max: 100, noNaN: true });
const moment = {
  seconds: fc.double({ min: 0, max: 1e6, noNaN: true }),
  at: fc.nat(),
  policyId: fc.constantFrom('', 'base', '7'),
};
const source = fc.constantFrom('simulated' as const, 'imported' as const);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const present = <T extends object>(one: T): T =>
  Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined)) as T;

const anyVote: fc.Arbitrary<Vote> = fc
  .record({
    voteId: id,
    pairId: id,
    prompt: filled('p'),
    a: filled('a'),
    b: filled('b'),
    choice: fc.constantFrom('a', 'b', 'tie', 'bothBad'),
    source,
    rater,
    swapped: fc.boolean(),
    repeatOf: fc.option(id),
    againstId: optional(id),
    round: optional(fc.integer({ min: 2, max: 9 })),
    strength: optional(strength),
    ...moment,
  })
  .map((one) => voteOf(present(one) as SaidVote));

const anyRanking: fc.Arbitrary<Ranking> = fc
  .record({
    rankingId: id,
    prompt: filled('p'),
    completions: fc.tuple(filled('x'), filled('y'), filled('z')),
    ranked: fc.constantFrom(
      { ranks: [2, 1, 2], strengths: [1.5] },
      { ranks: [3, 1, 2], strengths: null },
      { ranks: [1, 1, 1], strengths: [] },
    ),
    source,
    rater,
    round: optional(fc.integer({ min: 1, max: 9 })),
    ...moment,
  })
  .map(({ ranked, ...one }) => present({ ...one, ...ranked }) as Ranking);

/** rows as one table writes them: every column in every row, whatever the order */
function throughTable(lines: string, empty: null | '', seed: number): string {
  const rows = lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].sort(
    (one, other) => hash(one, seed) - hash(other, seed),
  );
  const cell = (value: unknown) => (value === undefined || value === null ? empty : value);
  return rows
    .map((row) => JSON.stringify(Object.fromEntries(columns.map((column) => [column, cell(row[column])]))))
    .join('\n');
}
const hash = (text: string, seed: number): number =>
  [...text].reduce((sum, one) => (sum * 31 + one.charCodeAt(0) * seed) % 9973, seed);

/** "2" as "2.0", and 1 and 0 for true and false: how a column of floats is written */
const withFloats = (lines: string): string =>
  lines
    .replace(/("(?:round|at|ranks)":\[?)(\d+)(?=[,}\]])/g, '$1$2.0')
    .replace(/"swapped":true/g, '"swapped":1.0')
    .replace(/"swapped":false/g, '"swapped":0.0');

const sorted = (all: readonly object[]) => all.map((one) => Object.fromEntries(Object.entries(one).sort()));

describe('what the lab exported and a table wrote again', () => {
  for (const empty of [null, ''] as const)
    it(`comes back whole with ${JSON.stringify(empty)} for what is absent, in any order, with floats`, () => {
      const votes = fc.uniqueArray(anyVote, { minLength: 1, maxLength: 8, selector: ({ rankingId }) => rankingId });
      const rankings = fc.uniqueArray(anyRanking, {
        maxLength: 5,
        selector: ({ rankingId, prompt }) => rankingId + prompt,
      });
      fc.assert(
        fc.property(votes, rankings, fc.integer({ min: 1, max: 500 }), (some, others, seed) => {
          const file = withFloats(throughTable(votesToJsonl(some) + rankingsToJsonl(others), empty, seed));
          const { good, badLines } = parseOpinions(file, ids());
          expect(badLines).toEqual([]);
          expect(sorted(good.filter(isVote))).toEqual(sorted(some));
          expect(sorted(good.filter((one) => !isVote(one)))).toEqual(sorted(others));
        }),
      );
    });

  it('comes back whole also where it is demonstrations', () => {
    const own: Demonstration[] = [1, 2].map((i) => ({
      demonstrationId: `d${i}`,
      prompt: `p${i}`,
      completion: 'c',
      source: 'grammar',
    }));
    const { good, badLines } = parseDemonstrations(throughTable(demonstrationsToJsonl(own), null, 3), ids());
    expect(badLines).toEqual([]);
    expect(good).toMatchObject(own.map(({ prompt, completion }) => ({ prompt, completion, source: 'imported' })));
  });

  it('may have numbers for ids, and a rater of which nothing is left', () => {
    const row = {
      prompt: 'p',
      completions: ['x', 'y'],
      choice: 'b',
      voteId: 12,
      pairId: 3,
      policyId: 7,
      rater: { name: null, animal: null },
    };
    expect(parseOpinions(JSON.stringify(row), ids()).good).toMatchObject([
      { rankingId: '12', pairId: '3', policyId: '7', rater: null },
    ]);
    const animal = { ...row, rater: { name: 'happy', animal: null } };
    expect(parseOpinions(JSON.stringify(animal), ids()).good[0]?.rater).toEqual({ name: 'happy' });
  });

  it('may have dates in words for moments, in UTC where no zone is said', () => {
    const at = 1_700_000_000_000;
    for (const words of [
      '2023-11-14T22:13:20Z',
      '2023-11-14 22:13:20.000',
      '2023-11-14T22:13:20',
      '2023-11-14T23:13:20+01:00',
    ])
      expect(
        parseOpinions(JSON.stringify({ prompt: 'p', completions: ['x', 'y'], choice: 'b', at: words }), ids()).good[0],
        words,
      ).toMatchObject({ at });
    for (const words of ['2023-13-40T00:00:00Z', 'yesterday', '14.11.2023'])
      expect(
        parseOpinions(JSON.stringify({ prompt: 'p', completions: ['x', 'y'], choice: 'b', at: words }), ids())
          .badLines[0]?.reason,
      ).toBe(words.startsWith('2023') ? '"at" is not usable' : '"at" is a text where a number belongs');
  });

  it('has no room for words where numbers belong', () => {
    const bad = (fields: object) =>
      parseOpinions(JSON.stringify({ prompt: 'p', completions: ['x', 'y'], choice: 'a', ...fields }), ids());
    for (const value of ['NaN', 'null', '1.0', true])
      expect(bad({ strength: value }).badLines[0]?.reason).toBe(
        `"strength" is ${value === true ? 'true' : 'a text'} where a number belongs`,
      );
  });
});

describe('whatever an importer accepts', () => {
  const wild = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      '',
      ' ',
      0,
      1,
      1.0,
      -1,
      'a',
      'tie',
      [],
      ['x', 'y'],
      ['x', 'y', 'z'],
      [1, 2],
      [2, 2, 1],
      {},
      { name: 'happy' },
    ),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(LIMITS.text, LIMITS.text + 1).map((length) => '🌊'.repeat(length)),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.array(fc.string()),
    fc.constant('i'.repeat(LIMITS.id)),
    fc.constant('i'.repeat(LIMITS.id + 1)),
  );
  const likely: Record<string, fc.Arbitrary<unknown>> = {
    prompt: filled('p'),
    chosen: filled('c'),
    rejected: filled('r'),
    completion: filled('d'),
    completions: fc.constantFrom<unknown>(['x', 'y'], ['x', 'y', 'z'], ['x', 'x ']),
    choice: fc.constantFrom('a', 'b', 'tie', 'bothBad'),
    ranks: fc.constantFrom([1, 2], [2, 1], [1, 1, 2], [1, 3]),
  };
  const fields = [
    'margin',
    'strength',
    'strengths',
    'againstId',
    'repeatOf',
    'voteId',
    'pairId',
    'rankingId',
    'policyId',
    'rater',
  ];
  const more = ['round', 'seconds', 'at', 'source', 'swapped'];
  const row = fc.record(
    Object.fromEntries([
      ...Object.entries(likely).map(([name, value]) => [
        name,
        fc.oneof({ weight: 6, arbitrary: value }, { weight: 1, arbitrary: wild }),
      ]),
      ...[...fields, ...more].map((name) => [name, wild]),
    ]),
    { requiredKeys: [] },
  );

  it('the thread accepts, and what it refuses it names', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(row, { maxLength: 4 }), (rows) => {
        const file = rows.map((one) => JSON.stringify(one)).join('\n');
        const opinions = parseOpinions(file, ids());
        for (const one of opinions.good)
          expect(v.is(isVote(one) ? VoteSchema : RankingSchema, one), JSON.stringify(one)).toBe(true);
        const demonstrations = parseDemonstrations(file, ids());
        for (const one of demonstrations.good) expect(v.is(DemonstrationSchema, one)).toBe(true);
        accepted += opinions.good.length + demonstrations.good.length;
        for (const { badLines, good } of [opinions, demonstrations]) {
          expect(good.length + badLines.length).toBe(rows.length);
          for (const { reason } of badLines) expect(reason).not.toMatch(/Invalid|undefined/);
        }
      }),
      { numRuns: 500 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});

describe('the cases that were refused or half read', () => {
  const read = (...rows: object[]) => parseOpinions(rows.map((row) => JSON.stringify(row)).join('\n'), ids());
  const lab = { prompt: 'p', completions: ['x', 'y'], choice: 'a' };

  it('are read: null and blank where nothing is', () => {
    const { good, badLines } = read(
      { ...lab, strength: null, againstId: null, rater: null, repeatOf: null },
      { prompt: 'p', chosen: 'b', rejected: 'c', margin: null },
      { ...lab, prompt: 'q', againstId: '' },
    );
    expect(badLines).toEqual([]);
    for (const vote of good)
      for (const key of ['strength', 'againstId', 'round']) expect(Object.hasOwn(vote, key)).toBe(false);
  });

  it('are refused in words: a choice among three, and a line that says two things', () => {
    const reasons = (...rows: object[]) => read(...rows).badLines.map(({ reason }) => reason);
    expect(reasons({ ...lab, completions: ['x', 'y', 'z'] })).toEqual([
      '"choice" is between 2 completions, and there are 3',
    ]);
    expect(reasons({ ...lab, completions: ['x'] })).toEqual(['"choice" is between 2 completions, and there are 1']);
    expect(reasons({ ...lab, chosen: 'y', rejected: 'x' })).toEqual(['"choice" is "a", and "chosen" says otherwise']);
    expect(reasons({ ...lab, choice: 'tie', chosen: 'x' })).toEqual(['"choice" is "tie", and "chosen" says otherwise']);
    expect(reasons({ ...lab, ranks: [2, 1] })).toEqual(['"ranks" say one thing and "choice" another']);
    expect(read({ ...lab, ranks: [1, 2] }).good).toMatchObject([{ ranks: [1, 2] }]);
    expect(parseOpinions('{"prompt":"p","chosen":"x","rejected":"y","\\u0063hosen":"z"}', ids()).badLines).toEqual([
      { line: 1, reason: '"chosen" stands twice' },
    ]);
  });

  it('are one vote: the same twice in a file or beside one that is here; two where ids, dates or repeats say so', () => {
    const twice = read(lab, { ...lab, completions: ['y', 'x'], choice: 'b' }, { ...lab, choice: 'b' });
    expect(twice.lines).toEqual([1, 3]);
    expect(twice.badLines).toEqual([{ line: 2, reason: 'the same vote as line 1' }]);
    const own = [
      { ...lab, voteId: 'v1' },
      { ...lab, voteId: 'v2' },
      { ...lab, voteId: 'v3', repeatOf: 'v1' },
      { ...lab, at: 9 },
      { ...lab, voteId: 'v2' },
    ];
    expect(read(...own)).toMatchObject({
      lines: [1, 2, 3, 4],
      badLines: [{ line: 5, reason: 'the same vote as line 1' }],
    });
    const votes = read(...own).good.filter(isVote);
    const file = own.map((row) => JSON.stringify(row)).join('\n');
    const again = parseOpinions(file, ids(), { opinions: votes });
    expect(again.good).toEqual([]);
    expect(again.badLines.slice(0, 4).map(({ reason }) => reason)).toEqual(
      new Array(4).fill('the same vote as one that is here'),
    );
    expect(parseOpinions(file, ids(), { opinions: votes.slice(0, 1) }).lines).toEqual([2, 3, 4]);
  });

  it('are all among the cases that were reported', () => {
    const folder = 'tests/fixtures/files';
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.jsonl')))
      expect(parseOpinions(readFileSync(`${folder}/${name}`, 'utf8'), ids()).badLines, name).toEqual([]);
  });
});

describe('lines', () => {
  const good = '{"prompt":"p","chosen":"c","rejected":"r"}';
  const numbered = (i: number) => good.replace('"p"', `"p${i}"`);

  it('may begin with a byte order mark, each of them, and end as on any system', () => {
    const file = `\uFEFF${numbered(1)}\r\n\uFEFF${numbered(2)}\r${numbered(3)}\n\uFEFF\n\uFEFF\uFEFF${numbered(4)}`;
    expect(parseOpinions(file, ids())).toMatchObject({ lines: [1, 2, 3, 5], badLines: [] });
  });

  it('hold separators of lines inside their texts', () => {
    const inside = `one\u2028two\u2029three\u0085four`;
    expect(parseOpinions(`{"prompt":"${inside}","chosen":"c","rejected":"r"}`, ids()).good[0]?.prompt).toBe(inside);
  });

  it('are counted in code points', () => {
    const of = (text: string) => parseOpinions(JSON.stringify({ prompt: text, chosen: 'c', rejected: 'r' }), ids());
    expect(of('🌊'.repeat(20_000)).badLines).toEqual([]);
    expect(of('🌊'.repeat(20_001)).badLines[0]?.reason).toBe('"prompt" is longer than 20,000 characters');
  });

  it('are read no further where all of them are bad', () => {
    const { badLines } = parseOpinions('x\n'.repeat(LIMITS.badLines + 50), ids());
    expect(badLines).toHaveLength(LIMITS.badLines + 1);
    expect(badLines.at(-1)?.reason).toContain('nothing was read from here on');
  });
});

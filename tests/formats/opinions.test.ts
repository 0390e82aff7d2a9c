import { describe, expect, it } from 'vitest';
import type { Demonstration, Ranking } from '../../src/contract/preferences';
import { demonstrationsToJsonl } from '../../src/formats/demonstrations';
import { voteOf } from '../../src/formats/earlier';
import { rankingsToJsonl } from '../../src/formats/rankings';
import { votesToJsonl } from '../../src/formats/votes';
import { parseDemonstrations, parseOpinions } from '../helpers/atOnce';

const ids = () => {
  let next = 0;
  return () => `id${next++}`;
};
const lines = (...objects: unknown[]) =>
  objects.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n');

describe('a file of demonstrations', () => {
  const good = { prompt: 'the fox found a kite .', completion: 'he was glad .' };

  it('is read as TRL writes it, other fields aside', () => {
    const {
      good: demonstrations,
      lines: at,
      badLines,
    } = parseDemonstrations(`\uFEFF${lines(good, '', { ...good, prompt: 'x', more: 1 })}\r\n`, ids());
    expect(badLines).toEqual([]);
    expect(at).toEqual([1, 3]);
    expect(demonstrations).toEqual([
      { demonstrationId: 'id0', ...good, source: 'imported' },
      { demonstrationId: 'id1', ...good, prompt: 'x', source: 'imported' },
    ]);
  });

  it('names every bad line and keeps the good ones', () => {
    const { good: demonstrations, badLines } = parseDemonstrations(
      lines(
        good,
        '{',
        [],
        { prompt: 'x' },
        { ...good, completion: '  ' },
        { prompt: 'x', completion: 7 },
        { ...good, completion: 'he was glad . ' },
        { ...good, completion: 'a'.repeat(20_001) },
      ),
      ids(),
    );
    expect(demonstrations).toHaveLength(1);
    expect(badLines).toEqual([
      { line: 2, reason: 'not JSON: the object does not end in its line' },
      { line: 3, reason: 'not a JSON object' },
      { line: 4, reason: '"completion" is missing' },
      { line: 5, reason: '"completion" is empty' },
      { line: 6, reason: '"completion" is a number where a text belongs' },
      { line: 7, reason: 'the same as line 1' },
      { line: 8, reason: '"completion" is longer than 20,000 characters' },
    ]);
  });

  it('says which ones the page has already', () => {
    const here: Demonstration[] = [{ demonstrationId: 'd', ...good, source: 'human' }];
    expect(parseDemonstrations(lines(good), ids(), here).badLines).toEqual([
      { line: 1, reason: 'the same as one that is here' },
    ]);
  });

  it('comes back as it was written', () => {
    const own: Demonstration[] = [{ demonstrationId: 'd', ...good, source: 'human' }];
    expect(parseDemonstrations(demonstrationsToJsonl(own), ids()).good).toMatchObject([good]);
  });
});

describe('a file of rankings', () => {
  const ranking: Ranking = {
    rankingId: 'r',
    prompt: 'p',
    completions: ['x', 'y', 'z'],
    ranks: [2, 1, 2],
    strengths: [1.5],
    source: 'simulated',
    rater: { name: 'animal', animal: 'fox' },
    policyId: 'base',
    seconds: 4,
    at: 5,
  };

  it('comes back as it was written', () => {
    expect(parseOpinions(rankingsToJsonl([ranking]), ids())).toEqual({ good: [ranking], lines: [1], badLines: [] });
    expect(parseOpinions(rankingsToJsonl([{ ...ranking, source: 'human', rater: null }]), ids()).good[0]?.source).toBe(
      'imported',
    );
  });

  it('may hold preferences and votes too, each read as what it is', () => {
    const vote = voteOf({
      voteId: 'v',
      pairId: 'p1',
      prompt: 'p',
      a: 'x',
      b: 'y',
      choice: 'b',
      source: 'human',
      rater: null,
      swapped: false,
      repeatOf: null,
      policyId: 'base',
      seconds: 2,
      at: 9,
    });
    const text = lines(
      { prompt: 'p', chosen: 'x', rejected: 'y', margin: 2 },
      '',
      votesToJsonl([vote]).trim(),
      rankingsToJsonl([ranking]).trim(),
      { ...ranking, completions: ['x', 'y'], ranks: [2, 1], strengths: null },
    );
    const { good: opinions, lines: at, badLines } = parseOpinions(text, ids());
    expect(badLines).toEqual([]);
    expect(at).toEqual([1, 3, 4, 5]);
    expect(opinions).toMatchObject([
      { completions: ['x', 'y'], ranks: [1, 2], strengths: [2], source: 'imported', rankingId: 'id0' },
      { completions: ['x', 'y'], ranks: [2, 1], policyId: 'base', seconds: 2 },
      ranking,
      { completions: ['x', 'y'], ranks: [2, 1] },
    ]);
  });

  it('says which rankings come twice, however their texts stand, and which are here already', () => {
    const again = { ...ranking, completions: ['z', 'x ', 'y'], ranks: [2, 2, 1], strengths: null };
    const other = { ...ranking, ranks: [1, 2, 2] };
    expect(parseOpinions(lines(ranking, other, again), ids()).badLines).toEqual([
      { line: 3, reason: 'the same ranking as line 1' },
    ]);
    expect(parseOpinions(lines(again, other), ids(), { opinions: [ranking] })).toMatchObject({
      lines: [2],
      badLines: [{ line: 1, reason: 'the same ranking as one that is here' }],
    });
  });

  it('names every bad line', () => {
    const bad = (change: object) => parseOpinions(lines({ ...ranking, ...change }), ids()).badLines[0]?.reason;
    expect(bad({ ranks: [1, 2] })).toBe('2 ranks for 3 completions');
    expect(bad({ ranks: [1, 3, 3], strengths: null })).toBe('"ranks" must count from 1 and leave no place out');
    expect(bad({ ranks: [0, 1, 1] })).toBe('"ranks.0" is 0, and at least 1 belongs there');
    expect(bad({ strengths: [1, 2] })).toBe('"strengths" must be one between every two places');
    expect(bad({ completions: ['x', ' x', 'z'] })).toBe('two completions are the same');
    expect(bad({ completions: ['x', '', 'z'] })).toBe('"completions.1" is empty');
    expect(bad({ completions: ['x'] })).toBe('"completions" is fewer than 2');
    expect(bad({ completions: [...'abcdefghij'] })).toBe('"completions" is more than 9');
    expect(bad({ prompt: undefined })).toBe('"prompt" is missing');
    expect(bad({ completions: undefined })).toBe('"completions" is missing');
    expect(bad({ ranks: undefined })).toBe('"ranks" is missing');
  });
});

describe('a strength of preference', () => {
  it('is TRL’s margin', () => {
    const { good: opinions, badLines } = parseOpinions(
      lines(
        { prompt: 'p', chosen: 'x', rejected: 'y', margin: 1.5 },
        { prompt: 'p', chosen: 'x', rejected: 'y', margin: -1 },
      ),
      ids(),
    );
    expect(opinions).toMatchObject([{ ranks: [1, 2], strengths: [1.5] }]);
    expect(badLines).toEqual([{ line: 2, reason: '"margin" is -1, and at least 0 belongs there' }]);
  });
});

describe('votes of earlier versions', () => {
  it('are read as they are, with and without a strength', () => {
    const plain = {
      prompt: 'p',
      chosen: 'x',
      rejected: 'y',
      choice: 'a',
      completions: ['x', 'y'],
      voteId: 'v',
      pairId: 'p',
    };
    const { good: opinions } = parseOpinions(lines(plain, { ...plain, strength: 2 }), ids());
    expect(opinions).toMatchObject([{ ranks: [1, 2], strengths: null }, { strengths: [2] }]);
    expect(Object.hasOwn(opinions[0]!, 'strength')).toBe(false);
  });
});

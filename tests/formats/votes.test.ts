import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isVote, type Vote } from '../../src/contract/preferences';
import { type SaidVote, voteOf } from '../../src/formats/earlier';
import { votesToJsonl } from '../../src/formats/votes';
import { parseOpinions } from '../helpers/atOnce';
import { plainVote } from '../helpers/plainVote';

const vote = (fields: Partial<SaidVote> = {}): Vote =>
  plainVote(1, { prompt: 'the fox ran .', a: 'it sang .', b: 'it wept all night .', policyId: 'base', ...fields });

describe('votes as JSON Lines', () => {
  const anyVote: fc.Arbitrary<Vote> = fc
    .record({
      voteId: fc.string({ minLength: 1, maxLength: 20 }),
      pairId: fc.string({ minLength: 1, maxLength: 20 }),
      prompt: fc.string().map((text) => `p${text}`),
      a: fc.string().map((text) => `a${text}`),
      b: fc.string().map((text) => `b${text}`),
      choice: fc.constantFrom('a', 'b', 'tie', 'bothBad'),
      source: fc.constantFrom('simulated', 'imported'),
      rater: fc.constantFrom(null, { name: 'happy' as const }, { name: 'animal' as const, animal: 'fox' }),
      swapped: fc.boolean(),
      repeatOf: fc.option(fc.string({ minLength: 1, maxLength: 20 })),
      policyId: fc.string({ maxLength: 20 }),
      seconds: fc.double({ min: 0, max: 1e6, noNaN: true }),
      at: fc.nat(),
    })
    .map((said) => voteOf(said as SaidVote));

  it('comes back whole', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyVote, { maxLength: 20, selector: ({ rankingId }) => rankingId }), (votes) => {
        const read = parseOpinions(votesToJsonl(votes), () => 'never');
        expect(read.badLines).toEqual([]);
        expect(JSON.stringify(read.good.map((one) => Object.entries(one).sort()))).toBe(
          JSON.stringify(votes.map((one) => Object.entries(one).sort())),
        );
      }),
    );
  });

  it('never throws, whatever the file holds', () => {
    fc.assert(fc.property(fc.string(), (text) => Array.isArray(parseOpinions(text, () => 'id').good)));
    fc.assert(
      fc.property(fc.array(fc.json()), (lines) => Array.isArray(parseOpinions(lines.join('\n'), () => 'id').good)),
    );
  });

  it('writes the preference form that TRL reads', () => {
    const line = JSON.parse(votesToJsonl([vote({ choice: 'b' })]));
    expect(line).toMatchObject({ prompt: 'the fox ran .', chosen: 'it wept all night .', rejected: 'it sang .' });
    expect(JSON.parse(votesToJsonl([vote({ choice: 'tie' })]))).not.toHaveProperty('chosen');
  });

  it('reads plain preference pairs of other tools, blank lines, Windows line ends and a byte order mark', () => {
    const { good: opinions, badLines } = parseOpinions(
      '\uFEFF{"prompt":"p","chosen":"c","rejected":"r"}\r\n\r\n',
      () => 'new',
    );
    expect(badLines).toEqual([]);
    expect(opinions).toMatchObject([{ rankingId: 'new', completions: ['c', 'r'], ranks: [1, 2], source: 'imported' }]);
  });

  it('says what is wrong with a line', () => {
    const { badLines } = parseOpinions('[]\n{"prompt":"p","chosen":"c"}\n{', () => 'id');
    expect(badLines).toEqual([
      { line: 1, reason: 'not a JSON object' },
      { line: 2, reason: '"rejected" is missing' },
      { line: 3, reason: 'not JSON: the object does not end in its line' },
    ]);
  });

  it('refuses what nobody can have chosen between: same, empty and endless texts', () => {
    const plain = (fields: object) => JSON.stringify({ prompt: 'p', chosen: 'c', rejected: 'r', ...fields });
    const lab = JSON.stringify({ prompt: 'p', completions: ['c', 'c '], choice: 'tie' });
    const lines = [
      plain({ rejected: 'c' }),
      plain({ chosen: ' ' }),
      plain({ prompt: '' }),
      plain({ rejected: 'x'.repeat(20_001) }),
      lab,
    ];
    const { good: opinions, badLines } = parseOpinions(
      [...lines, plain({ rejected: 'x'.repeat(20_000) })].join('\n'),
      () => 'id',
    );
    expect(opinions.filter(isVote)).toHaveLength(1);
    expect(badLines).toEqual([
      { line: 1, reason: 'both completions are the same' },
      { line: 2, reason: '"chosen" is empty' },
      { line: 3, reason: '"prompt" is empty' },
      { line: 4, reason: '"rejected" is longer than 20,000 characters' },
      { line: 5, reason: 'both completions are the same' },
    ]);
  });
});

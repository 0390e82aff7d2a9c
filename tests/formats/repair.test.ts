import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/contract/limits';
import { repaired } from '../../src/formats/repair';

const vote = {
  voteId: 'v',
  pairId: 'p',
  prompt: 'x',
  a: 'a',
  b: '',
  choice: 'a',
  source: 'human',
  rater: null,
  swapped: false,
  repeatOf: null,
  policyId: '',
  seconds: 1,
  at: 2,
};

describe('stored opinions', () => {
  it('lose the fields in which a table had written nothing, and nothing else', () => {
    expect(
      repaired('votes', [
        { ...vote, againstId: '', strength: null, round: null },
        { ...vote, strength: 2 },
      ]),
    ).toEqual({
      kept: [vote, { ...vote, strength: 2 }],
      unreadable: 0,
      beyond: 0,
    });
  });

  it('that cannot be read are counted', () => {
    expect(repaired('votes', [vote, null, 7, { ...vote, choice: 'c' }, { ...vote, voteId: '' }])).toMatchObject({
      kept: [vote],
      unreadable: 4,
    });
    expect(repaired('demonstrations', [{}, 'x'])).toEqual({ kept: [], unreadable: 2, beyond: 0 });
  });

  it('beyond the limit are left out, the last ones', () => {
    const stored = Array.from({ length: LIMITS.votes + 2 }, (_, i) => ({ ...vote, voteId: `v${i}` }));
    const { kept, beyond } = repaired('votes', stored);
    expect([kept.length, kept.at(-1)?.voteId, beyond]).toEqual([LIMITS.votes, `v${LIMITS.votes - 1}`, 2]);
  });
});

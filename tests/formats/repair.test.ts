import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/contract/limits';
import { repaired } from '../../src/formats/repair';
import { plainVote } from '../helpers/plainVote';

const vote = plainVote(1, { prompt: 'x', a: 'a', b: '' });

describe('stored opinions', () => {
  it('lose the fields in which a table had written nothing, and nothing else', () => {
    expect(
      repaired('votes', [
        { ...vote, againstId: '', round: null },
        { ...vote, strengths: [2] },
      ]),
    ).toEqual({
      kept: [vote, { ...vote, strengths: [2] }],
      unreadable: 0,
      beyond: 0,
    });
  });

  it('that cannot be read are counted', () => {
    expect(repaired('votes', [vote, null, 7, { ...vote, ranks: [2, 2] }, { ...vote, rankingId: '' }])).toMatchObject({
      kept: [vote],
      unreadable: 4,
    });
    expect(repaired('demonstrations', [{}, 'x'])).toEqual({ kept: [], unreadable: 2, beyond: 0 });
  });

  it('beyond the limit are left out, the last ones', () => {
    const stored = Array.from({ length: LIMITS.votes + 2 }, (_, i) => ({ ...vote, rankingId: `v${i}` }));
    const { kept, beyond } = repaired('votes', stored);
    expect([kept.length, kept.at(-1)?.rankingId, beyond]).toEqual([LIMITS.votes, `v${LIMITS.votes - 1}`, 2]);
  });
});

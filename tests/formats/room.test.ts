import { describe, expect, it } from 'vitest';
import { endOf, hasAtMost, LIMITS, startOf } from '../../src/contract/limits';
import { limitSentence, roomFor } from '../../src/formats/room';

describe('the limits', () => {
  it('say nothing while all fits', () => {
    expect(limitSentence('votes', 100_000)).toBeNull();
    expect(roomFor('votes', 100_000)).toBe(100_000);
  });

  it('say how many came, how many are here, and what was taken', () => {
    expect(limitSentence('votes', 100_001)).toBe(
      '100,001 votes came. The lab keeps 100,000: the first 100,000 were taken.',
    );
    expect(limitSentence('demonstrations', 15_000, 15_000)).toBe(
      '15,000 demonstrations came, and 15,000 are here. The lab keeps 20,000: the first 5,000 were taken.',
    );
    expect(limitSentence('rankings', 3, LIMITS.rankings)).toBe(
      '3 rankings came, and 20,000 are here. The lab keeps 20,000: none was taken.',
    );
  });

  it('count code points', () => {
    expect(hasAtMost('🌊🌊', 2)).toBe(true);
    expect(hasAtMost('🌊🌊a', 2)).toBe(false);
    expect(endOf('a🌊🌊', 2)).toBe('🌊🌊');
    expect(endOf('a🌊', 2)).toBe('a🌊');
    expect(startOf('🌊🌊a', 2)).toBe('🌊🌊');
    expect(startOf('a🌊', 2)).toBe('a🌊');
  });
});

import { describe, expect, it } from 'vitest';
import { rememberLast } from '../../src/store/rememberLast';

describe('what is remembered', () => {
  it('is worked out once for the same arguments, and anew for others', () => {
    let worked = 0;
    const sum = rememberLast((list: readonly number[], more: number) => {
      worked++;
      return list.reduce((a, b) => a + b, more);
    });
    const list = [1, 2];
    expect([sum(list, 1), sum(list, 1), sum(list, 1)]).toEqual([4, 4, 4]);
    expect(worked).toBe(1);
    expect(sum(list, 2)).toBe(5);
    expect(sum([1, 2], 2), 'another list with the same numbers').toBe(5);
    expect(worked).toBe(3);
  });

  it('may be nothing', () => {
    let worked = 0;
    const nothing = rememberLast((_: string) => {
      worked++;
      return undefined;
    });
    nothing('a');
    nothing('a');
    expect(worked).toBe(1);
  });
});

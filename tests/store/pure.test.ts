import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Vote } from '../../src/contract/preferences';
import type { SaidVote } from '../../src/formats/earlier';
import { createBatch } from '../../src/store/batch';
import { voteCounts } from '../../src/store/opinions/counts';
import { isRepeatTurn } from '../../src/store/opinions/dealPairs';
import { habits } from '../../src/store/opinions/habits';
import { thin } from '../../src/store/persistence/thin';
import { plainVote } from '../helpers/plainVote';

const vote = (fields: Partial<SaidVote> = {}): Vote =>
  plainVote(1, {
    prompt: 'the fox ran .',
    a: 'it sang .',
    b: 'it wept all night .',
    policyId: 'base',
    seconds: 2,
    ...fields,
  });
const many = (count: number, fields: (i: number) => Partial<SaidVote>): Vote[] =>
  Array.from({ length: count }, (_, i) => vote({ voteId: `v${i}`, ...fields(i) }));

describe('thinning', () => {
  const points = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 2000 });

  it('keeps the first, the last, the lowest and the highest point, in order, within the limit', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 4, max: 300 }), (values, limit) => {
        const line = values.map((value, step) => ({ value, step }));
        const kept = thin(line, limit);
        expect(kept.length).toBeLessThanOrEqual(limit);
        expect(kept[0]).toBe(line[0]);
        expect(kept.at(-1)).toBe(line.at(-1));
        expect(Math.max(...kept.map(({ value }) => value))).toBe(Math.max(...values));
        expect(Math.min(...kept.map(({ value }) => value))).toBe(Math.min(...values));
        expect(kept.map(({ step }) => step)).toEqual([...new Set(kept.map(({ step }) => step))].sort((a, b) => a - b));
      }),
    );
  });

  it('leaves short lines alone', () => {
    const line = [1, 2, 3].map((value, step) => ({ value, step }));
    expect(thin(line, 300)).toEqual(line);
  });
});

describe('counts and habits', () => {
  it('counts human, simulated and imported votes apart, and usable ones without ties and repeats', () => {
    const votes = [
      vote(),
      vote({ choice: 'tie' }),
      vote({ repeatOf: 'v' }),
      vote({ source: 'simulated' }),
      vote({ source: 'imported', choice: 'b' }),
    ];
    expect(voteCounts(votes)).toEqual({ human: 3, simulated: 1, imported: 1, usable: 2 });
  });

  it('says nothing before ten human votes', () => {
    expect(
      habits(
        many(9, () => ({})),
        'word',
      ),
    ).toBeNull();
    expect(habits([...many(9, () => ({})), ...many(20, () => ({ source: 'simulated' }))], 'word')).toBeNull();
    expect(
      habits(
        many(10, () => ({})),
        'word',
      ),
    ).not.toBeNull();
  });

  it('gives the share of left and of longer texts and the time, ties left out of the shares', () => {
    const found = habits(
      [
        ...many(6, () => ({ choice: 'a' })),
        ...many(3, () => ({ choice: 'b' })),
        ...many(3, () => ({ choice: 'tie', seconds: 6 })),
      ],
      'word',
    );
    expect(found?.left).toMatchObject({ share: 6 / 9, count: 9 });
    expect(found?.longer).toMatchObject({ share: 3 / 9, count: 9 });
    expect(found?.secondsPerVote).toBeCloseTo((9 * 2 + 3 * 6) / 12, 12);
  });

  it('compares a repeat with its first answer by text, not by side', () => {
    const first = vote({ voteId: 'first', choice: 'a', swapped: false });
    const same = vote({
      voteId: 'same',
      choice: 'b',
      swapped: true,
      repeatOf: 'first',
      a: 'it wept all night .',
      b: 'it sang .',
    });
    const other = vote({
      voteId: 'other',
      choice: 'a',
      swapped: true,
      repeatOf: 'first',
      a: 'it wept all night .',
      b: 'it sang .',
    });
    const rest = many(8, () => ({}));
    expect(habits([first, same, ...rest], 'word')?.consistency).toMatchObject({ share: 1, count: 1 });
    expect(habits([first, same, other, ...rest], 'word')?.consistency).toMatchObject({ share: 0.5, count: 2 });
    expect(
      habits(
        many(10, () => ({})),
        'word',
      )?.consistency,
    ).toBeNull();
  });

  it('repeats a pair every six to eight turns, whatever the seed', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const turns = Array.from({ length: 60 }, (_, turn) => turn).filter((turn) => isRepeatTurn(seed, turn));
        const gaps = turns.map((turn, i) => turn - (turns[i - 1] ?? -1));
        expect(gaps.every((gap) => gap >= 6 && gap <= 8)).toBe(true);
      }),
    );
  });
});

describe('batching', () => {
  it('commits many changes once per frame, in order', () => {
    const frames: (() => void)[] = [];
    let commits = 0;
    let state: number[] = [];
    const batch = createBatch<number[]>(
      (commit) => frames.push(commit),
      (change) => {
        commits++;
        state = change(state);
      },
    );
    for (let i = 0; i < 50; i++) batch.add((list) => [...list, i]);
    expect([commits, frames.length, state.length]).toEqual([0, 1, 0]);
    frames[0]?.();
    expect([commits, state]).toEqual([1, Array.from({ length: 50 }, (_, i) => i)]);
    batch.add((list) => list.slice(0, 1));
    batch.flush();
    expect([commits, state]).toEqual([2, [0]]);
    frames[1]?.();
    expect(commits).toBe(2);
  });
});

import { describe, expect, it } from 'vitest';
import type { MetricPoint } from '../../src/contract/observations';
import { assessHealth } from '../../src/store/health';
import { SeriesFollower, seriesOf, seriesReader } from '../../src/store/thin';

/** a history that counts how often its points are looked at */
function counted(steps: number) {
  const reads = { count: 0 };
  const history = Array.from(
    { length: steps },
    (_, i): MetricPoint => ({
      step: i + 1,
      elapsedMs: i,
      get values() {
        reads.count++;
        return i % 3 === 0 ? { 'train/loss': i } : {};
      },
    }),
  );
  return { history, reads };
}

describe('a metric that is followed', () => {
  it('is what a fresh reading finds, and looks at new points alone', () => {
    const { history, reads } = counted(1000);
    const follower = new SeriesFollower('train/loss');
    follower.follow(history.slice(0, 990));
    reads.count = 0;
    const series = follower.follow(history);
    expect(reads.count).toBe(10);
    expect(series).toEqual(seriesOf(history, 'train/loss'));
    follower.follow(history);
    expect(reads.count).toBe(10 + history.length); // the comparison above looked at all, the follower at none
  });

  it('begins anew when the run went back', () => {
    const { history } = counted(10);
    const follower = new SeriesFollower('train/loss');
    follower.follow(history);
    const again = [...history.slice(0, 5), { step: 6, elapsedMs: 0, values: { 'train/loss': -1 } }];
    expect(follower.follow(again)).toEqual(seriesOf(again, 'train/loss'));
  });

  it('keeps its list while nothing new was measured, so that nothing is drawn again', () => {
    const { history } = counted(9);
    const read = seriesReader('train/loss');
    const before = read(history.slice(0, 7));
    expect(read(history.slice(0, 9))).toBe(before);
    expect(before.map(({ value }) => value)).toEqual([0, 3, 6]);
    const after = read([...history, { step: 10, elapsedMs: 9, values: { 'train/loss': 9 } }]);
    expect(after).toHaveLength(4);
    expect(before, 'the old list stays as it was').toHaveLength(3);
  });
});

describe('the rules of health', () => {
  it('look at a few points when one arrives, however long the run', () => {
    const { history, reads } = counted(20_000);
    assessHealth({ points: history.slice(0, -1), rewardAccuracy: null, kind: 'pretrain' });
    reads.count = 0;
    assessHealth({ points: history, rewardAccuracy: null, kind: 'pretrain' });
    expect(reads.count).toBeLessThan(200);
  });
});

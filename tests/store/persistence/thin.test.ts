import { describe, expect, it } from 'vitest';
import type { MetricPoint } from '../../../src/contract/observations';
import { assessHealth } from '../../../src/store/health';
import { type SeriesPoint, seriesOf } from '../../../src/store/persistence/thin';

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

/** what a reading that remembers nothing finds */
const fresh = (history: readonly MetricPoint[]): SeriesPoint[] =>
  history.flatMap(({ step, elapsedMs, values: { 'train/loss': value } }) =>
    value === undefined ? [] : [{ step, elapsedMs, value }],
  );

describe('a metric that is read off a growing history', () => {
  it('is what a fresh reading finds, and looks at new points alone', () => {
    const { history, reads } = counted(1000);
    seriesOf(history.slice(0, 990), 'train/loss');
    reads.count = 0;
    const series = seriesOf(history, 'train/loss');
    expect(reads.count).toBe(10);
    expect(series).toEqual(fresh(history));
    reads.count = 0;
    seriesOf(history, 'train/loss');
    expect(reads.count).toBe(0);
  });

  it('begins anew when the run went back', () => {
    const { history } = counted(10);
    seriesOf(history, 'train/loss');
    const again = [...history.slice(0, 5), { step: 6, elapsedMs: 0, values: { 'train/loss': -1 } }];
    expect(seriesOf(again, 'train/loss')).toEqual(fresh(again));
    expect(seriesOf(history, 'train/loss'), 'and again when it is as it was').toEqual(fresh(history));
  });

  it('is that of its own history, longer or shorter than the one that was read last', () => {
    const { history, reads } = counted(20);
    seriesOf(history, 'train/loss');
    reads.count = 0;
    const found = history.map((_, i) => seriesOf(history.slice(0, i), 'train/loss'));
    expect(reads.count, 'a page that lags behind costs no reading').toBe(0);
    expect(found).toEqual(history.map((_, i) => fresh(history.slice(0, i))));
    expect(seriesOf(history, 'train/loss')).toEqual(fresh(history));
  });

  it('keeps its list while nothing new was measured, so that nothing is drawn again', () => {
    const { history } = counted(9);
    const before = seriesOf(history.slice(0, 7), 'train/loss');
    expect(seriesOf(history.slice(0, 9), 'train/loss')).toBe(before);
    expect(before.map(({ value }) => value)).toEqual([0, 3, 6]);
    const after = seriesOf([...history, { step: 10, elapsedMs: 9, values: { 'train/loss': 9 } }], 'train/loss');
    expect(after).toHaveLength(4);
    expect(before, 'the old list stays as it was').toHaveLength(3);
  });

  it('is one list for all who ask, and the points of a longer one are those of the shorter', () => {
    const { history } = counted(9);
    const [one, other] = [seriesOf(history, 'train/loss'), seriesOf(history.slice(), 'train/loss')];
    expect(other).toBe(one);
    const longer = seriesOf([...history, { step: 10, elapsedMs: 9, values: { 'train/loss': 9 } }], 'train/loss');
    expect(longer.slice(0, -1).every((point, i) => point === one[i])).toBe(true);
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

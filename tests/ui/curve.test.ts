import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SeriesPoint } from '../../src/store/persistence/thin';
import { type LineSeries, PLAIN_VIEW } from '../../src/ui/charts/chartTypes';
import { Curve } from '../../src/ui/charts/curve';
import { drawLine } from '../../src/ui/charts/drawLine';
import { type Curves, lineData } from '../../src/ui/charts/lineData';
import { quantiles, Sample } from '../../src/ui/charts/sample';
import { MAX_POINTS, Thinned } from '../../src/ui/charts/thinned';

const values = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 700 });
const points = (all: readonly number[]): SeriesPoint[] =>
  all.map((value, step) => ({ step, elapsedMs: 10 * step, value }));
const line = (all: readonly SeriesPoint[]): LineSeries => ({ id: 'a', label: 'a', tone: 'policy', points: all });

describe('a line that grows at its end', () => {
  it('touches the new points alone, and draws what a fresh one would draw', () => {
    fc.assert(
      fc.property(values, fc.array(fc.nat(700), { maxLength: 5 }), fc.boolean(), (all, cuts, logAxis) => {
        const whole = points(all);
        const view = { smoothing: 0.6, logAxis, xAxis: 'step' as const };
        const grown = new Curve(view);
        let seen = 0;
        for (const cut of [...cuts.map((at) => Math.min(at, all.length)).sort((a, b) => a - b), all.length]) {
          expect(grown.isBegunBy(whole.slice(0, cut), view)).toBe(true);
          expect(grown.follow(whole.slice(0, cut))).toBe(cut - seen);
          seen = cut;
        }
        const fresh = new Curve(view);
        fresh.follow(whole);
        expect(grown.drawn()).toEqual(fresh.drawn());
        const axis = { low: -1, high: 1, ticks: [-1, 1] };
        expect(grown.hidden(axis)).toEqual(fresh.hidden(axis));
      }),
    );
  });

  it('is smoothed by a moving average that is corrected at its start: 1, then (0.6·0.4·1 + 0.4·2) / (1 − 0.36)', () => {
    const smoothed = (values: number[], smoothing: number) => {
      const curve = new Curve({ smoothing, logAxis: false, xAxis: 'step' });
      curve.follow(points(values));
      return curve.drawn().smoothed.map(({ y }) => y);
    };
    const [first, second] = smoothed([1, 2], 0.6);
    expect(first).toBeCloseTo(1, 12);
    expect(second).toBeCloseTo((0.6 * 0.4 * 1 + 0.4 * 2) / (1 - 0.36), 12);
    for (const y of smoothed(Array(20).fill(3), 0.9)) expect(y).toBeCloseTo(3, 12);
  });

  it('begins anew when the run went back, or is looked at otherwise', () => {
    const view = { smoothing: 0, logAxis: false, xAxis: 'step' as const };
    const curve = new Curve(view);
    const all = points([1, 2, 3]);
    curve.follow(all);
    expect(curve.isBegunBy(all.slice(0, 2), view)).toBe(false);
    expect(curve.isBegunBy([...all.slice(0, 2), { step: 2, elapsedMs: 20, value: 9 }], view)).toBe(false);
    expect(curve.isBegunBy(all, { ...view, smoothing: 0.5 })).toBe(false);
    const curves: Curves = new Map();
    lineData([line(all)], PLAIN_VIEW, {}, curves);
    const back = lineData(
      [line([...all.slice(0, 1), { step: 1, elapsedMs: 10, value: 7 }])],
      { ...PLAIN_VIEW, smoothing: 0 },
      {},
      curves,
    );
    expect(back.lines[0]?.raw.map(({ y }) => y)).toEqual([1, 7]);
  });

  it('counts points out of view on from the last time, and again for new limits', () => {
    const curve = new Curve({ smoothing: 0, logAxis: false, xAxis: 'step' });
    const all = points([0, 5, -5, 5, 9]);
    curve.follow(all.slice(0, 3));
    expect(curve.hidden({ low: -1, high: 1, ticks: [] })).toMatchObject({ above: 1, below: 1 });
    curve.follow(all);
    expect(curve.hidden({ low: -1, high: 1, ticks: [] })).toMatchObject({ above: 3, below: 1 });
    expect(curve.hidden({ low: -9, high: 6, ticks: [] })).toMatchObject({ above: 1, below: 0 });
  });
});

describe('thinning on the way', () => {
  it('keeps both ends, the extremes, the order, and at most 300 points', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 2000 }),
        (all) => {
          const thinned = new Thinned();
          all.forEach((y, x) => {
            thinned.add(x, y);
          });
          const kept = thinned.points();
          expect(kept.length).toBeLessThanOrEqual(MAX_POINTS);
          if (all.length < 150) expect(kept.map(({ y }) => y)).toEqual(all);
          expect([kept[0]?.x, kept.at(-1)?.x]).toEqual([0, all.length - 1]);
          expect(kept.every((point, i) => i === 0 || point.x > (kept[i - 1]?.x as number))).toBe(true);
          const drawn = kept.map(({ y }) => y);
          for (const extreme of [all.reduce((a, b) => Math.min(a, b)), all.reduce((a, b) => Math.max(a, b))])
            expect(drawn).toContain(extreme);
        },
      ),
    );
  });

  it('reads the spread of a long line off a sample of bounded size', () => {
    const long = new Sample();
    for (let i = 0; i < 50_000; i++) long.add(i);
    expect(long.weighted().length).toBeLessThanOrEqual(2048);
    const [low, middle, high] = quantiles([long], [0.01, 0.5, 0.99]) as [number, number, number];
    expect([low, middle, high].map((value) => Math.round(value / 500))).toEqual([1, 50, 99]);
    expect(quantiles([new Sample()], [0.5])).toEqual([]);
  });

  it('takes short lines as they are: the hundredth part of 101 values is the second', () => {
    const short = new Sample();
    for (let i = 100; i >= 0; i--) short.add(i);
    expect(quantiles([short], [0.01, 0.99])).toEqual([1, 99]);
  });
});

describe('a line on a canvas', () => {
  const recorded = (all: readonly number[], logAxis = false) => {
    const path: [number, number][] = [];
    const to = (x: number, y: number) => path.push([Math.round(x), Math.round(y)]);
    const context = {
      setLineDash() {},
      beginPath() {},
      stroke() {},
      moveTo: to,
      lineTo: to,
    } as unknown as CanvasRenderingContext2D;
    const frame = { width: 100, height: 50, x: { low: 0, high: 2 }, y: { low: 1, high: 100 }, logAxis };
    drawLine(
      context,
      all.map((y, x) => ({ x, y })),
      frame,
      { color: 'red', width: 1 },
    );
    return path;
  };

  it('goes from the lower left to the upper right as its numbers rise', () => {
    expect(recorded([1, 50.5, 100])).toEqual([
      [0, 50],
      [50, 25],
      [100, 0],
    ]);
  });

  it('has powers of ten at equal distances on a log axis', () => {
    expect(recorded([1, 10, 100], true).map(([, y]) => y)).toEqual([50, 25, 0]);
  });

  it('is a dot for a single number', () => {
    expect(recorded([1])).toEqual([
      [0, 50],
      [0, 50],
    ]);
  });

  it('stays in reach of a canvas however far out of view', () => {
    for (const [x, y] of recorded([1.7e308, -1.7e308])) expect(Math.abs(x) + Math.abs(y)).toBeLessThan(1e4);
  });
});

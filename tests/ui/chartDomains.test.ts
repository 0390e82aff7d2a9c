import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seriesOf, thin } from '../../src/store/persistence/thin';
import { binsOf } from '../../src/ui/charts/bins';
import { type LineSeries, PLAIN_VIEW } from '../../src/ui/charts/chartTypes';
import { drawCells } from '../../src/ui/charts/drawHeatmap';
import { pixelOf } from '../../src/ui/charts/drawLine';
import { readRow } from '../../src/ui/charts/Heatmap';
import { histogramSummary } from '../../src/ui/charts/Histogram';
import { cellAt, heatmapLayout, moveCell } from '../../src/ui/charts/heatmapLayout';
import { hiddenWords } from '../../src/ui/charts/hiddenWords';
import { lineData, pointAt } from '../../src/ui/charts/lineData';
import { sparkPoints } from '../../src/ui/charts/Sparkline';
import { type Axis, extentOf, innerTicks, linearAxis, logAxis, niceStep, tickFormat } from '../../src/ui/charts/scales';
import { MAX_POINTS } from '../../src/ui/charts/thinned';
import { fittedName, namePlaces, trailAxes } from '../../src/ui/charts/trailLayout';

/** what no curve should be and some day is */
const ODD = [
  0,
  -0,
  1,
  -1,
  5e-324,
  -5e-324,
  1e-310,
  1e-300,
  1e300,
  1.7e308,
  -1.7e308,
  Number.MAX_VALUE,
  Number.NaN,
  Infinity,
  -Infinity,
];
const number = fc.oneof(fc.constantFrom(...ODD), fc.double(), fc.double({ min: -10, max: 10 }));
const domain = fc.oneof(
  fc.tuple(number, number),
  number.map((value) => [value, value] as [number, number]),
  fc
    .tuple(fc.double({ min: -1e15, max: 1e15 }), fc.double({ min: 0, max: 1e-9 }))
    .map(([at, width]) => [at, at + width] as [number, number]),
);
const values = fc.oneof(
  fc.constant<number[]>([]),
  fc.array(number, { maxLength: 60 }),
  number.map((value) => [value]),
  fc.tuple(number, fc.integer({ min: 2, max: 40 })).map(([value, count]) => new Array<number>(count).fill(value)),
  fc.array(fc.double({ max: 0, noNaN: true }), { maxLength: 40 }),
  fc
    .tuple(number, fc.array(fc.double({ min: 0, max: 1e-9 }), { maxLength: 20 }))
    .map(([at, widths]) => widths.map((width) => at + width)),
);
const view = fc.record({
  smoothing: fc.constantFrom(0, 0.6, 0.99),
  logAxis: fc.boolean(),
  xAxis: fc.constantFrom('step' as const, 'time' as const),
});

const isIncreasing = (ticks: readonly number[]): boolean =>
  ticks.every((tick, i) => i === 0 || tick > (ticks[i - 1] as number));

function expectAxis({ low, high, ticks }: Axis, most: number): void {
  expect([low, high, ...ticks].every(Number.isFinite)).toBe(true);
  expect(high).toBeGreaterThan(low);
  expect(isIncreasing(ticks)).toBe(true);
  expect(ticks.length).toBeGreaterThanOrEqual(2);
  expect(ticks.length).toBeLessThanOrEqual(most);
  expect(ticks[0]).toBeGreaterThanOrEqual(low);
  expect(ticks.at(-1)).toBeLessThanOrEqual(high);
}

const points = (all: readonly number[]) => all.map((value, step) => ({ step, elapsedMs: 100 * step, value }));
const line = (all: readonly number[]): LineSeries => ({ id: 'a', label: 'a', tone: 'policy', points: points(all) });

describe('for every domain', () => {
  it('a linear axis has finite limits that increase, and few ticks', () => {
    fc.assert(
      fc.property(domain, ([low, high]) => expectAxis(linearAxis(low, high), 12)),
      { numRuns: 1000, examples: [[[0, 1.0000000000000002e-300]], [[0, 4e-300]]] },
    );
  });

  it('a log axis has positive limits that increase, and few ticks', () => {
    fc.assert(
      fc.property(domain, ([low, high]) => {
        const axis = logAxis(low, high);
        expectAxis(axis, 15);
        expect(axis.low).toBeGreaterThan(0);
      }),
      { numRuns: 1000 },
    );
  });

  it('both hold the values that they were made for, up to the largest that can be drawn', () => {
    const ordinary = fc.tuple(
      fc.double({ min: 1e-200, max: 1e200, noNaN: true }),
      fc.double({ min: 1e-200, max: 1e200, noNaN: true }),
    );
    fc.assert(
      fc.property(ordinary, ([one, other]) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        for (const axis of [linearAxis(low, high), logAxis(low, high)]) {
          expect(axis.low).toBeLessThanOrEqual(low * (1 + 1e-6));
          expect(axis.high).toBeGreaterThanOrEqual(high * (1 - 1e-6));
        }
      }),
    );
  });

  it('the ticks of a run lie inside it', () => {
    fc.assert(
      fc.property(domain, fc.integer({ min: -1, max: 10 }), ([low, high], count) => {
        const ticks = innerTicks(low, high, count);
        expect(ticks.every(Number.isFinite) && isIncreasing(ticks)).toBe(true);
        expect(ticks.length).toBeGreaterThanOrEqual(1);
        expect(ticks.length).toBeLessThanOrEqual(15);
        if (Math.abs(low) < 1e300 && high > low)
          for (const tick of ticks) expect(tick >= low && tick <= high).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('ticks are written short, and a step is a positive number', () => {
    fc.assert(
      fc.property(domain, number, ([low, high], rough) => {
        for (const ticks of [linearAxis(low, high).ticks, logAxis(low, high).ticks, innerTicks(low, high)])
          for (const text of ticks.map(tickFormat(ticks))) expect(text.length, text).toBeLessThanOrEqual(12);
        expect(tickFormat([low, high])(rough).length).toBeGreaterThan(0);
        expect(niceStep(rough)).toBeGreaterThan(0);
      }),
      { numRuns: 1000 },
    );
  });

  it('says far ticks as they are: 2.5e−5 is not 3e−5', () => {
    const ticks = [0, 2.5e-5, 5e-5];
    expect(ticks.map(tickFormat(ticks)).slice(1)).toEqual(['2.5e−5', '5.0e−5']);
    expect([1e-5, 1e5].map(tickFormat([1e-5, 1e5]))).toEqual(['1e−5', '1e5']);
  });
});

describe('for every curve', () => {
  it('a line chart has a view, draws what lies near it, and counts every point that it does not show', () => {
    fc.assert(
      fc.property(fc.array(values, { maxLength: 3 }), view, (curves, how) => {
        const series = curves.map((curve, i) => ({ ...line(curve), id: `${i}` }));
        const { lines, x, y, hidden } = lineData(series, { ...PLAIN_VIEW, ...how });
        expectAxis(y, 15);
        expect(x.every(Number.isFinite) && x[1] > x[0]).toBe(true);
        const frame = { width: 300, height: 100, x: { low: x[0], high: x[1] }, y, logAxis: how.logAxis };
        for (const { raw, smoothed } of lines) {
          expect(isIncreasing(raw.map((point) => point.x)) && isIncreasing(smoothed.map((point) => point.x))).toBe(
            true,
          );
          for (const pixel of [...raw, ...smoothed].flatMap((point) => pixelOf(point, frame)))
            expect(Math.abs(pixel)).toBeLessThan(1e5);
        }
        const all = series.flatMap((one) => one.points.map(({ value }) => value));
        const inView = all.filter((value) => value >= y.low && value <= y.high).length;
        expect(Object.values(hidden).reduce((sum, count) => sum + count, 0)).toBe(all.length - inView);
        if (how.logAxis) expect(hidden.notPositive).toBe(all.filter((value) => value <= 0).length);
      }),
      { numRuns: 500 },
    );
  });

  it('levels, fixed limits and lengths of any kind leave the axes sound', () => {
    fc.assert(
      fc.property(values, view, values, domain, number, (curve, how, levels, range, totalSteps) => {
        const { x, y } = lineData([line(curve)], { ...PLAIN_VIEW, ...how }, { levels, range, totalSteps });
        expectAxis(y, 15);
        expect(x.every(Number.isFinite) && x[1] > x[0]).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('a trail has both axes', () => {
    const reward = fc.option(number);
    const trail = fc.array(fc.record({ step: fc.nat(), kl: number, proxy: reward, gold: reward }), { maxLength: 20 });
    fc.assert(
      fc.property(trail, (all) => {
        const { x, y } = trailAxes(all);
        expectAxis(x, 14);
        expectAxis(y, 14);
        expect(namePlaces(all.map(({ kl, proxy }) => ({ x: kl, y: proxy ?? 0 })))).toHaveLength(all.length);
      }),
    );
  });

  it('a name beside the end of a trail stays on the chart, or keeps eight letters', () => {
    const width = 60;
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(name, fc.double({ min: 0, max: 1, noNaN: true }), (label, x) => {
        const [side] = namePlaces([{ x, y: 0, name: label.length / width }]);
        const letters = [...fittedName(label, side!, x, width)].length;
        const room = side === 'left' ? x : 1 - x;
        expect(letters <= room * width || letters <= 9, `${letters} ${side} of ${x}`).toBe(true);
        if (label.length <= (x > 0.5 ? x : 1 - x) * width - 1 && x <= 0.75)
          expect(fittedName(label, side!, x, width)).toBe(label);
      }),
    );
    for (const side of ['left', 'right', 'top', 'bottom'] as const)
      expect([...fittedName('x'.repeat(80), side, Number.NaN, width)]).toHaveLength(9);
  });

  it('a histogram counts what is above 0 where the values are few', () => {
    expect(histogramSummary([1, -1, 2])).toContain('2 of 3 above 0.');
    expect(histogramSummary(Array.from({ length: 20 }, (_, i) => i - 9.5))).toContain('50 % above 0.');
  });

  it('a histogram loses no finite value, and a sparkline stays in its drawing', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: -3, max: 2000 }), fc.option(domain), (all, count, range) => {
        const bins = binsOf(all, count);
        const finite = all.filter(Number.isFinite).length;
        expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(finite);
        expect(bins.length).toBeLessThanOrEqual(510);
        expect(bins.every(({ from, to }) => Number.isFinite(from) && to > from)).toBe(true);
        expect(histogramSummary(all)).not.toMatch(/NaN/);
        const corners = sparkPoints(all, range ?? undefined);
        expect(corners.length).toBeLessThanOrEqual(64);
        for (const [x, y] of corners) expect(x >= 0 && x <= 48 && y >= 0 && y <= 14).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('thinning keeps ends and bounds', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 4, max: 30 }), (all, limit) => {
        const kept = thin(points(all), limit);
        expect(kept.length).toBeLessThanOrEqual(Math.max(limit, Math.min(all.length, limit)));
        expect(kept[0]).toEqual(points(all)[0]);
        expect(kept.at(-1)).toEqual(points(all).at(-1));
        expect(seriesOf([], 'train/loss')).toEqual([]);
        expect(pointAt(points(all), Number.NaN)).toBeNull();
      }),
    );
  });

  it('a history of 300,000 points is drawn', () => {
    const long = Array.from({ length: 300_000 }, (_, i) => Math.sin(i / 1000));
    const data = lineData([line(long)], PLAIN_VIEW);
    expect(data.lines[0]?.smoothed.length).toBeLessThanOrEqual(MAX_POINTS);
    expect(extentOf(long)?.map(Math.round)).toEqual([-1, 1]);
    expect(sparkPoints(long).length).toBeLessThanOrEqual(64);
    const trail = trailAxes(long.map((kl, step) => ({ step, kl, proxy: kl, gold: null })));
    expect(trail.x.ticks.length).toBeLessThanOrEqual(14);
    expect(binsOf(long).reduce((sum, bin) => sum + bin.count, 0)).toBe(long.length);
  });
});

describe('for every heatmap', () => {
  it('cells have a size, and the cursor stays in the matrix', () => {
    const sizes = fc.tuple(
      fc.constantFrom(0, 1, 300, 1e6),
      fc.constantFrom(0, 1, 300, 1e6),
      fc.integer({ min: 0, max: 600 }),
    );
    const key = fc.constantFrom('ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'x');
    fc.assert(
      fc.property(
        sizes,
        fc.constantFrom(0, 5, 400),
        key,
        fc.boolean(),
        number,
        ([width, height, count], label, pressed, causal, at) => {
          const layout = heatmapLayout(width, height, count, label, 15);
          expect(Object.values(layout).every(Number.isFinite)).toBe(true);
          const cell = cellAt(layout, at, at, causal);
          if (cell) expect(cell.row >= 0 && cell.row < count && cell.column >= 0 && cell.column < count).toBe(true);
          const moved = moveCell({ row: 0, column: 0 }, pressed, count, causal);
          if (count === 0) expect(moved).toBeNull();
          else if (moved)
            expect(moved.row >= 0 && moved.row < count && moved.column >= 0 && moved.column < count).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('a weight that is no number is drawn as nothing, and read', () => {
    const alphas: number[] = [];
    const context = {
      set globalAlpha(alpha: number) {
        alphas.push(alpha);
      },
      fillRect() {},
    } as unknown as CanvasRenderingContext2D;
    drawCells(context, heatmapLayout(20, 20, 2, 0, 15), {
      weights: [Number.NaN, 9, -1, 0.5],
      causal: false,
      tone: 'policy',
    });
    expect(alphas).toEqual([0, 1, 0, 0.5, 1]);
    expect(readRow(['a', 'b'], [Number.NaN, 1, 0, 1], { row: 1, column: 0 })).toContain('itself 100 %');
  });
});

describe('what a chart does not show', () => {
  const none = { above: 0, below: 0, notPositive: 0, notNumbers: 0 };

  it('is said in one phrase with the noun once', () => {
    expect(hiddenWords(none)).toBe('');
    expect(hiddenWords({ ...none, above: 1 })).toBe('1 point above the view');
    expect(hiddenWords({ ...none, above: 2, below: 1 })).toBe('2 points above, 1 below the view');
    expect(hiddenWords({ ...none, notPositive: 12 })).toBe('12 points at or below 0, where a log axis has no place');
    expect(hiddenWords({ above: 11, below: 0, notPositive: 3, notNumbers: 1 })).toBe(
      '11 points above the view; 3 at or below 0, where a log axis has no place; 1 not a number',
    );
  });
});

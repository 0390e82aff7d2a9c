import { describe, expect, it } from 'vitest';
import type { SeriesPoint } from '../../src/store/persistence/thin';
import { binsOf } from '../../src/ui/charts/bins';
import { type LineSeries, PLAIN_VIEW } from '../../src/ui/charts/chartTypes';
import { readRow } from '../../src/ui/charts/Heatmap';
import { cellAt, heatmapLayout, moveCell } from '../../src/ui/charts/heatmapLayout';
import { drawLines } from '../../src/ui/charts/LineCanvas';
import { lineData, measuredUpTo, pointAt } from '../../src/ui/charts/lineData';
import { innerTicks, linearAxis, logAxis, stepTicks, tickFormat } from '../../src/ui/charts/scales';
import { MAX_POINTS } from '../../src/ui/charts/thinned';

const points = (values: readonly number[]): SeriesPoint[] =>
  values.map((value, step) => ({ step, elapsedMs: 100 * step, value }));
const line = (values: readonly number[], more: Partial<LineSeries> = {}): LineSeries => ({
  id: 'a',
  label: 'a',
  tone: 'policy',
  points: points(values),
  ...more,
});
const drawn = (data: ReturnType<typeof lineData>, which: 'raw' | 'smoothed') =>
  (data.lines[0]?.[which] ?? []).map(({ y }) => y);

describe('smoothing', () => {
  it('starts at the first value instead of near zero', () => {
    const data = lineData([line([4, 4, 4])], { ...PLAIN_VIEW, smoothing: 0.9 });
    for (const value of drawn(data, 'smoothed')) expect(value).toBeCloseTo(4, 12);
  });

  it('weighs by hand: with 0.5 the second of 0, 3 is 2', () => {
    // (0·0.25 + 3·0.5) / (0.25 + 0.5) = 2
    const data = lineData([line([0, 3])], { ...PLAIN_VIEW, smoothing: 0.5 });
    expect(drawn(data, 'smoothed')[1]).toBeCloseTo(2, 12);
    expect(drawn(data, 'raw')[1]).toBe(3);
  });

  it('averages logarithms on a log axis: halfway between 1 and 100 is 10', () => {
    // weights 1/3 and 2/3 of the corrected average: exp((ln 1 + 2 ln 1000) / 3) = 100
    const data = lineData([line([1, 1000])], { ...PLAIN_VIEW, smoothing: 0.5, logAxis: true });
    expect(drawn(data, 'smoothed')[1]).toBeCloseTo(100, 8);
  });

  it('leaves evaluations as they were measured', () => {
    const data = lineData([line([1, 5, 1], { raw: true })], { ...PLAIN_VIEW, smoothing: 0.9 });
    expect(drawn(data, 'smoothed')).toEqual([1, 5, 1]);
  });

  it('leaves out what a log axis cannot show, and counts it apart from what is out of view', () => {
    const data = lineData([line([0, -1, 2])], { ...PLAIN_VIEW, smoothing: 0, logAxis: true });
    expect(drawn(data, 'raw')).toEqual([2]);
    expect(data.hidden).toEqual({ above: 0, below: 0, notPositive: 2, notNumbers: 0 });
    expect(lineData([line([0, -1, 2])], PLAIN_VIEW).hidden.notPositive, 'a linear axis shows them').toBe(0);
  });
});

describe('thinning and the view', () => {
  it('draws at most 300 points a line and keeps the spike', () => {
    const values = Array.from({ length: 5000 }, (_, step) => (step === 2345 ? 50 : Math.sin(step / 100)));
    const data = lineData([line(values)], { ...PLAIN_VIEW, smoothing: 0 });
    expect(drawn(data, 'smoothed').length).toBeLessThanOrEqual(MAX_POINTS);
    expect(Math.max(...drawn(data, 'smoothed'))).toBe(50);
  });

  it('counts the points that lie above the view', () => {
    const values = Array.from({ length: 400 }, (_, step) => (step === 200 ? 1000 : 1 + (step % 2) / 10));
    const data = lineData([line(values)], { ...PLAIN_VIEW, smoothing: 0.99 });
    expect(data.y.high).toBeLessThan(1000);
    expect(data.hidden.above).toBe(1);
    expect(data.hidden.below).toBe(0);
  });

  it('holds the whole run on the step axis before the run is over', () => {
    expect(lineData([line([1, 2])], PLAIN_VIEW, { totalSteps: 500 }).x).toEqual([0, 500]);
  });

  it('measures the time axis in seconds', () => {
    const data = lineData([line([1, 2, 3])], { ...PLAIN_VIEW, xAxis: 'time' });
    expect(data.lines[0]?.raw.map(({ x }) => x)).toEqual([0, 0.1, 0.2]);
  });

  it('has limits even with nothing to draw', () => {
    const data = lineData([line([])], PLAIN_VIEW);
    expect(data.y.high).toBeGreaterThan(data.y.low);
    expect(data.lines).toEqual([{ id: 'a', raw: [], smoothed: [] }]);
  });

  it('reads the last measured point at or before a step', () => {
    const sparse = points([1, 2, 3]).map((point) => ({ ...point, step: point.step * 10 }));
    expect(pointAt(sparse, 19)?.value).toBe(2);
    expect(pointAt(sparse, 20)?.value).toBe(3);
    expect(pointAt(sparse, -1)).toBeNull();
  });

  it('tells a measurement in one row of a table and leaves the rows empty before which nothing was measured', () => {
    const sparse = [
      { step: 1, elapsedMs: 0, value: 5.55 },
      { step: 20, elapsedMs: 0, value: 4 },
    ];
    const rows = [0, 2, 4, 18, 20, 22];
    expect(rows.map((step, row) => measuredUpTo(sparse, step, rows[row - 1])?.value ?? null)).toEqual([
      null,
      5.55,
      null,
      null,
      4,
      null,
    ]);
  });

  it('draws what rests on a few cases as points apart, with no line between them', () => {
    const calls: string[] = [];
    const context = new Proxy({} as CanvasRenderingContext2D, {
      get:
        (_, name) =>
        (...args: unknown[]) =>
          calls.push(`${String(name)}(${args.length})`),
      set: () => true,
    });
    const few = line([3, 1, 2], { raw: true, dots: true });
    drawLines(context, { width: 100, height: 100 }, lineData([few], PLAIN_VIEW), [few], false);
    expect(calls.filter((call) => call.startsWith('arc'))).toHaveLength(3);
    expect(calls.filter((call) => call.startsWith('lineTo'))).toEqual([]);
  });
});

describe('axes', () => {
  it('end at round numbers around the data', () => {
    expect(linearAxis(0.3, 5.5)).toEqual({ low: 0, high: 6, ticks: [0, 2, 4, 6] });
  });

  it('give a single value room on both sides', () => {
    const { low, high } = linearAxis(2, 2);
    expect(low).toBeLessThan(2);
    expect(high).toBeGreaterThan(2);
  });

  it('give values that differ by rounding alone the room of a single value', () => {
    const { low, high, ticks } = linearAxis(0.218844294548, 0.218844294548 + 3e-17);
    expect(high - low).toBeGreaterThan(0.1);
    expect(new Set(ticks).size).toBe(ticks.length);
    expect(new Set(linearAxis(1e-3, 1e-3 * (1 + 1e-13)).ticks).size).toBeGreaterThan(1);
  });

  it('put a tick at the end of a run where that is round', () => {
    expect(innerTicks(0, 500)).toEqual([0, 100, 200, 300, 400, 500]);
    expect(innerTicks(0, 40).at(-1)).toBe(40);
    expect(innerTicks(0, 1000)).toEqual([0, 250, 500, 750, 1000]);
  });

  it('have as many steps as can be read side by side', () => {
    expect(stepTicks(500, 400, 7)).toEqual([0, 100, 200, 300, 400, 500]);
    expect(stepTicks(10_000, 130, 7)).toEqual([0, 5000, 10_000]); // "0 5k 10k"
    expect(stepTicks(3, 130, 7)).toEqual([0, 1, 2, 3]);
    expect(stepTicks(40, 50, 7), 'its two ends, where no more has room').toEqual([0, 40]);
    expect(stepTicks(10_000, 10, 7)).toEqual([0]);
    expect(tickFormat([0])(0)).toBe('0');
  });

  it('cover a log range with powers of ten', () => {
    const { low, high, ticks } = logAxis(0.03, 4);
    expect(low).toBeLessThanOrEqual(0.03);
    expect(high).toBeGreaterThanOrEqual(4);
    expect(ticks).toContain(0.1);
    expect(ticks).toContain(1);
  });

  it('write all ticks with the same decimals', () => {
    expect([0, 0.25, 0.5].map(tickFormat([0, 0.25, 0.5]))).toEqual(['0.00', '0.25', '0.50']);
    expect([0, 250, 1000].map(tickFormat([0, 250, 500, 750, 1000]))).toEqual(['0', '250', '1,000']);
    expect(tickFormat([-1, 0, 1])(-1)).toBe('−1');
    expect([0, 25_000, 150_000].map(tickFormat([0, 25_000, 150_000]))).toEqual(['0', '25k', '150k']);
  });
});

describe('histogram', () => {
  it('loses no value and lets no bar mix signs', () => {
    const values = [-2.5, -0.1, 0, 0.1, 1, 3];
    const bins = binsOf(values, 10);
    expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(values.length);
    for (const { from, to } of bins) expect(from < -1e-9 && to > 1e-9).toBe(false);
  });

  it('is empty without values and ignores what is not finite', () => {
    expect(binsOf([])).toEqual([]);
    expect(binsOf([Number.NaN, 1]).reduce((sum, bin) => sum + bin.count, 0)).toBe(1);
  });
});

describe('heatmap', () => {
  it('finds the cell under the pointer and nothing in the masked future', () => {
    const layout = heatmapLayout(100, 100, 10, 0, 15);
    expect(cellAt(layout, 15, 35, true)).toEqual({ row: 3, column: 1 });
    expect(cellAt(layout, 35, 15, true)).toBeNull();
    expect(cellAt(layout, 35, 15, false)).toEqual({ row: 1, column: 3 });
    expect(cellAt(layout, 200, 15, false)).toBeNull();
  });

  it('keeps the arrow keys inside the matrix and below the diagonal', () => {
    expect(moveCell({ row: 2, column: 2 }, 'ArrowRight', 5, true)).toEqual({ row: 2, column: 2 });
    expect(moveCell({ row: 2, column: 2 }, 'ArrowUp', 5, true)).toEqual({ row: 1, column: 1 });
    expect(moveCell({ row: 4, column: 0 }, 'ArrowDown', 5, true)).toEqual({ row: 4, column: 0 });
    expect(moveCell({ row: 2, column: 0 }, 'End', 5, true)).toEqual({ row: 2, column: 2 });
    expect(moveCell({ row: 2, column: 2 }, 'x', 5, true)).toBeNull();
  });

  it('reads a row in words, strongest first, the cell under the cursor always named', () => {
    const tokens = ['the', 'fox', 'was', 'glad'];
    const weights = [1, 0, 0, 0, 0.5, 0.5, 0, 0, 0.2, 0.3, 0.5, 0, 0.05, 0.33, 0.41, 0.21];
    expect(readRow(tokens, weights, { row: 3, column: 2 })).toBe(
      '“glad” looks at “was” 41 %, “fox” 33 %, itself 21 %.',
    );
    expect(readRow(tokens, weights, { row: 3, column: 0 })).toContain('“the” 5 %');
  });
});

import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { pixelOf } from '../../src/ui/charts/drawLine';
import { plotArea, tickCharacter, tickHeight } from '../../src/ui/charts/plotFrame';
import { clearestSide, type Pixel, type Side } from '../../src/ui/charts/plotLabels';
import { trailLabels } from '../../src/ui/charts/trailLabels';
import { type TrailPoint, trailAxes } from '../../src/ui/charts/trailLayout';

const PLOT = { width: 400, height: 200 };
const TEXT = { width: 120, height: 12 };
const ALL: readonly Side[] = ['top', 'bottom', 'right', 'left'];

beforeAll(() => {
  document.documentElement.style.fontSize = '15px';
});

describe('a name in a plot', () => {
  it('stands on the side where no curve runs', () => {
    const point: Pixel = [200, 100];
    const above: Pixel[] = [
      [0, 85],
      [400, 85],
    ];
    const below: Pixel[] = [
      [0, 115],
      [400, 115],
    ];
    const through: Pixel[] = [
      [0, 100],
      [180, 100],
    ];
    expect(clearestSide(point, TEXT, [], PLOT, ALL)).toBe('top');
    expect(clearestSide(point, TEXT, [above], PLOT, ALL)).toBe('bottom');
    expect(clearestSide(point, TEXT, [above, below], PLOT, ALL)).toBe('right');
    expect(clearestSide(point, TEXT, [above, below], PLOT, ['top', 'left', 'right'])).toBe('left');
    expect(clearestSide(point, TEXT, [above, below, through], PLOT, ['top', 'left', 'right'])).toBe('right');
  });

  it('is rather crossed than cut off', () => {
    const line: Pixel[] = [
      [0, 120],
      [400, 120],
    ];
    expect(clearestSide([200, 4], TEXT, [line], PLOT, ALL)).toBe('bottom');
    expect(clearestSide([4, 100], TEXT, [], PLOT, ALL)).toBe('right');
    expect(clearestSide([396, 100], TEXT, [], PLOT, ALL)).toBe('left');
  });

  it('has a place among any curves', () => {
    const pixel = fc.tuple(fc.double(), fc.double()) as fc.Arbitrary<Pixel>;
    fc.assert(
      fc.property(pixel, fc.array(fc.array(pixel)), (point, lines) => {
        expect(ALL).toContain(clearestSide(point, TEXT, lines, PLOT, ALL));
      }),
    );
  });
});

describe('the peak of gold', () => {
  /** gold climbs and falls, the score goes on above it */
  const points: TrailPoint[] = Array.from({ length: 21 }, (_, i) => ({
    step: i,
    kl: i / 2,
    proxy: 1 + i / 8,
    gold: 1 - ((i - 10) / 10) ** 2,
  }));

  it('is named where neither curve crosses its name', () => {
    const size = { width: 600, height: 300 };
    const top = points[10]!;
    const peak = { kl: top.kl, value: top.gold as number, label: 'gold peaked here · iteration 10' };
    const label = trailLabels({ ...trailAxes(points), size, points, others: [], peak, marks: [] }).at(-1)!;
    expect(label.text).toBe(peak.label);
    expect(label.anchor).toBe('middle');
    const half = { across: (label.text.length * tickCharacter()) / 2, up: tickHeight() / 2 };
    const frame = { ...plotArea(size), ...trailAxes(points), logAxis: false };
    const under = points.flatMap(({ kl, proxy, gold }) =>
      [proxy, gold].map((value) => pixelOf({ x: kl, y: value as number }, frame)),
    );
    const [x, y] = label.at;
    expect(under.filter(([left, top]) => Math.abs(left - x) < half.across && Math.abs(top - y) < half.up)).toEqual([]);
  });
});

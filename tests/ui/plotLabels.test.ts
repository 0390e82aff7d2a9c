import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { pixelOf } from '../../src/ui/charts/drawLine';
import { plotArea, tickCharacter, tickHeight } from '../../src/ui/charts/plotFrame';
import { boxOf, clearestSide, type Pixel, type Side } from '../../src/ui/charts/plotLabels';
import { trailLabels } from '../../src/ui/charts/trailLabels';
import { type OtherTrail, type TrailPoint, trailAxes } from '../../src/ui/charts/trailLayout';
import type { Size } from '../../src/ui/charts/useSize';

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
    expect(clearestSide([4, 100], TEXT, [], PLOT, ['left', 'right'])).toBe('right');
    expect(clearestSide([396, 100], TEXT, [], PLOT, ['right', 'left'])).toBe('left');
  });

  it('keeps inside the plot above and below a point at its edge', () => {
    for (const x of [0, 4, 200, 396, 400])
      for (const side of ['top', 'bottom'] as const)
        expect(boxOf([x, 100], side, TEXT, PLOT)).toMatchObject({ left: Math.min(Math.max(x - 60, 0), 280) });
  });

  it('lies neither over another name nor over the numbers of an axis where there is another side', () => {
    const name = { ...boxOf([4, 100], 'right', TEXT, PLOT), isName: true } as const;
    expect(clearestSide([4, 100], TEXT, [], PLOT, ['left', 'right', 'bottom'], [name])).toBe('bottom');
    const right = { ...boxOf([4, 190], 'right', TEXT, PLOT), isName: true } as const;
    expect(clearestSide([4, 190], TEXT, [], PLOT, ['bottom', 'right', 'left', 'top'], [right])).toBe('top');
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

describe('names at the ends of trails', () => {
  const trail = (id: string, ends: readonly [kl: number, proxy: number, gold: number]): OtherTrail => ({
    id,
    label: id,
    points: [
      { step: 0, kl: 0, proxy: 0, gold: 0 },
      { step: 1, kl: ends[0], proxy: ends[1], gold: ends[2] },
    ],
  });
  /** the ends of others that names lie over */
  const hidden = (size: Size, others: readonly OtherTrail[]): string[] => {
    const axes = trailAxes(others.flatMap((other) => other.points));
    const frame = { ...plotArea(size), ...axes, logAxis: false };
    const ends = others.flatMap(({ id, points }) =>
      (['proxy', 'gold'] as const).map((side) => ({
        id: `${id} ${side}`,
        at: pixelOf({ x: points[1]!.kl, y: points[1]![side]! }, frame),
      })),
    );
    const names = trailLabels({ ...axes, size, points: [], others, peak: null, marks: [] });
    return names.flatMap(({ text, at: [x, y], anchor }) => {
      const width = text.length * tickCharacter();
      const left = { start: x, middle: x - width / 2, end: x - width }[anchor];
      return ends
        .filter(({ id }) => !id.startsWith(text))
        .filter(
          ({ at: [across, down] }) => across > left && across < left + width && Math.abs(down - y) < tickHeight() / 2,
        )
        .map(({ id }) => `${text} over ${id}`);
    });
  };

  it('hide no end of another trail where there is a side that hides none', () => {
    const size = { width: 320, height: 220 };
    expect(hidden(size, [trail('PPO 1', [4, 1.2, 0.9]), trail('DPO', [4.6, 1.18, 0.4])])).toEqual([]);
    expect(hidden(size, [trail('PPO 1', [4, 1.2, 1]), trail('PPO 2', [4.4, 1.2, 0.6])])).toEqual([]);
    expect(hidden(size, [trail('best of 16', [1.8, 1.1, 1]), trail('PPO 1', [2.6, 1.12, 1])])).toEqual([]);
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

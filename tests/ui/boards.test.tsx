import fc from 'fast-check';
import type { ReactNode } from 'react';
import { describe, expect, it } from 'vitest';
import type { ArenaBoard, BoardRow } from '../../src/contract/arena';
import { type HeatmapView, heatmapLayout, WHOLE } from '../../src/ui/charts/heatmapLayout';
import { dragged, revealing, zoomed } from '../../src/ui/charts/heatmapView';
import { quantiles, Sample } from '../../src/ui/charts/sample';
import { MAX_POINTS, Thinned } from '../../src/ui/charts/thinned';
import { trailLabels } from '../../src/ui/charts/trailLabels';
import { trailAxes } from '../../src/ui/charts/trailLayout';
import { BoardTable } from '../../src/ui/panels/Arena/BoardTable';
import { Tastes } from '../../src/ui/panels/Class/Tastes';
import { Signed } from '../../src/ui/panels/Inspect/arithmetic/StepRow';
import { IntervalBar } from '../../src/ui/primitives/IntervalBar';
import { expectSound } from './soundDrawing';

const ODD = [0, -0, 1, 5e-324, 1e-30, 1e30, -1e30, 1e300, -1.7e308, Number.NaN, Infinity, -Infinity];
const odd = fc.oneof(fc.constantFrom(...ODD), fc.double(), fc.double({ min: -10, max: 10 }));
const some = (length: number) => fc.array(odd, { minLength: length, maxLength: length });

const holds = (drawing: (values: readonly number[]) => ReactNode, length = 12) =>
  fc.assert(
    fc.property(some(length), (values) => expectSound(drawing(values))),
    { numRuns: 60, examples: ODD.map((value) => [new Array(length).fill(value)]) },
  );

describe('a board of any ratings', () => {
  const boardOf = (values: readonly number[]): ArenaBoard => {
    const at = (i: number) => values[i % values.length] as number;
    const rows = [0, 1, 2].map(
      (i): BoardRow => ({
        ...{ standing: i === 2 ? ('islands' as BoardRow['standing']) : 'rated', island: 0, best: 1, worst: 2 },
        ...{ rating: at(i), low: at(i + 3), high: at(i + 6), elo: at(i + 9), eloLow: at(i), eloHigh: at(i + 1) },
        ...{ duels: 3, won: 1, lost: 1, tied: 1 },
      }),
    );
    return { rows } as unknown as ArenaBoard;
  };

  it('has few ticks, and no wrong coordinate', () =>
    holds((values) => <BoardTable board={boardOf(values)} order={[0, 1]} name={(model) => `m${model}`} />));
});

describe('bars to either side of zero', () => {
  it('of a weight with its interval have a place and a length', () =>
    holds(([weight = 0, low = 0, high = 0, reach = 1]) => (
      <IntervalBar weight={{ weight, low, high }} reach={Math.abs(reach)} />
    )));

  it('of a number among others have a length', () =>
    holds(([value = 0, most = 1]) => <Signed value={value} most={most} />));

  it('of a class are drawn whatever was fitted', () =>
    holds((values) => {
      const weights = (['endingMood', 'length', 'politeWords'] as const).map((attribute, i) => ({
        ...{
          attribute,
          label: attribute,
          weight: values[i]!,
          low: values[i + 1]!,
          high: values[i + 2]!,
          vetoed: false,
        },
      }));
      const counted = [{ number: 1, votes: [] }] as never;
      return <Tastes counted={counted} tastes={[weights]} camps={null} hidden={false} size={1} />;
    }));
});

describe('a heatmap that is moved', () => {
  it('by any hand and key keeps a view with a place', () => {
    const rooms = fc.constantFrom([0, 0], [1, 4000], [300, 300], [1e6, 10]);
    const pixels = fc.double({ min: -1e5, max: 1e5, noNaN: true });
    const act = fc.tuple(fc.constantFrom('in', 'out', 'drag', 'show'), pixels, pixels);
    fc.assert(
      fc.property(
        rooms,
        fc.integer({ min: 0, max: 200 }),
        fc.array(act, { maxLength: 12 }),
        ([wide, high], count, acts) => {
          let view: HeatmapView = WHOLE;
          for (const [how, one, other] of acts) {
            const layout = heatmapLayout(wide!, high!, count, 20, 15, view);
            expect(Object.values(layout).every(Number.isFinite)).toBe(true);
            const cell = { row: Math.max(0, count - 1), column: 0 };
            view =
              how === 'drag'
                ? dragged(view, layout, one, other)
                : how === 'show'
                  ? revealing(view, layout, cell)
                  : zoomed(view, layout, how as 'in' | 'out', cell, 15);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('of a long line', () => {
  it('so much is kept as fits, the extremes among it, whatever the values', () => {
    fc.assert(
      fc.property(fc.array(odd, { maxLength: 900 }), (values) => {
        const line = new Thinned();
        const sample = new Sample();
        const finite = values.filter(Number.isFinite);
        for (const [x, y] of finite.entries()) {
          line.add(x, y);
          sample.add(y);
        }
        const points = line.points();
        expect(points.length).toBeLessThanOrEqual(MAX_POINTS);
        if (finite.length === 0) {
          expect([points, quantiles([sample], [0.5])]).toEqual([[], []]);
          return;
        }
        expect(Math.min(...points.map(({ y }) => y))).toBe(Math.min(...finite));
        expect(Math.max(...points.map(({ y }) => y))).toBe(Math.max(...finite));
        const [least, middle, most] = quantiles([sample], [0, 0.5, 1]) as [number, number, number];
        expect(least <= middle && middle <= most).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

describe('names on a trail', () => {
  it('have a place whatever was measured', () => {
    const point = fc.record({ step: fc.nat(), kl: odd, proxy: fc.option(odd), gold: fc.option(odd) });
    const trail = fc.array(point, { maxLength: 8 });
    fc.assert(
      fc.property(trail, trail, odd, fc.constantFrom(0, 1, 400), (points, others, value, width) => {
        const { x, y } = trailAxes([...points, ...others]);
        const labels = trailLabels({
          ...{
            size: { width, height: 200 },
            x,
            y,
            points,
            others: [{ id: 'o', label: 'other', points: others }] as never,
          },
          peak: { kl: value, value, label: 'gold turned' },
          marks: [{ kl: value, value: 0, label: 'β 0.1' }],
        });
        for (const label of labels)
          for (const part of Object.values(label))
            if (typeof part === 'number') expect(Number.isFinite(part)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

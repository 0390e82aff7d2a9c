import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { WORD_KINDS } from '../../src/contract/inside';
import { type Box, dotBox } from '../../src/ui/charts/plotLabels';
import { drawWords } from '../../src/ui/panels/Inspect/wordMap/drawWords';
import { lookOf, shapePath } from '../../src/ui/panels/Inspect/wordMap/looks';
import { placeNames } from '../../src/ui/panels/Inspect/wordMap/mapNames';
import {
  draggedMap,
  frameOf,
  pinchedMap,
  pixelOf,
  revealedMap,
  WHOLE_MAP,
  zoomedMap,
} from '../../src/ui/panels/Inspect/wordMap/mapView';
import { matching } from '../../src/ui/panels/Inspect/wordMap/Neighbours';

const SIZE = { width: 400, height: 300 };
const AT = [-2, -1, 2, 1, 0, 0.5, 1, -0.5];
const frame = frameOf(AT, SIZE);
type Pixel = readonly [number, number];
const all = (view = WHOLE_MAP, size = SIZE, at = AT): Pixel[] =>
  Array.from({ length: at.length / 2 }, (_, i) => pixelOf(frameOf(at, size), view, size, [at[2 * i]!, at[2 * i + 1]!]));

describe('the view of the map', () => {
  it('shows all at first, as wide as high: one unit is as long in both directions', () => {
    for (const size of [SIZE, { width: 300, height: 700 }]) {
      const pixels = all(WHOLE_MAP, size);
      for (const [x, y] of pixels) {
        expect(x).toBeGreaterThanOrEqual(0);
        expect(x).toBeLessThanOrEqual(size.width);
        expect(y).toBeGreaterThanOrEqual(0);
        expect(y).toBeLessThanOrEqual(size.height);
      }
      const [[x0, y0], [x1, y1]] = pixels as [Pixel, Pixel];
      expect((x1 - x0) / 4).toBeCloseTo((y0 - y1) / 2, 9);
    }
  });

  it('keeps what is under the pointer where it is, and comes back to the whole', () => {
    const view = zoomedMap(zoomedMap(WHOLE_MAP, frame, 1.5), frame, 1.5);
    const around: Pixel = [30, -20];
    const closer = zoomedMap(view, frame, 1.5, around);
    const unit = (zoom: number) => 1 / (frame.scale * zoom);
    expect(view.x + around[0] * unit(view.zoom)).toBeCloseTo(closer.x + around[0] * unit(closer.zoom), 9);
    expect(view.y - around[1] * unit(view.zoom)).toBeCloseTo(closer.y - around[1] * unit(closer.zoom), 9);
    expect(zoomedMap(zoomedMap(zoomedMap(closer, frame, 1 / 1.5), frame, 1 / 1.5), frame, 1 / 1.5)).toEqual(WHOLE_MAP);
    expect(zoomedMap(WHOLE_MAP, frame, 1 / 1.5)).toEqual(WHOLE_MAP);
    expect(zoomedMap(WHOLE_MAP, frame, 1e9).zoom).toBeLessThan(100);
  });

  it('moves as far as the hand does, never beyond the map, and not at all while all of it shows', () => {
    const view = zoomedMap(WHOLE_MAP, frame, 4);
    const moved = draggedMap(view, frame, 10, -5);
    const [[x0, y0]] = all(view) as [Pixel];
    const [[x1, y1]] = all(moved) as [Pixel];
    expect([x1 - x0, y1 - y0]).toEqual([expect.closeTo(10, 9), expect.closeTo(-5, 9)]);
    const far = draggedMap(view, frame, 1e6, 1e6);
    expect(Math.abs(far.x)).toBeLessThanOrEqual(2);
    expect(draggedMap(WHOLE_MAP, frame, 50, 50)).toEqual(WHOLE_MAP);
  });

  it('goes with two fingers: what was under each stays there', () => {
    const view = zoomedMap(WHOLE_MAP, frame, 4);
    const from: [Pixel, Pixel] = [
      [150, 120],
      [250, 180],
    ];
    const to: [Pixel, Pixel] = [
      [130, 120],
      [280, 210],
    ];
    const pinched = pinchedMap(view, frame, SIZE, from, to);
    const unit = frame.scale * view.zoom;
    from.forEach(([x, y], i) => {
      const held: Pixel = [
        frame.middle[0] + view.x + (x - SIZE.width / 2) / unit,
        frame.middle[1] + view.y - (y - SIZE.height / 2) / unit,
      ];
      const [u, v] = pixelOf(frame, pinched, SIZE, held);
      expect(u).toBeCloseTo(to[i]![0], 9);
      expect(v).toBeCloseTo(to[i]![1], 9);
    });
    expect(pinchedMap(view, frame, SIZE, to, [to[0], to[0]])).toEqual(WHOLE_MAP);
  });

  it('brings a word into sight, and stays where it is in sight already', () => {
    const view = draggedMap(zoomedMap(WHOLE_MAP, frame, 8), frame, 1e6, 0);
    const shown = revealedMap(view, frame, SIZE, [2, 1]);
    const [x, y] = pixelOf(frame, shown, SIZE, [2, 1]);
    expect(x >= 0 && x <= SIZE.width && y >= 0 && y <= SIZE.height).toBe(true);
    expect(revealedMap(shown, frame, SIZE, [2, 1])).toBe(shown);
  });

  it('bears one word, or all in one place', () => {
    for (const at of [[], [3, 3], [1, 1, 1, 1]])
      for (const pixel of all(WHOLE_MAP, SIZE, at)) expect(pixel).toEqual([200, 150]);
  });
});

describe('names on the map', () => {
  const textSize = (name: string, bold: boolean) => ({ width: (bold ? 9 : 7) * name.length, height: bold ? 20 : 16 });
  const overlap = (a: Box, b: Box) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const crowd = Array.from({ length: 160 }, (_, i) => ({
    word: `word${i}`,
    name: `word${i}`,
    at: [40 + ((i * 37) % 320), 30 + ((i * 53) % 240)] as Pixel,
  }));

  it('lie over no dot and over no other name, inside the map, the asked ones among them in bold', () => {
    const asked = ['word3', 'word77'];
    const names = placeNames(crowd, asked, SIZE, textSize);
    expect(names.length).toBeGreaterThan(5);
    names.forEach(({ box }, i) => {
      for (const { at } of crowd) expect(overlap(box, dotBox(at, 5))).toBe(false);
      for (const other of names.slice(i + 1)) expect(overlap(box, other.box)).toBe(false);
      expect(box.left >= 0 && box.right <= SIZE.width && box.top >= 0 && box.bottom <= SIZE.height).toBe(true);
    });
    expect(names.filter(({ bold }) => bold).map(({ name }) => name)).toEqual(
      asked.filter((name) => names.some((one) => one.name === name)),
    );
  });

  it('are more where there is more room, and none of what is out of sight', () => {
    const wide = crowd.map(({ name, word, at: [x, y] }) => ({ name, word, at: [4 * x, 4 * y] as Pixel }));
    const room = { width: 1600, height: 1200 };
    expect(placeNames(wide, [], room, textSize).length).toBeGreaterThan(placeNames(crowd, [], SIZE, textSize).length);
    expect(placeNames([{ word: 'gone', name: 'gone', at: [-5, 10] }], ['gone'], SIZE, textSize)).toEqual([]);
  });
});

describe('the map of any numbers', () => {
  const odd = fc.oneof(fc.constantFrom(0, 5e-324, 1e300, -1e300, Number.NaN, Infinity, -Infinity), fc.double());
  const far = fc.integer({ min: -10_000, max: 10_000 });
  const textSize = (name: string) => ({ width: 7 * name.length, height: 14 });
  const size = fc.constantFrom(SIZE, { width: 0, height: 0 }, { width: 1, height: 4000 });

  it('has a frame and views without a wrong coordinate, and a place for every word that has one', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(odd, odd), { maxLength: 6 }), size, far, (points, room, pixels) => {
        const frame = frameOf(Float32Array.from(points.flat()), room);
        const { middle, half, scale } = frame;
        expect([...middle, ...half, scale].every(Number.isFinite) && scale > 0).toBe(true);
        const views = [
          WHOLE_MAP,
          zoomedMap(WHOLE_MAP, frame, 1.5),
          draggedMap(zoomedMap(WHOLE_MAP, frame, 8), frame, pixels, 1),
        ];
        for (const view of views) expect(Object.values(view).every(Number.isFinite)).toBe(true);
        for (const [u, v] of points.map(([u, v]): Pixel => [Math.fround(u), Math.fround(v)]))
          if (Number.isFinite(u) && Number.isFinite(v))
            expect(pixelOf(frame, WHOLE_MAP, room, [u, v]).every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('names what has a place, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(odd, odd), { maxLength: 20 }), (points) => {
        const dots = points.map((at, i) => ({ word: `w${i}`, name: `w${i}`, at: at as Pixel }));
        const { width, height } = SIZE;
        for (const { name, box } of placeNames(dots, ['w0', 'w1'], SIZE, textSize)) {
          const [x, y] = dots.find((dot) => dot.name === name)!.at;
          expect(x >= 0 && x <= width && y >= 0 && y <= height).toBe(true);
          expect(
            Object.values(box)
              .filter((value) => typeof value === 'number')
              .every(Number.isFinite),
          ).toBe(true);
        }
      }),
    );
  });
});

describe('finding a word', () => {
  it('takes the word itself first, then what begins so, then what contains it', () => {
    expect(matching(['unkind', 'kindly', 'kind', 'lamp'], ' Kind ', 5)).toEqual(['kind', 'kindly', 'unkind']);
    expect(matching(['kind'], '  ', 5)).toEqual([]);
    expect(matching(['kind'], 'zebra', 5)).toEqual([]);
  });
});

describe('the drawing of the map', () => {
  /** a canvas that writes down what is drawn on it */
  function recorder() {
    const written: { text: string; bold: boolean }[] = [];
    const counted = { fill: 0, arc: 0 };
    const count = (name: keyof typeof counted) => () => {
      counted[name] += 1;
    };
    const context = {
      font: '',
      fillText: (text: string) => written.push({ text, bold: context.font.startsWith('700') }),
      measureText: (text: string) => ({ width: 7 * text.length }),
      fill: count('fill'),
      arc: count('arc'),
      ...Object.fromEntries(
        ['save', 'restore', 'translate', 'beginPath', 'moveTo', 'lineTo', 'stroke', 'strokeText'].map((name) => [
          name,
          () => {},
        ]),
      ),
    };
    return { context: context as unknown as CanvasRenderingContext2D, written, counted };
  }

  it('has a shape for each word, a ring around the chosen one, and names, the asked ones bold', () => {
    vi.stubGlobal('Path2D', class {});
    const kinds = [...WORD_KINDS, null];
    const dots = kinds.map((kind, i) => ({
      word: `w${i}`,
      name: `name${i}`,
      at: [40 + 80 * (i % 4), 60 + 120 * Math.floor(i / 4)] as Pixel,
      look: lookOf(kind),
    }));
    const { context, written, counted } = recorder();
    const arrows = [{ from: dots[0]!.at, to: dots[5]!.at, bold: true }];
    drawWords(context, SIZE, { dots, arrows, asked: ['w2'], chosen: 'w3' });
    expect(counted).toMatchObject({ fill: kinds.length - 1, arc: 1 });
    expect(written[0]).toEqual({ text: 'name2', bold: true });
    expect(written.map(({ text }) => text).sort()).toEqual(dots.map(({ name }) => name));
    vi.unstubAllGlobals();
  });

  it('tells kinds apart by their shapes alone', () => {
    const paths = [...WORD_KINDS, null].map((kind) => lookOf(kind).shape);
    expect(new Set(paths).size).toBe(paths.length);
    for (const shape of paths) expect(shapePath(shape, 4)).toMatch(/^M[-\d. a-z]+z$/);
  });
});

/** Points of a scaling measurement as a table and as a picture, for the README beside them. */
import type { Axis, LongRun, Point } from './scaling';

const gflops = ({ flops, ms }: Point): number => flops / ms / 1e6;
const axesOf = (points: readonly Point[]): Axis[] => [...new Set(points.map(({ axis }) => axis))];

/** Markdown */
export function scalingTable(points: readonly Point[]): string {
  const rows = points.map((point) => {
    const { axis, size, flops, ms, bytes } = point;
    return `| ${axis} ${size} | ${(flops / 1e9).toFixed(2)} | ${ms.toFixed(1)} ms | ${gflops(point).toFixed(0)} | ${(bytes / 1e6).toFixed(1)} MB |`;
  });
  return ['| S with | GFLOP a step | step | GFLOP/s | memory |', '|---|---|---|---|---|', ...rows].join('\n');
}

export const longRunWords = ({ steps, firstMs, lastMs, bytes, tensors }: LongRun): string =>
  `${steps} steps: ${firstMs.toFixed(2)} ms at first, ${lastMs.toFixed(2)} ms in the end, ${bytes} bytes and ${tensors} tensors gained`;

const [WIDTH, HEIGHT] = [720, 340];
const FRAME = { left: 56, right: 130, top: 28, bottom: 44 };
/** distinct to colour-blind eyes (Okabe and Ito 2008) */
const COLOURS: Record<Axis, string> = {
  layers: '#0072b2',
  width: '#d55e00',
  batch: '#009e73',
  context: '#cc79a7',
  vocabulary: '#e69f00',
  threads: '#56b4e9',
};

interface Scale {
  /** powers of ten that are drawn */
  ticks: number[];
  at(value: number): number;
}

function logScale(values: readonly number[], from: number, to: number): Scale {
  const [low, high] = [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))];
  return {
    ticks: Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)),
    at: (value) => from + ((Math.log10(value) - low) / Math.max(1, high - low)) * (to - from),
  };
}

interface Panel {
  title: string;
  left: number;
  width: number;
  points: readonly Point[];
  y(point: Point): number;
  unit(value: number): string;
}

const text = (x: number, y: number, words: string, rest = ''): string =>
  `<text x="${x.toFixed(0)}" y="${y.toFixed(0)}" ${rest}>${words}</text>`;

function panel({ title, left, width, points, y, unit }: Panel): string[] {
  const [top, bottom] = [FRAME.top, HEIGHT - FRAME.bottom];
  const across = logScale(
    points.map(({ flops }) => flops / 1e9),
    left,
    left + width,
  );
  const up = logScale(points.map(y), bottom, top);
  const place = (point: Point): [number, number] => [across.at(point.flops / 1e9), up.at(y(point))];
  const lines = axesOf(points).flatMap((axis) => {
    const list = points.filter((point) => point.axis === axis);
    const path = list.map((point) =>
      place(point)
        .map((x) => x.toFixed(1))
        .join(','),
    );
    const dots = list.map((point) => {
      const [x, height] = place(point);
      return `<circle cx="${x.toFixed(1)}" cy="${height.toFixed(1)}" r="3" fill="${COLOURS[axis]}"><title>${axis} ${point.size}</title></circle>`;
    });
    return [`<polyline points="${path.join(' ')}" fill="none" stroke="${COLOURS[axis]}"/>`, ...dots];
  });
  return [
    text(left, top - 12, title),
    ...up.ticks.map((tick) => text(left - 6, up.at(tick) + 4, unit(tick), 'text-anchor="end"')),
    ...up.ticks.map((tick) => `<path d="M${left} ${up.at(tick).toFixed(1)}h${width}" stroke="#8884"/>`),
    ...across.ticks.map((tick) => text(across.at(tick), bottom + 18, `${tick}`, 'text-anchor="middle"')),
    text(left + width / 2, bottom + 36, 'GFLOP a step', 'text-anchor="middle"'),
    ...lines,
  ];
}

/**
 * SVG: time and memory over arithmetic, both axes logarithmic, a line for each number that is changed; that of the
 * threads goes straight down, and changes no memory worth a line
 */
export function scalingPicture(points: readonly Point[]): string {
  const width = (WIDTH - FRAME.right - 2 * FRAME.left) / 2;
  const alone = points.filter(({ axis }) => axis !== 'threads');
  const legend = axesOf(points).map((axis, i) =>
    text(WIDTH - FRAME.right + 24, FRAME.top + 18 * (i + 1), axis, `fill="${COLOURS[axis]}"`),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="#777">`,
    '<title>Time and memory of a training step over its arithmetic</title>',
    ...panel({
      title: 'milliseconds of a step',
      left: FRAME.left,
      width,
      points,
      y: ({ ms }) => ms,
      unit: (ms) => `${ms}`,
    }),
    ...panel({
      title: 'megabytes while it trains',
      left: 2 * FRAME.left + width,
      width,
      points: alone,
      y: ({ bytes }) => bytes / 1e6,
      unit: (mb) => `${mb}`,
    }),
    ...legend,
    '</svg>',
    '',
  ].join('\n');
}

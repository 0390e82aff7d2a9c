/** Curves of two implementations laid over each other, a panel for each number, a line for each seed. */
import { type Curve, type Curves, type Method, PANELS, type Pair } from './curves';

const [PANEL, GAP] = [
  { width: 230, height: 150 },
  { x: 62, y: 58 },
];
const ACROSS = 3;
const TOP = 40;
/** apart to colour-blind eyes (Okabe and Ito 2008); the other is dashed as well, so that the lab is seen through it */
const STYLE = {
  lab: 'stroke="#0072b2" stroke-width="2.4" opacity="0.55"',
  other: 'stroke="#d55e00" stroke-width="1.2" stroke-dasharray="5 3"',
} as const;
type Half = keyof typeof STYLE;
const HALVES: readonly Half[] = ['lab', 'other'];

/** @param range beside which what is next to nothing is 0 */
const number = (value: number, range: number): string =>
  Math.abs(value) < range / 1000 ? '0' : String(Number(value.toPrecision(3)));
const text = (x: number, y: number, words: string, rest = ''): string =>
  `<text x="${x.toFixed(0)}" y="${y.toFixed(0)}" ${rest}>${words}</text>`;

interface Place {
  x(step: number): number;
  y(value: number): number;
}

const path = (curve: Curve, { x, y }: Place): string =>
  curve.map(([step, value], i) => `${i === 0 ? 'M' : 'L'}${x(step).toFixed(1)} ${y(value).toFixed(1)}`).join('');

const drawn = (pairs: readonly Pair[], name: string): [Half, Curve][] =>
  HALVES.flatMap((half) => pairs.map((pair): [Half, Curve] => [half, (pair[half] as Curves)[name] ?? []]));

function panel(pairs: readonly Pair[], name: string, left: number, top: number): string[] {
  const lines = drawn(pairs, name);
  const points = lines.flatMap(([, curve]) => curve);
  const values = points.map(([, value]) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const last = Math.max(...points.map(([step]) => step));
  const bottom = top + PANEL.height;
  const place: Place = {
    x: (step) => left + ((step - 1) / Math.max(1, last - 1)) * PANEL.width,
    y: (value) => bottom - ((value - low) / (high - low || 1)) * PANEL.height,
  };
  return [
    `<rect x="${left}" y="${top}" width="${PANEL.width}" height="${PANEL.height}" fill="none" stroke="#8884"/>`,
    text(left, top - 8, name, 'font-weight="bold"'),
    text(left - 6, top + 10, number(high, high - low), 'text-anchor="end"'),
    text(left - 6, bottom, number(low, high - low), 'text-anchor="end"'),
    text(left, bottom + 16, '1', 'text-anchor="middle"'),
    text(left + PANEL.width, bottom + 16, `${last}`, 'text-anchor="middle"'),
    ...lines.map(([half, curve]) => `<path d="${path(curve, place)}" fill="none" ${STYLE[half]}/>`),
  ];
}

/** @returns SVG. @param other who is beside the lab */
export function picture(method: Method, pairs: readonly Pair[], title: string, other: string): string {
  const names = PANELS[method];
  const rows = Math.ceil(names.length / ACROSS);
  const [width, height] = [ACROSS * (PANEL.width + GAP.x) + 16, TOP + rows * (PANEL.height + GAP.y)];
  const key = (x: number, half: Half, words: string): string =>
    `<path d="M${x} 16h28" ${STYLE[half]}/>${text(x + 34, 20, words)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#777">`,
    `<title>${title}</title>`,
    key(GAP.x, 'lab', 'the lab'),
    key(GAP.x + 130, 'other', other),
    text(GAP.x + 330, 20, `${pairs.length} seeds; over the steps`),
    ...names.flatMap((name, i) => {
      const [column, row] = [i % ACROSS, Math.floor(i / ACROSS)];
      return panel(pairs, name, GAP.x + column * (PANEL.width + GAP.x), TOP + 22 + row * (PANEL.height + GAP.y));
    }),
    '</svg>',
    '',
  ].join('\n');
}

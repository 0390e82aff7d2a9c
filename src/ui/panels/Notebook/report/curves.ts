/**
 * Curves of a report as SVG: sharp at any size, told apart by dashes where there is no colour, named where they end.
 */
import { drawable, extentOf, linearAxis, tickFormat } from '../../../charts/scales';
import { formatNumber } from '../../../primitives/format';
import type { Dash, ReportChart, ReportLine } from './blocks';
import { escaped } from './escaped';

const ROOM = { left: 44, right: 12, top: 16, bottom: 38 } as const;
/** between two names of lines */
const LINE_HEIGHT = 14;
/** more would lie over each other */
const MOST_MARKS = 5;
const DASHES: Record<Dash, string> = { solid: '', dashed: '7 4', dotted: '2 4' };

interface Scales {
  width: number;
  height: number;
  x(step: number): number;
  y(value: number): number;
}

const at = (value: number): string => value.toFixed(1);

/** a path with a gap wherever a value is no number */
function pathOf({ points }: ReportLine, { x, y }: Scales): string {
  let pen = 'M';
  const parts: string[] = [];
  for (const { step, value } of points) {
    if (Number.isFinite(value)) parts.push(`${pen}${at(x(step))} ${at(y(value))}`);
    pen = Number.isFinite(value) ? 'L' : 'M';
  }
  return parts.join('');
}

const lastOf = ({ points }: ReportLine) => points.findLast(({ value }) => Number.isFinite(value));

/** above its line where there is room below the name before it, else below its line */
const heightOf = (line: number, before: number): number =>
  line - 6 >= before + LINE_HEIGHT ? line - 6 : Math.max(line + 15, before + LINE_HEIGHT);

/** names at the right end, each at its line, or as near as the others leave room */
function namesOf(lines: readonly ReportLine[], { height, x, y }: Scales): string {
  const ends = lines.flatMap((line) => {
    const last = lastOf(line);
    return last ? [{ line, last }] : [];
  });
  let before = ROOM.top - 4 - LINE_HEIGHT;
  return ends
    .sort((one, other) => other.last.value - one.last.value)
    .map(({ line, last }) => {
      before = Math.min(heightOf(y(last.value), before), height - ROOM.bottom + 12);
      const words = `${line.label} ${formatNumber(last.value)}`;
      return `<text class="name ${line.ink}" x="${at(x(last.step))}" y="${at(before)}" text-anchor="end">${escaped(words)}</text>`;
    })
    .join('');
}

const marksOf = (chart: ReportChart, { width, height, x }: Scales): string =>
  chart.marks
    .slice(-MOST_MARKS)
    .map(({ step, label }, i) => {
      const [along, below] = [x(step), height - ROOM.bottom];
      const isLate = along > width * 0.6;
      const words = `<text class="mark" x="${at(along + (isLate ? -6 : 6))}" y="${below - 8 - i * LINE_HEIGHT}" text-anchor="${isLate ? 'end' : 'start'}">${escaped(label)}</text>`;
      return `<path class="mark" d="M${at(along)} ${ROOM.top}V${below}"/>${words}`;
    })
    .join('');

function axesOf(x: readonly number[], y: readonly number[], scales: Scales): string {
  const [left, right, low] = [ROOM.left, scales.width - ROOM.right, scales.height - ROOM.bottom];
  const [stepWords, valueWords] = [tickFormat(x), tickFormat(y)];
  const rows = y.map((tick) => {
    const height = at(scales.y(tick));
    return `<path class="grid" d="M${left} ${height}H${right}"/><text x="${left - 7}" y="${height}" dy=".32em" text-anchor="end">${valueWords(tick)}</text>`;
  });
  const columns = x.map(
    (tick) => `<text x="${at(scales.x(tick))}" y="${low + 15}" text-anchor="middle">${stepWords(tick)}</text>`,
  );
  return [...rows, ...columns].join('');
}

/** for those who hear it */
const spoken = ({ axis, lines }: ReportChart): string =>
  [
    `${axis}.`,
    ...lines.map((line) => {
      const [first, last] = [line.points.find(({ value }) => Number.isFinite(value)), lastOf(line)];
      return first && last ? `${line.label} from ${formatNumber(first.value)} to ${formatNumber(last.value)}.` : '';
    }),
  ]
    .filter(Boolean)
    .join(' ');

/** @returns '' where there is nothing to draw */
export function chartMarkup(chart: ReportChart): string {
  const points = chart.lines.flatMap((line) => line.points.filter(({ value }) => Number.isFinite(value)));
  const [steps, values] = [extentOf(points.map(({ step }) => step)), extentOf(points.map(({ value }) => value))];
  if (!steps || !values) return '';
  const [width, height] = chart.small ? [334, 176] : [698, 232];
  const across = linearAxis(Math.min(0, steps[0]), steps[1], chart.small ? 4 : 5);
  const up = linearAxis(values[0], values[1], 4);
  const [wide, high] = [width - ROOM.left - ROOM.right, height - ROOM.top - ROOM.bottom];
  const share = (value: number, low: number, end: number) =>
    Math.min(1, Math.max(0, (drawable(value, low) - low) / (end - low)));
  const scales: Scales = {
    width,
    height,
    x: (step) => ROOM.left + wide * share(step, across.low, across.high),
    y: (value) => ROOM.top + high * (1 - share(value, up.low, up.high)),
  };
  const drawn = chart.lines.map(
    (line) => `<path class="line ${line.ink}" stroke-dasharray="${DASHES[line.dash]}" d="${pathOf(line, scales)}"/>`,
  );
  const axis = `<text x="${width / 2}" y="${height - 4}" text-anchor="middle">${escaped(chart.axis)}</text>`;
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(spoken(chart))}">${axesOf(across.ticks, up.ticks, scales)}${axis}${marksOf(chart, scales)}${drawn.join('')}${namesOf(chart.lines, scales)}</svg>`;
}

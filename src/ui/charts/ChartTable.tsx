import { formatNumber } from '../primitives/format';
import type { LineSeries } from './chartTypes';
import { measuredUpTo } from './lineData';

const ROWS = 10;

/** @returns up to ten steps, evenly over the run, the last one included */
function stepsOf(series: readonly LineSeries[]): number[] {
  const last = Math.max(0, ...series.map((line) => line.points.at(-1)?.step ?? 0));
  return [...new Set(Array.from({ length: ROWS + 1 }, (_, index) => Math.round((last * index) / ROWS)))];
}

/** The chart for screen readers: ten rows of numbers say more than a description of a curve. */
export function ChartTable({
  id,
  caption,
  series,
  noun,
}: {
  /** what a picture that it stands for names in `aria-details` */
  id?: string;
  caption: string;
  series: readonly LineSeries[];
  noun: string;
}) {
  if (series.every((line) => line.points.length === 0)) return null;
  return (
    <div className="visually-hidden">
      <table id={id}>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{noun}</th>
            {series.map((line) => (
              <th key={line.id} scope="col">
                {line.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {stepsOf(series).map((step, row, steps) => (
            <tr key={step}>
              <th scope="row">{step}</th>
              {series.map((line) => {
                const point = measuredUpTo(line.points, step, steps[row - 1]);
                return <td key={line.id}>{point ? formatNumber(point.value) : '–'}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

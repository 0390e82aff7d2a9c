import { memo } from 'react';
import { formatNumber } from '../primitives/format';
import type { LineSeries } from './chartTypes';
import { measuredUpTo } from './lineData';
import { TOLD_MS, usePaced } from './usePaced';

const ROWS = 10;

/** @returns up to ten steps, evenly over the run, the last one included */
function stepsOf(series: readonly LineSeries[]): number[] {
  const last = Math.max(0, ...series.map((line) => line.points.at(-1)?.step ?? 0));
  return [...new Set(Array.from({ length: ROWS + 1 }, (_, index) => Math.round((last * index) / ROWS)))];
}

interface ChartTableProps {
  /** what a picture that it stands for names in `aria-details` */
  id?: string;
  caption: string;
  series: readonly LineSeries[];
  noun: string;
}

const isEmpty = (series: readonly LineSeries[]): boolean => series.every(({ points }) => points.length === 0);

/** The chart for screen readers: ten rows of numbers say more than a description of a curve. */
export function ChartTable({ series, ...rest }: ChartTableProps) {
  const told = usePaced(series, TOLD_MS);
  return <Table series={isEmpty(told) || isEmpty(series) ? series : told} {...rest} />;
}

const Table = memo(function Table({ id, caption, series, noun }: ChartTableProps) {
  if (isEmpty(series)) return null;
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
          {stepsOf(series).map((step, row, steps) => {
            const key = `row ${row}`; // by place: new numbers are written into the same cells
            return (
              <tr key={key}>
                <th scope="row">{step}</th>
                {series.map((line) => {
                  const point = measuredUpTo(line.points, step, steps[row - 1]);
                  return <td key={line.id}>{point ? formatNumber(point.value) : '–'}</td>;
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
});

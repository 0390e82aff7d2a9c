import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMetricId, METRICS } from '../../src/contract/metrics';
import type { MetricPoint } from '../../src/contract/observations';
import { csvColumns, csvHead, csvRows } from '../../src/formats/csv';

const metricsCsv = (history: readonly MetricPoint[]): string =>
  csvHead(csvColumns(history)) + csvRows(history, csvColumns(history));

describe('metrics as CSV', () => {
  const history: MetricPoint[] = [
    { step: 1, elapsedMs: 10.5, values: { 'train/loss': 0.1 + 0.2 } },
    { step: 2, elapsedMs: 20, values: { 'train/loss': 2, 'eval/loss': 1.5 } },
  ];

  it('has a row for every point and an empty cell where nothing was measured', () => {
    expect(metricsCsv(history)).toBe(
      'step,elapsedMs,train/loss,eval/loss\r\n1,10.5,0.30000000000000004,\r\n2,20,2,1.5\r\n',
    );
  });
  it('is the same whether its rows are written at once or a few at a time', () => {
    const columns = csvColumns(history);
    expect(csvHead(columns) + history.map((point) => csvRows([point], columns)).join('')).toBe(metricsCsv(history));
  });
  it('has all points of a long history', () => {
    const long = Array.from({ length: 5000 }, (_, step) => ({
      step,
      elapsedMs: step,
      values: { 'train/loss': Math.sin(step) },
    }));
    expect(metricsCsv(long).trim().split('\r\n')).toHaveLength(5001);
  });

  it('holds names of the metric table and numbers alone, so that no table program takes a cell for a formula', () => {
    const ids = fc.constantFrom(
      ...Object.keys(METRICS).filter(isMetricId),
      '=1+1',
      '@SUM(A1)',
      '+1',
      '-1',
      'a"b,c\r\nd',
    );
    const points = fc.array(
      fc.record({
        step: fc.nat(),
        elapsedMs: fc.double({ noNaN: true, min: 0 }),
        values: fc.dictionary(ids, fc.double()),
      }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(points, (history) => {
        const [head = '', ...rows] = metricsCsv(history).trimEnd().split('\r\n');
        const [step, elapsed, ...columns] = head.split(',');
        expect([step, elapsed]).toEqual(['step', 'elapsedMs']);
        for (const column of columns) expect(column in METRICS).toBe(true);
        for (const cell of rows.flatMap((row) => row.split(',')))
          expect(cell === '' || cell === String(Number(cell)), cell).toBe(true);
      }),
    );
  });

  it('names every metric by a word that begins with a letter and needs no quotes', () => {
    for (const id of Object.keys(METRICS)) expect(id).toMatch(/^[a-z][\w/]*$/i);
  });
});

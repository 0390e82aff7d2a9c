import { describe, expect, it } from 'vitest';
import type { MetricPoint } from '../../src/contract/observations';
import { metricsCsv } from '../../src/formats/csv';

describe('metrics as CSV', () => {
  const history: MetricPoint[] = [
    { step: 1, elapsedMs: 10.5, values: { 'train/loss': 0.1 + 0.2 } },
    { step: 2, elapsedMs: 20, values: { 'train/loss': 2, 'eval/loss': 1.5 } },
  ];

  it('has a row for every point and an empty cell where nothing was measured', () => {
    expect(metricsCsv(history)).toBe('step,elapsedMs,train/loss,eval/loss\r\n1,10.5,0.30000000000000004,\r\n2,20,2,1.5\r\n');
  });
  it('has all points of a long history', () => {
    const long = Array.from({ length: 5000 }, (_, step) => ({ step, elapsedMs: step, values: { 'train/loss': Math.sin(step) } }));
    expect(metricsCsv(long).trim().split('\r\n')).toHaveLength(5001);
  });
});

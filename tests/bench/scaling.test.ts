import { afterAll, describe, expect, it } from 'vitest';
import { stopKernels } from '../../src/core/kernels/wasm/player';
import { stepFlops } from '../../src/worker/estimate';
import { startFused } from '../helpers/wasm';
import { longRun, measureScaling, type Point } from './scaling';
import { scalingPicture, scalingTable } from './scalingReport';
import { S } from './work';

afterAll(stopKernels);

const point = (axis: Point['axis'], size: number, flops: number): Point => ({ axis, size, flops, ms: 10, bytes: 2e6 });

describe('how a step grows', () => {
  it('is measured against the arithmetic and the memory of each size, and with each number of threads', async () => {
    const points = await measureScaling({ layers: [1, 2], batch: [2, 4] }, 2);
    expect(points.map(({ axis, size }) => `${axis} ${size}`)).toEqual([
      'layers 1',
      'layers 2',
      'batch 2',
      'batch 4',
      'threads 1',
      'threads 2',
    ]);
    const [one, two, few, many, alone, together] = points as [Point, Point, Point, Point, Point, Point];
    expect(one.flops).toBe(stepFlops({ ...S.config, layers: 1 }, S.batch, S.length));
    expect(many.flops).toBe(2 * few.flops);
    expect(two.bytes).toBeGreaterThan(one.bytes);
    expect(many.bytes).toBeGreaterThan(few.bytes);
    expect(together.flops).toBe(alone.flops);
  });

  it('is level over a long run: no memory is gained', async () => {
    await startFused(1);
    expect(await longRun({ steps: 12, stretch: 4 })).toMatchObject({ bytes: 0, tensors: 0 });
  });
});

describe('its report', () => {
  const points = [point('layers', 1, 1e9), point('layers', 2, 2e9), point('width', 64, 5e8), point('threads', 2, 2e9)];

  it('tells arithmetic, time, rate and memory of each in a table', () => {
    expect(scalingTable(points).split('\n')).toHaveLength(2 + points.length);
    expect(scalingTable(points)).toContain('| layers 2 | 2.00 | 10.0 ms | 200 | 2.0 MB |');
  });

  it('draws a point in each of the two panels, of the threads in that of time; further right for more arithmetic', () => {
    const picture = scalingPicture(points);
    const dots = [...picture.matchAll(/<circle cx="([\d.]+)".*?<title>(.*?)</g)];
    expect(dots).toHaveLength(2 * 3 + 1);
    expect(picture).toMatch(/>threads<\/text>/);
    const across = (name: string) => Number(dots.find(([, , title]) => title === name)![1]);
    expect(across('width 64')).toBeLessThan(across('layers 1'));
    expect(across('layers 1')).toBeLessThan(across('layers 2'));
  });
});

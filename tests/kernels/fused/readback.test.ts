/** Numbers on their way back: staging buffers that are used again. */
import { describe, expect, it } from 'vitest';
import { currentGpu, type Gpu } from '../../../src/core/kernels/gpu/device';
import { Readback } from '../../../src/core/kernels/gpu/readback';
import { tf } from '../../../src/core/tf';
import { withBackend } from '../../helpers/backend';

withBackend('webgpu', { executor: 'fused' });

const gpuNow = (): Gpu => currentGpu() as Gpu;

describe('reading back', () => {
  it('uses its staging buffers again', async () => {
    const readback = new Readback(gpuNow());
    for (let i = 0; i < 4; i++) expect([...(await readback.read(tf.tensor1d([i, 2])))]).toEqual([i, 2]);
    expect(readback.made).toBe(1);
    const both = await Promise.all([readback.read(tf.tensor1d([5])), readback.read(tf.add(tf.ones([100]), 1))]);
    expect(both.map((values) => values.at(-1))).toEqual([5, 2]);
    expect(readback.made).toBe(2);
  });

  it('wakes a browser that looks for finished work too rarely', async () => {
    const { device } = gpuNow();
    const { queue } = device;
    let empty = 0;
    const submit = queue.submit.bind(queue);
    queue.submit = (buffers) => {
      if ([...buffers].length === 0) empty++;
      return submit(buffers);
    };
    const slow = new Readback(gpuNow(), true);
    const mapAsync = GPUBuffer.prototype.mapAsync;
    GPUBuffer.prototype.mapAsync = async function (this: GPUBuffer, ...args) {
      await new Promise((resolve) => setTimeout(resolve, 30));
      return mapAsync.apply(this, args);
    };
    expect([...(await slow.read(tf.tensor1d([7])))]).toEqual([7]);
    GPUBuffer.prototype.mapAsync = mapAsync;
    queue.submit = submit;
    expect(empty).toBeGreaterThan(0);
  });
});

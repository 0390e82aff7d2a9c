/**
 * Staging buffers that are used again and again: reading the numbers of a step is part of every step, and several may
 * be on their way.
 *
 *   step 7   copy ──▶ staging 1 ········▶ mapped, read
 *   step 8        copy ──▶ staging 2 ········▶
 *   step 9             copy ──▶ staging 3 ········▶
 */
import type { tf } from '../../tf';
import type { Gpu } from './device';
import { copyTo } from './tensors';

/** bytes of a staging buffer: 64 numbers, or as many as are asked for */
const LEAST = 256;
/** how often a browser that looks for finished work on a slow timer is woken, milliseconds */
const NUDGE_MS = 2;

/** Firefox looks only every 100 ms whether the card is done, unless something is submitted. Mozilla bug 1870699 */
const looksSlowly = (): boolean => /firefox/i.test(globalThis.navigator?.userAgent ?? '');

export class Readback {
  private readonly free: GPUBuffer[] = [];
  /** staging buffers made so far */
  made = 0;

  constructor(
    private readonly gpu: Gpu,
    private readonly needsNudges = looksSlowly(),
  ) {}

  /** @param tensor float32, borrowed until the promise resolves */
  async read(tensor: tf.Tensor): Promise<Float32Array> {
    const bytes = 4 * tensor.size;
    const staging = this.take(bytes);
    const encoder = this.gpu.device.createCommandEncoder();
    copyTo(encoder, tensor, { buffer: staging, offset: 0, size: bytes });
    this.gpu.submit(encoder);
    await this.nudged(staging.mapAsync(GPUMapMode.READ, 0, bytes));
    const values = new Float32Array(staging.getMappedRange(0, bytes).slice(0));
    staging.unmap();
    this.free.push(staging);
    return values;
  }

  private take(bytes: number): GPUBuffer {
    const index = this.free.findIndex(({ size }) => size >= bytes);
    if (index >= 0) return this.free.splice(index, 1)[0] as GPUBuffer;
    this.made++;
    const size = Math.max(LEAST, bytes);
    return this.gpu.device.createBuffer({
      label: 'staging',
      size,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
  }

  private async nudged(mapped: Promise<undefined>): Promise<void> {
    if (!this.needsNudges) return mapped;
    const timer = setInterval(() => this.gpu.device.queue.submit([]), NUDGE_MS);
    try {
      await mapped;
    } finally {
      clearInterval(timer);
    }
  }
}

const known = new WeakMap<Gpu, Readback>();

export function readbackOf(gpu: Gpu): Readback {
  const found = known.get(gpu) ?? new Readback(gpu);
  known.set(gpu, found);
  return found;
}

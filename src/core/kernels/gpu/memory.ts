/** Memory of the card that outlives every plan. */
import type { Memory } from '../plan/player';
import type { Gpu } from './device';

/** A part of a buffer, in bytes. */
export interface BufferRange {
  buffer: GPUBuffer;
  offset: number;
  size: number;
}

/** what every device can bind as a whole */
const LEAST = 256;

export const STORAGE = (): number => GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;

/** @returns the first bytes of a buffer as they are now: what is submitted later does not show */
export async function readBuffer(gpu: Gpu, buffer: GPUBuffer, bytes: number): Promise<ArrayBuffer> {
  const staging = gpu.device.createBuffer({ size: bytes, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = gpu.device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, bytes);
  gpu.submit(encoder);
  await staging.mapAsync(GPUMapMode.READ);
  const copy = staging.getMappedRange().slice(0);
  staging.destroy();
  return copy;
}

/** Owner of its buffer. */
export class GpuMemory implements Memory {
  readonly buffer: GPUBuffer;

  constructor(
    private readonly gpu: Gpu,
    label: string,
    private readonly bytes: number,
  ) {
    this.buffer = gpu.device.createBuffer({ label, size: Math.max(LEAST, bytes), usage: STORAGE() });
  }

  write(numbers: Float32Array | Int32Array | Uint32Array, at = 0): void {
    this.gpu.device.queue.writeBuffer(this.buffer, at, numbers);
  }

  async read(): Promise<Float32Array<ArrayBuffer>> {
    return new Float32Array(await readBuffer(this.gpu, this.buffer, this.bytes));
  }

  clear(parts: readonly { offset: number; bytes: number }[]): void {
    const encoder = this.gpu.device.createCommandEncoder();
    for (const { offset, bytes } of parts) encoder.clearBuffer(this.buffer, offset, bytes);
    this.gpu.submit(encoder);
  }

  copyFrom(source: Memory, parts: readonly { from: number; to: number; bytes: number }[]): void {
    const { buffer } = onCard(source);
    const encoder = this.gpu.device.createCommandEncoder();
    for (const { from, to, bytes } of parts) encoder.copyBufferToBuffer(buffer, from, this.buffer, to, bytes);
    this.gpu.submit(encoder);
  }

  dispose(): void {
    this.buffer.destroy();
  }
}

/** @throws for memory of another player: that is a mistake of ours */
export function onCard(memory: Memory): GpuMemory {
  if (memory instanceof GpuMemory) return memory;
  throw new Error('memory of another player cannot be used on this card');
}

/** Runs one WGSL kernel on numbers of the test and reads every buffer back. */
import type { Gpu } from '../../../src/core/kernels/gpu/device';
import type { Launch, StepValues } from '../../../src/core/kernels/gpu/kernel';
import { PlanBuilder } from '../../../src/core/kernels/gpu/planBuilder';

export type Numbers = Float32Array | Int32Array | Uint32Array;

export interface KernelRun {
  launch: Launch;
  /** what each buffer holds before; a buffer that is only written begins as NaN of this length */
  buffers: Record<string, Numbers>;
  shape?: Record<string, number>;
  step?: StepValues;
}

/** @returns what each buffer holds afterwards, read as the kind of array that was given */
export async function runKernel(gpu: Gpu, { launch, buffers, shape = {}, step = {} }: KernelRun): Promise<Record<string, Numbers>> {
  const { device } = gpu;
  device.pushErrorScope('validation');
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const made = Object.entries(buffers).map(([name, numbers]) => {
    const buffer = device.createBuffer({ size: Math.max(4, numbers.byteLength), usage });
    device.queue.writeBuffer(buffer, 0, numbers as Float32Array<ArrayBuffer>);
    return { name, numbers, buffer };
  });
  const builder = new PlanBuilder(gpu, { name: launch.kernel.name });
  builder.section('run');
  const slots = Object.fromEntries(made.map(({ name, numbers, buffer }) => [name, builder.outside(name, buffer, 0, numbers.length)]));
  builder.dispatch(launch, slots, shape);
  const plan = builder.build();
  plan.setSteps(step);
  const encoder = device.createCommandEncoder();
  plan.encode(encoder, 'run');
  gpu.submit(encoder);
  const results = await Promise.all(made.map(({ name, numbers, buffer }) => readBack(device, name, numbers, buffer)));
  const error = await device.popErrorScope();
  if (error) throw new Error(error.message);
  for (const { buffer } of made) buffer.destroy();
  plan.dispose();
  return Object.fromEntries(results);
}

async function readBack(device: GPUDevice, name: string, like: Numbers, buffer: GPUBuffer): Promise<[string, Numbers]> {
  const staging = device.createBuffer({ size: buffer.size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const Kind = like.constructor as new (bytes: ArrayBuffer) => Numbers;
  const copy = new Kind(staging.getMappedRange().slice(0));
  staging.destroy();
  return [name, copy];
}

/** numbers that differ everywhere, between −0.5 and 0.5 */
export const filled = (length: number, phase = 0): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin((i + 1) * 1.7 + phase) / 2);

export const unwritten = (length: number): Float32Array => new Float32Array(length).fill(Number.NaN);

/** @throws naming the first entry that is further away than the tolerance, measured against the size of the numbers */
export function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string): void {
  if (found.length !== expected.length) throw new Error(`${what} has ${found.length} numbers, expected ${expected.length}`);
  for (let i = 0; i < expected.length; i++) {
    const distance = Math.abs(found[i]! - expected[i]!);
    if (!(distance <= tolerance * Math.max(1, Math.abs(expected[i]!))))
      throw new Error(`${what}[${i}] is ${found[i]}, expected ${expected[i]}`);
  }
}

/** Runs one WGSL kernel on numbers of the test and reads every buffer back. */
import { KERNEL_STYLES } from '../../../src/contract/config';
import type { Gpu } from '../../../src/core/kernels/gpu/device';
import type { GpuLaunch } from '../../../src/core/kernels/gpu/kernel';
import { playerOf } from '../../../src/core/kernels/gpu/player';
import { type KernelStyle, styleOf } from '../../../src/core/kernels/gpu/style';
import { PlanBuilder } from '../../../src/core/kernels/plan/planBuilder';
import type { StepValues } from '../../../src/core/kernels/plan/stepNumbers';

export type Numbers = Float32Array | Int32Array | Uint32Array;

export interface KernelRun {
  launch: GpuLaunch;
  /** what each buffer holds before; a buffer that is only written begins as NaN of this length */
  buffers: Record<string, Numbers>;
  shape?: Record<string, number>;
  step?: StepValues;
}

/** the ways in which kernels are written; subgroups of four threads, as the software GPU has them */
export const [SOLITARY, COOPERATIVE, SUBGROUPS, BROAD] = KERNEL_STYLES.map((name) => styleOf(name)) as [
  KernelStyle,
  KernelStyle,
  KernelStyle,
  KernelStyle,
];

/** @returns what each buffer holds afterwards, read as the kind of array that was given */
export async function runKernel(
  gpu: Gpu,
  { launch, buffers, shape = {}, step = {} }: KernelRun,
): Promise<Record<string, Numbers>> {
  gpu.device.pushErrorScope('validation');
  const player = playerOf(gpu);
  const made = Object.entries(buffers).map(([name, numbers]) => {
    const memory = player.allocate(name, numbers.byteLength);
    memory.write(numbers as Float32Array<ArrayBuffer>);
    return { name, numbers, memory };
  });
  const builder = new PlanBuilder(player, { name: launch.kernel.name });
  builder.section('run');
  const slots = Object.fromEntries(
    made.map(({ name, numbers, memory }) => [name, builder.outside(name, memory, 0, numbers.length)]),
  );
  builder.dispatch(launch, slots, shape);
  const plan = builder.build();
  plan.setSteps(step);
  const run = plan.begin();
  run.play('run');
  run.submit();
  const results = await Promise.all(
    made.map(async ({ name, numbers, memory }) => [name, alike(numbers, await memory.read())] as const),
  );
  const error = await gpu.device.popErrorScope();
  if (error) throw new Error(error.message);
  for (const { memory } of made) memory.dispose();
  plan.dispose();
  return Object.fromEntries(results);
}

/** the same bits as the kind of array that was given */
const alike = (given: Numbers, { buffer }: Float32Array<ArrayBuffer>): Numbers =>
  new (given.constructor as new (bytes: ArrayBuffer) => Numbers)(buffer);

/** numbers that differ everywhere, between −0.5 and 0.5 */
export const filled = (length: number, phase = 0): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin((i + 1) * 1.7 + phase) / 2);

export const unwritten = (length: number): Float32Array => new Float32Array(length).fill(Number.NaN);

/** @throws naming the first entry that is further away than the tolerance, measured against the size of the numbers */
export function expectClose(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  if (found.length !== expected.length)
    throw new Error(`${what} has ${found.length} numbers, expected ${expected.length}`);
  for (let i = 0; i < expected.length; i++) {
    const distance = Math.abs(found[i]! - expected[i]!);
    if (!(distance <= tolerance * Math.max(1, Math.abs(expected[i]!))))
      throw new Error(`${what}[${i}] is ${found[i]}, expected ${expected[i]}`);
  }
}

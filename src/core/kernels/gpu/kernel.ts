/**
 * What a WGSL kernel is: a name, the buffers it touches, the numbers it is told, and its code. The declarations at the
 * head of the module are written from this description, so that a kernel's file holds only what it computes.
 *
 *   @group(0) @binding(0…n−1)   storage buffers, in the order of `buffers`
 *   @group(0) @binding(n)       `shape`: u32 numbers that hold for one recorded dispatch
 *   @group(0) @binding(n+1)     `step`: numbers that change from run to run, see `STEP_FIELDS`
 */

import type { KernelSignature, Launch } from '../plan/player';
import { STEP_FIELDS } from '../plan/stepNumbers';

/** Every buffer is bound read_write, because parts of one arena may be read and written in the same dispatch. */
export interface Kernel extends KernelSignature {
  /**
   * functions, workgroup variables and `@compute @workgroup_size(…) fn main(…)`; shape is read as `shape.rows`, steps
   * as `step.rate`
   */
  code: string;
}

export type Groups = readonly [x: number, y?: number, z?: number];

/** A kernel and how many workgroups it needs: what a plan records. */
export interface GpuLaunch extends Launch {
  readonly kernel: Kernel;
  /** @param shape the kernel's shape numbers of this dispatch */
  groups(shape: Readonly<Record<string, number>>): Groups;
}

/** workgroups along one axis; a kernel that may need more folds them: group = id.x + id.y · num_workgroups.x */
const MAX_GROUPS = 65_535;

/** so many workgroups in a line, folded where the line is too long */
export const inLine = (groups: number): Groups =>
  groups <= MAX_GROUPS ? [Math.max(1, groups)] : [MAX_GROUPS, Math.ceil(groups / MAX_GROUPS)];

/** bytes from one block of step numbers to the next: what dynamic offsets are rounded to on every device */
export const UNIFORM_STRIDE = 256;

const struct = (name: string, fields: readonly (readonly [string, string])[]): string =>
  `struct ${name} {\n${fields.map(([field, type]) => `  ${field} : ${type},`).join('\n')}\n}`;

/** @returns the whole WGSL module of a kernel */
export function wgslOf({ buffers, shape, readsStep, code }: Kernel): string {
  const entries = Object.entries(buffers);
  const lines = [
    ...(code.includes('subgroupShuffleXor(') ? ['enable subgroups;'] : []),
    ...entries.map(
      ([name, { type }], i) => `@group(0) @binding(${i}) var<storage, read_write> ${name} : array<${type}>;`,
    ),
  ];
  if (shape.length > 0) {
    lines.push(
      struct(
        'Shape',
        shape.map((name) => [name, 'u32'] as const),
      ),
    );
    lines.push(`@group(0) @binding(${entries.length}) var<uniform> shape : Shape;`);
  }
  if (readsStep) {
    lines.push(struct('Step', Object.entries(STEP_FIELDS)));
    lines.push(`@group(0) @binding(${entries.length + 1}) var<uniform> step : Step;`);
  }
  return `${lines.join('\n')}\n${code}`;
}

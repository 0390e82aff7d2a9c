/**
 * What a WGSL kernel is: a name, the buffers it touches, the numbers it is told, and its code. The declarations at the head of
 * the module are written from this description, so that a kernel's file holds only what it computes.
 *
 *   @group(0) @binding(0…n−1)   storage buffers, in the order of `buffers`
 *   @group(0) @binding(n)       `shape`: u32 numbers that hold for one recorded dispatch
 *   @group(0) @binding(n+1)     `step`: numbers that change from run to run, see `STEP_FIELDS`
 */

/** Every buffer is bound read_write, because parts of one arena may be read and written in the same dispatch. */
export interface BufferUse {
  /** WGSL type of an element */
  type: 'f32' | 'i32' | 'u32' | 'vec2<f32>' | 'vec4<f32>' | 'vec4<u32>' | 'atomic<u32>';
  use: 'read' | 'write' | 'readWrite';
}

export interface Kernel {
  /** for errors, traces and profiles */
  name: string;
  /** by their WGSL name, in the order of their bindings */
  buffers: Readonly<Record<string, BufferUse>>;
  /** names of u32 numbers, read as `shape.rows` */
  shape: readonly string[];
  /** whether the code reads `step.learningRate` and the like */
  readsStep: boolean;
  /** functions, workgroup variables and `@compute @workgroup_size(…) fn main(…)` */
  code: string;
}

export type Groups = readonly [x: number, y?: number, z?: number];

/** A kernel and how many workgroups it needs: what a plan records. */
export interface Launch {
  kernel: Kernel;
  /** @param shape the kernel's shape numbers of this dispatch */
  groups(shape: Readonly<Record<string, number>>): Groups;
}

/** workgroups along one axis; a kernel that may need more folds them: group = id.x + id.y · num_workgroups.x */
const MAX_GROUPS = 65_535;

/** so many workgroups in a line, folded where the line is too long */
export const inLine = (groups: number): Groups =>
  groups <= MAX_GROUPS ? [Math.max(1, groups)] : [MAX_GROUPS, Math.ceil(groups / MAX_GROUPS)];

/**
 * Numbers that change from run to run of a recorded plan; each plan sets those its kernels read and leaves the others 0.
 * One layout for all kernels, so that one small uniform buffer serves a whole plan.
 */
export const STEP_FIELDS = {
  /** of the softmax over the vocabulary */
  temperature: 'f32',
  /** 1: gradients are added to what is there; 0: they replace it */
  accumulate: 'f32',
  /** AdamW with its bias corrections folded in, see `adamWNumbers`: rate of trunk and head */
  rate: 'f32',
  headRate: 'f32',
  /** w ← w·(1 − learningRate·weightDecay), of trunk and head */
  keep: 'f32',
  headKeep: 'f32',
  epsilon: 'f32',
  oneMinusBeta1: 'f32',
  oneMinusBeta2: 'f32',
  /** 0 turns clipping off */
  maxGradNorm: 'f32',
  /** top-p of the sampler; 1 is off */
  topP: 'f32',
  /** top-k of the sampler; 0 is off */
  topK: 'u32',
  /** column that is written now while decoding */
  column: 'u32',
  /** −1 when nothing ends a text */
  eosId: 'i32',
  padId: 'i32',
  /** key of the counter-based random numbers */
  seed: 'u32',
  /** which of them the first of a rollout is */
  counter: 'u32',
} as const;
export type StepField = keyof typeof STEP_FIELDS;
export type StepValues = Partial<Record<StepField, number>>;

/** bytes from one block of step numbers to the next: what dynamic offsets are rounded to on every device */
export const UNIFORM_STRIDE = 256;

const struct = (name: string, fields: readonly (readonly [string, string])[]): string =>
  `struct ${name} {\n${fields.map(([field, type]) => `  ${field} : ${type},`).join('\n')}\n}`;

/** @returns the whole WGSL module of a kernel */
export function wgslOf({ buffers, shape, readsStep, code }: Kernel): string {
  const entries = Object.entries(buffers);
  const lines = entries.map(([name, { type }], i) => `@group(0) @binding(${i}) var<storage, read_write> ${name} : array<${type}>;`);
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

/** writes the fields that are named; the others become 0 */
export function writeStep(values: StepValues, into: DataView, offset: number): void {
  Object.entries(STEP_FIELDS).forEach(([name, type], i) => {
    const value = values[name as StepField] ?? 0;
    const at = offset + 4 * i;
    if (type === 'f32') into.setFloat32(at, value, true);
    else if (type === 'u32') into.setUint32(at, value, true);
    else into.setInt32(at, value, true);
  });
}

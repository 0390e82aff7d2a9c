/**
 * A recorded plan: the dispatches of a forward pass, a backward pass or a step of the optimiser, with everything they need made
 * beforehand. Running it creates no buffer and no bind group; it only tells the card the same list again.
 *
 *   build   kernels → pipelines,  values → one arena,  buffers → bind groups,  shapes → one uniform buffer
 *   run     write the step's numbers · one encoder · pipeline, bind group, dispatch, … · submit
 *
 * A plan may have several sections (forward, backward) that share the arena: what the forward pass leaves, the backward pass reads.
 */
import { maxOf } from '../../../contract/many';
import { type Lifetime, layOut } from './arena';
import type { Gpu, Pipeline } from './device';
import { type Groups, type Kernel, type StepValues, UNIFORM_STRIDE, writeStep } from './kernel';

/** A value: memory of the arena, or a part of somebody else's buffer. */
export interface Slot {
  readonly name: string;
  readonly bytes: number;
  /** null in the arena */
  readonly outside: { buffer: GPUBuffer; offset: number } | null;
}

/** A dispatch before it has a place to run in. */
export interface Entry {
  kernel: Kernel;
  buffers: Record<string, Slot>;
  shape: Record<string, number>;
  groups: Groups;
}

/** A stretch of the list that is run by its name. */
export interface Section {
  name: string;
  first: number;
  end: number;
}

export interface PlanOptions {
  name: string;
  /** most sets of step numbers that one run may need, e.g. one per decoded column */
  stepCapacity?: number;
  /** every value gets memory of its own, filled with NaN before each run: what is read too early or left unwritten shows */
  poison?: boolean;
}

/** This card cannot run a plan; the portable executor can. */
export class ExecutorError extends Error {
  override readonly name = 'ExecutorError';
}

/** @throws ExecutorError naming the limit */
function checkLimits({ limits }: GPUDevice, name: string, arenaBytes: number, entries: readonly Entry[]): void {
  const megabytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MB`;
  if (arenaBytes > limits.maxBufferSize)
    throw new ExecutorError(`${name} needs ${megabytes(arenaBytes)} in one buffer, this card gives ${megabytes(limits.maxBufferSize)}`);
  for (const entry of entries) {
    const largest = maxOf(Object.values(entry.buffers).map(({ bytes }) => bytes));
    if (largest > limits.maxStorageBufferBindingSize)
      throw new ExecutorError(
        `${entry.kernel.name} reads ${megabytes(largest)} at once, this card lets it read ${megabytes(limits.maxStorageBufferBindingSize)}`,
      );
  }
}

interface Command {
  pipeline: GPUComputePipeline;
  group: GPUBindGroup;
  readsStep: boolean;
  groups: Groups;
}

export interface Place {
  buffer: GPUBuffer;
  offset: number;
  size: number;
}

const NOT_A_NUMBER = 0x7fc00000;

/** Owns its arena and uniforms. */
export class Plan {
  readonly name: string;
  /** bytes of the arena */
  readonly arenaBytes: number;
  private readonly arena: GPUBuffer;
  private readonly shapes: GPUBuffer;
  private readonly steps: GPUBuffer;
  private readonly stepBytes: ArrayBuffer;
  private readonly commands: Command[];
  private readonly offsets: Map<Slot, number>;

  constructor(
    private readonly gpu: Gpu,
    private readonly options: PlanOptions,
    entries: readonly Entry[],
    private readonly sections: readonly Section[],
    lives: ReadonlyMap<Slot, Lifetime>,
  ) {
    this.name = options.name;
    const layout = layOut([...lives.values()], !options.poison);
    this.offsets = new Map([...lives.keys()].map((slot, i) => [slot, layout.offsets[i]!]));
    this.arenaBytes = Math.max(256, layout.size);
    const { device } = gpu;
    checkLimits(device, this.name, this.arenaBytes, entries);
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    this.arena = device.createBuffer({ label: `${this.name} arena`, size: this.arenaBytes, usage });
    const uniform = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    this.shapes = device.createBuffer({ label: `${this.name} shapes`, size: Math.max(1, entries.length) * UNIFORM_STRIDE, usage: uniform });
    this.stepBytes = new ArrayBuffer((options.stepCapacity ?? 1) * UNIFORM_STRIDE);
    this.steps = device.createBuffer({ label: `${this.name} steps`, size: this.stepBytes.byteLength, usage: uniform });
    this.commands = this.prepare(entries);
  }

  /** dispatches that a run of this section makes */
  dispatchesOf(section: string): number {
    const { first, end } = this.sectionOf(section);
    return end - first;
  }

  /** where a value lies, to copy it in before a run or out after it */
  place(slot: Slot): Place {
    if (slot.outside) return { ...slot.outside, size: slot.bytes };
    const offset = this.offsets.get(slot);
    if (offset === undefined) throw new Error(`${this.name} never uses ${slot.name}`);
    return { buffer: this.arena, offset, size: slot.bytes };
  }

  /** The numbers for the runs that follow; with several sets, run number `i` of a section reads set `i`. */
  setSteps(...sets: StepValues[]): void {
    const view = new DataView(this.stepBytes);
    sets.forEach((values, i) => {
      writeStep(values, view, i * UNIFORM_STRIDE);
    });
    this.gpu.device.queue.writeBuffer(this.steps, 0, this.stepBytes, 0, sets.length * UNIFORM_STRIDE);
  }

  /** @param set which set of step numbers its kernels read */
  encode(encoder: GPUCommandEncoder, section: string, set = 0): void {
    const { first, end } = this.sectionOf(section);
    const pass = encoder.beginComputePass();
    for (let i = first; i < end; i++) dispatch(pass, this.commands[i]!, set * UNIFORM_STRIDE);
    pass.end();
  }

  /** debug: overwrites the arena with NaN; does nothing unless the plan was built to be poisoned */
  poison(): void {
    if (!this.options.poison) return;
    this.gpu.device.queue.writeBuffer(this.arena, 0, new Uint32Array(this.arenaBytes / 4).fill(NOT_A_NUMBER));
  }

  /** debug: values of which something still is as `poison` left it */
  async unwritten(): Promise<string[]> {
    const { device } = this.gpu;
    const staging = device.createBuffer({ size: this.arenaBytes, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(this.arena, 0, staging, 0, this.arenaBytes);
    this.gpu.submit(encoder);
    await staging.mapAsync(GPUMapMode.READ);
    const words = new Uint32Array(staging.getMappedRange().slice(0));
    staging.destroy();
    const isLeft = ([{ bytes }, offset]: [Slot, number]) => words.subarray(offset / 4, (offset + bytes) / 4).includes(NOT_A_NUMBER);
    return [...this.offsets].filter(isLeft).map(([{ name }]) => name);
  }

  dispose(): void {
    for (const buffer of [this.arena, this.shapes, this.steps]) buffer.destroy();
  }

  private sectionOf(name: string): Section {
    const section = this.sections.find((one) => one.name === name);
    if (!section) throw new Error(`plan ${this.name} has no section ${name}`);
    return section;
  }

  private prepare(entries: readonly Entry[]): Command[] {
    const shapes = new Uint32Array((Math.max(1, entries.length) * UNIFORM_STRIDE) / 4);
    const commands = entries.map((entry, i): Command => {
      shapes.set(
        entry.kernel.shape.map((name) => entry.shape[name]!),
        (i * UNIFORM_STRIDE) / 4,
      );
      const made = this.gpu.pipeline(entry.kernel);
      const { readsStep } = entry.kernel;
      return { pipeline: made.pipeline, group: this.group(entry, made, i), readsStep, groups: entry.groups };
    });
    this.gpu.device.queue.writeBuffer(this.shapes, 0, shapes);
    return commands;
  }

  private group({ kernel, buffers }: Entry, { layout }: Pipeline, index: number): GPUBindGroup {
    const names = Object.keys(kernel.buffers);
    const entries: GPUBindGroupEntry[] = names.map((name, binding) => ({ binding, resource: this.place(buffers[name]!) }));
    const uniform = (buffer: GPUBuffer, offset: number): GPUBufferBinding => ({ buffer, offset, size: UNIFORM_STRIDE });
    if (kernel.shape.length > 0) entries.push({ binding: names.length, resource: uniform(this.shapes, index * UNIFORM_STRIDE) });
    if (kernel.readsStep) entries.push({ binding: names.length + 1, resource: uniform(this.steps, 0) });
    return this.gpu.device.createBindGroup({ label: `${this.name}: ${kernel.name}`, layout, entries });
  }
}

function dispatch(pass: GPUComputePassEncoder, command: Command, stepOffset: number): void {
  const [x, y = 1, z = 1] = command.groups;
  pass.setPipeline(command.pipeline);
  if (command.readsStep) pass.setBindGroup(0, command.group, [stepOffset]);
  else pass.setBindGroup(0, command.group);
  pass.dispatchWorkgroups(x, y, z);
}

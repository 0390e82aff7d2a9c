/**
 * A recorded plan: the dispatches of a forward pass, a backward pass or a step of the optimiser, with everything they need made
 * beforehand. Running it creates no buffer and no bind group; it only tells the card the same list again.
 *
 *   build   kernels → pipelines,  values → one arena,  buffers → bind groups,  shapes → one uniform buffer
 *   run     write the step's numbers · one encoder · pipeline, bind group, dispatch, … · submit
 *
 * A plan may have several sections (forward, backward) that share the arena: what the forward pass leaves, the backward pass reads.
 */
import { layOut } from './arena';
import type { Gpu, Pipeline } from './device';
import { type Groups, type Kernel, type Launch, type StepValues, UNIFORM_STRIDE, writeStep } from './kernel';

/** A value: memory of the arena, or a part of somebody else's buffer. */
export interface Slot {
  readonly name: string;
  readonly bytes: number;
  /** null in the arena */
  readonly outside: { buffer: GPUBuffer; offset: number } | null;
}

type Entry =
  | { type: 'dispatch'; kernel: Kernel; buffers: Record<string, Slot>; shape: Record<string, number>; groups: Groups }
  | { type: 'clear'; slot: Slot }
  | { type: 'copy'; from: Slot; to: Slot };

interface Section {
  name: string;
  first: number;
  end: number;
}

/** Ranges of dispatches in which each value of the arena is needed. */
class Lives {
  private readonly ranges = new Map<Slot, { first: number; last: number }>();

  touch(slot: Slot, at: number): void {
    if (slot.outside) return;
    const range = this.ranges.get(slot);
    if (!range) this.ranges.set(slot, { first: at, last: at });
    else this.ranges.set(slot, { first: Math.min(range.first, at), last: Math.max(range.last, at) });
  }

  get slots(): Slot[] {
    return [...this.ranges.keys()];
  }

  get lifetimes(): { bytes: number; first: number; last: number }[] {
    return [...this.ranges].map(([{ bytes }, range]) => ({ bytes, ...range }));
  }
}

export interface PlanOptions {
  name: string;
  /** most sets of step numbers that one run may need, e.g. one per decoded column */
  stepCapacity?: number;
  /** every value gets memory of its own, filled with NaN before each run: what is read too early or left unwritten shows */
  poison?: boolean;
}

export class PlanBuilder {
  private readonly entries: Entry[] = [];
  private readonly sections: Section[] = [];
  private readonly lives = new Lives();
  private readonly handed: { slot: Slot; section: number }[] = [];
  private readonly held: Slot[] = [];
  private readonly received: { slot: Slot; section: number }[] = [];

  constructor(
    private readonly gpu: Gpu,
    private readonly options: PlanOptions,
  ) {}

  /** what follows is run by this name */
  section(name: string): void {
    const open = this.sections.at(-1);
    if (open) open.end = this.entries.length;
    this.sections.push({ name, first: this.entries.length, end: this.entries.length });
  }

  /** a value of the arena, 4 bytes an element */
  value(name: string, elements: number): Slot {
    return { name, bytes: 4 * elements, outside: null };
  }

  /** a value that is copied in before this section runs */
  receive(name: string, elements: number): Slot {
    const slot = this.value(name, elements);
    this.received.push({ slot, section: this.sections.length - 1 });
    return slot;
  }

  /** keeps a value until this section has run and its copy was taken */
  hand(slot: Slot): Slot {
    this.handed.push({ slot, section: this.sections.length - 1 });
    return slot;
  }

  /** keeps a value's memory to itself: sections that run in turn again and again read what earlier rounds left */
  holdThroughout(slot: Slot): void {
    this.held.push(slot);
  }

  /** part of a buffer that belongs to somebody else; @param offset bytes, a multiple of 256 */
  outside(name: string, buffer: GPUBuffer, offset: number, elements: number): Slot {
    return { name, bytes: 4 * elements, outside: { buffer, offset } };
  }

  /** @param buffers one slot for each of the kernel's buffers, @param shape one number for each of its shape fields */
  dispatch({ kernel, groups }: Launch, buffers: Record<string, Slot>, shape: Record<string, number> = {}): void {
    for (const name of Object.keys(kernel.buffers)) {
      const slot = buffers[name];
      if (!slot) throw new Error(`${kernel.name} lacks the buffer ${name}`);
      this.lives.touch(slot, this.entries.length);
    }
    for (const name of kernel.shape) if (!Number.isInteger(shape[name])) throw new Error(`${kernel.name}: ${name} is ${shape[name]}`);
    this.entries.push({ type: 'dispatch', kernel, buffers, shape, groups: groups(shape) });
  }

  /** sets a value to 0 */
  clear(slot: Slot): void {
    this.lives.touch(slot, this.entries.length);
    this.entries.push({ type: 'clear', slot });
  }

  copy(from: Slot, to: Slot): void {
    this.lives.touch(from, this.entries.length);
    this.lives.touch(to, this.entries.length);
    this.entries.push({ type: 'copy', from, to });
  }

  build(): Plan {
    const open = this.sections.at(-1);
    if (!open) throw new Error(`plan ${this.options.name} has no section`);
    open.end = this.entries.length;
    for (const { slot, section } of this.received) this.lives.touch(slot, this.sections[section]!.first);
    for (const { slot, section } of this.handed) this.lives.touch(slot, Math.max(0, this.sections[section]!.end - 1));
    for (const slot of this.held) for (const at of [0, this.entries.length - 1]) this.lives.touch(slot, at);
    return new Plan(this.gpu, this.options, this.entries, this.sections, this.lives);
  }
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
    if (entry.type !== 'dispatch') continue;
    const largest = Math.max(...Object.values(entry.buffers).map(({ bytes }) => bytes));
    if (largest > limits.maxStorageBufferBindingSize)
      throw new ExecutorError(
        `${entry.kernel.name} reads ${megabytes(largest)} at once, this card lets it read ${megabytes(limits.maxStorageBufferBindingSize)}`,
      );
  }
}

type Command =
  | { type: 'dispatch'; pipeline: GPUComputePipeline; group: GPUBindGroup; readsStep: boolean; groups: Groups }
  | { type: 'clear'; place: Place }
  | { type: 'copy'; from: Place; to: Place };

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
    lives: Lives,
  ) {
    this.name = options.name;
    const layout = layOut(lives.lifetimes, !options.poison);
    this.offsets = new Map(lives.slots.map((slot, i) => [slot, layout.offsets[i]!]));
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
    return this.commands.slice(first, end).filter(({ type }) => type === 'dispatch').length;
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
    let pass: GPUComputePassEncoder | null = null;
    for (let i = first; i < end; i++) {
      const command = this.commands[i]!;
      if (command.type === 'dispatch') {
        pass ??= encoder.beginComputePass();
        dispatch(pass, command, set * UNIFORM_STRIDE);
        this.gpu.counters.dispatches++;
      } else {
        pass?.end();
        pass = null;
        if (command.type === 'clear') encoder.clearBuffer(command.place.buffer, command.place.offset, command.place.size);
        else copy(encoder, command.from, command.to);
      }
    }
    pass?.end();
  }

  /** debug: overwrites the arena with NaN; does nothing unless the plan was built to be poisoned */
  poison(): void {
    if (!this.options.poison) return;
    this.gpu.device.queue.writeBuffer(this.arena, 0, new Uint32Array(this.arenaBytes / 4).fill(NOT_A_NUMBER));
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
      if (entry.type === 'clear') return { type: 'clear', place: this.place(entry.slot) };
      if (entry.type === 'copy') return { type: 'copy', from: this.place(entry.from), to: this.place(entry.to) };
      shapes.set(
        entry.kernel.shape.map((name) => entry.shape[name]!),
        (i * UNIFORM_STRIDE) / 4,
      );
      const made = this.gpu.pipeline(entry.kernel);
      const { readsStep } = entry.kernel;
      return { type: 'dispatch', pipeline: made.pipeline, group: this.group(entry, made, i), readsStep, groups: entry.groups };
    });
    this.gpu.device.queue.writeBuffer(this.shapes, 0, shapes);
    return commands;
  }

  private group({ kernel, buffers }: Extract<Entry, { type: 'dispatch' }>, { layout }: Pipeline, index: number): GPUBindGroup {
    const names = Object.keys(kernel.buffers);
    const entries: GPUBindGroupEntry[] = names.map((name, binding) => ({ binding, resource: this.place(buffers[name]!) }));
    const uniform = (buffer: GPUBuffer, offset: number): GPUBufferBinding => ({ buffer, offset, size: UNIFORM_STRIDE });
    if (kernel.shape.length > 0) entries.push({ binding: names.length, resource: uniform(this.shapes, index * UNIFORM_STRIDE) });
    if (kernel.readsStep) entries.push({ binding: names.length + 1, resource: uniform(this.steps, 0) });
    return this.gpu.device.createBindGroup({ label: `${this.name}: ${kernel.name}`, layout, entries });
  }
}

function dispatch(pass: GPUComputePassEncoder, command: Extract<Command, { type: 'dispatch' }>, stepOffset: number): void {
  const [x, y = 1, z = 1] = command.groups;
  pass.setPipeline(command.pipeline);
  if (command.readsStep) pass.setBindGroup(0, command.group, [stepOffset]);
  else pass.setBindGroup(0, command.group);
  pass.dispatchWorkgroups(x, y, z);
}

/** copies whole values; sizes are those of the smaller of the two */
export function copy(encoder: GPUCommandEncoder, from: Place, to: Place): void {
  encoder.copyBufferToBuffer(from.buffer, from.offset, to.buffer, to.offset, Math.min(from.size, to.size));
}

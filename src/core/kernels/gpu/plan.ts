/**
 * A recorded plan on the card: the dispatches of a forward pass, a backward pass or a step of the optimiser, with
 * everything they need made beforehand. Running it creates no buffer and no bind group; it only tells the card the same
 * list again.
 *
 *   prepare   kernels → pipelines,  values → one arena,  buffers → bind groups,  shapes → one uniform buffer
 *   run       write the step's numbers · one encoder · pipeline, bind group, dispatch, … · submit
 *
 * A plan may have several sections (forward, backward) that share the arena: what the forward pass leaves, the backward
 * pass reads.
 */
import { maxOf } from '../../../contract/many';
import type { tf } from '../../tf';
import { layOut } from '../plan/arena';
import {
  type Dispatch,
  ExecutorError,
  type Launch,
  type Plan,
  type PlanOptions,
  type Recording,
  type Run,
  type Slot,
} from '../plan/player';
import { type StepValues, writeStep } from '../plan/stepNumbers';
import { measured } from '../timeline';
import type { Gpu, Pipeline } from './device';
import { type GpuLaunch, type Groups, UNIFORM_STRIDE } from './kernel';
import { type BufferRange, onCard, readBuffer, STORAGE } from './memory';
import { copyIn, copyOut } from './tensors';

/** @throws ExecutorError naming the limit */
function checkLimits({ limits }: GPUDevice, name: string, arenaBytes: number, dispatches: readonly Dispatch[]): void {
  const megabytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MB`;
  if (arenaBytes > limits.maxBufferSize)
    throw new ExecutorError(
      `${name} needs ${megabytes(arenaBytes)} in one buffer, this card gives ${megabytes(limits.maxBufferSize)}`,
    );
  for (const { launch, buffers } of dispatches) {
    const largest = maxOf(Object.values(buffers).map(({ bytes }) => bytes));
    if (largest > limits.maxStorageBufferBindingSize)
      throw new ExecutorError(
        `${launch.kernel.name} reads ${megabytes(largest)} at once, this card lets it read ${megabytes(limits.maxStorageBufferBindingSize)}`,
      );
  }
}

/** @throws for a kernel of another player: that is a mistake of ours */
function ofCard(launch: Launch): GpuLaunch {
  if ('groups' in launch) return launch as GpuLaunch;
  throw new Error(`${launch.kernel.name} is no kernel of a graphics card`);
}

interface Command {
  pipeline: GPUComputePipeline;
  group: GPUBindGroup;
  readsStep: boolean;
  groups: Groups;
}

const NOT_A_NUMBER = 0x7fc00000;

/** Owns its arena and uniforms. */
export class GpuPlan implements Plan {
  readonly arenaBytes: number;
  private readonly options: PlanOptions;
  private readonly arena: GPUBuffer;
  private readonly shapes: GPUBuffer;
  private readonly steps: GPUBuffer;
  private readonly stepBytes: ArrayBuffer;
  private readonly commands: Command[];
  private readonly offsets: Map<Slot, number>;

  constructor(
    private readonly gpu: Gpu,
    private readonly recording: Recording,
  ) {
    const { options, dispatches, lives } = recording;
    this.options = options;
    const { name } = options;
    const layout = layOut([...lives.values()], !options.poison);
    this.offsets = new Map([...lives.keys()].map((slot, i) => [slot, layout.offsets[i]!]));
    this.arenaBytes = Math.max(256, layout.size);
    const { device } = gpu;
    checkLimits(device, name, this.arenaBytes, dispatches);
    this.arena = device.createBuffer({ label: `${name} arena`, size: this.arenaBytes, usage: STORAGE() });
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    this.shapes = device.createBuffer({
      label: `${name} shapes`,
      size: Math.max(1, dispatches.length) * UNIFORM_STRIDE,
      usage,
    });
    this.stepBytes = new ArrayBuffer((options.stepCapacity ?? 1) * UNIFORM_STRIDE);
    this.steps = device.createBuffer({ label: `${name} steps`, size: this.stepBytes.byteLength, usage });
    this.commands = this.commandsFor(dispatches);
  }

  /** where a value lies, to copy it in before a run or out after it */
  rangeOf(slot: Slot): BufferRange {
    if (slot.outside)
      return { buffer: onCard(slot.outside.memory).buffer, offset: slot.outside.offset, size: slot.bytes };
    if (slot.within) {
      const { buffer, offset } = this.rangeOf(slot.within.slot);
      return { buffer, offset: offset + slot.within.offset, size: slot.bytes };
    }
    const offset = this.offsets.get(slot);
    if (offset === undefined) throw new Error(`${this.options.name} never uses ${slot.name}`);
    return { buffer: this.arena, offset, size: slot.bytes };
  }

  setSteps(...sets: StepValues[]): void {
    const view = new DataView(this.stepBytes);
    sets.forEach((values, i) => {
      writeStep(values, view, i * UNIFORM_STRIDE);
    });
    this.gpu.device.queue.writeBuffer(this.steps, 0, this.stepBytes, 0, sets.length * UNIFORM_STRIDE);
  }

  begin(): Run {
    return new GpuRun(this.gpu, this);
  }

  /** for traces */
  nameOf(section: string): string {
    return `${this.options.name}: ${section}`;
  }

  encode(pass: GPUComputePassEncoder, section: string, set: number): void {
    const { first, end } = this.sectionOf(section);
    for (let i = first; i < end; i++) dispatch(pass, this.commands[i]!, set * UNIFORM_STRIDE);
  }

  poison(): void {
    if (!this.options.poison) return;
    this.gpu.device.queue.writeBuffer(this.arena, 0, new Uint32Array(this.arenaBytes / 4).fill(NOT_A_NUMBER));
  }

  async unwritten(): Promise<string[]> {
    const words = new Uint32Array(await readBuffer(this.gpu, this.arena, this.arenaBytes));
    const isLeft = ([{ bytes }, offset]: [Slot, number]) =>
      words.subarray(offset / 4, (offset + bytes) / 4).includes(NOT_A_NUMBER);
    return [...this.offsets].filter(isLeft).map(([{ name }]) => name);
  }

  dispose(): void {
    for (const buffer of [this.arena, this.shapes, this.steps]) buffer.destroy();
  }

  private sectionOf(name: string): { first: number; end: number } {
    const section = this.recording.sections.find((one) => one.name === name);
    if (!section) throw new Error(`plan ${this.options.name} has no section ${name}`);
    return section;
  }

  private commandsFor(dispatches: readonly Dispatch[]): Command[] {
    const shapes = new Uint32Array((Math.max(1, dispatches.length) * UNIFORM_STRIDE) / 4);
    const commands = dispatches.map(({ launch, buffers, shape }, i): Command => {
      const { kernel, groups } = ofCard(launch);
      shapes.set(
        kernel.shape.map((name) => shape[name]!),
        (i * UNIFORM_STRIDE) / 4,
      );
      const made = this.gpu.pipeline(kernel);
      return {
        pipeline: made.pipeline,
        group: this.group({ launch, buffers, shape }, made, i),
        readsStep: kernel.readsStep,
        groups: groups(shape),
      };
    });
    this.gpu.device.queue.writeBuffer(this.shapes, 0, shapes);
    return commands;
  }

  private group({ launch: { kernel }, buffers }: Dispatch, { layout }: Pipeline, index: number): GPUBindGroup {
    const names = Object.keys(kernel.buffers);
    const entries: GPUBindGroupEntry[] = names.map((name, binding) => ({
      binding,
      resource: this.rangeOf(buffers[name]!),
    }));
    const uniform = (buffer: GPUBuffer, offset: number): GPUBufferBinding => ({ buffer, offset, size: UNIFORM_STRIDE });
    if (kernel.shape.length > 0)
      entries.push({ binding: names.length, resource: uniform(this.shapes, index * UNIFORM_STRIDE) });
    if (kernel.readsStep) entries.push({ binding: names.length + 1, resource: uniform(this.steps, 0) });
    return this.gpu.device.createBindGroup({ label: `${this.options.name}: ${kernel.name}`, layout, entries });
  }
}

function dispatch(pass: GPUComputePassEncoder, command: Command, stepOffset: number): void {
  const [x, y = 1, z = 1] = command.groups;
  pass.setPipeline(command.pipeline);
  if (command.readsStep) pass.setBindGroup(0, command.group, [stepOffset]);
  else pass.setBindGroup(0, command.group);
  pass.dispatchWorkgroups(x, y, z);
}

/** One encoder; what is played without a copy in between is one pass. */
class GpuRun implements Run {
  private readonly encoder: GPUCommandEncoder;
  private pass: GPUComputePassEncoder | null = null;

  constructor(
    private readonly gpu: Gpu,
    private readonly plan: GpuPlan,
  ) {
    this.encoder = gpu.device.createCommandEncoder();
  }

  put(tensor: tf.Tensor, slot: Slot): void {
    copyIn(this.betweenPasses(), tensor, this.plan.rangeOf(slot));
  }

  putNumbers(numbers: Uint32Array<ArrayBuffer>, slot: Slot): void {
    const { buffer, offset } = this.plan.rangeOf(slot);
    this.gpu.device.queue.writeBuffer(buffer, offset, numbers);
  }

  clear(slot: Slot): void {
    const { buffer, offset, size } = this.plan.rangeOf(slot);
    this.betweenPasses().clearBuffer(buffer, offset, size);
  }

  play(section: string, set = 0): void {
    this.pass ??= this.encoder.beginComputePass();
    const { pass } = this;
    measured('plan', this.plan.nameOf(section), () => this.plan.encode(pass, section, set));
  }

  take<T extends tf.Tensor>(slot: Slot, shape: number[], dtype: 'float32' | 'int32' = 'float32'): T {
    return copyOut<T>(this.betweenPasses(), this.plan.rangeOf(slot), shape, dtype);
  }

  submit(): void {
    this.gpu.submit(this.betweenPasses());
  }

  private betweenPasses(): GPUCommandEncoder {
    this.pass?.end();
    this.pass = null;
    return this.encoder;
  }
}

/**
 * A recorded plan as the kernels read it: one block of memory, written once.
 *
 *   head     scratch address │ bytes of scratch for each thread
 *   entries  128 bytes each, see kernel.ts
 *   steps    `stepCapacity` sets of step numbers
 *   arena    everything between the first kernel and the last
 */
import { tf } from '../../tf';
import type { WasmBackend } from '../hostKernel';
import { aligned, layOut } from '../plan/arena';
import type { Dispatch, Launch, Plan, Recording, Run, Section, Slot } from '../plan/player';
import { type StepValues, writeStep } from '../plan/stepNumbers';
import { isDetailed, measured } from '../timeline';
import type { Heap } from './heap';
import type { WasmLaunch } from './kernel';
import { inHeap } from './memory';

/** of ../assembly/entry.ts and ../assembly/player.ts */
const HEAD_BYTES = 128;
const ENTRY_BYTES = 128;
const NUMBERS_AT = 10;
const STEP_BYTES = 256;
const NOT_A_NUMBER = 0x7fc00000;

/** What plays entries. */
export interface Band {
  readonly heap: Heap;
  /**
   * @param scratch bytes that a thread needs
   * @param work of an entry, on the average: of little one thread does better alone
   */
  play(plan: number, first: number, end: number, step: number, scratch: number, work: number): void;
}

/** @throws for a kernel of another player: that is a mistake of ours */
function ofWasm(launch: Launch): WasmLaunch {
  if ('scratch' in launch) return launch as WasmLaunch;
  throw new Error(`${launch.kernel.name} is no kernel of WebAssembly`);
}

/** additions and multiplications, counted: which threads play hangs on nothing that is different from run to run */
function workOf({ launch, buffers, shape }: Dispatch): number {
  const { work } = ofWasm(launch);
  return work?.(shape) ?? Object.values(buffers).reduce((sum, { bytes }) => sum + bytes / 4, 0);
}

/** Owns its block. */
export class WasmPlan implements Plan {
  readonly arenaBytes: number;
  private readonly block: number;
  private readonly steps: number;
  private readonly arena: number;
  private readonly offsets: ReadonlyMap<Slot, number>;
  private readonly scratch: number;
  /** of an entry of each section, on the average */
  private readonly work: ReadonlyMap<Section, number>;

  constructor(
    private readonly band: Band,
    private readonly recording: Recording,
  ) {
    const { options, dispatches, lives, sections } = recording;
    const layout = layOut([...lives.values()], !options.poison);
    this.arenaBytes = aligned(Math.max(1, layout.size));
    const entries = aligned(HEAD_BYTES + ENTRY_BYTES * dispatches.length);
    const steps = STEP_BYTES * (options.stepCapacity ?? 1);
    this.block = band.heap.allocate(entries + steps + this.arenaBytes);
    this.steps = this.block + entries;
    this.arena = this.steps + steps;
    this.offsets = new Map([...lives.keys()].map((slot, i) => [slot, layout.offsets[i]!]));
    this.scratch = dispatches.reduce((most, { launch, shape }) => Math.max(most, ofWasm(launch).scratch(shape)), 0);
    this.work = new Map(
      sections.map((section) => {
        const played = dispatches.slice(section.first, section.end);
        return [section, played.reduce((sum, one) => sum + workOf(one), 0) / Math.max(1, played.length)];
      }),
    );
    dispatches.forEach((dispatch, i) => {
      this.writeEntry(this.block + HEAD_BYTES + i * ENTRY_BYTES, dispatch);
    });
  }

  setSteps(...sets: StepValues[]): void {
    const view = new DataView(this.band.heap.memory.buffer, this.steps, STEP_BYTES * sets.length);
    sets.forEach((values, i) => {
      writeStep(values, view, i * STEP_BYTES);
    });
  }

  begin(): Run {
    return new WasmRun(this);
  }

  play(name: string, set: number): void {
    const section = this.recording.sections.find((one) => one.name === name);
    if (!section) throw new Error(`plan ${this.recording.options.name} has no section ${name}`);
    const step = this.steps + set * STEP_BYTES;
    const work = this.work.get(section)!;
    const play = (first: number, end: number) => this.band.play(this.block, first, end, step, this.scratch, work);
    measured('plan', `${this.recording.options.name}: ${name}`, () =>
      isDetailed() ? this.playTimed(section, play) : play(section.first, section.end),
    );
  }

  /** each kernel by itself, to the same numbers */
  private playTimed({ first, end }: Section, play: (first: number, end: number) => void): void {
    for (let i = first; i < end; i++)
      measured('kernel', this.recording.dispatches[i]!.launch.kernel.name, () => play(i, i + 1));
  }

  /** where a value lies, for as long as nothing else is asked of this memory */
  view(slot: Slot): Uint32Array<ArrayBufferLike> {
    return this.band.heap.words(this.addressOf(slot), slot.bytes / 4);
  }

  poison(): void {
    if (this.recording.options.poison) this.band.heap.words(this.arena, this.arenaBytes / 4).fill(NOT_A_NUMBER);
  }

  async unwritten(): Promise<string[]> {
    return [...this.offsets.keys()].filter((slot) => this.view(slot).includes(NOT_A_NUMBER)).map(({ name }) => name);
  }

  dispose(): void {
    this.band.heap.free(this.block);
  }

  private addressOf(slot: Slot): number {
    if (slot.outside) return inHeap(slot.outside.memory).address + slot.outside.offset;
    if (slot.within) return this.addressOf(slot.within.slot) + slot.within.offset;
    const offset = this.offsets.get(slot);
    if (offset === undefined) throw new Error(`${this.recording.options.name} never uses ${slot.name}`);
    return this.arena + offset;
  }

  /** whether one kernel alone has to do with it */
  private isUnread(slot: Slot): boolean {
    const life = this.recording.lives.get(slot);
    return life !== undefined && life.first === life.last;
  }

  private writeEntry(at: number, { launch, buffers, shape }: Dispatch): void {
    const { id, bindings, spare, numbers } = ofWasm(launch);
    const words = this.band.heap.words(at, ENTRY_BYTES / 4);
    words.fill(0);
    words[0] = id;
    bindings.forEach((name, i) => {
      const slot = name === null ? undefined : buffers[name];
      if (slot && !(name === spare && this.isUnread(slot))) words[1 + i] = this.addressOf(slot);
    });
    words.set(numbers(shape), NUMBERS_AT);
  }
}

type Backend = Pick<WasmBackend, 'makeOutput' | 'typedArrayFromHeap'>;

/** tensors lie in tf.js's own memory; what passes between the two is a few numbers per token */
const backend = (): Backend => tf.backend() as unknown as Backend;

const wordsOf = (info: tf.TensorInfo): Uint32Array<ArrayBufferLike> => {
  const { buffer, byteOffset, length } = backend().typedArrayFromHeap(info);
  return new Uint32Array(buffer, byteOffset, length);
};

/** Done at once: there is nothing to submit. */
class WasmRun implements Run {
  constructor(private readonly plan: WasmPlan) {}

  put(tensor: tf.Tensor, slot: Slot): void {
    if (4 * tensor.size !== slot.bytes)
      throw new Error(`a tensor of ${tensor.size} numbers does not fit ${slot.bytes / 4}`);
    this.plan.view(slot).set(wordsOf(tensor));
  }

  putNumbers(numbers: Uint32Array<ArrayBuffer>, slot: Slot): void {
    this.plan.view(slot).set(numbers);
  }

  clear(slot: Slot): void {
    this.plan.view(slot).fill(0);
  }

  play(section: string, set = 0): void {
    this.plan.play(section, set);
  }

  take<T extends tf.Tensor>(slot: Slot, shape: number[], dtype: 'float32' | 'int32' = 'float32'): T {
    const info = backend().makeOutput(shape, dtype);
    wordsOf(info).set(this.plan.view(slot));
    return tf.engine().makeTensorFromTensorInfo(info) as T;
  }

  submit(): void {}
}

/**
 * Between a network that is recorded once and whatever plays the recording: a graphics card today. The recorder names
 * kernels and values and knows neither shaders nor buffers; a player brings memory of its own, kernels of its own, and
 * a way to run a list of them.
 *
 *   record   Launch, Launch, …  over  Slots        planBuilder.ts; the transformer itself is model/fused
 *   prepare  Recording ──▶ Plan                    everything that a run needs is made beforehand
 *   run      plan.begin() · put · play · take · submit
 */
import type { tf } from '../../tf';
import type { Lifetime } from './arena';
import type { StepValues } from './stepNumbers';

/** Parts of one arena may be read and written by the same kernel. */
export interface BufferUse {
  /** an element, by its WGSL name: 1, 2 or 4 numbers of 4 bytes */
  type: 'f32' | 'i32' | 'u32' | 'vec2<f32>' | 'vec4<f32>' | 'vec4<u32>' | 'atomic<u32>';
  use: 'read' | 'write' | 'readWrite';
}

/** What a recorder has to know of a kernel; what it computes is the player's. */
export interface KernelSignature {
  /** for errors, traces and profiles */
  name: string;
  /** by name, in the order in which they are bound */
  buffers: Readonly<Record<string, BufferUse>>;
  /** others that a dispatch may leave out */
  optional?: readonly string[];
  /** names of whole numbers that hold for one recorded dispatch */
  shape: readonly string[];
  /** whether it reads numbers that change from run to run, see `STEP_FIELDS` */
  readsStep: boolean;
}

/** A kernel of some player, ready to be recorded. */
export interface Launch {
  readonly kernel: KernelSignature;
}

/**
 * Room for numbers of 4 bytes that outlives every plan: weights, gradients, moments. Begins as zeros; owned by whoever
 * asked for it.
 */
export interface Memory {
  /** @param at bytes, a multiple of 4 */
  write(numbers: Float32Array | Int32Array | Uint32Array, at?: number): void;
  /** as it is now: what is asked for later does not show */
  read(): Promise<Float32Array<ArrayBuffer>>;
  /** sets parts to 0 */
  clear(parts: readonly { offset: number; bytes: number }[]): void;
  /** @param source of the same player */
  copyFrom(source: Memory, parts: readonly { from: number; to: number; bytes: number }[]): void;
  dispose(): void;
}

/** A value: memory of the plan's arena, or a part of a memory that belongs to somebody else. */
export interface Slot {
  readonly name: string;
  readonly bytes: number;
  /** null in the arena */
  readonly outside: { memory: Memory; offset: number } | null;
  /** of which value of the arena it is a part; @see PlanBuilder.part */
  readonly within?: { slot: Slot; offset: number };
}

/** One kernel on its values. */
export interface Dispatch {
  launch: Launch;
  buffers: Readonly<Record<string, Slot>>;
  shape: Readonly<Record<string, number>>;
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
  /**
   * every value gets memory of its own, filled with NaN before each run: what is read too early or left unwritten shows
   */
  poison?: boolean;
}

export interface Recording {
  options: PlanOptions;
  dispatches: readonly Dispatch[];
  sections: readonly Section[];
  /** when each value of the arena is needed */
  lives: ReadonlyMap<Slot, Lifetime>;
}

/** What is asked of a plan in one go, in this order; nothing need have happened before `submit`. */
export interface Run {
  /** @throws when the sizes differ */
  put(tensor: tf.Tensor, slot: Slot): void;
  putNumbers(numbers: Uint32Array<ArrayBuffer>, slot: Slot): void;
  /** sets a value to 0 */
  clear(slot: Slot): void;
  /** @param set which set of step numbers its kernels read */
  play(section: string, set?: number): void;
  /** @returns a tensor of tf.js, owned by the caller, that holds a value as it is at this point of the run */
  take<T extends tf.Tensor>(slot: Slot, shape: number[], dtype?: 'float32' | 'int32'): T;
  submit(): void;
}

/** A recording that can be run. Owned by whoever had it prepared. */
export interface Plan {
  /** bytes of the arena */
  readonly arenaBytes: number;
  /** The numbers for the runs that follow; with several sets, `play(section, i)` reads set `i`. */
  setSteps(...sets: StepValues[]): void;
  begin(): Run;
  /** debug: overwrites the arena with NaN; does nothing unless the plan was built to be poisoned */
  poison(): void;
  /** debug: values of which something still is as `poison` left it */
  unwritten(): Promise<string[]>;
  dispose(): void;
}

export interface Player {
  allocate(label: string, bytes: number): Memory;
  /** @throws ExecutorError where this machine cannot run it */
  prepare(recording: Recording): Plan;
}

/** This machine cannot run a plan; the portable executor can. */
export class ExecutorError extends Error {
  override readonly name = 'ExecutorError';
}

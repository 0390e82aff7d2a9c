/**
 * WebAssembly as a player of recorded plans: kernels of our own on a memory of their own, alone or with other threads.
 */
import { minOf } from '../../../contract/many';
import { tf } from '../../tf';
import { ExecutorError, type Memory, type Plan, type Player, type Recording } from '../plan/player';
import { Heap } from './heap';
import { WasmMemory } from './memory';
import { type Band, WasmPlan } from './plan';
import { roundingOf } from './rounding';

interface Kernels {
  play(plan: number, first: number, end: number, step: number): void;
}
/** the module of several threads */
interface TeamKernels extends Kernels {
  /** @returns 0 when a thread did not come */
  playTogether(control: number, threads: number, plan: number, first: number, end: number, step: number): number;
}

/**
 * What a thread needs to serve: it makes an instance of the module on the memory, has its number from `join(control)`,
 * and calls `serve(control, number)`.
 */
export interface Post {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  /** address through which threads hear of work */
  control: number;
}

/** Where other threads come from; made by whoever may start some. */
export interface ThreadPool {
  /** the caller's own among them */
  readonly threads: number;
  /** whole seconds, at least one, that may pass until all have played once: what is left after they came up */
  readonly patience: number;
  /** @returns when the thread is about to serve; @throws when it does not come up in time */
  post(post: Post): Promise<void>;
  dispose(): void;
}

/** bytes of the modules of ../assembly */
export interface KernelFiles {
  player: BufferSource;
  together: BufferSource;
  fastPlayer: BufferSource;
  fastTogether: BufferSource;
}

const CONTROL_BYTES = 1024;
/** where ../assembly/team.ts looks how long a thread is waited for */
const PATIENCE_AT = 132;
/** where it notes how many have come up */
const JOINED_AT = 136;
/** seconds: on a machine with far too much to do a thread may lie still; until all have played once a dead one holds up the page */
const PATIENCE = 20;
/**
 * additions and multiplications of an entry from which on it is shared out. A core does that many in some 30 µs; to hand
 * over what one thread has written to another and to wait for it takes up to 20 µs, an entry after the other
 */
const WORTH_SHARING = 2 ** 20;
/**
 * share of the least time by which fewer threads have to be swifter to play alone: where cores are halves of one, two
 * take as long as one in a step, a tenth longer in the probe, and half as long as soon as each has a core of its own
 */
const WORTH_LEAVING = 0.2;
const FIRST_PAGES = 64;
/** most pages of shared memory that are asked for; some browsers set all of it aside at once */
const SHARED_PAGES = [65_536, 32_768, 16_384];

/** @returns how long a player takes for the same work with each of these numbers of threads */
export type Measure = (player: WasmPlayer, choices: readonly number[]) => number[];

/** more threads are taken to be swifter */
const byCount: Measure = (_, choices) => choices.map((threads) => -threads);

/** all, half of them, and so on, down to one; the fewest first */
function halvesOf(most: number): number[] {
  const choices: number[] = [];
  for (let threads = most; threads > 0; threads >>= 1) choices.unshift(threads);
  return choices;
}

/** Threads that help the caller's. */
export interface Team {
  pool: ThreadPool;
  /** address through which they hear of work */
  control: number;
  /** that have come up, the caller's own among them */
  up: number;
  /** finds how many of them are to play */
  measure?: Measure | undefined;
  /** what an entry has to be to be shared out */
  worthSharing?: number | undefined;
}

export class WasmPlayer implements Player, Band {
  readonly heap: Heap;
  private scratch = { address: 0, bytes: 0 };
  private failed = false;
  /** threads that there are */
  private up: number;
  private worthSharing: number;
  private playing: number;
  /** whether products can be added with one rounding here */
  fuses = false;

  /** @param team null plays alone */
  constructor(
    memory: WebAssembly.Memory,
    private readonly kernels: Kernels | TeamKernels,
    private readonly team: Team | null = null,
    heap = new Heap(memory),
  ) {
    this.heap = heap;
    this.up = team?.up ?? 1;
    this.playing = this.up;
    this.worthSharing = team?.worthSharing ?? WORTH_SHARING;
  }

  /** that there are */
  get threadsUp(): number {
    return this.up;
  }

  /** that play now */
  get threads(): number {
    return this.playing;
  }

  /**
   * From now on as many play as are the swiftest at the moment: cores may be slower than others, or busy with something
   * else. The numbers that are computed do not depend on it.
   * @throws ExecutorError when a thread has stopped
   */
  tune(): void {
    const choices = halvesOf(this.up);
    if (choices.length === 1) return;
    const times = (this.team?.measure ?? byCount)(this, choices);
    const least = minOf(times);
    this.playing = choices[times.findLastIndex((time) => time <= least + WORTH_LEAVING * Math.abs(least))]!;
  }

  /** has all threads play whatever they are given meanwhile, little as it is */
  sharingAll<T>(work: () => T): T {
    const { worthSharing } = this;
    this.worthSharing = 0;
    try {
      return work();
    } finally {
      this.worthSharing = worthSharing;
    }
  }

  /** does the work with so many threads */
  playedBy(threads: number, work: () => void): void {
    const before = this.playing;
    this.playing = threads;
    try {
      work();
    } finally {
      this.playing = before;
    }
  }

  allocate(_label: string, bytes: number): Memory {
    return new WasmMemory(this.heap, bytes);
  }

  prepare(recording: Recording): Plan {
    return new WasmPlan(this, recording);
  }

  play(plan: number, first: number, end: number, step: number, scratch: number, work: number): void {
    if (this.failed) throw new ExecutorError('a thread of WebAssembly has stopped');
    this.provide(scratch);
    const head = this.heap.words(plan, 2);
    head[0] = this.scratch.address;
    head[1] = this.scratch.bytes;
    const isShared = this.team && this.threads > 1 && work >= this.worthSharing;
    if (isShared && 'playTogether' in this.kernels)
      this.failed = this.kernels.playTogether(this.team!.control, this.threads, plan, first, end, step) === 0;
    else this.kernels.play(plan, first, end, step);
    if (this.failed) throw new ExecutorError('a thread of WebAssembly has stopped');
  }

  /** all threads have played: one that is late from now on is busy */
  trust(): void {
    if (this.team) this.heap.words(this.team.control + PATIENCE_AT, 1)[0] = PATIENCE;
  }

  /** ends the other threads; networks that live on play alone */
  dispose(): void {
    this.up = 1;
    this.playing = 1;
    this.team?.pool.dispose();
  }

  private provide(bytes: number): void {
    if (bytes <= this.scratch.bytes) return;
    this.heap.free(this.scratch.address);
    const each = 256 * Math.ceil(bytes / 256);
    this.scratch = { address: this.heap.allocate(each * this.up), bytes: each };
  }
}

async function playAlone(file: BufferSource): Promise<WasmPlayer> {
  const memory = new WebAssembly.Memory({ initial: FIRST_PAGES, maximum: SHARED_PAGES[0]! });
  const { instance } = await WebAssembly.instantiate(file, { env: { memory } });
  return new WasmPlayer(memory, instance.exports as unknown as Kernels);
}

/** @throws when no memory can be shared here */
function sharedMemory(): WebAssembly.Memory {
  for (const maximum of SHARED_PAGES) {
    try {
      return new WebAssembly.Memory({ initial: FIRST_PAGES, maximum, shared: true });
    } catch {} // less may do
  }
  throw new Error('no memory can be shared here');
}

/** @returns with as many threads as have come up when each has, or has been given up; null where none has */
async function playTogether(
  file: BufferSource,
  pool: ThreadPool,
  choosing: Pick<Team, 'measure' | 'worthSharing'>,
): Promise<WasmPlayer | null> {
  const memory = sharedMemory();
  const heap = new Heap(memory);
  const control = heap.allocate(CONTROL_BYTES);
  const module = await WebAssembly.compile(file);
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  const others = Array.from({ length: pool.threads - 1 }, () => pool.post({ module, memory, control }));
  await Promise.allSettled(others);
  const joined = Atomics.load(heap.words(control + JOINED_AT, 1), 0);
  if (joined === 0) return null;
  heap.words(control + PATIENCE_AT, 1)[0] = pool.patience;
  const team = { pool, control, up: 1 + joined, ...choosing };
  return new WasmPlayer(memory, exports as unknown as TeamKernels, team, heap);
}

let current: WasmPlayer | null = null;

/** Where threads are had from. */
export interface ThreadSource {
  /** that are worth having */
  most: number;
  pool(threads: number): ThreadPool;
  /** tests: what an entry has to be to be shared out */
  worthSharing?: number;
}

/** @returns null where no other threads can be had */
async function startTeam(
  file: BufferSource,
  { most, pool, worthSharing }: ThreadSource,
  measure?: Measure,
): Promise<WasmPlayer | null> {
  if (most < 2) return null;
  const others = pool(most);
  const player = await playTogether(file, others, { measure, worthSharing }).catch(() => null);
  if (!player) others.dispose();
  return player;
}

const MISTAKEN = 'WebAssembly does not compute here what it should';

/** @throws ExecutorError where what it computes is wrong, or a thread came and does not play; then it is given up */
function tried(player: WasmPlayer): WasmPlayer {
  try {
    const found = player.sharingAll(() => roundingOf(player)); // and all have played
    if (found.plain !== 'twice') throw new ExecutorError(MISTAKEN);
    player.fuses = found.fast === 'once';
    player.tune();
    player.trust();
    return player;
  } catch (error) {
    player.dispose();
    throw error;
  }
}

async function startModule(
  { alone, together }: { alone: BufferSource; together: BufferSource },
  source: ThreadSource | null,
  measure?: Measure,
): Promise<WasmPlayer> {
  const team = source && (await startTeam(together, source, measure));
  try {
    if (team) return tried(team);
  } catch {} // one may do
  return tried(await playAlone(alone));
}

/**
 * Makes the kernels ready for networks that are made from now on, with as many threads as are the swiftest now; a later
 * `tune` may choose others of them. Where threads cannot be had, one plays. The module of fast arithmetic is taken
 * where it compiles; whether it adds with one rounding is found by computing.
 * @param source null where memory cannot be shared
 * @param measure when left out, more threads are taken to be swifter
 * @throws when WebAssembly lacks something that the kernels need; ExecutorError where it computes something else
 */
export async function startKernels(
  files: KernelFiles,
  source: ThreadSource | null,
  measure?: Measure,
): Promise<WasmPlayer> {
  stopKernels();
  const plain = () => startModule({ alone: files.player, together: files.together }, source, measure);
  const fast = () => startModule({ alone: files.fastPlayer, together: files.fastTogether }, source, measure);
  current = WebAssembly.validate(files.fastPlayer) ? await fast().catch(plain) : await plain();
  return current;
}

export function stopKernels(): void {
  current?.dispose();
  current = null;
}

/** @returns what plays on WebAssembly; null where tf.js works elsewhere, or before `startKernels` */
export const currentKernels = (): WasmPlayer | null => (tf.getBackend() === 'wasm' ? current : null);

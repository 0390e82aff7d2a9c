/**
 * Which executor a network gets: the fused one on a graphics card or on WebAssembly where they can run it, otherwise
 * the portable one. Where the fused one has failed once it is not asked again.
 */
import type { Arithmetic, ExecutorName, ModelConfig } from '../../contract/config';
import { currentGpu } from '../kernels/gpu/device';
import { playerOf } from '../kernels/gpu/player';
import type { Player } from '../kernels/plan/player';
import { currentKernels } from '../kernels/wasm/player';
import { runsOnSoftwareGpu, tf } from '../tf';
import type { CausalNetwork } from './causalNetwork';
import type { Engine } from './fused/engine';
import { gpuEngine } from './fused/gpuEngine';
import type { KernelSet } from './fused/kernelSet';
import { fusedDiffers } from './fused/trial';
import { wasmEngine } from './fused/wasmEngine';

export type ExecutorPreference = ExecutorName | 'auto';

export interface ExecutorChoice {
  executor: ExecutorName;
  /** null for the fused one, otherwise why it is not used */
  reason: string | null;
}

let preference: ExecutorPreference = 'auto';
/** what the fused executor died of, by what played it */
const failures = new WeakMap<Player, string>();
/** kernel sets that agreed with the portable executor */
const trusted = new WeakSet<KernelSet>();

/** for networks that are made from now on */
export function preferExecutor(asked: ExecutorPreference): void {
  preference = asked;
}

/** Networks that `make` makes are portable, whatever else is preferred. */
export function portably<T>(make: () => T): T {
  const before = preference;
  preference = 'portable';
  try {
    return make();
  } finally {
    preference = before;
  }
}

/** @returns whose rounding a network's numbers have */
export const arithmeticOf = ({ executor }: Pick<CausalNetwork, 'executor'>): Arithmetic =>
  executor === 'fused' ? (tf.getBackend() as 'webgpu' | 'wasm') : 'tf.js';

/** what would play the plans of a fused network now; null where nothing can */
function currentPlayer(): Player | null {
  const gpu = currentGpu();
  return gpu ? playerOf(gpu) : currentKernels();
}

/** From now on networks here are portable. */
export function giveUpFused(reason: string): void {
  const player = currentPlayer();
  if (player) failures.set(player, reason);
}

/** widest head whose row a kernel keeps in registers */
const MAX_HEAD_WIDTH = 128;
const MAX_VOCABULARY = 16_384;

/** the switches of 2017 are for learning, not for speed */
function unsupported({ positions, norm, activation, tiedHead, width, heads, vocabSize }: ModelConfig): string | null {
  if (positions !== 'learned' || norm !== 'pre' || activation !== 'gelu' || !tiedHead)
    return 'the fused executor knows the GPT-2 shape only';
  if (width / heads > MAX_HEAD_WIDTH) return `the fused executor takes heads up to ${MAX_HEAD_WIDTH} wide`;
  if (vocabSize > MAX_VOCABULARY) return `the fused executor takes up to ${MAX_VOCABULARY} tokens`;
  return null;
}

/** @returns what a network of this shape would get now */
export function chooseExecutor(config: ModelConfig): ExecutorChoice {
  const player = currentPlayer();
  const reason =
    (preference === 'portable' ? 'the portable executor was asked for' : null) ??
    (player ? (failures.get(player) ?? null) : 'the fused executor needs WebGPU or WebAssembly') ??
    unsupported(config);
  return reason === null ? { executor: 'fused', reason } : { executor: 'portable', reason };
}

/** @returns null where the portable executor is the choice */
export function fusedEngine(config: ModelConfig): Engine | null {
  if (chooseExecutor(config).executor === 'portable') return null;
  const gpu = currentGpu();
  return gpu ? gpuEngine(gpu, config) : wasmEngine(currentKernels()!, config);
}

/** Emulated cards are the ones that tests run on: there a trial would cost a minute and say nothing new. */
async function mistrust(engine: Engine, config: ModelConfig): Promise<string | null> {
  if (runsOnSoftwareGpu() || trusted.has(engine.kernels)) return null;
  const difference = await fusedDiffers(engine, config);
  if (difference === null) trusted.add(engine.kernels);
  return difference && `here its numbers are not those of the portable executor: ${difference}`;
}

/**
 * Compiles what networks of this shape need, without holding up the thread, and tries it. A kernel that does not
 * compile here, or computes something else than it should, makes this card a portable one.
 * @param onProgress share that is done, 0 … 1
 * @returns what networks of this shape will get
 */
export async function prepareExecutor(
  config: ModelConfig,
  onProgress?: (done: number) => void,
): Promise<ExecutorChoice> {
  const engine = fusedEngine(config);
  if (!engine) return chooseExecutor(config);
  try {
    await engine.compile(onProgress);
  } catch (error) {
    failures.set(engine.player, `a kernel does not compile here: ${(error as Error).message}`);
    return chooseExecutor(config);
  }
  const difference = await mistrust(engine, config);
  if (difference !== null) failures.set(engine.player, difference);
  return chooseExecutor(config);
}

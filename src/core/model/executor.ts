/**
 * Which executor a network gets: the fused one on a graphics card or on WebAssembly where they can run it, otherwise
 * the portable one. Where the fused one has failed once it is not asked again.
 */
import type { Arithmetic, ExecutorName, KernelStyleName, ModelConfig } from '../../contract/config';
import { currentGpu } from '../kernels/gpu/device';
import { playerOf } from '../kernels/gpu/player';
import type { Player } from '../kernels/plan/player';
import { currentKernels } from '../kernels/wasm/player';
import { runsOnSoftwareGpu } from '../tf';
import type { CausalNetwork } from './causalNetwork';
import type { Engine } from './fused/engine';
import { FusedNetwork } from './fused/fusedNetwork';
import { gpuEngine } from './fused/gpuEngine';
import type { KernelSet } from './fused/kernelSet';
import { fusedDiffers, trialConfig } from './fused/trial';
import { BUDGET_MS, type Entrant, learningEntrant, swiftest } from './fused/tuner';
import { wasmEngine } from './fused/wasmEngine';
import { parameterCount } from './layout';

export type ExecutorPreference = ExecutorName | 'auto';

export interface ExecutorChoice {
  executor: ExecutorName;
  /** null for the fused one, otherwise why it is not used */
  reason: string | null;
}

/** What networks are asked to be. */
export interface Preferences {
  executor: ExecutorPreference;
  /** how the kernels of a graphics card are written, where it can run them so; null: as is best there */
  style: KernelStyleName | null;
  /** on WebAssembly products are added with one rounding, where that can be had */
  fast: boolean;
}

let preferences: Preferences = { executor: 'auto', style: null, fast: false };
/** what the fused executor died of, by what played it */
const failures = new WeakMap<Player, string>();
/** kernel sets that agreed with the portable executor */
const trusted = new WeakSet<KernelSet>();

/** for networks that are made from now on */
export function preferExecutor(asked: ExecutorPreference): void {
  preferences = { ...preferences, executor: asked };
}

/** for networks that are made from now on; those that there are keep their arithmetic */
export function preferFast(fast: boolean): void {
  preferences = { ...preferences, fast };
}

/** @returns whether fast arithmetic is asked for; null where it cannot be had */
export const fastArithmetic = (): boolean | null => (currentKernels()?.fuses ? preferences.fast : null);

/** Networks that `make` makes are what is asked here, whatever else is preferred. */
export function keepingTo<T>(asked: Partial<Preferences>, make: () => T): T {
  const before = preferences;
  preferences = { ...preferences, ...asked };
  try {
    return make();
  } finally {
    preferences = before;
  }
}

/** @returns whose rounding a network's numbers have */
export const arithmeticOf = (network: CausalNetwork): Arithmetic =>
  network instanceof FusedNetwork ? network.engine.arithmetic : 'tf.js';

/** @returns how the kernels are written that a network's numbers come from; undefined where there is one way */
export const styleOf = (network: CausalNetwork): KernelStyleName | undefined =>
  network instanceof FusedNetwork ? (network.engine.style ?? undefined) : undefined;

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
const MAX_VOCABULARY = 65_536;

const isForeign = ({ innerWidth, normEpsilon, plainScores, scoresByLayer }: ModelConfig): boolean =>
  [innerWidth, normEpsilon, plainScores, scoresByLayer].some((own) => own !== undefined);

/** the switches of 2017 are for learning, not for speed */
function unsupported(config: ModelConfig): string | null {
  const { positions, norm, activation, tiedHead, width, heads, vocabSize } = config;
  if (positions !== 'learned' || norm !== 'pre' || activation !== 'gelu' || !tiedHead || isForeign(config))
    return 'the fused executor knows the GPT-2 shape only';
  if (width / heads > MAX_HEAD_WIDTH) return `the fused executor takes heads up to ${MAX_HEAD_WIDTH} wide`;
  if (vocabSize > MAX_VOCABULARY) return `the fused executor takes up to ${MAX_VOCABULARY} tokens`;
  return null;
}

const inMegabytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MB`;

/** @returns why the weights of a model do not fit a card; null where they do. All lie in one buffer, the table is read whole */
export function cardLacks(
  limits: Pick<GPUSupportedLimits, 'maxBufferSize' | 'maxStorageBufferBindingSize'>,
  config: ModelConfig,
): string | null {
  const [all, table] = [4 * parameterCount(config), 4 * config.vocabSize * config.width];
  if (all > limits.maxBufferSize)
    return `its weights take ${inMegabytes(all)} in one buffer, this card gives ${inMegabytes(limits.maxBufferSize)}`;
  if (table > limits.maxStorageBufferBindingSize)
    return `its table of tokens takes ${inMegabytes(table)}, this card reads ${inMegabytes(limits.maxStorageBufferBindingSize)} at once`;
  return null;
}

/** @returns what a network of this shape would get now */
export function chooseExecutor(config: ModelConfig): ExecutorChoice {
  const player = currentPlayer();
  const limits = currentGpu()?.device.limits;
  const reason =
    (preferences.executor === 'portable' ? 'the portable executor was asked for' : null) ??
    (player ? (failures.get(player) ?? null) : 'the fused executor needs WebGPU or WebAssembly') ??
    unsupported(config) ??
    (limits ? cardLacks(limits, config) : null);
  return reason === null ? { executor: 'fused', reason } : { executor: 'portable', reason };
}

/**
 * @param style of the kernels, where a card can run it
 * @returns null where the portable executor is the choice
 */
export function fusedEngine(config: ModelConfig, style = preferences.style): Engine | null {
  if (chooseExecutor(config).executor === 'portable') return null;
  const gpu = currentGpu();
  return gpu ? gpuEngine(gpu, config, style) : wasmEngine(currentKernels()!, config, preferences.fast);
}

/** Emulated cards are the ones that tests run on: there a trial would cost a minute and say nothing new. */
async function mistrust(engine: Engine, config: ModelConfig): Promise<string | null> {
  if (runsOnSoftwareGpu() || trusted.has(engine.kernels)) return null;
  const tried = trialConfig(config);
  const smaller = tried === config ? engine : fusedEngine(tried, engine.style);
  const difference = smaller && (await fusedDiffers(smaller, tried));
  if (difference === null) trusted.add(engine.kernels);
  return difference && `here its numbers are not those of the portable executor: ${difference}`;
}

/** What is done before an executor is used. */
interface Preparation {
  /** share that is done, 0 … 1 */
  onProgress?: (done: number) => void;
  /** of the kernels, where the card can run it */
  style?: KernelStyleName | null;
  /**
   * whether it is to learn. On WebAssembly it is tried before that only: a browser that multiplies wrongly was found when
   * the kernels started, and texts need not wait for the trial. No two drivers of cards compile alike, so there it is
   * always tried.
   */
  learns?: boolean;
  /** false when nobody waits for it any more: what has not begun then is left out */
  isWanted?: () => boolean;
}

/** @returns what is wrong with an engine here, in words; null when it compiles and computes what it should */
async function faultOf(
  engine: Engine,
  config: ModelConfig,
  { onProgress, learns = true, isWanted = () => true }: Preparation = {},
): Promise<string | null> {
  try {
    await engine.compile(onProgress);
  } catch (error) {
    return `a kernel does not compile here: ${(error as Error).message}`;
  }
  return isWanted() && (learns || currentGpu()) ? mistrust(engine, config) : null;
}

/** kernels that are written in another way may do, else networks here are portable */
function reject({ player, style }: Engine, fault: string): void {
  const gpu = currentGpu();
  if (!gpu || !style || !gpu.drop(style)) failures.set(player, fault);
}

/**
 * Compiles what networks of this shape need, without holding up the thread, and tries it. Where a kernel does not
 * compile, or computes something else than it should, those that are written in another way have their turn; where none
 * is left, this card is a portable one.
 * @returns what networks of this shape will get
 */
export async function prepareExecutor(config: ModelConfig, preparation: Preparation = {}): Promise<ExecutorChoice> {
  const { style = null } = preparation;
  for (let engine = fusedEngine(config, style); engine; engine = fusedEngine(config, style)) {
    const fault = await faultOf(engine, config, preparation);
    if (fault === null) break;
    reject(engine, fault);
  }
  return chooseExecutor(config);
}

/**
 * Finds the swiftest way of writing the kernels of this card for networks that are made from now on; see `tuner.ts`.
 * @param now milliseconds, steady
 * @param budgetMs milliseconds in which it must be told
 * @returns null where there is no choice: no card, an emulated one, or one way alone
 */
export async function tuneKernels(
  config: ModelConfig,
  now: () => number,
  budgetMs = BUDGET_MS,
): Promise<KernelStyleName | null> {
  const gpu = currentGpu();
  if (!gpu || gpu.styles.length < 2 || !fusedEngine(config)) return null;
  const enter = async (name: KernelStyleName, isWanted: () => boolean): Promise<Entrant | null> => {
    const engine = gpuEngine(gpu, config, name);
    const fault = await faultOf(engine, config, { isWanted });
    if (fault === null) return isWanted() ? learningEntrant(engine, config, now) : null;
    gpu.drop(name);
    return null;
  };
  const name = await swiftest({ names: gpu.styles.map((style) => style.name), enter, now, budgetMs });
  gpu.prefer(name);
  return name;
}

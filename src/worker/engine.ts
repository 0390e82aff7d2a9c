/** The engine of this thread: which path tf.js runs on, and what happens when that path breaks. */
import { BACKENDS, type BackendName, type ExecutorName, type ModelConfig, presetConfig } from '../contract/config';
import type { CardTuning, EngineInfo, SwiftestKernels } from '../contract/domain';
import { type Account, accountOf } from '../core/kernels/gpu/account';
import { currentGpu } from '../core/kernels/gpu/device';
import { ExecutorError } from '../core/kernels/plan/player';
import { currentKernels, stopKernels } from '../core/kernels/wasm/player';
import {
  chooseExecutor,
  type ExecutorChoice,
  type ExecutorPreference,
  fastArithmetic,
  giveUpFused,
  preferExecutor,
  preferFast,
  tuneKernels,
} from '../core/model/executor';
import { type BackendOptions, type StartedBackend, startBackend, tf, trustsSimd } from '../core/tf';

export interface EngineOptions {
  wasmFiles: Pick<BackendOptions, 'wasmPath' | 'fetchWasm'>;
  /** makes the kernels of WebAssembly ready; null where there are none */
  kernels: (() => Promise<unknown>) | null;
  crossOriginIsolated: boolean;
  /** milliseconds, steady */
  now(): number;
  /** the device under the engine went away; called once per device */
  onLost(message: string): void;
  /** the device refused something that nobody waits for: memory, mostly */
  onGpuError(message: string): void;
}

/** a model of the default shape stands for all until one is made */
const TYPICAL: ModelConfig = { ...presetConfig('tiny').model, vocabSize: 300 };

export class Engine {
  info: EngineInfo | null = null;
  /** what the graphics card was asked to do; null off WebGPU */
  account: Account | null = null;
  /** rises with every start: work of an older one is void */
  generation = 0;
  private lost = false;
  /** whether it is known how the kernels of this card are best written */
  private isTuned = false;
  /** why the backend is not the fastest; null when it is */
  private backendReason: string | null = null;
  /** what somebody wants networks to be, whatever they are made on */
  private asked: ExecutorPreference = 'auto';

  constructor(private readonly options: EngineOptions) {}

  /**
   * @param swiftest what was found on cards before
   * @throws LabError('engine/backend') when the path asked for does not start here
   */
  async start(
    preference: BackendName | 'auto',
    executor: ExecutorPreference = 'auto',
    swiftest: SwiftestKernels = {},
  ): Promise<EngineInfo> {
    const generation = ++this.generation;
    this.asked = executor;
    preferExecutor(executor);
    const wanted = executor !== 'portable';
    // where it is certain that they will be wanted they start beside tf.js's own module
    const ahead = wanted && leadsToWasm(preference) ? this.startKernels() : null;
    const options: BackendOptions = {
      ...this.options.wasmFiles,
      onDeviceLost: (message) => generation === this.generation && this.lose(message),
      onGpuError: (message) => generation === this.generation && !this.lost && this.options.onGpuError(message),
    };
    const first = await startBackend(preference, options).finally(() => ahead);
    const playing = wanted && first.backend === 'wasm' && trustsSimd();
    if (!playing) stopKernels();
    // what the kernels found wrong tf.js's own module is made of too
    const isMistaken = playing && (await (ahead ?? this.startKernels()));
    const started = isMistaken ? await startBackend(preference, { ...options, plainWasm: true }) : first;
    this.isTuned = isKnown(started.adapter, swiftest);
    this.lost = false;
    this.account = started.device && accountOf(started.device, this.options.now);
    this.info = this.describe(started, executor);
    return this.info;
  }

  /** after the device was lost: the next path down that starts, never the one that broke */
  async startNext(): Promise<EngineInfo> {
    const broken = this.info?.backend ?? 'webgpu';
    const rest = BACKENDS.slice(BACKENDS.indexOf(broken) + 1);
    let failure: unknown = new Error(`there is no path left after ${broken}`);
    for (const backend of rest) {
      try {
        const info = await this.start(backend, this.asked);
        this.info = { ...info, reason: `${broken} stopped working` };
        return this.info;
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  /** the fused executor failed on this card: networks that are made from now on are portable */
  withdrawFused(message: string): EngineInfo {
    giveUpFused(`the fused executor stopped: ${message}`);
    const choice = chooseExecutor(TYPICAL);
    return this.use(choice) ?? (this.info as EngineInfo);
  }

  /**
   * Finds anew how many threads are the swiftest: a core may have been busy when the engine started.
   * @returns what the engine is from now on, or null when that is what it was
   */
  tune(): EngineInfo | null {
    if (this.info?.executor !== 'fused') return null;
    currentKernels()?.tune();
    return this.use({ executor: 'fused', reason: null });
  }

  /**
   * Finds once how the kernels of a graphics card are best written, for networks that are made from now on.
   * @param model of a shape that is prepared
   * @returns null where that is known, or there is no choice
   */
  async tuneCard(model: ModelConfig): Promise<CardTuning | null> {
    const { adapter, executor } = this.info ?? {};
    if (this.isTuned || !adapter || executor !== 'fused') return null;
    this.isTuned = true;
    const style = await tuneKernels(model, this.options.now);
    return style && { adapter, style };
  }

  /** @returns what the engine is from now on, or null when that is what it was */
  use({ executor, reason }: ExecutorChoice): EngineInfo | null {
    const threads = threadsOf(executor);
    if (!this.info || (this.info.executor === executor && this.info.threads === threads)) return null;
    const why = [this.backendReason, reason].filter(Boolean).join('; ') || null;
    const fast = fastOf(executor);
    this.info = {
      ...this.info,
      executor,
      threads,
      threadsUp: threadsUpOf(executor),
      fast,
      reason: this.info.executor === executor ? this.info.reason : why,
    };
    return this.info;
  }

  /** for networks that are made from now on. @returns what the engine is */
  preferFast(fast: boolean): EngineInfo {
    preferFast(fast);
    const info = this.info as EngineInfo;
    this.info = { ...info, fast: fastOf(info.executor) };
    return this.info;
  }

  get isLost(): boolean {
    return this.lost;
  }

  /** tensors of tf.js; bytes of everything that is held, weights and arenas of recorded plans among it */
  memory(): { tensors: number; bytes: number } {
    const { numTensors, numBytes } = tf.memory();
    return {
      tensors: numTensors,
      bytes: this.account?.reading.bytes ?? numBytes + (currentKernels()?.heap.bytes ?? 0),
    };
  }

  /**
   * tf.js alone computes where they do not start; `describe` says so
   * @returns whether they compute something else than they should; those that are not there at all do not
   */
  private async startKernels(): Promise<boolean> {
    try {
      await this.options.kernels?.();
      return false;
    } catch (error) {
      return error instanceof ExecutorError;
    }
  }

  private lose(message: string): void {
    if (this.lost) return;
    this.lost = true;
    this.options.onLost(message);
  }

  private describe({ backend, adapter, reason }: StartedBackend, asked: ExecutorPreference): EngineInfo {
    const choice = chooseExecutor(TYPICAL);
    this.backendReason = reason;
    // off WebGPU the reason for the backend says it all, unless somebody asked for what cannot be had
    const why = backend === 'webgpu' || asked === 'fused' ? choice.reason : null;
    return {
      backend,
      executor: choice.executor,
      threads: threadsOf(choice.executor),
      threadsUp: threadsUpOf(choice.executor),
      fast: fastOf(choice.executor),
      adapter,
      reason: [reason, why].filter(Boolean).join('; ') || null,
      crossOriginIsolated: this.options.crossOriginIsolated,
    };
  }
}

/** whether nothing is tried before WebAssembly */
const leadsToWasm = (preference: BackendName | 'auto'): boolean =>
  preference === 'wasm' || (preference === 'auto' && !globalThis.navigator?.gpu);

/** what was found before counts only where this card can run it */
function isKnown(adapter: string | null, swiftest: SwiftestKernels): boolean {
  const style = adapter === null ? undefined : swiftest[adapter];
  return style !== undefined && (currentGpu()?.prefer(style) ?? false);
}

const fastOf = (executor: ExecutorName): boolean | null => (executor === 'fused' ? fastArithmetic() : null);

/** null where it is not ours to say */
const threadsOf = (executor: ExecutorName): number | null =>
  executor === 'fused' ? (currentKernels()?.threads ?? null) : null;
const threadsUpOf = (executor: ExecutorName): number | null =>
  executor === 'fused' ? (currentKernels()?.threadsUp ?? null) : null;

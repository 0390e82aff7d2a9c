/** The engine of this thread: which path tf.js runs on, and what happens when that path breaks. */
import { BACKENDS, type BackendName, type ExecutorName } from '../contract/config';
import type { EngineInfo } from '../contract/domain';
import { type BackendOptions, type StartedBackend, startBackend, tf } from '../core/tf';

export interface EngineOptions {
  wasmPath: BackendOptions['wasmPath'] | undefined;
  crossOriginIsolated: boolean;
  /** the device under the engine went away; called once per device */
  onLost(message: string): void;
  /** the device refused something that nobody waits for: memory, mostly */
  onGpuError(message: string): void;
}

export class Engine {
  info: EngineInfo | null = null;
  /** rises with every start: work of an older one is void */
  generation = 0;
  private lost = false;

  constructor(private readonly options: EngineOptions) {}

  /** @throws LabError('engine/backend') when the path asked for does not start here */
  async start(preference: BackendName | 'auto', executor: ExecutorName | 'auto' = 'auto'): Promise<EngineInfo> {
    const generation = ++this.generation;
    const started = await startBackend(preference, {
      ...(this.options.wasmPath === undefined ? {} : { wasmPath: this.options.wasmPath }),
      onDeviceLost: (message) => generation === this.generation && this.lose(message),
      onGpuError: (message) => generation === this.generation && !this.lost && this.options.onGpuError(message),
    });
    this.lost = false;
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
        const info = await this.start(backend);
        this.info = { ...info, reason: `${broken} stopped working` };
        return this.info;
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  get isLost(): boolean {
    return this.lost;
  }

  memory(): { tensors: number; bytes: number } {
    const { numTensors, numBytes } = tf.memory();
    return { tensors: numTensors, bytes: numBytes };
  }

  private lose(message: string): void {
    if (this.lost) return;
    this.lost = true;
    this.options.onLost(message);
  }

  private describe({ backend, adapter, reason }: StartedBackend, executor: ExecutorName | 'auto'): EngineInfo {
    const { crossOriginIsolated } = this.options;
    return {
      backend,
      executor: executor === 'auto' ? 'portable' : executor,
      adapter,
      reason,
      crossOriginIsolated,
    };
  }
}

/** The graphics card as the fused executor sees it: the device that tf.js works on too, and pipelines compiled once. */
import { runsOnSoftwareGpu, tf, type WebGPUBackend } from '../../tf';
import { type Kernel, wgslOf } from './kernel';

/**
 * How a kernel is written: neighbours that share memory and wait for each other, or threads that never wait (an
 * emulated GPU).
 */
export type KernelStyle = 'cooperative' | 'solitary';

export interface Pipeline {
  pipeline: GPUComputePipeline;
  layout: GPUBindGroupLayout;
}

export class Gpu {
  private readonly pipelines = new Map<string, Pipeline>();

  constructor(
    readonly device: GPUDevice,
    readonly style: KernelStyle,
  ) {}

  /** compiled at first use, or before by `compile` */
  pipeline(kernel: Kernel): Pipeline {
    const code = wgslOf(kernel);
    const known = this.pipelines.get(code);
    if (known) return known;
    const { layout, descriptor } = this.describe(kernel, code);
    const made = { layout, pipeline: this.device.createComputePipeline(descriptor) };
    this.pipelines.set(code, made);
    return made;
  }

  /**
   * Compiles without holding up the thread.
   * @param onProgress share that is done, 0 … 1
   * @throws when a kernel does not compile on this device
   */
  async compile(kernels: readonly Kernel[], onProgress?: (done: number) => void): Promise<void> {
    const missing = new Map(kernels.map((kernel) => [wgslOf(kernel), kernel]));
    for (const code of this.pipelines.keys()) missing.delete(code);
    let done = 0;
    await Promise.all(
      [...missing].map(async ([code, kernel]) => {
        const { layout, descriptor } = this.describe(kernel, code);
        const pipeline = await this.device.createComputePipelineAsync(descriptor);
        this.pipelines.set(code, { layout, pipeline });
        onProgress?.(++done / missing.size);
      }),
    );
  }

  submit(encoder: GPUCommandEncoder): void {
    this.device.queue.submit([encoder.finish()]);
  }

  private describe(
    kernel: Kernel,
    code: string,
  ): { layout: GPUBindGroupLayout; descriptor: GPUComputePipelineDescriptor } {
    const count = Object.keys(kernel.buffers).length;
    const visibility = GPUShaderStage.COMPUTE;
    const entries: GPUBindGroupLayoutEntry[] = Array.from({ length: count }, (_, binding) => ({
      binding,
      visibility,
      buffer: { type: 'storage' },
    }));
    if (kernel.shape.length > 0) entries.push({ binding: count, visibility, buffer: { type: 'uniform' } });
    if (kernel.readsStep)
      entries.push({ binding: count + 1, visibility, buffer: { type: 'uniform', hasDynamicOffset: true } });
    const layout = this.device.createBindGroupLayout({ label: kernel.name, entries });
    const module = this.device.createShaderModule({ label: kernel.name, code });
    const descriptor = {
      label: kernel.name,
      layout: this.device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: 'main' },
    };
    return { layout, descriptor };
  }
}

const known = new WeakMap<GPUDevice, Gpu>();

/** @returns the card that tf.js works on now; null off WebGPU */
export function currentGpu(): Gpu | null {
  if (tf.getBackend() !== 'webgpu') return null;
  const { device } = tf.backend() as WebGPUBackend;
  const gpu = known.get(device) ?? new Gpu(device, runsOnSoftwareGpu() ? 'solitary' : 'cooperative');
  known.set(device, gpu);
  return gpu;
}

/** The graphics card as the fused executor sees it: the device that tf.js works on too, and pipelines compiled once. */
import type { KernelStyleName } from '../../../contract/config';
import { runsOnSoftwareGpu, tf, type WebGPUBackend } from '../../tf';
import { type Kernel, wgslOf } from './kernel';
import { type KernelStyle, REAL_STYLES, runsStyle, styleOf } from './style';

export interface Pipeline {
  pipeline: GPUComputePipeline;
  layout: GPUBindGroupLayout;
}

export class Gpu {
  /** how its kernels may be written; as the first are those of networks that ask for nothing else */
  private ways: KernelStyle[];
  private readonly pipelines = new Map<string, Pipeline>();

  /** @param emulated whether the processor plays the card */
  constructor(
    readonly device: GPUDevice,
    emulated: boolean,
  ) {
    this.ways = stylesOf(device, emulated);
  }

  get styles(): readonly KernelStyle[] {
    return this.ways;
  }

  /** @returns that of this name, else the one that is preferred here */
  styled(name: KernelStyleName | null = null): KernelStyle {
    return this.ways.find((style) => style.name === name) ?? this.ways[0]!;
  }

  /** @returns whether this card can be asked for it */
  prefer(name: KernelStyleName): boolean {
    const found = this.ways.find((style) => style.name === name);
    if (found) this.ways = [found, ...this.ways.filter((style) => style !== found)];
    return found !== undefined;
  }

  /** It computes something wrong here. @returns whether another way is left */
  drop(name: KernelStyleName): boolean {
    const rest = this.ways.filter((style) => style.name !== name);
    if (rest.length === 0) return false;
    this.ways = rest;
    return true;
  }

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

/** newer than the types */
type AdapterInfo = { adapterInfo?: { subgroupMinSize?: number } };

function stylesOf(device: GPUDevice, emulated: boolean): KernelStyle[] {
  if (emulated) return [styleOf('solitary')];
  const { subgroupMinSize } = (device as AdapterInfo).adapterInfo ?? {};
  return REAL_STYLES.filter((name) => runsStyle(device.features, name)).map((name) => styleOf(name, subgroupMinSize));
}

const known = new WeakMap<GPUDevice, Gpu>();

/** @returns the card that tf.js works on now; null off WebGPU */
export function currentGpu(): Gpu | null {
  if (tf.getBackend() !== 'webgpu') return null;
  const { device } = tf.backend() as WebGPUBackend;
  const gpu = known.get(device) ?? new Gpu(device, runsOnSoftwareGpu());
  known.set(device, gpu);
  return gpu;
}

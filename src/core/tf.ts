/**
 * The only door to TensorFlow.js: every other file of `core` takes `tf` from here.
 *
 * tf.js opens a GPU device of its own and never looks at it again. We open the device ourselves, with the limits the
 * adapter allows, hand it to tf.js and keep watch: a lost device and an error nobody caught are told to whoever started
 * the engine.
 */
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import { BACKENDS, type BackendName } from '../contract/config';
import { LabError } from '../contract/errors';

export { tf, type WebGPUBackend, type WebGPUProgram };

/** What computes is a part of its own where not everybody needs it. WebAssembly is here from the start. */
const PARTS = {
  webgpu: () => import('@tensorflow/tfjs-backend-webgpu'),
  webgl: () => import('@tensorflow/tfjs-backend-webgl'),
  cpu: () => import('@tensorflow/tfjs-backend-cpu'),
};

/** a kernel of every backend, and none of ours, which are registered for a backend before it is here */
const OF_ALL = 'Add';

/** its kernels are registered once it is here; in Node all are, WebGL's too, which no name stands for without a window */
async function fetchPart(backend: BackendName): Promise<void> {
  if (backend !== 'wasm' && !tf.getKernel(OF_ALL, backend)) await PARTS[backend]();
}

/** Has every backend here, for one may have to take over when no network is left. @throws when one did not come */
export async function fetchBackends(): Promise<void> {
  for (const backend of BACKENDS) await fetchPart(backend);
}

let softwareGpu = false;
/** whether tensors live on a graphics card that is really the processor */
export const runsOnSoftwareGpu = (): boolean => softwareGpu && tf.getBackend() === 'webgpu';

export interface BackendOptions {
  /** folder of the .wasm files, with a slash at the end, or the three files by name */
  wasmPath?: string | Record<WasmFile, string>;
  /** has the file here, under its address of `wasmPath`, before tf.js reads it; left out, tf.js fetches it */
  fetchWasm?(name: WasmFile): Promise<void>;
  /** where adapters come from; the browser's own when left out */
  gpu?: GPU;
  /** tests: run on an emulated adapter what a real one would run, slow as it is */
  stockKernels?: boolean;
  /** WebAssembly without its 128-bit instructions: what they compute here is wrong */
  plainWasm?: boolean;
  onDeviceLost?: (message: string) => void;
  onGpuError?: (message: string) => void;
}
export type WasmFile =
  | 'tfjs-backend-wasm.wasm'
  | 'tfjs-backend-wasm-simd.wasm'
  | 'tfjs-backend-wasm-threaded-simd.wasm';

export interface StartedBackend {
  backend: BackendName;
  /** what the graphics card calls itself; null off the GPU */
  adapter: string | null;
  /** null on the fastest path, otherwise why the lab is not on it */
  reason: string | null;
  /** null off WebGPU */
  device: GPUDevice | null;
}

/** Only these are worth raising: the rest stays at what every device has. */
const RAISED_LIMITS = [
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBuffersPerShaderStage',
] as const;
const WANTED_FEATURES: GPUFeatureName[] = ['shader-f16', 'subgroups', 'timestamp-query'];

/** A graphics card that is really the processor: slower than wasm, so only used when asked for. */
const isSoftware = (adapter: GPUAdapter): boolean =>
  (adapter.info as GPUAdapterInfo & { isFallbackAdapter?: boolean }).isFallbackAdapter === true ||
  /swiftshader|llvmpipe|software|basic render/i.test(
    `${adapter.info.architecture} ${adapter.info.device} ${adapter.info.description}`,
  );

const adapterName = ({ vendor, architecture, device, description }: GPUAdapterInfo): string =>
  description || [vendor, architecture, device].filter(Boolean).join(' ') || 'unnamed adapter';

async function openDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  return adapter.requestDevice({
    requiredFeatures: WANTED_FEATURES.filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(RAISED_LIMITS.map((limit) => [limit, adapter.limits[limit]])),
  });
}

/** the device that tf.js computes on, or null off WebGPU */
let current: GPUDevice | null = null;

/** The device before is closed, and its memory given back at once; that is no loss to tell of. */
function takeDevice(next: GPUDevice | null): void {
  const before = current;
  current = next;
  before?.destroy();
}

/**
 * A device that ends while tf.js computes on it was lost, whatever reason it gives: one that we close is not current
 * any more.
 */
function watchDevice(device: GPUDevice, { onDeviceLost, onGpuError }: BackendOptions): void {
  device.lost.then(({ message }) => {
    if (device === current) onDeviceLost?.(message || 'the device was lost');
  });
  device.addEventListener('uncapturederror', (event) => onGpuError?.((event as GPUUncapturedErrorEvent).error.message));
}

async function activate(backend: BackendName): Promise<void> {
  if (!(await tf.setBackend(backend))) throw new Error('tf.js could not start it');
  await tf.ready();
}

async function startWebgpu(options: BackendOptions, forced: boolean): Promise<StartedBackend> {
  const gpu = options.gpu ?? globalThis.navigator?.gpu;
  if (!gpu) throw new Error('this browser has no WebGPU');
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('no graphics adapter answered');
  const software = isSoftware(adapter);
  const name = adapterName(adapter.info);
  if (software && !forced) throw new Error(`the adapter (${name}) is emulated in software`);
  const { WebGPUBackend } = await PARTS.webgpu();
  const device = await openDevice(adapter);
  takeDevice(device);
  watchDevice(device, options);
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info), 3);
  await activate('webgpu');
  softwareGpu = software && !options.stockKernels;
  return { backend: 'webgpu', adapter: name, reason: software ? 'the adapter is emulated in software' : null, device };
}

/** whether tf.js takes the file with 128-bit instructions where it can */
const SIMD = 'WASM_HAS_SIMD_SUPPORT';
/** whether 128-bit instructions are there, and nobody has seen them compute something wrong; known once WebAssembly has started */
export const trustsSimd = (): boolean => tf.env().get(SIMD) === true;

/** the one that tf.js would take here */
export async function wasmFileHere(): Promise<WasmFile> {
  return (await tf.env().getAsync(SIMD)) ? 'tfjs-backend-wasm-simd.wasm' : 'tfjs-backend-wasm.wasm';
}

/** one sum of each kind that a network is mostly made of, whose results are known. @returns false also where it traps */
async function computesRight(): Promise<boolean> {
  const [rows, inner, columns] = [5, 6, 21] as const; // odd sides, so that the ends of vectors are among them
  const numbers = (length: number, seed: number) => Array.from({ length }, (_, i) => (((i * seed) % 61) - 30) / 8);
  const [a, b] = [numbers(rows * inner, 17), numbers(inner * columns, 23)];
  const expected = Array.from({ length: rows * columns }, (_, at) =>
    Array.from({ length: inner }, (_, k) => {
      const x = a[Math.floor(at / columns) * inner + k]!;
      return (x * x + x) * b[k * columns + (at % columns)]!;
    }).reduce((sum, term) => sum + term),
  );
  try {
    const product = tf.tidy(() => {
      const x = tf.tensor2d(a, [rows, inner]);
      return tf.matMul(tf.add(tf.mul(x, x), x), tf.tensor2d(b, [inner, columns]));
    });
    const found = await product.data();
    product.dispose();
    return expected.every((value, i) => Math.abs(value - found[i]!) < 1e-2); // also where it is no number
  } catch {
    return false;
  }
}

/** from now on; what tf.js held in the memory of the backend that it leaves is gone */
function leaveSimd(): void {
  tf.env().set(SIMD, false);
  const factory = tf.findBackendFactory('wasm');
  tf.removeBackend('wasm');
  tf.registerBackend('wasm', factory);
}

/**
 * A browser may take a module and compute something else. tf.js waits for ever for a file that does not come, or is
 * something else: it has to be here before.
 * @returns why it does without 128-bit instructions that are here; null where it does with them, or there are none
 */
async function startWasm({ fetchWasm, plainWasm = false }: BackendOptions): Promise<string | null> {
  if (plainWasm && (await tf.env().getAsync(SIMD))) leaveSimd();
  await fetchWasm?.(await wasmFileHere());
  await activate('wasm');
  if (await computesRight()) return plainWasm ? WITHOUT_SIMD : null;
  if (!trustsSimd()) throw new Error('it does not compute here what it should');
  return startWasm({ ...(fetchWasm && { fetchWasm }), plainWasm: true });
}
const WITHOUT_SIMD =
  'the 128-bit instructions of WebAssembly do not compute here what they should, so tf.js does without them';

async function startOther(backend: BackendName, options: BackendOptions): Promise<StartedBackend> {
  await fetchPart(backend);
  const reason = backend === 'wasm' ? await startWasm(options) : await activate(backend).then(() => null);
  takeDevice(null);
  return { backend, adapter: null, reason, device: null };
}

const messageOf = (error: unknown): string => (error as { message?: string })?.message ?? String(error);
let wasmPathsSet = false;

/**
 * One wasm thread. tf.js starts its threads from the text of a function, which a minifier has renamed by then; and rows
 * of 64 to 128 numbers are too short to share out, while one thread adds up in the same order on every machine.
 */
tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);

/**
 * Starts tf.js on the fastest path that works: webgpu, wasm, webgl, cpu, in this order, or on the one asked for.
 * @throws LabError('engine/backend') when the one asked for does not start here
 */
export async function startBackend(
  preference: BackendName | 'auto',
  options: BackendOptions = {},
): Promise<StartedBackend> {
  if (options.wasmPath !== undefined && !wasmPathsSet) {
    setWasmPaths(options.wasmPath, options.fetchWasm !== undefined);
    wasmPathsSet = true;
  }
  const failures: string[] = [];
  for (const backend of preference === 'auto' ? BACKENDS : [preference]) {
    try {
      const started =
        backend === 'webgpu' ? await startWebgpu(options, preference === 'webgpu') : await startOther(backend, options);
      const asked = preference !== 'auto' && preference !== 'webgpu' ? `${preference} was asked for` : null;
      return { ...started, reason: [...failures, started.reason ?? asked].filter(Boolean).join('; ') || null };
    } catch (error) {
      failures.push(`no ${backend}: ${messageOf(error)}`);
    }
  }
  throw new LabError('engine/backend', failures.join('; '));
}

/**
 * Kernels in plain TypeScript for the two backends whose tensors live in memory that we can see: cpu and wasm. Stock
 * tf.js has no wasm kernel that reads query, key and value out of one packed matrix, or that scatters embedding
 * gradients; composing them from transposes and slow batched products costs more than all the matrix products of a step
 * together. Here they are loops.
 *
 * Every host kernel has a twin composed of tf.js operations, which WebGPU and WebGL run and which tests compare it
 * with.
 */
import { tf, trustsSimd } from '../tf';
import { plainRowMath, type RowMath, vectorRowMath } from './rowMath';

export type HostArray = Float32Array | Int32Array;

export interface HostKernel<Attributes extends object> {
  name: string;
  /** shapes of the float32 outputs */
  outputs(shapes: number[][], attributes: Attributes): number[][];
  /** writes every entry of `outputs`; inputs are read only */
  compute(
    inputs: HostArray[],
    outputs: Float32Array[],
    shapes: number[][],
    attributes: Attributes,
    math: RowMath,
  ): void;
}

/** What we use of the two backends. */
export interface WasmBackend {
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  incRef(dataId: object): void;
  typedArrayFromHeap(info: tf.TensorInfo): HostArray;
  /** emscripten's module: its memory is an export without threads and its own field with them */
  wasm: { asm?: { memory?: WebAssembly.Memory }; wasmMemory?: WebAssembly.Memory };
}
interface CpuBackend {
  makeTensorInfo(shape: number[], dtype: 'float32', values: Float32Array): tf.TensorInfo;
  data: { get(dataId: object): { values: HostArray } };
}

const vectorMath = new WeakMap<WasmBackend, RowMath>();

/** made once per backend, on first use */
export function mathOn(backend: WasmBackend): RowMath {
  const memory = backend.wasm.wasmMemory ?? backend.wasm.asm?.memory;
  const isVector = memory instanceof WebAssembly.Memory && trustsSimd();
  const math = vectorMath.get(backend) ?? (isVector ? vectorRowMath(memory) : plainRowMath);
  vectorMath.set(backend, math);
  return math;
}

/** Outputs first: growing the heap moves it, and views taken before would point nowhere. */
function runOnWasm<A extends object>(
  kernel: HostKernel<A>,
  backend: WasmBackend,
  inputs: tf.TensorInfo[],
  attributes: A,
): tf.TensorInfo[] {
  const shapes = inputs.map(({ shape }) => shape);
  const outputs = kernel.outputs(shapes, attributes).map((shape) => backend.makeOutput(shape, 'float32'));
  const view = (info: tf.TensorInfo): HostArray => backend.typedArrayFromHeap(info);
  kernel.compute(inputs.map(view), outputs.map(view) as Float32Array[], shapes, attributes, mathOn(backend));
  return outputs;
}

function runOnCpu<A extends object>(
  kernel: HostKernel<A>,
  backend: CpuBackend,
  inputs: tf.TensorInfo[],
  attributes: A,
): tf.TensorInfo[] {
  const shapes = inputs.map(({ shape }) => shape);
  const outputShapes = kernel.outputs(shapes, attributes);
  const values = outputShapes.map((shape) => new Float32Array(shape.reduce((size, length) => size * length, 1)));
  const read = ({ dataId }: tf.TensorInfo): HostArray => backend.data.get(dataId).values;
  kernel.compute(inputs.map(read), values, shapes, attributes, plainRowMath);
  return outputShapes.map((shape, i) => backend.makeTensorInfo(shape, 'float32', values[i] as Float32Array));
}

const inOrder = (inputs: tf.NamedTensorInfoMap): tf.TensorInfo[] => Object.values(inputs) as tf.TensorInfo[];

/** Registers a kernel with tf.js under both backends' names. */
export function defineHostKernel<A extends object>(kernel: HostKernel<A>): HostKernel<A> {
  tf.registerKernel({
    kernelName: kernel.name,
    backendName: 'wasm',
    kernelFunc: ({ inputs, backend, attrs }) =>
      runOnWasm(kernel, backend as WasmBackend, inOrder(inputs), attrs as unknown as A),
  });
  tf.registerKernel({
    kernelName: kernel.name,
    backendName: 'cpu',
    kernelFunc: ({ inputs, backend, attrs }) =>
      runOnCpu(kernel, backend as CpuBackend, inOrder(inputs), attrs as unknown as A),
  });
  return kernel;
}

/** Whether tensors of the current backend can be computed by host kernels. */
export const hasHostKernels = (): boolean => tf.getBackend() === 'wasm' || tf.getBackend() === 'cpu';

/** @returns one tensor per output, owned by the caller; not differentiable by itself */
export function runHostKernel<A extends object>(
  kernel: HostKernel<A>,
  inputs: readonly tf.Tensor[],
  attributes: A,
): tf.Tensor[] {
  const named = Object.fromEntries(inputs.map((tensor, i) => [`x${i}`, tensor]));
  return tf.engine().runKernel(kernel.name, named, attributes as unknown as tf.NamedAttrMap) as unknown as tf.Tensor[];
}

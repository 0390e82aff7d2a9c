/**
 * Kernels of tf.js's wasm backend that copy far more than they must, replaced. Without this, half of a small model's
 * step is copying: every gradient saves its inputs through Identity, and the optimiser slices one long vector into
 * fifty tensors.
 *
 *   Identity    copied the tensor; now shares it, as the other backends do
 *   Cast        copied also what has the wanted type already; now shares it then
 *   Slice       copied the whole input out of the heap for every piece; now copies the piece
 *   Transpose   went element by element; now turns matrices in registers, moves whole rows where the last axis stays
 */
import { tf } from '../tf';
import { type HostArray, mathOn, type WasmBackend } from './hostKernel';

interface Call {
  inputs: tf.NamedTensorInfoMap;
  attrs: tf.NamedAttrMap | undefined;
  backend: WasmBackend;
}
type Kernel = (call: Call) => tf.TensorInfo;

/** @param better gets the stock kernel for the cases it leaves alone */
function repair(kernelName: string, better: (stock: Kernel) => Kernel): void {
  const config = tf.getKernel(kernelName, 'wasm');
  if (!config) return;
  const kernelFunc = better(config.kernelFunc as unknown as Kernel) as unknown as tf.KernelFunc;
  tf.unregisterKernel(kernelName, 'wasm');
  tf.registerKernel({ ...config, kernelFunc });
}

const inputOf = ({ inputs }: Call): tf.TensorInfo => inputs.x as tf.TensorInfo;
const stridesOf = (shape: readonly number[]): number[] =>
  shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));

function shared({ backend }: Call, { dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo {
  backend.incRef(dataId);
  return { dataId, shape, dtype };
}

repair('Identity', (stock) => (call) => {
  const x = inputOf(call);
  return x.dtype === 'string' ? stock(call) : shared(call, x);
});

repair('Cast', (stock) => (call) => {
  const x = inputOf(call);
  const { dtype } = call.attrs as { dtype: tf.DataType };
  return x.dtype === 'string' || x.dtype !== dtype ? stock(call) : shared(call, x);
});

/** calls back with the start of every row that lies in one piece in both arrays */
function eachRow(
  outShape: readonly number[],
  strides: readonly number[],
  start: number,
  axes: number,
  visit: (from: number) => void,
): void {
  const walk = (axis: number, from: number): void => {
    if (axis === axes) visit(from);
    else for (let i = 0; i < outShape[axis]!; i++) walk(axis + 1, from + i * strides[axis]!);
  };
  walk(0, start);
}

/** rows of `length` numbers, one after the other into `out` */
function copyRows(
  out: HostArray,
  x: HostArray,
  outShape: readonly number[],
  strides: readonly number[],
  start: number,
  axes: number,
  length: number,
): void {
  let to = 0;
  eachRow(outShape, strides, start, axes, (from) => {
    if (length > 16) out.set(x.subarray(from, from + length), to);
    else for (let i = 0; i < length; i++) out[to + i] = x[from + i]!;
    to += length;
  });
}

repair('Slice', (stock) => (call) => {
  const x = inputOf(call);
  if (x.dtype === 'string') return stock(call);
  const { begin, size } = call.attrs as { begin: number[]; size: number[] };
  const [first, shape] = tf.slice_util.parseSliceParams(x as tf.Tensor, begin, size) as [number[], number[]];
  const out = call.backend.makeOutput(shape, x.dtype);
  const strides = stridesOf(x.shape);
  const start = first.reduce((sum, from, axis) => sum + from * strides[axis]!, 0);
  // axes from `whole` on are taken entirely, so they and the one before them lie in one piece
  let whole = shape.length;
  while (whole > 0 && shape[whole - 1] === x.shape[whole - 1]) whole--;
  const axes = Math.max(0, whole - 1);
  const length = shape.slice(axes).reduce((a, b) => a * b, 1);
  copyRows(
    call.backend.typedArrayFromHeap(out),
    call.backend.typedArrayFromHeap(x),
    shape,
    strides,
    start,
    axes,
    length,
  );
  return out;
});

repair('Transpose', (stock) => (call) => {
  const x = inputOf(call);
  const { perm } = call.attrs as { perm: number[] };
  const last = perm.length - 1;
  const isMatrix = perm.length === 2 && perm[0] === 1;
  if (x.dtype !== 'float32' || !(isMatrix || (perm.length > 2 && perm[last] === last))) return stock(call);
  const shape = perm.map((axis) => x.shape[axis]!);
  const out = call.backend.makeOutput(shape, 'float32');
  const [to, from] = [call.backend.typedArrayFromHeap(out), call.backend.typedArrayFromHeap(x)] as [
    Float32Array,
    Float32Array,
  ];
  const strides = stridesOf(x.shape);
  if (isMatrix) mathOn(call.backend).transpose(to, from, x.shape[0]!, x.shape[1]!);
  else
    copyRows(
      to,
      from,
      shape,
      perm.map((axis) => strides[axis]!),
      0,
      last,
      x.shape[last]!,
    );
  return out;
});

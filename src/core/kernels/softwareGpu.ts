/**
 * A graphics card that is really the processor (SwiftShader, llvmpipe) waits at every workgroup barrier, and takes
 * seconds to compile the unrolled tiles of the stock matrix product. On such an adapter these kernels stand in for the
 * stock ones: one thread computes one number in a plain loop, no barrier, nothing shared. A real card keeps the stock
 * kernels.
 *
 * They are ordinary tf.js programs (`WebGPUProgram`), so gradients and everything above stay as they are.
 */
import { runsOnSoftwareGpu, tf, type WebGPUBackend, type WebGPUProgram } from '../tf';

const WORKGROUP = 64;
/** a dispatch has at most this many workgroups along an axis */
const MAX_GROUPS = 65_535;

/** threads in a line, folded into a second axis where the line is too long */
function dispatchOf(size: number): [number, number, number] {
  const groups = Math.ceil(size / WORKGROUP);
  return groups <= MAX_GROUPS ? [groups, 1, 1] : [MAX_GROUPS, Math.ceil(groups / MAX_GROUPS), 1];
}

function programOf(
  key: string,
  outputShape: number[],
  variableNames: string[],
  uniforms: string,
  body: string,
): WebGPUProgram {
  const size = outputShape.reduce((product, side) => product * side, 1);
  return {
    outputShape,
    variableNames,
    uniforms,
    size: true,
    shaderKey: `lab_${key}`,
    workgroupSize: [WORKGROUP, 1, 1],
    dispatchLayout: { x: outputShape.map((_, axis) => axis) },
    dispatch: dispatchOf(size),
    getUserCode: () =>
      `fn main(index : i32) {\n  if (index < uniforms.size) {\n${body}\n    setOutputAtIndex(index, value);\n  }\n}`,
  };
}

interface Uniform {
  type: 'int32';
  data: number[];
}
const int = (value: number): Uniform => ({ type: 'int32', data: [value] });

const withShape = (info: tf.TensorInfo, shape: number[]): tf.TensorInfo => ({
  dataId: info.dataId,
  shape,
  dtype: info.dtype,
});
const sizeOf = (shape: number[]): number => shape.reduce((product, side) => product * side, 1);

interface MatMulArguments {
  a: tf.TensorInfo;
  b: tf.TensorInfo;
  bias?: tf.TensorInfo | undefined;
  transposeA: boolean;
  transposeB: boolean;
}

/** out[n,i,j] = Σ_k a[n,i,k]·b[n,k,j] (+ bias[j]); a batch of 1 on one side serves every entry of the other */
function plainMatMul(backend: WebGPUBackend, { a, b, bias, transposeA, transposeB }: MatMulArguments): tf.TensorInfo {
  const [aRows, aColumns] = a.shape.slice(-2) as [number, number];
  const [bRows, bColumns] = b.shape.slice(-2) as [number, number];
  const [rows, inner] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
  const columns = transposeB ? bRows : bColumns;
  const [aBatch, bBatch] = [sizeOf(a.shape.slice(0, -2)), sizeOf(b.shape.slice(0, -2))];
  const batch = Math.max(aBatch, bBatch);
  const program = programOf(
    `matMul_${transposeA}_${transposeB}_${bias !== undefined}`,
    [batch * rows * columns],
    bias ? ['A', 'B', 'bias'] : ['A', 'B'],
    'rows : i32, columns : i32, inner : i32, aStep : i32, bStep : i32,',
    `    let j = index % uniforms.columns;
    let i = (index / uniforms.columns) % uniforms.rows;
    let n = index / (uniforms.columns * uniforms.rows);
    var value = ${bias ? 'f32(bias[j])' : '0.0'};
    for (var k = 0; k < uniforms.inner; k = k + 1) {
      value = value + f32(A[n * uniforms.aStep + ${transposeA ? 'k * uniforms.rows + i' : 'i * uniforms.inner + k'}])
                    * f32(B[n * uniforms.bStep + ${transposeB ? 'j * uniforms.inner + k' : 'k * uniforms.columns + j'}]);
    }`,
  );
  const uniforms = [rows, columns, inner, aBatch === 1 ? 0 : rows * inner, bBatch === 1 ? 0 : inner * columns].map(int);
  const inputs = [a, b, ...(bias ? [bias] : [])].map((info) => withShape(info, [sizeOf(info.shape)]));
  const out = backend.runWebGPUProgram(program, inputs, 'float32', uniforms);
  const leading = aBatch >= bBatch ? a.shape.slice(0, -2) : b.shape.slice(0, -2);
  return withShape(out, [...leading, rows, columns]);
}

const REDUCTIONS = {
  Sum: { start: '0.0', step: 'value = value + x;', end: '' },
  Mean: { start: '0.0', step: 'value = value + x;', end: 'value = value / f32(uniforms.inner);' },
  Max: { start: 'f32(X[index * uniforms.inner])', step: 'value = max(value, x);', end: '' },
} as const;
type Reduction = keyof typeof REDUCTIONS;

/** over the innermost `axes` axes of a float tensor */
function plainReduce(backend: WebGPUBackend, kind: Reduction, x: tf.TensorInfo, outShape: number[]): tf.TensorInfo {
  const { start, step, end } = REDUCTIONS[kind];
  const outSize = sizeOf(outShape);
  const program = programOf(
    kind,
    [outSize],
    ['X'],
    'inner : i32,',
    `    var value = ${start};
    for (var k = 0; k < uniforms.inner; k = k + 1) {
      let x = f32(X[index * uniforms.inner + k]);
      ${step}
    }
    ${end}`,
  );
  const out = backend.runWebGPUProgram(program, [withShape(x, [sizeOf(x.shape)])], 'float32', [
    int(sizeOf(x.shape) / outSize),
  ]);
  return withShape(out, outShape);
}

/** shape after reducing `axis`, or null when those are not the innermost axes of a float tensor */
function innerReduction(x: tf.TensorInfo, axis: number | number[] | undefined, keepDims: boolean): number[] | null {
  const rank = x.shape.length;
  const axes = tf.util.parseAxisParam(axis ?? x.shape.map((_, i) => i), x.shape);
  const isInner = axes.every((one) => one >= rank - axes.length);
  if (!isInner || x.dtype !== 'float32' || sizeOf(x.shape) === 0) return null;
  return [...x.shape.slice(0, rank - axes.length), ...(keepDims ? axes.map(() => 1) : [])];
}

/** softmax over the last axis: each thread reads its row again, which is cheaper here than waiting for a neighbour */
function plainSoftmax(backend: WebGPUBackend, logits: tf.TensorInfo): tf.TensorInfo {
  const inner = logits.shape.at(-1)!;
  const program = programOf(
    'softmax',
    [sizeOf(logits.shape)],
    ['X'],
    'inner : i32,',
    `    let row = (index / uniforms.inner) * uniforms.inner;
    var largest = f32(X[row]);
    for (var k = 1; k < uniforms.inner; k = k + 1) { largest = max(largest, f32(X[row + k])); }
    var total = 0.0;
    for (var k = 0; k < uniforms.inner; k = k + 1) { total = total + exp(f32(X[row + k]) - largest); }
    let value = exp(f32(X[index]) - largest) / total;`,
  );
  const out = backend.runWebGPUProgram(program, [withShape(logits, [sizeOf(logits.shape)])], 'float32', [int(inner)]);
  return withShape(out, logits.shape);
}

interface KernelCall {
  inputs: Record<string, tf.TensorInfo | undefined>;
  attrs: Record<string, unknown>;
  backend: WebGPUBackend;
}
/** null: this call is not one of ours, the stock kernel takes it */
type PlainKernel = (call: KernelCall) => tf.TensorInfo | null;

const reducing =
  (kind: Reduction): PlainKernel =>
  ({ inputs, attrs, backend }) => {
    const x = inputs.x as tf.TensorInfo;
    const axis = (attrs.axis ?? attrs.reductionIndices) as number | number[] | undefined;
    const outShape = innerReduction(x, axis, attrs.keepDims === true);
    return outShape && plainReduce(backend, kind, x, outShape);
  };

const matMulling: PlainKernel = ({ inputs, attrs, backend }) => {
  const { a, b, bias } = inputs as { a: tf.TensorInfo; b: tf.TensorInfo; bias?: tf.TensorInfo };
  const isPlain =
    (attrs.activation ?? 'linear') === 'linear' &&
    inputs.preluActivationWeights == null &&
    (!bias || bias.shape.length === 1);
  const [aBatch, bBatch] = [sizeOf(a.shape.slice(0, -2)), sizeOf(b.shape.slice(0, -2))];
  if (!isPlain || (aBatch !== bBatch && aBatch !== 1 && bBatch !== 1)) return null;
  return plainMatMul(backend, {
    a,
    b,
    bias,
    transposeA: attrs.transposeA === true,
    transposeB: attrs.transposeB === true,
  });
};

const PLAIN_KERNELS: Record<string, PlainKernel> = {
  BatchMatMul: matMulling,
  _FusedMatMul: matMulling,
  Sum: reducing('Sum'),
  Mean: reducing('Mean'),
  Max: reducing('Max'),
  Softmax: ({ inputs, backend }) => plainSoftmax(backend, inputs.logits as tf.TensorInfo),
};

let registered = false;

/** Puts the plain kernels in front of the stock ones, once; they step aside whenever the adapter is a real one. */
export function preferPlainKernelsOnSoftwareGpu(): void {
  if (registered || !runsOnSoftwareGpu()) return;
  registered = true;
  for (const [kernelName, plain] of Object.entries(PLAIN_KERNELS)) {
    const stock = tf.getKernel(kernelName, 'webgpu');
    tf.unregisterKernel(kernelName, 'webgpu');
    const kernelFunc = (call: unknown): tf.TensorInfo | tf.TensorInfo[] =>
      (runsOnSoftwareGpu() ? plain(call as KernelCall) : null) ?? stock.kernelFunc(call as never);
    tf.registerKernel({ kernelName, backendName: 'webgpu', kernelFunc: kernelFunc as unknown as tf.KernelFunc });
  }
}

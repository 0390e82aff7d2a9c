/**
 * Matrix products, with what follows them done in the same dispatch: bias, GELU, residual, or the addition to a
 * gradient.
 *
 *   nn   A[M,K]·B[K,N]      forward through a weight           M = shape.rows
 *   nt   A[M,K]·B[N,K]ᵀ     logits, and back through a weight  M = shape.rows
 *   tn   A[R,M]ᵀ·B[R,N]     gradient of a weight               R = shape.rows
 *
 * Sums run in a fixed order, so the same input gives the same bits.
 */

import type { BufferUse } from '../plan/player';
import type { GpuLaunch } from './kernel';
import { type Product, SIDE } from './matMulBlocks';
import { solitary } from './matMulSolitary';
import { tiled } from './matMulTiled';
import type { KernelStyle } from './style';

interface Forward {
  name: string;
  form: 'nn' | 'nt';
  /** K, the length of the sums */
  inner: number;
  /** N */
  columns: number;
  /**
   * bias: out = sum + bias[N];
   * gelu: pre = sum + bias, out = gelu(pre);
   * residual: out = sum + bias + residual[M,N];
   * geluBackward: out = sum · gelu′(pre[M,N])
   */
  epilogue: 'none' | 'bias' | 'gelu' | 'residual' | 'geluBackward';
  /**
   * the sum is added to a matrix onto[M,N], which stands where a bias would, or before the slope of geluBackward: the
   * second part of a product
   */
  onto?: boolean;
  /** of the sum; not beside a residual or the slope of GELU */
  scale?: number;
}

interface Gradient {
  name: string;
  form: 'tn';
  /** M */
  outRows: number;
  /** N */
  columns: number;
  epilogue: 'gradient';
  /** always adds to what is there, instead of asking `step.accumulate`: a second writer within one backward pass */
  add?: boolean;
  /** also writes sums[N] = Σ_r B[r,n] by the same rule: the gradient of the bias */
  columnSums?: boolean;
}

export type MatMulSpec = Forward | Gradient;

const EXTRA_BUFFERS = {
  none: [],
  bias: ['bias'],
  gelu: ['bias', 'pre'],
  residual: ['bias', 'residual'],
  geluBackward: ['pre'],
  gradient: [],
} as const;

/**
 * Buffers are called a, b, out, and where they are used bias, onto, residual, pre, sums; the only shape number is
 * `rows`.
 * @returns the kernel of this product, for any number of rows
 */
export function matMul(spec: MatMulSpec, style: KernelStyle): GpuLaunch {
  const product = productOf(spec);
  const { code, groups } = style.alone ? solitary(product) : tiled(product, style.wide);
  const readsStep = spec.form === 'tn' && !spec.add;
  return { kernel: { name: spec.name, buffers: buffersOf(spec, product), shape: ['rows'], readsStep, code }, groups };
}

function productOf(spec: MatMulSpec): Product {
  const { form, columns, epilogue } = spec;
  const common = { form, columns, epilogue, add: false, columnSums: false, onto: false, scale: 1 };
  if (form !== 'tn')
    return { ...common, outRows: null, inner: spec.inner, onto: spec.onto ?? false, scale: spec.scale ?? 1 };
  return {
    ...common,
    outRows: spec.outRows,
    inner: null,
    add: spec.add ?? false,
    columnSums: spec.columnSums ?? false,
  };
}

function buffersOf(
  { form, epilogue }: MatMulSpec,
  { outRows, inner, columns, columnSums, onto }: Product,
): Record<string, BufferUse> {
  const four = (length: number): BufferUse['type'] => (length % SIDE === 0 ? 'vec4<f32>' : 'f32');
  const written = epilogue === 'gradient' ? 'readWrite' : 'write';
  const type = four(columns);
  const buffers: Record<string, BufferUse> = {
    a: { type: four((outRows ?? inner)!), use: 'read' },
    b: { type: four(form === 'nt' ? inner! : columns), use: 'read' },
    out: { type, use: written },
  };
  if (onto) buffers.onto = { type, use: 'read' };
  for (const name of EXTRA_BUFFERS[epilogue].filter((one) => !onto || one !== 'bias'))
    buffers[name] = { type, use: epilogue === 'gelu' && name === 'pre' ? 'write' : 'read' };
  if (columnSums) buffers.sums = { type, use: written };
  return buffers;
}

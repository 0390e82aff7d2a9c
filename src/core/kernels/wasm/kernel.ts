/**
 * What a kernel of WebAssembly is to the recorder: the same buffers and shape as its twin of WGSL, and what an entry of
 * a plan says to it. What it computes stands in ../assembly.
 *
 *   entry    number of the kernel │ addresses of its buffers │ whole numbers: what the model fixes, then the shape
 */
import type { BufferUse, KernelSignature, Launch } from '../plan/player';

/** in the order of the cases in ../assembly/player.ts */
const KERNELS = [
  'matMul',
  'embedForward',
  'tokenEmbeddingBackward',
  'positionEmbeddingBackward',
  'layerNormForward',
  'layerNormBackward',
  'reduceNorms',
  'attentionForward',
  'attentionBackward',
  'attentionMaps',
  'tokenLogprobsForward',
  'tokenLogprobsBackward',
  'scalarForward',
  'scalarBackward',
  'scalarWeightBackward',
  'sumOfSquares',
  'clipScale',
  'adamWStep',
  'storeColumns',
  'decodeEmbed',
  'decodeAttention',
  'sampleColumn',
  'selectRows',
  'listRows',
  'listTexts',
  'spreadRows',
] as const;
export type KernelName = (typeof KERNELS)[number];

export type Shape = Readonly<Record<string, number>>;

export interface WasmLaunch extends Launch {
  /** index into `KERNELS` */
  id: number;
  /** names of the entry's buffers; null where this kernel has none */
  bindings: readonly (string | null)[];
  /** one of them that is not written where no other kernel of the plan reads it */
  spare: string | null;
  numbers(shape: Shape): number[];
  /** bytes of memory that one thread needs while it runs */
  scratch(shape: Shape): number;
  /** additions and multiplications; null where they are about as many as the numbers that it reads and writes */
  work: ((shape: Shape) => number) | null;
}

export interface KernelSpec {
  name: KernelName;
  bindings: readonly (string | null)[];
  /** whether a list of the rows that are computed may follow them, see ../assembly/live.ts */
  listed?: boolean;
  shape: readonly string[];
  /** what is fixed for the model; the shape's numbers follow in their order */
  fixed?: readonly number[];
  spare?: string;
  numbers?(shape: Shape): number[];
  scratch?(shape: Shape): number;
  work?(shape: Shape): number;
}

/** the buffer that a dispatch may leave out */
const LIST = 'list';

/** memory is untyped here; a kernel knows what it finds */
const USE: BufferUse = { type: 'f32', use: 'readWrite' };

export function wasmKernel(spec: KernelSpec): WasmLaunch {
  const { name, bindings, listed = false, shape, fixed = [], spare = null, numbers, work = null } = spec;
  const { scratch = () => 0 } = spec;
  const names = bindings.filter((binding) => binding !== null);
  const kernel: KernelSignature = {
    name,
    buffers: Object.fromEntries(names.map((binding) => [binding, USE])),
    ...(listed && { optional: [LIST] }),
    shape,
    readsStep: true,
  };
  const inOrder = (given: Shape) => [...fixed, ...shape.map((one) => given[one]!)];
  const bound = listed ? [...bindings, LIST] : bindings;
  return { kernel, id: KERNELS.indexOf(name), bindings: bound, spare, numbers: numbers ?? inOrder, scratch, work };
}

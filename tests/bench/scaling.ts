/**
 * How a training step of the kernels on WebAssembly grows with the model, the batch and the threads, beside the
 * arithmetic that it asks for: one number of the reference shape S is changed at a time.
 */
import { cpus } from 'node:os';
import { minOf } from '../../src/contract/many';
import { currentKernels, stopKernels } from '../../src/core/kernels/wasm/player';
import { tf } from '../../src/core/tf';
import { stepFlops } from '../../src/worker/estimate';
import { startFused } from '../helpers/wasm';
import { elapsed, median } from './measure';
import { S, type Shape, trainingStep } from './work';

/** channels of a head of S */
const HEAD = S.config.width / S.config.heads;
const ROUNDS = { warmUp: 2, runs: 7 };
/** steps of the long run, and of the stretches at its two ends that are compared */
const LONG = { steps: 2000, stretch: 400 };
/** small, so that many steps take little time */
const LONG_SHAPE: Shape = { config: { ...S.config, layers: 2, width: 64, heads: 2 }, batch: 4, length: 32 };

export type Axis = 'layers' | 'width' | 'batch' | 'context' | 'vocabulary' | 'threads';

const of = (axis: Axis, size: number): Shape => {
  const { config, batch, length } = S;
  if (axis === 'batch') return { config, length, batch: size };
  if (axis === 'context') return { config: { ...config, contextLength: size }, batch, length: size };
  if (axis === 'vocabulary') return { config: { ...config, vocabSize: size }, batch, length };
  if (axis === 'layers') return { config: { ...config, layers: size }, batch, length };
  if (axis === 'width') return { config: { ...config, width: size, heads: size / HEAD }, batch, length };
  return S;
};

const SIZES: Record<Exclude<Axis, 'threads'>, readonly number[]> = {
  layers: [1, 2, 4, 8, 16],
  width: [32, 64, 128, 256],
  batch: [2, 4, 8, 16, 32],
  context: [16, 32, 64, 128, 256],
  vocabulary: [64, 256, 1024, 4096],
};
const threadsHere = (cores: number): number[] => [1, 2, 4, 8].filter((threads) => threads <= cores);

export interface Point {
  axis: Axis;
  size: number;
  /** of one training step, counted */
  flops: number;
  /** the best of some: others may be at work */
  ms: number;
  /** of the kernels' memory while it trains: weights, gradients, moments, arenas of the recorded plans */
  bytes: number;
}

async function measure(axis: Axis, size: number): Promise<Point> {
  const { heap } = currentKernels()!;
  const before = heap.bytes;
  const shape = of(axis, size);
  const work = trainingStep(shape, 'fused');
  const times: number[] = [];
  for (let round = -ROUNDS.warmUp; round < ROUNDS.runs; round++) {
    const ms = await elapsed(work);
    if (round >= 0) times.push(ms);
  }
  const bytes = heap.bytes - before;
  work.dispose();
  return { axis, size, flops: stepFlops(shape.config, shape.batch, shape.length), ms: minOf(times), bytes };
}

/** What two stretches of a long run have in common where nothing grows. */
export interface LongRun {
  steps: number;
  /** median step of the first and the last stretch */
  firstMs: number;
  lastMs: number;
  /** gained between their ends */
  bytes: number;
  tensors: number;
}

export async function longRun({ steps, stretch } = LONG): Promise<LongRun> {
  const work = trainingStep(LONG_SHAPE, 'fused');
  const held = () => ({ bytes: currentKernels()!.heap.bytes, tensors: tf.memory().numTensors });
  const times: number[] = [];
  let early = held();
  for (let step = 1; step <= steps; step++) {
    times.push(await elapsed(work));
    if (step === stretch) early = held();
  }
  const late = held();
  work.dispose();
  return {
    steps,
    firstMs: median(times.slice(0, stretch)),
    lastMs: median(times.slice(-stretch)),
    bytes: late.bytes - early.bytes,
    tensors: late.tensors - early.tensors,
  };
}

/** @returns one thread for all but the threads themselves */
export async function measureScaling(sizes: Partial<typeof SIZES> = SIZES, cores = cpus().length): Promise<Point[]> {
  const points: Point[] = [];
  await startFused(1);
  for (const [axis, list] of Object.entries(sizes))
    for (const size of list) points.push(await measure(axis as Axis, size));
  for (const threads of threadsHere(cores)) {
    await startFused(threads);
    points.push(await measure('threads', threads));
  }
  stopKernels();
  return points;
}

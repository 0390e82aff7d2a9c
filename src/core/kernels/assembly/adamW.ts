/** Clipping by global norm and AdamW over all weights of a network at once: the arithmetic of ../gpu/adamW.ts. */
import {
  bufferOf,
  EPSILON,
  HEAD_KEEP,
  HEAD_RATE,
  KEEP,
  MAX_GRAD_NORM,
  numberOf,
  ONE_MINUS_BETA1,
  ONE_MINUS_BETA2,
  RATE,
  shareOf,
} from './entry';
import { sumOf } from './vectors';

/** `NORM_PARTIALS`, `FLAG_BLOCK` and the bits of a flag in ../gpu/adamW.ts */
const PARTIALS: u32 = 256;
const FLAG_BLOCK: u32 = 64;
const DECAYS: u32 = 1;
const HEAD: u32 = 2;

/** buffers gradients, partials; number elements */
export function sumOfSquares(entry: usize, thread: u32, threads: u32): void {
  const fours = numberOf(entry, 0) / 4;
  const span = (fours + PARTIALS - 1) / PARTIALS;
  const end = shareOf(PARTIALS, thread + 1, threads);
  for (let part = shareOf(PARTIALS, thread, threads); part < end; part++) {
    const last = bufferOf(entry, 0) + 16 * <usize>min((part + 1) * span, fours);
    let squares = f32x4.splat(0);
    for (let at = bufferOf(entry, 0) + 16 * <usize>(part * span); at < last; at += 16) {
      const gradient = v128.load(at);
      squares = f32x4.add(squares, f32x4.mul(gradient, gradient));
    }
    store<f32>(bufferOf(entry, 1) + 4 * part, sumOf(squares));
  }
}

/** buffers partials, scale [1], norm [1] */
export function clipScale(entry: usize, step: usize, thread: u32): void {
  if (thread > 0) return;
  let sum: f32 = 0;
  for (let part: u32 = 0; part < PARTIALS; part++) sum += load<f32>(bufferOf(entry, 0) + 4 * part);
  const norm = sqrt<f32>(sum);
  const most = load<f32>(step, MAX_GRAD_NORM);
  store<f32>(bufferOf(entry, 2), norm);
  store<f32>(bufferOf(entry, 1), most > 0 ? min<f32>(1, most / (norm + 1e-6)) : 1);
}

/** buffers weights, gradients, m, v, flags, scale; number elements */
export function adamW(entry: usize, step: usize, thread: u32, threads: u32): void {
  const blocks = numberOf(entry, 0) / FLAG_BLOCK;
  const end = shareOf(blocks, thread + 1, threads);
  for (let block = shareOf(blocks, thread, threads); block < end; block++) {
    const flag = load<u32>(bufferOf(entry, 4) + 4 * block);
    const isHead = (flag & HEAD) != 0;
    const rate = load<f32>(isHead ? step + HEAD_RATE : step + RATE);
    const keep = (flag & DECAYS) != 0 ? load<f32>(isHead ? step + HEAD_KEEP : step + KEEP) : 1;
    stepBlock(entry, step, 4 * <usize>(block * FLAG_BLOCK), f32x4.splat(rate), f32x4.splat(keep));
  }
}

/** m ← m + (1−β₁)(g − m),  v ← v + (1−β₂)(g² − v),  w ← keep·w − rate·m / (√v + epsilon),  g = scale·gradient */
function stepBlock(entry: usize, step: usize, offset: usize, rate: v128, keep: v128): void {
  const weights = bufferOf(entry, 0);
  const gradients = bufferOf(entry, 1);
  const m = bufferOf(entry, 2);
  const v = bufferOf(entry, 3);
  const scale = v128.load_splat<f32>(bufferOf(entry, 5));
  const share1 = v128.load_splat<f32>(step, ONE_MINUS_BETA1);
  const share2 = v128.load_splat<f32>(step, ONE_MINUS_BETA2);
  const epsilon = v128.load_splat<f32>(step, EPSILON);
  for (let at = offset; at < offset + 4 * FLAG_BLOCK; at += 16) {
    const gradient = f32x4.mul(v128.load(gradients + at), scale);
    const oldM = v128.load(m + at);
    const oldV = v128.load(v + at);
    const nextM = f32x4.add(oldM, f32x4.mul(f32x4.sub(gradient, oldM), share1));
    const nextV = f32x4.add(oldV, f32x4.mul(f32x4.sub(f32x4.mul(gradient, gradient), oldV), share2));
    v128.store(m + at, nextM);
    v128.store(v + at, nextV);
    const change = f32x4.mul(f32x4.div(nextM, f32x4.add(f32x4.sqrt(nextV), epsilon)), rate);
    v128.store(weights + at, f32x4.sub(f32x4.mul(v128.load(weights + at), keep), change));
  }
}

/**
 * Layer normalisation of rows, forward and backward. Ba, Kiros & Hinton 2016.
 *
 *   out = (x − mean)·scale·gain + bias,   scale = 1/√(variance + ε)
 *   dX = (dx̂ − mean(dx̂) − x̂·mean(dx̂·x̂))·scale,   dx̂ = dOut·gain
 *
 * Gain and bias are summed over all rows in two steps: for each chunk of rows, then over the chunks in their order.
 */
import { ACCUMULATE, bufferOf, numberOf, shareOf } from './entry';
import { countOf, originOf, readerOf, rowFrom, sourceOf } from './live';
import { load4, store4, sumOf } from './vectors';

const EPSILON: f32 = 1e-5;
/** `NORM_CHUNK` of ../gpu/layerNorm.ts */
const CHUNK: u32 = 16;

/** whether some columns of a batch are picked, and rows are not taken as they come */
@inline
function picks(length: u32, count: u32): bool {
  return length != 1 || count != 1;
}

/**
 * where row `row` of some columns lies among all rows
 * @param list of the rows that are computed, or none
 */
@inline
function rowOf(list: usize, row: u32, length: u32, first: u32, count: u32): usize {
  if (list == 0) return <usize>(row / count) * length + first + (row % count);
  return picks(length, count) ? sourceOf(list, row) : row;
}

/** buffers x, gain, bias, out, stats, list of the rows or none; numbers width, rows, length, first, count */
export function layerNormForward(entry: usize, thread: u32, threads: u32): void {
  const width = <i32>numberOf(entry, 0);
  const list = bufferOf(entry, 5);
  const rows = countOf(list, numberOf(entry, 1));
  const length = numberOf(entry, 2);
  const first = numberOf(entry, 3);
  const count = numberOf(entry, 4);
  const end = shareOf(rows, thread + 1, threads);
  for (let row = shareOf(rows, thread, threads); row < end; row++) {
    const at = rowOf(list, row, length, first, count);
    normalise(
      bufferOf(entry, 0) + 4 * at * width,
      bufferOf(entry, 1),
      bufferOf(entry, 2),
      bufferOf(entry, 3) + 4 * <usize>row * width,
      bufferOf(entry, 4) + 8 * row,
      width,
    );
  }
}

function normalise(x: usize, gain: usize, bias: usize, out: usize, stats: usize, width: i32): void {
  const tiled: i32 = 4 * (width & ~15), bytes: i32 = 4 * width;
  let sum = f32x4.splat(0);
  let c: i32 = 0;
  // sixteen a turn, see epilogues.ts
  for (; c < tiled; c += 64) {
    sum = f32x4.add(f32x4.add(sum, v128.load(x + c)), v128.load(x + c, 16));
    sum = f32x4.add(f32x4.add(sum, v128.load(x + c, 32)), v128.load(x + c, 48));
  }
  for (; c < bytes; c += 16) sum = f32x4.add(sum, load4(x + c, width - c / 4));
  const mean = sumOf(sum) / <f32>width;
  const mean4 = f32x4.splat(mean);
  let squares: f32 = 0;
  let four = f32x4.splat(0);
  for (c = 0; c < tiled; c += 64) {
    four = f32x4.add(f32x4.add(four, squareOf(x + c, mean4)), squareOf(x + c + 16, mean4));
    four = f32x4.add(f32x4.add(four, squareOf(x + c + 32, mean4)), squareOf(x + c + 48, mean4));
  }
  for (; c + 16 <= bytes; c += 16) four = f32x4.add(four, squareOf(x + c, mean4));
  for (; c < bytes; c += 4) squares += (load<f32>(x + c) - mean) * (load<f32>(x + c) - mean);
  const scale = <f32>1 / sqrt<f32>((sumOf(four) + squares) / <f32>width + EPSILON);
  const scale4 = f32x4.splat(scale);
  for (c = 0; c < tiled; c += 64) {
    finish(x + c, gain + c, bias + c, out + c, mean4, scale4, 4);
    finish(x + c + 16, gain + c + 16, bias + c + 16, out + c + 16, mean4, scale4, 4);
    finish(x + c + 32, gain + c + 32, bias + c + 32, out + c + 32, mean4, scale4, 4);
    finish(x + c + 48, gain + c + 48, bias + c + 48, out + c + 48, mean4, scale4, 4);
  }
  for (; c < bytes; c += 16) finish(x + c, gain + c, bias + c, out + c, mean4, scale4, width - c / 4);
  store<f32>(stats, mean);
  store<f32>(stats, scale, 4);
}

@inline
function squareOf(x: usize, mean: v128): v128 {
  const centred = f32x4.sub(v128.load(x), mean);
  return f32x4.mul(centred, centred);
}

@inline
function finish(x: usize, gain: usize, bias: usize, out: usize, mean: v128, scale: v128, count: i32): void {
  const normalised = f32x4.mul(f32x4.sub(load4(x, count), mean), scale);
  store4(out, f32x4.add(f32x4.mul(normalised, load4(gain, count)), load4(bias, count)), count);
}

/** everything has the rows alone that a head reads */
const READ_ALONE: u32 = 1;
/** the residual has them alone */
const READ_RESIDUAL: u32 = 2;

/**
 * With a residual x and dX have all rows, without it those alone that were normalised; chunks are always of all rows.
 * buffers dOut, x, stats, gain, residual or none, dX, partials [norms,chunks,2C], list of the rows or none; numbers
 * width, allRows, length, first, count, norm, and how the rows lie, see below
 */
export function layerNormBackward(entry: usize, thread: u32, threads: u32): void {
  const width = <i32>numberOf(entry, 0);
  const rows = numberOf(entry, 1);
  const chunks = (rows + CHUNK - 1) / CHUNK;
  const list = bufferOf(entry, 7);
  const computed = countOf(list, rows);
  const end = shareOf(chunks, thread + 1, threads);
  let row = rowFrom(list, CHUNK * shareOf(chunks, thread, threads));
  for (let chunk = shareOf(chunks, thread, threads); chunk < end; chunk++) {
    const partials = bufferOf(entry, 6) + 8 * <usize>width * (numberOf(entry, 5) * chunks + chunk);
    memory.fill(partials, 0, 8 * width);
    const last = min(rows, (chunk + 1) * CHUNK);
    for (; row < computed && originOf(list, row) < last; row++) backRow(entry, row, width, partials);
  }
}

/** which row of some columns reads a row of all; −1 where none does */
@inline
function readerFrom(list: usize, row: u32, length: u32, first: u32, count: u32): i32 {
  if (list != 0) return picks(length, count) ? <i32>readerOf(list, row) - 1 : <i32>row;
  const column = row % length;
  return column < first || column >= first + count ? -1 : <i32>((row / length) * count + column - first);
}

/** a row that nobody read gets no gradient */
function backRow(entry: usize, row: u32, width: i32, partials: usize): void {
  const length = numberOf(entry, 2);
  const first = numberOf(entry, 3);
  const count = numberOf(entry, 4);
  const residual = bufferOf(entry, 4);
  const list = bufferOf(entry, 7);
  const lie = numberOf(entry, 6);
  const out = readerFrom(list, row, length, first, count);
  if (out < 0) {
    if (residual != 0 && lie != READ_ALONE) memory.fill(bufferOf(entry, 5) + 4 * <usize>row * width, 0, 4 * width);
    return;
  }
  const offset = 4 * <usize>out * width;
  const own = residual == 0 || lie == READ_ALONE ? offset : 4 * <usize>row * width;
  const reader = lie == READ_RESIDUAL ? readerOf(list, row) : <u32>out + 1;
  const stats = bufferOf(entry, 2) + 8 * <usize>out;
  differentiate(
    bufferOf(entry, 0) + offset,
    bufferOf(entry, 1) + own,
    bufferOf(entry, 3),
    residual == 0 || reader == 0 ? 0 : residual + 4 * <usize>(reader - 1) * width,
    bufferOf(entry, 5) + own,
    partials,
    load<f32>(stats),
    load<f32>(stats, 4),
    width,
  );
}

function differentiate(
  dOut: usize,
  x: usize,
  gain: usize,
  residual: usize,
  dX: usize,
  partials: usize,
  mean: f32,
  scale: f32,
  width: i32,
): void {
  const mean4 = f32x4.splat(mean);
  const scale4 = f32x4.splat(scale);
  const tiled = width & ~7;
  let sum = f32x4.splat(0);
  let along = f32x4.splat(0);
  let c: i32 = 0;
  for (; c < tiled; c += 8) {
    const inner = gather(dOut, x, gain, partials, c, mean4, scale4, width, 4);
    sum = f32x4.add(sum, inner);
    along = f32x4.add(along, f32x4.mul(inner, normalisedOf(x, c, mean4, scale4, 4)));
    const next = gather(dOut, x, gain, partials, c + 4, mean4, scale4, width, 4);
    sum = f32x4.add(sum, next);
    along = f32x4.add(along, f32x4.mul(next, normalisedOf(x, c + 4, mean4, scale4, 4)));
  }
  for (; c < width; c += 4) {
    const inner = gather(dOut, x, gain, partials, c, mean4, scale4, width, width - c);
    sum = f32x4.add(sum, inner);
    along = f32x4.add(along, f32x4.mul(inner, normalisedOf(x, c, mean4, scale4, width - c)));
  }
  const meanSlope = f32x4.splat(sumOf(sum) / <f32>width);
  const meanAlong = f32x4.splat(sumOf(along) / <f32>width);
  for (c = 0; c < tiled; c += 8) {
    giveBack(dOut, x, gain, residual, dX, c, mean4, scale4, meanSlope, meanAlong, 4);
    giveBack(dOut, x, gain, residual, dX, c + 4, mean4, scale4, meanSlope, meanAlong, 4);
  }
  for (; c < width; c += 4) giveBack(dOut, x, gain, residual, dX, c, mean4, scale4, meanSlope, meanAlong, width - c);
}

@inline
function normalisedOf(x: usize, c: i32, mean: v128, scale: v128, count: i32): v128 {
  return f32x4.mul(f32x4.sub(load4(x + 4 * c, count), mean), scale);
}

/** adds to the gradients of gain and bias. @returns dx̂ of four columns */
@inline
function gather(dOut: usize, x: usize, gain: usize, partials: usize, c: i32, mean: v128, scale: v128, width: i32, count: i32): v128 {
  const slope = load4(dOut + 4 * c, count);
  const dGain = partials + 4 * c;
  const dBias = partials + 4 * (width + c);
  store4(dGain, f32x4.add(load4(dGain, count), f32x4.mul(slope, normalisedOf(x, c, mean, scale, count))), count);
  store4(dBias, f32x4.add(load4(dBias, count), slope), count);
  return f32x4.mul(slope, load4(gain + 4 * c, count));
}

@inline
function giveBack(
  dOut: usize,
  x: usize,
  gain: usize,
  residual: usize,
  dX: usize,
  c: i32,
  mean: v128,
  scale: v128,
  meanSlope: v128,
  meanAlong: v128,
  count: i32,
): void {
  const normalised = normalisedOf(x, c, mean, scale, count);
  const inner = f32x4.mul(load4(dOut + 4 * c, count), load4(gain + 4 * c, count));
  let fresh = f32x4.mul(f32x4.sub(f32x4.sub(inner, meanSlope), f32x4.mul(normalised, meanAlong)), scale);
  if (residual != 0) fresh = f32x4.add(fresh, load4(residual + 4 * c, count));
  store4(dX + 4 * c, fresh, count);
}

/** Copies rows. Buffers x, out, list of the rows or none; numbers width, rows, length, first, count as forward */
export function selectRows(entry: usize, thread: u32, threads: u32): void {
  const bytes: usize = 4 * numberOf(entry, 0);
  const list = bufferOf(entry, 2);
  const rows = countOf(list, numberOf(entry, 1));
  const end = shareOf(rows, thread + 1, threads);
  for (let row = shareOf(rows, thread, threads); row < end; row++) {
    const from = rowOf(list, row, numberOf(entry, 2), numberOf(entry, 3), numberOf(entry, 4));
    memory.copy(bufferOf(entry, 1) + row * bytes, bufferOf(entry, 0) + from * bytes, bytes);
  }
}

/** buffers partials [norms,chunks,2C], offsets [norms,2], out; numbers width, norms, chunks */
export function reduceNorms(entry: usize, step: usize, thread: u32, threads: u32): void {
  const width = <i32>numberOf(entry, 0);
  const chunks = numberOf(entry, 2);
  const halves = 2 * numberOf(entry, 1);
  const accumulates = load<f32>(step, ACCUMULATE) != 0;
  const end = shareOf(halves, thread + 1, threads);
  for (let half = shareOf(halves, thread, threads); half < end; half++) {
    const out = bufferOf(entry, 2) + 4 * <usize>load<u32>(bufferOf(entry, 1) + 4 * half);
    const partials = bufferOf(entry, 0) + 4 * <usize>width * (2 * (half / 2) * chunks + (half % 2));
    for (let c: i32 = 0; c < width; c += 4) {
      const left = width - c;
      let sum = accumulates ? load4(out + 4 * c, left) : f32x4.splat(0);
      for (let chunk: u32 = 0; chunk < chunks; chunk++) sum = f32x4.add(sum, load4(partials + 4 * c + 8 * <usize>width * chunk, left));
      store4(out + 4 * c, sum, left);
    }
  }
}

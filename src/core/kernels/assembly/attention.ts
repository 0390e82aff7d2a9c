/**
 * Causal attention of one head at a time, softmax(q·kᵀ/√D)·v, forward and backward, on the packed [q | k | v] rows
 * [N,3C]. Keys are turned once for a head, so that a query meets sixteen of them at a time. What the backward pass
 * needs of the softmax is one number per row and head, the log of the sum of the exponentials. Two queries side by
 * side share what they read, where both see the same first key: a weight of 0 stands where one sees a key more.
 *
 *   key        ░ ░ k k k · ·        ░ padding: seen by its own row alone
 *   query i          ↑ sees the keys from the first real one to itself
 */
import { bufferOf, numberOf, shareOf } from './entry';
import { beginOf, countOf, originOf, readerOf } from './live';
import { exp4, log1 } from './maths';
import { packTurned } from './packing';
import { dot, scoreColumns, scoreColumnsTwice, scoreKeys, weighRows, weighRowsTwice } from './rows';
import { largestOf, load4, store4, sumOf } from './vectors';

/** below every score */
const NEVER: f32 = -1e30;

/** One head of one row of the batch. `headScratch` in ../wasm/kernels.ts says how much memory it takes. */
@unmanaged
class Head {
  /** D */
  size: u32;
  /** T, or where the text ends */
  length: u32;
  /** rows before it are not computed, and do not lie in memory */
  begin: u32;
  /** padding columns */
  pad: u32;
  /** where column 0 lies, or would lie, among all rows */
  row: usize;
  /** columns whose answer is read: from the first of them to before the last */
  from: u32;
  to: u32;
  /** where column 0 lies, or would lie, among the rows that are read */
  outRow: usize;
  scale: f32;
  /** bytes from a row of q, k, v to the next; of a row of the output */
  stride: usize;
  outStride: usize;
  query: usize;
  key: usize;
  value: usize;
  /** bytes from a row of turned keys to the next: whole sixteens */
  pitch: usize;
  keys: usize;
  values: usize;
  /** [T, pitch / 4] */
  weights: usize;
  slopes: usize;
}

/** @param list of the rows that are computed, or none */
function headOf(
  scratch: usize,
  qkv: usize,
  leftPad: usize,
  heads: u32,
  width: u32,
  length: u32,
  index: u32,
  list: usize,
): Head {
  const head = changetype<Head>(scratch);
  const batch = index / heads;
  head.size = width / heads;
  head.pad = <u32>max(load<i32>(leftPad + 4 * batch), 0);
  head.begin = list == 0 ? 0 : head.pad;
  const row = list == 0 ? batch * length : beginOf(list, batch);
  head.row = <usize>row - head.begin;
  head.length = list == 0 ? length : head.pad + beginOf(list, batch + 1) - row;
  head.from = head.begin;
  head.to = head.length;
  head.outRow = head.row;
  head.scale = <f32>1 / sqrt<f32>(<f32>head.size);
  head.stride = 12 * width;
  head.outStride = 4 * width;
  head.query = qkv + head.row * head.stride + 4 * (index % heads) * head.size;
  head.key = head.query + head.outStride;
  head.value = head.key + head.outStride;
  head.pitch = 4 * ((length + 15) & ~15);
  head.keys = scratch + 128;
  head.values = head.keys + head.size * head.pitch;
  head.weights = head.values + head.size * head.pitch;
  head.slopes = head.weights + length * head.pitch;
  return head;
}

/** Some columns alone are read, side by side; they lie where a list says. */
function narrow(head: Head, list: usize): void {
  const row = <u32>head.row;
  while (head.from < head.to && readerOf(list, row + head.from) == 0) head.from++;
  while (head.from < head.to && readerOf(list, row + head.to - 1) == 0) head.to--;
  if (head.from < head.to) head.outRow = <usize>readerOf(list, row + head.from) - 1 - head.from;
}

/** rows of the head [T,D] as [D, pitch / 4], zeros beyond T and before the first that is computed */
function turn(head: Head, to: usize, rows: usize, stride: usize): void {
  memory.fill(to, 0, head.size * head.pitch);
  let j = head.begin;
  for (; j % 4 != 0 && j < head.length; j++)
    for (let d: u32 = 0; d < head.size; d++)
      store<f32>(to + 4 * j + head.pitch * d, load<f32>(rows + j * stride + 4 * d));
  for (; j < head.length; j += 4)
    packTurned(to + 4 * j, head.pitch, rows + j * stride, stride, min(4, head.length - j), head.size);
}

/**
 * whether row `i` and the next, before `end`, see the same first key, and a key more than the other ends within the same
 * four
 */
@inline
function arePaired(head: Head, i: u32, end: u32): bool {
  return (i & 1) == 0 && i >= head.pad && i + 1 < end;
}

/** first column that row `i` sees */
@inline
function firstSeen(head: Head, i: u32): u32 {
  return min(head.pad, i);
}

/**
 * buffers qkv, leftPad, out [N,C], lse [N,H], list of the rows or none; numbers heads, width, batch, length, and 1 where
 * `out` has the rows alone that a head reads
 */
export function attentionForward(entry: usize, scratch: usize, thread: u32, threads: u32): void {
  const heads = numberOf(entry, 0);
  const width = numberOf(entry, 1);
  const length = numberOf(entry, 3);
  const count = heads * numberOf(entry, 2);
  const end = shareOf(count, thread + 1, threads);
  for (let index = shareOf(count, thread, threads); index < end; index++) {
    const head = headOf(scratch, bufferOf(entry, 0), bufferOf(entry, 1), heads, width, length, index, bufferOf(entry, 4));
    turn(head, head.keys, head.key, head.stride);
    if (numberOf(entry, 4) != 0) narrow(head, bufferOf(entry, 4));
    const out = bufferOf(entry, 2) + head.outRow * head.outStride + 4 * (index % heads) * head.size;
    const lse = bufferOf(entry, 3) + 4 * (head.row * heads + (index % heads));
    for (let i = head.from; i < head.to; i++) {
      const at = lse + 4 * i * heads;
      if (arePaired(head, i, head.to)) {
        attendTwice(head, i, out + i * head.outStride, at, at + 4 * heads);
        i++;
      } else store<f32>(at, attend(head, i, out + i * head.outStride));
    }
  }
}

/** @returns log Σ exp of the row's scores */
function attend(head: Head, i: u32, out: usize): f32 {
  const first = firstSeen(head, i);
  const scores = head.weights;
  scoreColumns(scores, head.query + i * head.stride, head.keys, head.pitch, head.size, first & ~15, i + 1);
  const lse = softmaxRow(scores, first, i, head.scale);
  weighRows(out, scores + 4 * first, 4, head.value + first * head.stride, head.stride, i + 1 - first, head.size);
  return lse;
}

/** row `i` and the next; @param lse, nextLse addresses for the logs of their sums */
function attendTwice(head: Head, i: u32, out: usize, lse: usize, nextLse: usize): void {
  const first = head.pad;
  const scores = head.weights;
  const pitch = head.pitch;
  scoreColumnsTwice(scores, pitch, head.query + i * head.stride, head.stride, head.keys, pitch, head.size, first & ~15, i + 2);
  store<f32>(lse, softmaxRow(scores, first, i, head.scale));
  store<f32>(nextLse, softmaxRow(scores + pitch, first, i + 1, head.scale));
  const value = head.value + first * head.stride;
  weighRowsTwice(out, head.outStride, scores + 4 * first, pitch, 4, value, head.stride, i + 2 - first, head.size);
}

/**
 * Scores of the columns `first` to `last`, not yet scaled, become weights. Fours begin at whole fours, so that a text
 * that is written column by column has the same sums as one that is read at once.
 * @param scores room for whole fours
 * @returns log Σ exp of the scaled scores
 */
function softmaxRow(scores: usize, first: u32, last: u32, scale: f32): f32 {
  const from = first & ~3;
  for (let j = from; j < first; j++) store<f32>(scores + 4 * j, NEVER);
  for (let j = last + 1; j < ((last + 4) & ~3); j++) store<f32>(scores + 4 * j, NEVER);
  let most = f32x4.splat(NEVER);
  for (let j = from; j <= last; j += 4) most = f32x4.pmax(most, v128.load(scores + 4 * j));
  const top = largestOf(most);
  let mass = f32x4.splat(0);
  const top4 = f32x4.splat(top), scale4 = f32x4.splat(scale);
  let at = scores + 4 * from;
  const end = scores + 4 * (last + 1);
  // sixteen a turn, see epilogues.ts; added up in the order of the keys
  for (; at + 48 < end; at += 64) {
    const w0 = weightOf(at, top4, scale4), w1 = weightOf(at + 16, top4, scale4);
    const w2 = weightOf(at + 32, top4, scale4), w3 = weightOf(at + 48, top4, scale4);
    mass = f32x4.add(f32x4.add(f32x4.add(f32x4.add(mass, w0), w1), w2), w3);
  }
  for (; at < end; at += 16) mass = f32x4.add(mass, weightOf(at, top4, scale4));
  const total = sumOf(mass);
  const share = f32x4.splat(<f32>1 / total);
  for (let j = from; j <= last; j += 4) v128.store(scores + 4 * j, f32x4.mul(v128.load(scores + 4 * j), share));
  return top * scale + log1(total);
}

/** exp of four scores, not yet shared out, in their place */
@inline
function weightOf(scores: usize, top: v128, scale: v128): v128 {
  const weight = exp4(f32x4.mul(f32x4.sub(v128.load(scores), top), scale));
  v128.store(scores, weight);
  return weight;
}

/**
 * buffers qkv, lse, out, dOut, leftPad, dQkv, list of the rows or none; numbers heads, width, batch, length, and 1 where
 * `out` and `dOut` have the rows alone that a head reads
 */
export function attentionBackward(entry: usize, scratch: usize, thread: u32, threads: u32): void {
  const heads = numberOf(entry, 0);
  const width = numberOf(entry, 1);
  const length = numberOf(entry, 3);
  const count = heads * numberOf(entry, 2);
  const end = shareOf(count, thread + 1, threads);
  for (let index = shareOf(count, thread, threads); index < end; index++) {
    const head = headOf(scratch, bufferOf(entry, 0), bufferOf(entry, 4), heads, width, length, index, bufferOf(entry, 6));
    turn(head, head.keys, head.key, head.stride);
    turn(head, head.values, head.value, head.stride);
    if (numberOf(entry, 4) != 0) narrow(head, bufferOf(entry, 6));
    const offset = head.outRow * head.outStride + 4 * (index % heads) * head.size;
    const dOut = bufferOf(entry, 3) + offset;
    const lse = bufferOf(entry, 1) + 4 * (head.row * heads + (index % heads));
    const dQuery = bufferOf(entry, 5) + (head.query - bufferOf(entry, 0));
    for (let i = head.begin; i < head.length; i++) {
      const query = dQuery + i * head.stride;
      if (head.from > i || i >= head.to) {
        memory.fill(query, 0, 4 * head.size);
        continue;
      }
      const slope = dOut + i * head.outStride;
      const at = bufferOf(entry, 2) + offset + i * head.outStride;
      const isPair = arePaired(head, i, head.to);
      scoreRows(head, i, slope, isPair);
      differentiateRow(head, i, slope, at, load<f32>(lse + 4 * i * heads));
      if (isPair) differentiateRow(head, i + 1, slope + head.outStride, at + head.outStride, load<f32>(lse + 4 * (i + 1) * heads));
      weighKeys(head, i, query, isPair);
      if (isPair) i++;
    }
    for (let j = head.begin; j < head.length; j++) {
      const isPair = arePaired(head, j, head.length);
      gatherColumns(head, j, dOut, dQuery + j * head.stride, isPair);
      if (isPair) j++;
    }
  }
}

/** q·kᵀ and dOut·vᵀ of row `i`, and of the next; @param dOut of row `i` */
function scoreRows(head: Head, i: u32, dOut: usize, isPair: bool): void {
  const from = firstSeen(head, i) & ~15;
  const pitch = head.pitch;
  const query = head.query + i * head.stride;
  const weights = head.weights + i * pitch;
  const slopes = head.slopes + i * pitch;
  if (isPair) {
    scoreColumnsTwice(weights, pitch, query, head.stride, head.keys, pitch, head.size, from, i + 2);
    scoreColumnsTwice(slopes, pitch, dOut, head.outStride, head.values, pitch, head.size, from, i + 2);
  } else {
    scoreColumns(weights, query, head.keys, pitch, head.size, from, i + 1);
    scoreColumns(slopes, dOut, head.values, pitch, head.size, from, i + 1);
  }
}

/**
 * P = exp(s − lse) and dS = P ∘ (dOut·vᵀ − dOut·out)/√D of row `i`, 0 for the next key, which a neighbour may see. Dao et
 * al. 2022, appendix B
 */
function differentiateRow(head: Head, i: u32, dOut: usize, out: usize, lse: f32): void {
  const from = firstSeen(head, i) & ~15;
  const weights = head.weights + i * head.pitch;
  const slopes = head.slopes + i * head.pitch;
  const delta = f32x4.splat(dot(dOut, out, head.size));
  const scale = f32x4.splat(head.scale);
  const lse4 = f32x4.splat(lse);
  let at: usize = 4 * from;
  const end: usize = 4 * (i + 1);
  for (; at + 48 < end; at += 64) {
    differentiate(weights + at, slopes + at, scale, lse4, delta);
    differentiate(weights + at + 16, slopes + at + 16, scale, lse4, delta);
    differentiate(weights + at + 32, slopes + at + 32, scale, lse4, delta);
    differentiate(weights + at + 48, slopes + at + 48, scale, lse4, delta);
  }
  for (; at < end; at += 16) differentiate(weights + at, slopes + at, scale, lse4, delta);
  if ((i & 1) != 0) return;
  store<f32>(weights + 4 * (i + 1), 0);
  store<f32>(slopes + 4 * (i + 1), 0);
}

@inline
function differentiate(weights: usize, slopes: usize, scale: v128, lse: v128, delta: v128): void {
  const weight = exp4(f32x4.sub(f32x4.mul(v128.load(weights), scale), lse));
  v128.store(weights, weight);
  v128.store(slopes, f32x4.mul(f32x4.mul(weight, f32x4.sub(v128.load(slopes), delta)), scale));
}

/** dq = Σ dS·k of row `i`, and of the next */
function weighKeys(head: Head, i: u32, dQuery: usize, isPair: bool): void {
  const first = firstSeen(head, i);
  const slopes = head.slopes + i * head.pitch + 4 * first;
  const keys = head.key + first * head.stride;
  if (isPair) weighRowsTwice(dQuery, head.stride, slopes, head.pitch, 4, keys, head.stride, i + 2 - first, head.size);
  else weighRows(dQuery, slopes, 4, keys, head.stride, i + 1 - first, head.size);
}

/**
 * dk = Σ dS·q and dv = Σ P·dOut over the rows that see column `j`: itself and, unless it is padding, all later ones; and
 * those of the next column, whose weight in row `j` is 0. Of rows that nobody reads the terms are 0.
 */
function gatherColumns(head: Head, j: u32, dOut: usize, dQuery: usize, isPair: bool): void {
  const first = max(j, head.from);
  const count = j < head.pad ? 1 : max(first, head.to) - first;
  const offset = first * head.pitch + 4 * j;
  const dKey = dQuery + head.outStride;
  const query = head.query + first * head.stride;
  const slope = dOut + first * head.outStride;
  if (isPair) {
    weighRowsTwice(dKey, head.stride, head.slopes + offset, 4, head.pitch, query, head.stride, count, head.size);
    weighRowsTwice(dKey + head.outStride, head.stride, head.weights + offset, 4, head.pitch, slope, head.outStride, count, head.size);
  } else {
    weighRows(dKey, head.slopes + offset, head.pitch, query, head.stride, count, head.size);
    weighRows(dKey + head.outStride, head.weights + offset, head.pitch, slope, head.outStride, count, head.size);
  }
}

/** The weights of batch row 0. Buffers qkv, lse, leftPad, maps [H,T,T]; numbers heads, width, length */
export function attentionMaps(entry: usize, scratch: usize, thread: u32, threads: u32): void {
  const heads = numberOf(entry, 0);
  const width = numberOf(entry, 1);
  const length = numberOf(entry, 2);
  const end = shareOf(heads, thread + 1, threads);
  for (let index = shareOf(heads, thread, threads); index < end; index++) {
    const head = headOf(scratch, bufferOf(entry, 0), bufferOf(entry, 2), heads, width, length, index, 0);
    turn(head, head.keys, head.key, head.stride);
    for (let i: u32 = 0; i < length; i++) {
      const map = bufferOf(entry, 3) + 4 * <usize>length * (index * length + i);
      mapRow(head, i, map, load<f32>(bufferOf(entry, 1) + 4 * (i * heads + index)));
    }
  }
}

function mapRow(head: Head, i: u32, map: usize, lse: f32): void {
  const first = firstSeen(head, i);
  memory.fill(map, 0, 4 * head.length);
  scoreColumns(head.weights, head.query + i * head.stride, head.keys, head.pitch, head.size, first & ~15, i + 1);
  for (let j = first; j <= i; j += 4) {
    const count = <i32>(i + 1 - j);
    const score = f32x4.mul(load4(head.weights + 4 * j, count), f32x4.splat(head.scale));
    store4(map + 4 * j, exp4(f32x4.sub(score, f32x4.splat(lse))), count);
  }
}

/**
 * Attention of one column to itself and the columns before it, to the bits of `attentionForward`; also puts its keys
 * and values into the cache.
 * Buffers qkv [B,3C], cache [B,total,3C], leftPad, out [B,C], list of the texts or none; numbers heads, width, batch,
 * total; column of the step
 */
export function decodeAttention(entry: usize, column: u32, scratch: usize, thread: u32, threads: u32): void {
  const heads = numberOf(entry, 0);
  const width = numberOf(entry, 1);
  const total = numberOf(entry, 3);
  const size = width / heads;
  const stride: usize = 12 * width;
  const scale = <f32>1 / sqrt<f32>(<f32>size);
  /** behind four turned keys */
  const scores = scratch + 16 * size;
  const list = bufferOf(entry, 4);
  const count = heads * countOf(list, numberOf(entry, 2));
  const end = shareOf(count, thread + 1, threads);
  for (let index = shareOf(count, thread, threads); index < end; index++) {
    const row = <usize>(index / heads);
    const batch = <usize>originOf(list, index / heads);
    const offset: usize = 4 * (index % heads) * size;
    const own = bufferOf(entry, 0) + row * stride + offset;
    const line = bufferOf(entry, 1) + batch * total * stride + offset;
    memory.copy(line + column * stride + 4 * width, own + 4 * width, 4 * size);
    memory.copy(line + column * stride + 8 * width, own + 8 * width, 4 * size);
    const first = min(<u32>max(load<i32>(bufferOf(entry, 2) + 4 * batch), 0), column);
    const keys = line + first * stride + 4 * width;
    scoreKeys(scores + 4 * first, own, keys, stride, size, column + 1 - first, scratch);
    softmaxRow(scores, first, column, scale);
    const out = bufferOf(entry, 3) + 4 * row * width + offset;
    weighRows(out, scores + 4 * first, 4, keys + 4 * width, stride, column + 1 - first, size);
  }
}

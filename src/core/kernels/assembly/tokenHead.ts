/**
 * What training reads off the logits: log-probability of the token that came, entropy of the distribution, and the
 * gradient of both, written over the logits.
 *
 *   tokens    t0 t1 t2 t3 t4        first = 1, count = 3: rows of columns 1 2 3
 *   speaks           2  3  4        the row of a column judges the token of the next
 *
 * Where the logits of all rows would be too many, an entry has the rows from `begin` on; so has every buffer but tokens.
 */
import { bufferOf, numberOf, shareOf, TEMPERATURE } from './entry';
import { countOf, gapBefore, originOf } from './live';
import { exp4, log1 } from './maths';
import { filled, fillRows, largestOf, load4, store4, sumOf } from './vectors';

const NEVER: f32 = -3e38;

function tokenOf(entry: usize, row: u32, tokens: usize): u32 {
  const length = numberOf(entry, 2);
  const count = numberOf(entry, 4);
  const index = numberOf(entry, 5) + row;
  const column = numberOf(entry, 3) + 1 + (index % count);
  const token = load<i32>(tokens + 4 * ((index / count) * length + column));
  return <u32>min(max(token, 0), <i32>numberOf(entry, 0) - 1);
}

/**
 *   logprob = x_token − log Σ exp x,   entropy = log Σ exp x − Σ π x;   both of x − max x: nothing large cancels
 * of a row that is not computed −0 and 0: under a mask the signs are those that rows have there
 * buffers logits, tokens, logprobs, entropy, lse, list of the rows or none; numbers vocabSize, rows, length, first,
 * count, begin
 */
export function tokenLogprobsForward(entry: usize, step: usize, thread: u32, threads: u32): void {
  const size = <i32>numberOf(entry, 0);
  const all = numberOf(entry, 1);
  const list = bufferOf(entry, 5);
  const rows = countOf(list, all);
  const inverse = <f32>1 / load<f32>(step, TEMPERATURE);
  const end = shareOf(rows, thread + 1, threads);
  for (let row = shareOf(rows, thread, threads); row < end; row++) {
    const origin = originOf(list, row);
    if (list != 0) fillBoth(entry, gapBefore(list, row), origin);
    const logits = bufferOf(entry, 0) + 4 * <usize>row * size;
    const top = topOf(logits, inverse, size);
    let mass = f32x4.splat(0);
    let weighted = f32x4.splat(0);
    let v: i32 = 0;
    // sixteen a turn, see epilogues.ts; added up in the order of the tokens
    for (; v + 16 <= size; v += 16) {
      const x0 = centred(logits, v, inverse, top, size);
      const x1 = centred(logits, v + 4, inverse, top, size);
      const x2 = centred(logits, v + 8, inverse, top, size);
      const x3 = centred(logits, v + 12, inverse, top, size);
      const w0 = exp4(x0), w1 = exp4(x1), w2 = exp4(x2), w3 = exp4(x3);
      mass = f32x4.add(f32x4.add(f32x4.add(f32x4.add(mass, w0), w1), w2), w3);
      weighted = f32x4.add(f32x4.add(weighted, weighed(w0, x0)), weighed(w1, x1));
      weighted = f32x4.add(f32x4.add(weighted, weighed(w2, x2)), weighed(w3, x3));
    }
    for (; v < size; v += 4) {
      const x = centred(logits, v, inverse, top, size);
      const weight = exp4(x);
      mass = f32x4.add(mass, weight);
      weighted = f32x4.add(weighted, weighed(weight, x));
    }
    const total = sumOf(mass);
    const logSum = log1(total);
    const chosen = load<f32>(logits + 4 * tokenOf(entry, origin, bufferOf(entry, 1))) * inverse;
    store<f32>(bufferOf(entry, 2) + 4 * origin, chosen - top - logSum);
    store<f32>(bufferOf(entry, 3) + 4 * origin, logSum - sumOf(weighted) / total);
    store<f32>(bufferOf(entry, 4) + 4 * row, top + logSum);
  }
  if (list != 0 && thread + 1 == threads) fillBoth(entry, gapBefore(list, rows), all);
}

function fillBoth(entry: usize, from: u32, end: u32): void {
  fillRows(bufferOf(entry, 2), from, end, -0.0);
  fillRows(bufferOf(entry, 3), from, end, 0);
}

/** The log-probability of one token, to the bits of `tokenLogprobsForward`. @param inverse of the temperature */
export function logprobOf(logits: usize, inverse: f32, size: i32, token: u32): f32 {
  const top = topOf(logits, inverse, size);
  let mass = f32x4.splat(0);
  let v: i32 = 0;
  for (; v + 16 <= size; v += 16) {
    const w0 = exp4(centred(logits, v, inverse, top, size)), w1 = exp4(centred(logits, v + 4, inverse, top, size));
    const w2 = exp4(centred(logits, v + 8, inverse, top, size)), w3 = exp4(centred(logits, v + 12, inverse, top, size));
    mass = f32x4.add(f32x4.add(f32x4.add(f32x4.add(mass, w0), w1), w2), w3);
  }
  for (; v < size; v += 4) mass = f32x4.add(mass, exp4(centred(logits, v, inverse, top, size)));
  return load<f32>(logits + 4 * token) * inverse - top - log1(sumOf(mass));
}

/** π·x; 0·∞ would be no number */
@inline
function weighed(weight: v128, x: v128): v128 {
  return f32x4.mul(weight, f32x4.pmax(x, f32x4.splat(-1e30)));
}

/** x − max x of four tokens from `v` on */
@inline
function centred(logits: usize, v: i32, inverse: f32, top: f32, size: i32): v128 {
  const x = f32x4.mul(load4(logits + 4 * v, size - v), f32x4.splat(inverse));
  return f32x4.sub(filled(x, size - v, NEVER), f32x4.splat(top));
}

function topOf(logits: usize, inverse: f32, size: i32): f32 {
  let most = f32x4.splat(NEVER);
  for (let v: i32 = 0; v < size; v += 4)
    most = f32x4.pmax(most, filled(f32x4.mul(load4(logits + 4 * v, size - v), f32x4.splat(inverse)), size - v, NEVER));
  return largestOf(most);
}

/**
 *   dlogits_v = (dLogprob·([v = token] − π_v) − dEntropy·π_v·(log π_v + entropy)) / temperature
 * buffers logits (in place), tokens, lse, entropy, dLogprobs, dEntropy, list of the rows or none; numbers as forward
 */
export function tokenLogprobsBackward(entry: usize, step: usize, thread: u32, threads: u32): void {
  const size = <i32>numberOf(entry, 0);
  const list = bufferOf(entry, 6);
  const rows = countOf(list, numberOf(entry, 1));
  const inverse = <f32>1 / load<f32>(step, TEMPERATURE);
  const end = shareOf(rows, thread + 1, threads);
  for (let row = shareOf(rows, thread, threads); row < end; row++) {
    const logits = bufferOf(entry, 0) + 4 * <usize>row * size;
    const lse = f32x4.splat(load<f32>(bufferOf(entry, 2) + 4 * row));
    const origin = originOf(list, row);
    const entropy = f32x4.splat(load<f32>(bufferOf(entry, 3) + 4 * origin));
    const dLogprob = load<f32>(bufferOf(entry, 4) + 4 * origin) * inverse;
    const dEntropy = f32x4.splat(load<f32>(bufferOf(entry, 5) + 4 * origin) * inverse);
    const slope = f32x4.splat(dLogprob);
    let v: i32 = 0;
    for (; v + 16 <= size; v += 16) {
      pull(logits + 4 * v, 4, inverse, lse, entropy, slope, dEntropy);
      pull(logits + 4 * v + 16, 4, inverse, lse, entropy, slope, dEntropy);
      pull(logits + 4 * v + 32, 4, inverse, lse, entropy, slope, dEntropy);
      pull(logits + 4 * v + 48, 4, inverse, lse, entropy, slope, dEntropy);
    }
    for (; v < size; v += 4) pull(logits + 4 * v, size - v, inverse, lse, entropy, slope, dEntropy);
    const chosen = logits + 4 * tokenOf(entry, origin, bufferOf(entry, 1));
    store<f32>(chosen, load<f32>(chosen) + dLogprob);
  }
}

/** −π·(dLogprob + dEntropy·(log π + entropy)) of four tokens */
@inline
function pull(logits: usize, count: i32, inverse: f32, lse: v128, entropy: v128, dLogprob: v128, dEntropy: v128): void {
  const logPi = f32x4.sub(f32x4.mul(load4(logits, count), f32x4.splat(inverse)), lse);
  const bend = f32x4.mul(dEntropy, f32x4.add(logPi, entropy));
  store4(logits, f32x4.neg(f32x4.mul(exp4(logPi), f32x4.add(dLogprob, bend))), count);
}

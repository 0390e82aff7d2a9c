/** One number per row of hidden states: values of the critic, scores of the reward model. */
import { ACCUMULATE, bufferOf, numberOf, shareOf } from './entry';
import { countOf, gapBefore, originOf } from './live';
import { dot } from './rows';
import { fillRows, load4, store4 } from './vectors';

/**
 * out = hidden·weight + bias, 0 where a row is not computed. Buffers hidden [R,C], weight [C], bias [1], out [R], list of
 * the rows or none; numbers width, rows
 */
export function scalarForward(entry: usize, thread: u32, threads: u32): void {
  const width = numberOf(entry, 0);
  const all = numberOf(entry, 1);
  const list = bufferOf(entry, 4);
  const rows = countOf(list, all);
  const out = bufferOf(entry, 3);
  const bias = load<f32>(bufferOf(entry, 2));
  const end = shareOf(rows, thread + 1, threads);
  for (let row = shareOf(rows, thread, threads); row < end; row++) {
    const hidden = bufferOf(entry, 0) + 4 * <usize>row * width;
    const origin = originOf(list, row);
    if (list != 0) fillRows(out, gapBefore(list, row), origin, 0);
    store<f32>(out + 4 * origin, dot(hidden, bufferOf(entry, 1), width) + bias);
  }
  if (list != 0 && thread + 1 == threads) fillRows(out, gapBefore(list, rows), all, 0);
}

/**
 * dHidden[r] = dOut[r]·weight, or added. Buffers dOut [R], weight [C], dHidden [R,C], list of the
 * rows or none; numbers width, adds, rows
 */
export function scalarBackward(entry: usize, thread: u32, threads: u32): void {
  const width = <i32>numberOf(entry, 0);
  const adds = numberOf(entry, 1) != 0;
  const list = bufferOf(entry, 3);
  const rows = countOf(list, numberOf(entry, 2));
  const weight = bufferOf(entry, 1);
  const end = shareOf(rows, thread + 1, threads);
  for (let row = shareOf(rows, thread, threads); row < end; row++) {
    const dHidden = bufferOf(entry, 2) + 4 * <usize>row * width;
    const slope = v128.load_splat<f32>(bufferOf(entry, 0) + 4 * originOf(list, row));
    for (let c: i32 = 0; c < width; c += 4) {
      const fresh = f32x4.mul(slope, load4(weight + 4 * c, width - c));
      store4(dHidden + 4 * c, adds ? f32x4.add(load4(dHidden + 4 * c, width - c), fresh) : fresh, width - c);
    }
  }
}

/**
 * dWeight = Σ dOut[r]·hidden[r], dBias = Σ dOut[r]. Buffers dOut, hidden, dWeight [C], dBias [1], list of the
 * rows or none; numbers width, rows
 */
export function scalarWeightBackward(entry: usize, step: usize, thread: u32, threads: u32): void {
  const width = <i32>numberOf(entry, 0);
  const list = bufferOf(entry, 4);
  const rows = countOf(list, numberOf(entry, 1));
  const accumulates = load<f32>(step, ACCUMULATE) != 0;
  const fours = <u32>(width + 3) / 4;
  const end = <i32>(4 * shareOf(fours, thread + 1, threads));
  for (let c = <i32>(4 * shareOf(fours, thread, threads)); c < end; c += 4) {
    const out = bufferOf(entry, 2) + 4 * c;
    let sum = accumulates ? load4(out, width - c) : f32x4.splat(0);
    for (let row: u32 = 0; row < rows; row++) {
      const hidden = load4(bufferOf(entry, 1) + 4 * (<usize>row * width + c), width - c);
      sum = f32x4.add(sum, f32x4.mul(v128.load_splat<f32>(bufferOf(entry, 0) + 4 * originOf(list, row)), hidden));
    }
    store4(out, sum, width - c);
  }
  if (thread > 0) return;
  let bias: f32 = accumulates ? load<f32>(bufferOf(entry, 3)) : 0;
  for (let row: u32 = 0; row < rows; row++) bias += load<f32>(bufferOf(entry, 0) + 4 * originOf(list, row));
  store<f32>(bufferOf(entry, 3), bias);
}

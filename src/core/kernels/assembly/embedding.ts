/**
 * Token vectors plus position vectors, and their gradients. A row of a table may be looked up many times; every thread
 * owns some columns of the table and adds up all rows of the batch in their order.
 */
import { ACCUMULATE, bufferOf, COLUMN, numberOf, shareOf } from './entry';
import { beginOf, countOf, originOf } from './live';
import { load4, store4 } from './vectors';

@inline
function within(value: i32, size: u32): usize {
  return <usize>min(max(value, 0), <i32>size - 1);
}

function embed(out: usize, token: usize, position: usize, width: i32): void {
  for (let c: i32 = 0; c < width; c += 4)
    store4(out + 4 * c, f32x4.add(load4(token + 4 * c, width - c), load4(position + 4 * c, width - c)), width - c);
}

/**
 *   x[b·T + t] = tokenTable[tokens[b,t]] + positionTable[max(t − leftPad[b], 0)]
 * buffers tokens, leftPad, tokenTable, positionTable, out, list of the rows or none; numbers width, vocabSize,
 * contextLength, rows, length
 */
export function embedForward(entry: usize, thread: u32, threads: u32): void {
  const width = numberOf(entry, 0);
  const list = bufferOf(entry, 5);
  const rows = countOf(list, numberOf(entry, 3));
  const length = numberOf(entry, 4);
  const end = shareOf(rows, thread + 1, threads);
  for (let at = shareOf(rows, thread, threads); at < end; at++) {
    const row = originOf(list, at);
    const token = within(load<i32>(bufferOf(entry, 0) + 4 * row), numberOf(entry, 1));
    const pad = load<i32>(bufferOf(entry, 1) + 4 * (row / length));
    const position = within(<i32>(row % length) - pad, numberOf(entry, 2));
    const out = bufferOf(entry, 4) + 4 * <usize>at * width;
    embed(out, bufferOf(entry, 2) + 4 * token * width, bufferOf(entry, 3) + 4 * position * width, width);
  }
}

/**
 * One column of all rows: x[b] = tokenTable[tokens[b,column]] + positionTable[max(column − leftPad[b], 0)] buffers
 * tokens [B,total], leftPad, tokenTable, positionTable, out [B,C], list of the texts or none; numbers width, vocabSize,
 * contextLength, batch, total
 */
export function decodeEmbed(entry: usize, step: usize, thread: u32, threads: u32): void {
  const width = numberOf(entry, 0);
  const list = bufferOf(entry, 5);
  const rows = countOf(list, numberOf(entry, 3));
  const total = numberOf(entry, 4);
  const column = load<u32>(step, COLUMN);
  const end = shareOf(rows, thread + 1, threads);
  for (let at = shareOf(rows, thread, threads); at < end; at++) {
    const row = originOf(list, at);
    const token = within(load<i32>(bufferOf(entry, 0) + 4 * (row * total + column)), numberOf(entry, 1));
    const position = within(<i32>column - load<i32>(bufferOf(entry, 1) + 4 * row), numberOf(entry, 2));
    const out = bufferOf(entry, 4) + 4 * <usize>at * width;
    embed(out, bufferOf(entry, 2) + 4 * token * width, bufferOf(entry, 3) + 4 * position * width, width);
  }
}

/**
 * Puts a prompt's columns into the cache. Buffers qkv [B·P,3C], cache [B,total,3C]; numbers width, rows, length, total
 */
export function storeColumns(entry: usize, thread: u32, threads: u32): void {
  const bytes: usize = 12 * numberOf(entry, 0);
  const rows = numberOf(entry, 1);
  const length = numberOf(entry, 2);
  const end = shareOf(rows, thread + 1, threads);
  for (let row = shareOf(rows, thread, threads); row < end; row++) {
    const to = <usize>(row / length) * numberOf(entry, 3) + (row % length);
    memory.copy(bufferOf(entry, 1) + to * bytes, bufferOf(entry, 0) + row * bytes, bytes);
  }
}

/** columns of a table that a thread owns, as numbers: whole fours */
@inline
function ownColumns(width: u32, thread: u32, threads: u32): u32 {
  return min(width, 4 * shareOf((width + 3) / 4, thread, threads));
}

function clearColumns(table: usize, rows: u32, width: u32, from: u32, to: u32): void {
  for (let row: u32 = 0; row < rows; row++) memory.fill(table + 4 * (<usize>row * width + from), 0, 4 * (to - from));
}

@inline
function addColumns(sums: usize, row: usize, from: i32, to: i32): void {
  for (let c = from; c < to; c += 4) {
    const sum = f32x4.add(load4(sums + 4 * c, to - c), load4(row + 4 * c, to - c));
    store4(sums + 4 * c, sum, to - c);
  }
}

/**
 *   dTable[v] = Σ over rows with token v of dX[row]
 * buffers dX [N,C], tokens [N], out [V,C], list of the rows or none; numbers width, vocabSize, adds to what the
 * language head wrote in this pass, rows
 */
export function tokenEmbeddingBackward(entry: usize, step: usize, thread: u32, threads: u32): void {
  const width = numberOf(entry, 0);
  const vocabSize = numberOf(entry, 1);
  const from = ownColumns(width, thread, threads);
  const to = ownColumns(width, thread + 1, threads);
  const out = bufferOf(entry, 2);
  if (numberOf(entry, 2) == 0 && load<f32>(step, ACCUMULATE) == 0) clearColumns(out, vocabSize, width, from, to);
  const list = bufferOf(entry, 3);
  const rows = countOf(list, numberOf(entry, 3));
  for (let row: u32 = 0; row < rows; row++) {
    const token = within(load<i32>(bufferOf(entry, 1) + 4 * originOf(list, row)), vocabSize);
    addColumns(out + 4 * token * width, bufferOf(entry, 0) + 4 * <usize>row * width, from, to);
  }
}

/**
 *   dTable[p] = Σ_b dX[b, p + leftPad[b]];   padding columns say position 0, so row 0 collects them too
 * buffers dX [N,C], leftPad [B], out [contextLength,C], list of the rows or none; numbers width, contextLength, batch,
 * length
 */
export function positionEmbeddingBackward(entry: usize, step: usize, thread: u32, threads: u32): void {
  const width = numberOf(entry, 0);
  const contextLength = numberOf(entry, 1);
  const length = numberOf(entry, 3);
  const list = bufferOf(entry, 3);
  const from = ownColumns(width, thread, threads);
  const to = ownColumns(width, thread + 1, threads);
  const out = bufferOf(entry, 2);
  if (load<f32>(step, ACCUMULATE) == 0) clearColumns(out, contextLength, width, from, to);
  for (let batch: u32 = 0; batch < numberOf(entry, 2); batch++) {
    const pad = list == 0 ? load<i32>(bufferOf(entry, 1) + 4 * batch) : 0;
    const begin = list == 0 ? batch * length : beginOf(list, batch);
    const count = list == 0 ? length : beginOf(list, batch + 1) - begin;
    for (let column: u32 = 0; column < count; column++) {
      const position = within(<i32>column - pad, contextLength);
      addColumns(out + 4 * position * width, bufferOf(entry, 0) + 4 * <usize>(begin + column) * width, from, to);
    }
  }
}

/**
 * Which rows of a batch are worth computing. Padding is nobody's context, so rows of it are left out: what remains lies
 * without gaps in the memory that all rows would have. No sum changes: rows know of each other in attention alone, and
 * what padding adds to a gradient is 0.
 *
 *   tokens    · · p p c c     text 0, leftPad 2, end 6       list of the trunk   0 │ 2 3 4 5   6 7 8 9
 *             p p c c · ·     text 1, leftPad 0, end 4       list of the heads       3 4 5       7 8 9 …
 *
 *   list      count │ addresses of the tables │ tables       a table has a word for each row that is computed
 */
import { bufferOf, numberOf, shareOf } from './entry';

const COUNT: usize = 0;
/** of a row that is computed: which row of the batch it is */
const ORIGIN: usize = 4;
/** of a row of a head: which row of the trunk that is computed it reads */
const SOURCE: usize = 8;
/** of a row of the trunk: which row of the head reads it, from 1; 0 where none does */
const READER: usize = 12;
/** of a text: its first row of the trunk that is computed; one more behind the last */
const BEGIN: usize = 16;
/** `listWords` in ../wasm/launches.ts says how many words a list has */
const TABLES: usize = 32;

/** how many of `rows` are computed; all where there is no list */
@inline
export function countOf(list: usize, rows: u32): u32 {
  return list == 0 ? rows : load<u32>(list + COUNT);
}

@inline
function read(list: usize, table: usize, index: u32): u32 {
  return load<u32>(<usize>load<u32>(list + table) + 4 * <usize>index);
}

@inline
export function originOf(list: usize, row: u32): u32 {
  return list == 0 ? row : read(list, ORIGIN, row);
}

@inline
export function sourceOf(list: usize, row: u32): u32 {
  return read(list, SOURCE, row);
}

@inline
export function readerOf(list: usize, row: u32): u32 {
  return read(list, READER, row);
}

@inline
export function beginOf(list: usize, text: u32): u32 {
  return read(list, BEGIN, text);
}

/** the first row that is computed whose origin is not below `origin` */
export function rowFrom(list: usize, origin: u32): u32 {
  if (list == 0) return origin;
  let low: u32 = 0;
  let high = load<u32>(list + COUNT);
  while (low < high) {
    const middle = (low + high) / 2;
    if (read(list, ORIGIN, middle) < origin) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** rows of the batch before row `row` that are not computed: from here on, as far as that row's origin */
@inline
export function gapBefore(list: usize, row: u32): u32 {
  return row == 0 ? 0 : read(list, ORIGIN, row - 1) + 1;
}

/**
 * What is computed of texts that begin behind their padding and end before `ends`.
 * Buffers leftPad, ends, trunk, head; numbers batch, length, first, count, and 1 where a text's last token alone is
 * read off
 */
export function listRows(entry: usize, thread: u32): void {
  if (thread > 0) return;
  const trunk = bufferOf(entry, 2);
  const head = bufferOf(entry, 3);
  const batch = numberOf(entry, 0);
  const length = numberOf(entry, 1);
  const first = numberOf(entry, 2);
  const count = numberOf(entry, 3);
  const lastAlone = numberOf(entry, 4) != 0;
  const reader = trunk + TABLES + 4 * batch * length;
  const begin = reader + 4 * batch * length;
  store<u32>(trunk + ORIGIN, <u32>(trunk + TABLES));
  store<u32>(trunk + READER, <u32>reader);
  store<u32>(trunk + BEGIN, <u32>begin);
  store<u32>(head + ORIGIN, <u32>(head + TABLES));
  store<u32>(head + SOURCE, <u32>(head + TABLES + 4 * batch * count));
  let rows: u32 = 0;
  let read: u32 = 0;
  for (let text: u32 = 0; text < batch; text++) {
    store<u32>(begin + 4 * text, rows);
    const end = <u32>min(max(load<i32>(bufferOf(entry, 1) + 4 * text), 0), <i32>length);
    for (let column = <u32>max(load<i32>(bufferOf(entry, 0) + 4 * text), 0); column < end; column++, rows++) {
      store<u32>(trunk + TABLES + 4 * rows, text * length + column);
      const isRead = column >= first && column < first + count && (!lastAlone || column + 1 == end);
      store<u32>(reader + 4 * rows, isRead ? read + 1 : 0);
      if (!isRead) continue;
      store<u32>(head + TABLES + 4 * read, text * count + column - first);
      store<u32>(head + TABLES + 4 * (batch * count + read), rows);
      read++;
    }
  }
  store<u32>(begin + 4 * batch, rows);
  store<u32>(trunk + COUNT, rows);
  store<u32>(head + COUNT, read);
}

/** Lays rows where all rows have a place, 0 in the others. Buffers x, out, list; numbers width, rows */
export function spreadRows(entry: usize, thread: u32, threads: u32): void {
  const bytes: usize = 4 * numberOf(entry, 0);
  const list = bufferOf(entry, 2);
  const out = bufferOf(entry, 1);
  const rows = countOf(list, 0);
  const end = shareOf(rows, thread + 1, threads);
  for (let row = shareOf(rows, thread, threads); row < end; row++) {
    const origin = originOf(list, row);
    const gap = gapBefore(list, row);
    memory.fill(out + gap * bytes, 0, (origin - gap) * bytes);
    memory.copy(out + origin * bytes, bufferOf(entry, 0) + row * bytes, bytes);
  }
  if (thread + 1 < threads) return;
  const gap = gapBefore(list, rows);
  memory.fill(out + gap * bytes, 0, (numberOf(entry, 1) - gap) * bytes);
}

/** Texts that go on. Buffers alive [B], list; numbers batch */
export function listTexts(entry: usize, thread: u32): void {
  if (thread > 0) return;
  const list = bufferOf(entry, 1);
  store<u32>(list + ORIGIN, <u32>(list + TABLES));
  let rows: u32 = 0;
  for (let text: u32 = 0; text < numberOf(entry, 0); text++)
    if (load<u32>(bufferOf(entry, 0) + 4 * text) == 1) store<u32>(list + TABLES + 4 * rows++, text);
  store<u32>(list + COUNT, rows);
}

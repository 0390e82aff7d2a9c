/** Laying parts of a matrix out as the inner loops of tile.ts read them; beyond the matrix' edge stand zeros. */
import { load4, store4 } from './vectors';

/** four rows of numbers, as columns: out[k] = (r0[k], r1[k], r2[k], r3[k]) */
@inline
function turn(to: usize, pitch: usize, r0: v128, r1: v128, r2: v128, r3: v128): void {
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5), high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
  v128.store(to + pitch, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
  v128.store(to + 2 * pitch, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5));
  v128.store(to + 3 * pitch, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7));
}

/**
 * to[k·pitch + i] = from[i·stride + k] for four i and `count` k; rows beyond `rows` are 0.
 * @param pitch, stride bytes
 */
export function packTurned(to: usize, pitch: usize, from: usize, stride: usize, rows: u32, count: u32): void {
  const none = f32x4.splat(0);
  let k: u32 = 0;
  for (; k + 4 <= count; k += 4, from += 16, to += 4 * pitch) {
    const r1 = rows > 1 ? v128.load(from + stride) : none;
    const r2 = rows > 2 ? v128.load(from + 2 * stride) : none;
    const r3 = rows > 3 ? v128.load(from + 3 * stride) : none;
    turn(to, pitch, v128.load(from), r1, r2, r3);
  }
  for (; k < count; k++, from += 4, to += pitch) {
    store<f32>(to, load<f32>(from));
    store<f32>(to, rows > 1 ? load<f32>(from + stride) : 0, 4);
    store<f32>(to, rows > 2 ? load<f32>(from + 2 * stride) : 0, 8);
    store<f32>(to, rows > 3 ? load<f32>(from + 3 * stride) : 0, 12);
  }
}

/** to[k·pitch + i] = from[k·stride + i] for `columns` ≤ 4 columns i */
export function packStraight(to: usize, pitch: usize, from: usize, stride: usize, columns: i32, count: u32): void {
  if (columns >= 4) for (let k: u32 = 0; k < count; k++, from += stride, to += pitch) v128.store(to, v128.load(from));
  else for (let k: u32 = 0; k < count; k++, from += stride, to += pitch) v128.store(to, load4(from, columns));
}

/** of a panel, and bytes from one k to the next in it */
export const PANEL_COLUMNS: u32 = 16;
export const PANEL_PITCH: usize = 64;

/** sixteen columns of B[K,N]; @param columns fewer where B ends */
export function packPanel(to: usize, from: usize, stride: usize, columns: i32, count: u32): void {
  if (columns == PANEL_COLUMNS) return packWhole(to, from, stride, count);
  for (let part: i32 = 0; part < 4; part++, to += 16, from += 16) {
    if (columns > 4 * part) packStraight(to, PANEL_PITCH, from, stride, columns - 4 * part, count);
    else clearPart(to, count);
  }
}

/** a whole row at a time: it lies in one line of a cache, to which the next row's is no neighbour */
function packWhole(to: usize, from: usize, stride: usize, count: u32): void {
  for (let k: u32 = 0; k < count; k++, from += stride, to += PANEL_PITCH) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    v128.store(to, v128.load(from, 32), 32);
    v128.store(to, v128.load(from, 48), 48);
  }
}

/** sixteen columns of Bᵀ: rows of B[N,K], turned */
export function packPanelTurned(to: usize, from: usize, stride: usize, rows: i32, count: u32): void {
  for (let part: i32 = 0; part < 4; part++, to += 16, from += 4 * stride) {
    if (rows > 4 * part) packTurned(to, PANEL_PITCH, from, stride, <u32>min(4, rows - 4 * part), count);
    else clearPart(to, count);
  }
}

function clearPart(to: usize, count: u32): void {
  for (let k: u32 = 0; k < count; k++, to += PANEL_PITCH) v128.store(to, f32x4.splat(0));
}

/** adds up the columns of a packed panel, in rising order of its rows */
export function addPanelColumns(sums: usize, panel: usize, columns: i32, count: u32): void {
  for (let part: i32 = 0; 4 * part < columns; part++) {
    let sum = load4(sums + 16 * part, columns - 4 * part);
    for (let k: u32 = 0; k < count; k++) sum = f32x4.add(sum, v128.load(panel + 16 * part + PANEL_PITCH * k));
    store4(sums + 16 * part, sum, columns - 4 * part);
  }
}

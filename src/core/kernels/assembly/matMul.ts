/**
 * Matrix products, with what follows them done while the numbers are still near: bias, GELU, residual, or the addition
 * to a gradient.
 *
 *   nn   A[M,K]·B[K,N]      forward through a weight
 *   nt   A[M,K]·B[N,K]ᵀ     logits, and back through a weight
 *   tn   A[K,M]ᵀ·B[K,N]     gradient of a weight
 *
 * A block of B is packed into panels of eight columns, a block of A into strips of four rows, and tile.ts multiplies
 * each strip by each panel (Goto & van de Geijn 2008). Threads share out the strips, or the panels where there are few
 * rows. Each number of the result is one sum in rising order of k, whoever takes it.
 */
import { ACCUMULATE, bufferOf, numberOf, shareOf } from './entry';
import { gate4, geluSlope4 } from './maths';
import { addPanelColumns, packPanel, packPanelTurned, packStraight, packTurned } from './packing';
import { multiplyTile, PANEL_PITCH, TILE_BYTES, TILE_COLUMNS, TILE_ROWS } from './tile';
import { load4, store4 } from './vectors';

/** forms of the product, 0 where neither side is turned */
const NT: u32 = 1;
const TN: u32 = 2;

const EPILOGUE_NONE: u32 = 0;
const EPILOGUE_BIAS: u32 = 1;
const EPILOGUE_GELU: u32 = 2;
const EPILOGUE_RESIDUAL: u32 = 3;
const EPILOGUE_GELU_BACKWARD: u32 = 4;
const EPILOGUE_GRADIENT: u32 = 5;

/** of a block: what of B and of A is packed at once; `scratchOf` in ../wasm/matMul.ts says the same */
const BLOCK_K: u32 = 256;
const BLOCK_COLUMNS: u32 = 768;
const BLOCK_ROWS: u32 = 32;
const PANELS_BYTES: usize = BLOCK_K * BLOCK_COLUMNS * 4;
/** below so many strips to a thread, threads share out the columns */
const FEW_STRIPS: u32 = 4;

/** One product. Addresses and counts; filled by `matMul`, so that the loops below pass one pointer. */
@unmanaged
class Product {
  form: u32;
  epilogue: u32;
  rows: u32;
  columns: u32;
  inner: u32;
  a: usize;
  b: usize;
  out: usize;
  bias: usize;
  other: usize;
  sums: usize;
  tile: usize;
  panels: usize;
  strips: usize;
  /** whether sums begin with what is there */
  accumulates: bool;
}

/**
 * buffers a, b, out, bias, other (residual, or the slope of GELU), sums
 * numbers form, epilogue, rows, columns, inner, always adds
 */
export function matMul(entry: usize, step: usize, scratch: usize, thread: u32, threads: u32): void {
  const p = changetype<Product>(scratch);
  p.form = numberOf(entry, 0);
  p.epilogue = numberOf(entry, 1);
  p.rows = numberOf(entry, 2);
  p.columns = numberOf(entry, 3);
  p.inner = numberOf(entry, 4);
  p.accumulates = p.epilogue == EPILOGUE_GRADIENT && (numberOf(entry, 5) != 0 || load<f32>(step, ACCUMULATE) != 0);
  p.a = bufferOf(entry, 0);
  p.b = bufferOf(entry, 1);
  p.out = bufferOf(entry, 2);
  p.bias = bufferOf(entry, 3);
  p.other = bufferOf(entry, 4);
  p.sums = bufferOf(entry, 5);
  p.tile = scratch + 128;
  p.panels = p.tile + TILE_BYTES;
  p.strips = p.panels + PANELS_BYTES;
  const strips = (p.rows + TILE_ROWS - 1) / TILE_ROWS;
  const panels = (p.columns + TILE_COLUMNS - 1) / TILE_COLUMNS;
  if (strips >= FEW_STRIPS * threads) {
    const from = shareOf(strips, thread, threads) * TILE_ROWS;
    const to = min(p.rows, shareOf(strips, thread + 1, threads) * TILE_ROWS);
    // sums of columns need all rows of B and none of A: they are dealt out like panels
    multiply(p, from, to, 0, p.columns, shareOf(panels, thread, threads), shareOf(panels, thread + 1, threads));
  } else {
    const from = shareOf(panels, thread, threads);
    const to = shareOf(panels, thread + 1, threads);
    multiply(p, 0, p.rows, from * TILE_COLUMNS, min(p.columns, to * TILE_COLUMNS), from, to);
  }
}

/** rows and columns [from, to); column sums of the panels [firstSum, endSum) */
function multiply(p: Product, fromRow: u32, toRow: u32, fromColumn: u32, toColumn: u32, firstSum: u32, endSum: u32): void {
  for (let column = fromColumn; column < toColumn; column += BLOCK_COLUMNS) {
    const endColumn = min(toColumn, column + BLOCK_COLUMNS);
    for (let k: u32 = 0; k < p.inner; k += BLOCK_K) {
      const count = min(BLOCK_K, p.inner - k);
      packColumns(p, column, endColumn, k, count, firstSum, endSum);
      for (let row = fromRow; row < toRow; row += BLOCK_ROWS) {
        const endRow = min(toRow, row + BLOCK_ROWS);
        packRows(p, row, endRow, k, count);
        multiplyBlock(p, row, endRow, column, endColumn, k, count);
      }
    }
  }
}

function packColumns(p: Product, fromColumn: u32, toColumn: u32, k: u32, count: u32, firstSum: u32, endSum: u32): void {
  let panel = p.panels;
  for (let column = fromColumn; column < toColumn; column += TILE_COLUMNS, panel += PANEL_PITCH * count) {
    const columns = <i32>min(TILE_COLUMNS, toColumn - column);
    if (p.form == NT) packPanelTurned(panel, p.b + 4 * (<usize>column * p.inner + k), 4 * p.inner, columns, count);
    else packPanel(panel, p.b + 4 * (<usize>k * p.columns + column), 4 * p.columns, columns, count);
    const index = column / TILE_COLUMNS;
    if (p.sums == 0 || index < firstSum || index >= endSum) continue;
    if (k == 0 && !p.accumulates) memory.fill(p.sums + 4 * column, 0, 4 * columns);
    addPanelColumns(p.sums + 4 * column, panel, columns, count);
  }
}

function packRows(p: Product, fromRow: u32, toRow: u32, k: u32, count: u32): void {
  let strip = p.strips;
  for (let row = fromRow; row < toRow; row += TILE_ROWS, strip += 16 * count) {
    const rows = min(TILE_ROWS, toRow - row);
    if (p.form == TN) packStraight(strip, 16, p.a + 4 * (<usize>k * p.rows + row), 4 * p.rows, rows, count);
    else packTurned(strip, 16, p.a + 4 * (<usize>row * p.inner + k), 4 * p.inner, rows, count);
  }
}

function multiplyBlock(p: Product, fromRow: u32, toRow: u32, fromColumn: u32, toColumn: u32, k: u32, count: u32): void {
  const isLast = k + count == p.inner;
  let panel = p.panels;
  for (let column = fromColumn; column < toColumn; column += TILE_COLUMNS, panel += PANEL_PITCH * count) {
    const columns = <i32>min(TILE_COLUMNS, toColumn - column);
    let strip = p.strips;
    for (let row = fromRow; row < toRow; row += TILE_ROWS, strip += 16 * count) {
      const rows = min(TILE_ROWS, toRow - row);
      const at = <usize>row * p.columns + column;
      if (k > 0 || p.accumulates) loadTile(p, at, rows, columns);
      else memory.fill(p.tile, 0, TILE_BYTES);
      multiplyTile(p.tile, strip, panel, count);
      storeTile(p, at, rows, column, columns, isLast ? p.epilogue : EPILOGUE_NONE);
    }
  }
}

function loadTile(p: Product, at: usize, rows: u32, columns: i32): void {
  let tile = p.tile;
  let out = p.out + 4 * at;
  for (let i: u32 = 0; i < rows; i++, tile += PANEL_PITCH, out += 4 * p.columns)
    for (let part: i32 = 0; part < 2; part++)
      if (columns > 4 * part) v128.store(tile + 16 * part, load4(out + 16 * part, columns - 4 * part));
}

/**
 * none, gradient: sum;  bias: sum + bias;  gelu: gelu(sum + bias);  residual: sum + bias + residual;
 * geluBackward: sum·gelu′, as the forward pass has left it in offset of what it was taken of
 * @param at offset of the tile in the result, in numbers
 */
function storeTile(p: Product, at: usize, rows: u32, column: u32, columns: i32, epilogue: u32): void {
  let tile = p.tile;
  for (let i: u32 = 0; i < rows; i++, tile += PANEL_PITCH, at += p.columns) {
    if (columns == <i32>TILE_COLUMNS) {
      finishRow(p, tile, 4 * at, p.bias + 4 * column, epilogue);
      continue;
    }
    for (let part: i32 = 0; 4 * part < columns; part++)
      finishPart(p, v128.load(tile + 16 * part), 4 * at + 16 * part, p.bias + 4 * column + 16 * part, columns - 4 * part, epilogue);
  }
}

/** Both halves of a row side by side: the steps of one fill the waits of the other. */
function finishRow(p: Product, tile: usize, offset: usize, bias: usize, epilogue: u32): void {
  let first = v128.load(tile);
  let second = v128.load(tile, 16);
  const other = p.other + offset;
  if (epilogue == EPILOGUE_BIAS || epilogue == EPILOGUE_GELU || epilogue == EPILOGUE_RESIDUAL) {
    first = f32x4.add(first, v128.load(bias));
    second = f32x4.add(second, v128.load(bias, 16));
  }
  if (epilogue == EPILOGUE_GELU) {
    const firstGate = gate4(first);
    const secondGate = gate4(second);
    v128.store(other, geluSlope4(first, firstGate));
    v128.store(other, geluSlope4(second, secondGate), 16);
    first = f32x4.mul(first, firstGate);
    second = f32x4.mul(second, secondGate);
  }
  if (epilogue == EPILOGUE_RESIDUAL) {
    first = f32x4.add(first, v128.load(other));
    second = f32x4.add(second, v128.load(other, 16));
  }
  if (epilogue == EPILOGUE_GELU_BACKWARD) {
    first = f32x4.mul(first, v128.load(other));
    second = f32x4.mul(second, v128.load(other, 16));
  }
  v128.store(p.out + offset, first);
  v128.store(p.out + offset, second, 16);
}

function finishPart(p: Product, sum: v128, offset: usize, bias: usize, count: i32, epilogue: u32): void {
  let value = sum;
  if (epilogue == EPILOGUE_BIAS || epilogue == EPILOGUE_GELU || epilogue == EPILOGUE_RESIDUAL) value = f32x4.add(value, load4(bias, count));
  if (epilogue == EPILOGUE_GELU) {
    const gate = gate4(value);
    store4(p.other + offset, geluSlope4(value, gate), count);
    value = f32x4.mul(value, gate);
  }
  if (epilogue == EPILOGUE_RESIDUAL) value = f32x4.add(value, load4(p.other + offset, count));
  if (epilogue == EPILOGUE_GELU_BACKWARD) value = f32x4.mul(value, load4(p.other + offset, count));
  store4(p.out + offset, value, count);
}

/**
 * Matrix products, with what follows them done while the numbers are still near: bias, GELU, residual, or the addition
 * to a gradient.
 *
 *   nn   A[M,K]·B[K,N]      forward through a weight
 *   nt   A[M,K]·B[N,K]ᵀ     logits, and back through a weight
 *   tn   A[K,M]ᵀ·B[K,N]     gradient of a weight
 *
 * A block of B is packed into panels, where it does not lie well as it is, and tile.ts multiplies rows of A by each
 * (Goto & van de Geijn 2008). Rows of A are read where they are; its columns, in the last form, are packed into strips.
 * Threads share out the rows, or the columns where there are few rows. Each number of the result is one sum in rising
 * order of k, whoever takes it.
 */
import { ACCUMULATE, bufferOf, numberOf, shareOf } from './entry';
import { BIAS, finishRow, GELU_BACKWARD, scaleRow } from './epilogues';
import { multiplyAcross, multiplyAlong } from './fewRows';
import { countOf } from './live';
import { addPanelColumns, PANEL_COLUMNS, PANEL_PITCH, packPanel, packPanelTurned, packStraight } from './packing';
import { multiplyRows, TILE_BYTES } from './tile';
import { load4, store4 } from './vectors';

/** forms of the product, 0 where neither side is turned */
const NT: u32 = 1;
const TN: u32 = 2;

/** the epilogue that adds to a gradient; the others stand in epilogues.ts */
const GRADIENT: u32 = 5;

/** of a block: what of B and of A is packed at once; `SCRATCH` in ../wasm/matMul.ts says the same */
const BLOCK_K: u32 = 256;
const BLOCK_COLUMNS: u32 = 768;
const BLOCK_ROWS: u32 = 32;
/** columns of A that are packed side by side, and bytes from one k to the next there */
const STRIP_ROWS: u32 = 4;
const STRIP_PITCH: usize = 16;
const PANELS_BYTES: usize = BLOCK_K * BLOCK_COLUMNS * 4;
/**
 * packing B does not pay for so few rows: it is read where it lies, and threads that would have no more share out the
 * columns, so that each packs its own
 */
const FEW_ROWS: u32 = 64;
/** numbers of a B that no cache holds: then two rows are better off without tiles too, else one alone; see fewRows.ts */
const UNCACHED: u32 = 0x80000;
/** rows of B that are near while all rows of A go by */
const ACROSS_TERMS: u32 = 4;

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
  /** whether panels of full width are read in B itself */
  inPlace: bool;
  /** terms are added with one rounding */
  fused: bool;
  /** the bias is a matrix */
  onto: bool;
  /** of every sum */
  scale: f32;
}

/**
 * buffers a, b, out, bias [N] or onto [M,N], other (residual, or the slope of GELU), sums, list of the rows or none
 * numbers form, epilogue, rows, columns, inner, always adds, fused, onto, bits of the scale
 */
export function matMul(entry: usize, step: usize, scratch: usize, thread: u32, threads: u32): void {
  const p = changetype<Product>(scratch);
  p.form = numberOf(entry, 0);
  p.epilogue = numberOf(entry, 1);
  p.rows = p.form == TN ? numberOf(entry, 2) : countOf(bufferOf(entry, 6), numberOf(entry, 2));
  p.columns = numberOf(entry, 3);
  p.inner = p.form == TN ? countOf(bufferOf(entry, 6), numberOf(entry, 4)) : numberOf(entry, 4);
  p.accumulates = p.epilogue == GRADIENT && (numberOf(entry, 5) != 0 || load<f32>(step, ACCUMULATE) != 0);
  p.fused = numberOf(entry, 6) != 0;
  p.onto = p.form != TN && numberOf(entry, 7) != 0;
  p.scale = p.form == TN ? 1 : reinterpret<f32>(numberOf(entry, 8));
  p.a = bufferOf(entry, 0);
  p.b = bufferOf(entry, 1);
  p.out = bufferOf(entry, 2);
  p.bias = bufferOf(entry, 3);
  p.other = bufferOf(entry, 4);
  p.sums = bufferOf(entry, 5);
  p.tile = scratch + 128;
  p.panels = p.tile + TILE_BYTES;
  p.strips = p.panels + PANELS_BYTES;
  p.inPlace = p.form == 0 && p.rows <= FEW_ROWS;
  const panels = (p.columns + PANEL_COLUMNS - 1) / PANEL_COLUMNS;
  if (p.inner == 0) return clearGradient(p, thread);
  if (isThin(p)) return multiplyThin(p, shareOf(panels, thread, threads) * PANEL_COLUMNS, min(p.columns, shareOf(panels, thread + 1, threads) * PANEL_COLUMNS));
  const firstPanel = shareOf(panels, thread, threads);
  const endPanel = shareOf(panels, thread + 1, threads);
  if (p.rows > FEW_ROWS * threads || panels < threads) {
    const strips = (p.rows + STRIP_ROWS - 1) / STRIP_ROWS;
    const from = shareOf(strips, thread, threads) * STRIP_ROWS;
    const to = min(p.rows, shareOf(strips, thread + 1, threads) * STRIP_ROWS);
    // sums of columns need all rows of B and none of A: they are dealt out like panels
    multiply(p, from, to, 0, p.columns, firstPanel, endPanel);
  } else multiply(p, 0, p.rows, firstPanel * PANEL_COLUMNS, min(p.columns, endPanel * PANEL_COLUMNS), firstPanel, endPanel);
}

/** a weight that no row had to do with */
function clearGradient(p: Product, thread: u32): void {
  if (thread > 0 || p.accumulates) return;
  memory.fill(p.out, 0, 4 * <usize>p.rows * p.columns);
  if (p.sums != 0) memory.fill(p.sums, 0, 4 * p.columns);
}

@inline
function isThin(p: Product): bool {
  return p.form != TN && (p.rows == 1 || (p.form != NT && p.rows == 2 && p.inner * p.columns >= UNCACHED));
}

/** columns [from, to) of few rows */
function multiplyThin(p: Product, from: u32, to: u32): void {
  if (from >= to) return;
  const columns = <i32>(to - from);
  const pitch: usize = 4 * p.columns;
  const out = p.out + 4 * from;
  if (p.form == NT) multiplyAlong(out, p.a, p.b + 4 * <usize>from * p.inner, 4 * p.inner, columns, p.inner, p.fused);
  else
    for (let k: u32 = 0; k < p.inner; k += ACROSS_TERMS)
      for (let row: u32 = 0; row < p.rows; row++)
        multiplyAcross(
          out + row * pitch,
          p.a + 4 * (<usize>row * p.inner + k),
          p.b + k * pitch + 4 * from,
          pitch,
          columns,
          min(ACROSS_TERMS, p.inner - k),
          k > 0,
          p.fused,
        );
  finishRows(p, 0, p.rows, from, to);
}

/** rows and columns [from, to); column sums of the panels [firstSum, endSum) */
function multiply(
  p: Product,
  fromRow: u32,
  toRow: u32,
  fromColumn: u32,
  toColumn: u32,
  firstSum: u32,
  endSum: u32,
): void {
  for (let column = fromColumn; column < toColumn; column += BLOCK_COLUMNS) {
    const endColumn = min(toColumn, column + BLOCK_COLUMNS);
    for (let k: u32 = 0; k < p.inner; k += BLOCK_K) {
      const count = min(BLOCK_K, p.inner - k);
      packColumns(p, column, endColumn, k, count, firstSum, endSum);
      for (let row = fromRow; row < toRow; row += BLOCK_ROWS)
        multiplyBlock(p, row, min(toRow, row + BLOCK_ROWS), column, endColumn, k, count);
    }
  }
}

function packColumns(
  p: Product,
  fromColumn: u32,
  toColumn: u32,
  k: u32,
  count: u32,
  firstSum: u32,
  endSum: u32,
): void {
  const stride: usize = 4 * p.columns;
  let panel = p.panels;
  for (let column = fromColumn; column < toColumn; column += PANEL_COLUMNS, panel += PANEL_PITCH * count) {
    const columns = <i32>min(PANEL_COLUMNS, toColumn - column);
    if (p.inPlace && <u32>columns == PANEL_COLUMNS) continue;
    if (p.form == NT) packPanelTurned(panel, p.b + 4 * (<usize>column * p.inner + k), 4 * p.inner, columns, count);
    else packPanel(panel, p.b + k * stride + 4 * column, stride, columns, count);
    const index = column / PANEL_COLUMNS;
    if (p.sums == 0 || index < firstSum || index >= endSum) continue;
    if (k == 0 && !p.accumulates) for (let c: i32 = 0; c < columns; c++) store<f32>(p.sums + 4 * (column + c), 0);
    addPanelColumns(p.sums + 4 * column, panel, columns, count);
  }
}

function multiplyBlock(
  p: Product,
  fromRow: u32,
  toRow: u32,
  fromColumn: u32,
  toColumn: u32,
  k: u32,
  count: u32,
): void {
  if (p.form == TN) packRows(p, fromRow, toRow, k, count);
  const stride: usize = 4 * p.columns;
  const begun = k > 0 || p.accumulates;
  let panel = p.panels;
  for (let column = fromColumn; column < toColumn; column += PANEL_COLUMNS, panel += PANEL_PITCH * count) {
    const columns = <i32>min(PANEL_COLUMNS, toColumn - column);
    const inPlace = p.inPlace && <u32>columns == PANEL_COLUMNS;
    if (p.form == TN) multiplyStrips(p, fromRow, toRow, column, columns, panel, count, begun);
    else if (inPlace)
      multiplyPanel(p, fromRow, toRow, column, columns, k, p.b + k * stride + 4 * column, stride, count, begun);
    else multiplyPanel(p, fromRow, toRow, column, columns, k, panel, PANEL_PITCH, count, begun);
  }
  if (k + count == p.inner) finishRows(p, fromRow, toRow, fromColumn, toColumn);
}

function finishRows(p: Product, fromRow: u32, toRow: u32, fromColumn: u32, toColumn: u32): void {
  for (let row = fromRow; row < toRow; row++) {
    const offset = 4 * (<usize>row * p.columns + fromColumn);
    const other = p.other == 0 ? 0 : p.other + offset;
    const bias = p.onto ? p.bias + offset : p.bias + 4 * fromColumn;
    const count = <i32>(toColumn - fromColumn);
    if (p.scale != 1) scaleRow(p.out + offset, p.scale, count);
    if (p.onto && p.epilogue == GELU_BACKWARD) finishRow(BIAS, p.out + offset, bias, 0, count);
    finishRow(p.epilogue, p.out + offset, bias, other, count);
  }
}

/** rows of A by one panel, two by two */
function multiplyPanel(
  p: Product,
  fromRow: u32,
  toRow: u32,
  column: u32,
  columns: i32,
  k: u32,
  panel: usize,
  pitch: usize,
  count: u32,
  begun: bool,
): void {
  const stride: usize = 4 * p.inner;
  let a = p.a + <usize>fromRow * stride + 4 * k;
  for (let row = fromRow; row < toRow; row += 2, a += 2 * stride)
    multiplyPair(p, row, toRow, column, columns, a, stride, 4, panel, pitch, count, begun);
}

/**
 * Row `row` of the result and the next, where it is before `toRow`.
 * @param stride, step bytes from one row of A to the next, and from one k
 */
@inline
function multiplyPair(
  p: Product,
  row: u32,
  toRow: u32,
  column: u32,
  columns: i32,
  a: usize,
  stride: usize,
  step: usize,
  panel: usize,
  pitch: usize,
  count: u32,
  begun: bool,
): void {
  const outStride: usize = 4 * p.columns;
  const out = p.out + <usize>row * outStride + 4 * column;
  const rows: u32 = min(2, toRow - row);
  const next = rows == 2 ? stride : 0;
  if (columns == PANEL_COLUMNS) {
    multiplyRows(out, rows == 2 ? outStride : 0, a, next, step, panel, pitch, count, begun, p.fused);
    return;
  }
  if (begun) copyTile(p.tile, PANEL_PITCH, out, outStride, rows, columns);
  multiplyRows(p.tile, PANEL_PITCH, a, next, step, panel, pitch, count, begun, p.fused);
  copyTile(out, outStride, p.tile, PANEL_PITCH, rows, columns);
}

function packRows(p: Product, fromRow: u32, toRow: u32, k: u32, count: u32): void {
  let strip = p.strips;
  for (let row = fromRow; row < toRow; row += STRIP_ROWS, strip += STRIP_PITCH * count)
    packStraight(
      strip,
      STRIP_PITCH,
      p.a + 4 * (<usize>k * p.rows + row),
      4 * p.rows,
      min(STRIP_ROWS, toRow - row),
      count,
    );
}

/** packed strips by one panel */
function multiplyStrips(
  p: Product,
  fromRow: u32,
  toRow: u32,
  column: u32,
  columns: i32,
  panel: usize,
  count: u32,
  begun: bool,
): void {
  let strip = p.strips;
  for (let row = fromRow; row < toRow; row += STRIP_ROWS, strip += STRIP_PITCH * count)
    for (let pair: u32 = 0; pair < STRIP_ROWS && row + pair < toRow; pair += 2)
      multiplyPair(p, row + pair, toRow, column, columns, strip + 4 * pair, 4, STRIP_PITCH, panel, PANEL_PITCH, count, begun);
}

/** where the result ends within a tile */
function copyTile(to: usize, toStride: usize, from: usize, fromStride: usize, rows: u32, columns: i32): void {
  for (let i: u32 = 0; i < rows; i++, to += toStride, from += fromStride)
    for (let c: i32 = 0; c < columns; c += 4) store4(to + 4 * c, load4(from + 4 * c, columns - c), columns - c);
}

/**
 * The inner loop of every matrix product: 4 rows times 8 columns held in eight registers while the sums go by. More
 * would not fit: engines leave a kernel fifteen, and a number that has to wait in memory costs more than a larger tile
 * saves.
 *
 *   strip   [K,4]    four rows of A, one column after the other        both packed by matMul.ts
 *   panel   [K,8]    eight columns of B, one row after the other
 *   tile    [4,8]    += Σ_k strip[k,i]·panel[k,j], k in rising order: wherever a tile is cut, a sum is the same sum
 */
export const TILE_ROWS: u32 = 4;
export const TILE_COLUMNS: u32 = 8;
/** bytes of a tile, and from one row of a panel to the next */
export const TILE_BYTES: usize = 128;
export const PANEL_PITCH: usize = 32;

@inline
function added(sum: v128, a: v128, b: v128): v128 {
  return f32x4.add(sum, f32x4.mul(a, b));
}

export function multiplyTile(tile: usize, strip: usize, panel: usize, count: u32): void {
  let c00 = v128.load(tile, 0);
  let c01 = v128.load(tile, 16);
  let c10 = v128.load(tile, 32);
  let c11 = v128.load(tile, 48);
  let c20 = v128.load(tile, 64);
  let c21 = v128.load(tile, 80);
  let c30 = v128.load(tile, 96);
  let c31 = v128.load(tile, 112);
  const end = strip + 16 * count;
  for (; strip < end; strip += 16, panel += PANEL_PITCH) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    const a0 = v128.load_splat<f32>(strip);
    c00 = added(c00, a0, b0);
    c01 = added(c01, a0, b1);
    const a1 = v128.load_splat<f32>(strip, 4);
    c10 = added(c10, a1, b0);
    c11 = added(c11, a1, b1);
    const a2 = v128.load_splat<f32>(strip, 8);
    c20 = added(c20, a2, b0);
    c21 = added(c21, a2, b1);
    const a3 = v128.load_splat<f32>(strip, 12);
    c30 = added(c30, a3, b0);
    c31 = added(c31, a3, b1);
  }
  v128.store(tile, c00, 0);
  v128.store(tile, c01, 16);
  v128.store(tile, c10, 32);
  v128.store(tile, c11, 48);
  v128.store(tile, c20, 64);
  v128.store(tile, c21, 80);
  v128.store(tile, c30, 96);
  v128.store(tile, c31, 112);
}

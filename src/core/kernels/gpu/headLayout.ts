/** What the attention kernels have in common: how the packed [q | k | v] rows [N,3C] are cut into heads. */
import type { BufferUse } from '../plan/player';

export interface HeadShape {
  /** H */
  heads: number;
  /** C */
  width: number;
}

/** Numbers of a head lie side by side, so four are moved at once where D allows it. */
export interface HeadLayout {
  /** WGSL type of one unit; buffers of rows are arrays of it */
  type: 'f32' | 'vec4<f32>';
  /** units of a head, D or D/4 */
  units: number;
  /** the constants of the kernel's WGSL and its dot product of two units */
  wgsl: string;
}

/** below every score, in place of −∞, which WGSL may assume away */
const NEVER = '-1e30';

export function headLayout({ heads, width }: HeadShape): HeadLayout {
  const size = width / heads;
  if (!Number.isInteger(size)) throw new Error(`${heads} heads do not divide a width of ${width}`);
  const wide = size % 4 === 0;
  const [type, units] = wide ? (['vec4<f32>', size / 4] as const) : (['f32', size] as const);
  const wgsl = `alias Unit = ${type};
const HEADS = ${heads}u;
const UNITS = ${units}u;
const ROW = ${heads * units}u;
const SCALE : f32 = ${1 / Math.sqrt(size)};
const NEVER : f32 = ${NEVER};
fn product(a : Unit, b : Unit) -> f32 { return ${wide ? 'dot(a, b)' : 'a * b'}; }`;
  return { type, units, wgsl };
}

export const reads = (type: BufferUse['type']): BufferUse => ({ type, use: 'read' });
export const writes = (type: BufferUse['type']): BufferUse => ({ type, use: 'write' });

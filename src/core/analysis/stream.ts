/** How the residual stream grows: its length, and how much of it each sublayer wrote. */
import type { BlockNumbers } from '../../contract/inside';
import type { Forward } from './forward';

const row = (x: Float32Array, position: number, width: number): Float32Array =>
  x.subarray(position * width, (position + 1) * width);

/** Euclidean length */
const lengthOf = (x: Float32Array): number => Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));

/** how far `part` reaches along the direction of `whole`: parts of a sum add up to the length of the whole */
function along(part: Float32Array, whole: Float32Array): number {
  const dot = part.reduce((sum, value, i) => sum + value * (whole[i] as number), 0);
  return dot / Math.max(lengthOf(whole), Number.MIN_VALUE);
}

/** @returns of one position: lengths before the first block and after each, and what each block's sublayers wrote */
export function streamAt({ stream, blocks }: Forward, position: number, width: number) {
  const at = (x: Float32Array) => row(x, position, width);
  const written = ({ attention, mlp, sum2 }: BlockNumbers) => ({
    attention: along(at(attention), at(sum2)),
    mlp: along(at(mlp), at(sum2)),
  });
  return { lengths: stream.map((x) => lengthOf(at(x))), written: blocks.map(written) };
}

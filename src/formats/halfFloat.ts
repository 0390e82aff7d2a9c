/** IEEE 754 half precision: 1 sign, 5 exponent and 10 fraction bits. Older engines have no Float16Array. */

const single = new Float32Array(1);
const singleBits = new Uint32Array(single.buffer);

/** rounds to nearest, ties to even; too large becomes infinity, too small becomes 0 */
export function toHalf(value: number): number {
  single[0] = value;
  const bits = singleBits[0] as number;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // not a number
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // 65520 and above
  if (magnitude >= 0x38800000) return sign | roundOff(magnitude - 0x38000000, 13); // 2⁻¹⁴ and above: normal numbers
  const shift = 126 - (magnitude >>> 23);
  return shift > 24 ? sign : sign | roundOff((magnitude & 0x7fffff) | 0x800000, shift);
}

/** drops `count` low bits, rounding to nearest, ties to even */
function roundOff(bits: number, count: number): number {
  const kept = bits >>> count;
  const rest = bits & ((1 << count) - 1);
  const half = 1 << (count - 1);
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept;
}

/** all of them; `Float32Array.from` with a function would keep each number as an object first */
export function fromHalves(bits: Uint16Array): Float32Array {
  const numbers = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) numbers[i] = fromHalf(bits[i] as number);
  return numbers;
}

/** The upper half of a single: 1 sign, 8 exponent and 7 fraction bits ("brain float"). */
export function fromBrains(bits: Uint16Array): Float32Array {
  const wide = Uint32Array.from(bits, (half) => half << 16);
  return new Float32Array(wide.buffer);
}

export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

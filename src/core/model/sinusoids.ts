/** The fixed waves of 2017 that say where a token stands. */

/** PE(p, 2i) = sin(p / 10000^(2i/C)), PE(p, 2i+1) = cos(same). Vaswani et al. 2017, section 3.5; [T,C] row-major */
export function sinusoidTable(length: number, width: number): Float32Array {
  const table = new Float32Array(length * width);
  for (let position = 0; position < length; position++) {
    for (let c = 0; c < width; c++) {
      const angle = position / 10_000 ** ((2 * Math.floor(c / 2)) / width);
      table[position * width + c] = c % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    }
  }
  return table;
}

/** Words as vectors: which point the same way, and what a sum of them comes nearest to. */

/** One row a word. */
export interface Vectors {
  rows: number;
  width: number;
  /** [rows,width] */
  data: Float64Array;
}

export interface Near {
  /** its row */
  word: number;
  cosine: number;
}

/** to − from + base, by their rows */
export interface Sum {
  from: number;
  to: number;
  base: number;
}

export const rowOf = ({ width, data }: Vectors, row: number): Float64Array =>
  data.subarray(row * width, (row + 1) * width);

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
};

/** Each made length 1, so that a rare word counts as much as a common one; a vector of zeros stays. */
export function unitVectors(vectors: Vectors): Vectors {
  const data = vectors.data.slice();
  for (let row = 0; row < vectors.rows; row++) {
    const vector = rowOf({ ...vectors, data }, row);
    const length = Math.sqrt(dot(vector, vector));
    if (length > 0) vector.set(vector.map((x) => x / length));
  }
  return { ...vectors, data };
}

/** only these rows, in this order */
export function pickRows(vectors: Vectors, rows: readonly number[]): Vectors {
  const data = new Float64Array(rows.length * vectors.width);
  rows.forEach((row, i) => {
    data.set(rowOf(vectors, row), i * vectors.width);
  });
  return { rows: rows.length, width: vectors.width, data };
}

/** @returns cosines with every row, nearest first, of equals the earlier row */
function ranked(vectors: Vectors, wanted: Float64Array, without: readonly number[], count: number): Near[] {
  const own = Math.sqrt(dot(wanted, wanted));
  if (own === 0) return [];
  const found: Near[] = [];
  for (let word = 0; word < vectors.rows; word++) {
    const vector = rowOf(vectors, word);
    const length = Math.sqrt(dot(vector, vector));
    if (length > 0 && !without.includes(word)) found.push({ word, cosine: dot(vector, wanted) / (length * own) });
  }
  return found.sort((a, b) => b.cosine - a.cosine || a.word - b.word).slice(0, count);
}

/** What to − from + base comes nearest to; the three words themselves are left out. */
export function sumAnswers(vectors: Vectors, { from, to, base }: Sum, count: number): Near[] {
  const [minus, plus, start] = [from, to, base].map((word) => rowOf(vectors, word)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const wanted = start.map((x, i) => x + (plus[i] as number) - (minus[i] as number));
  return ranked(vectors, wanted, [from, to, base], count);
}

/** @param units of length 1, [N,C]; @returns the cosine of every two, [N,N] */
export function cosinesOf(units: Vectors): Float64Array {
  const { rows } = units;
  const cosines = new Float64Array(rows * rows);
  const vectors = Array.from({ length: rows }, (_, row) => rowOf(units, row));
  for (let a = 0; a < rows; a++)
    for (let b = 0; b <= a; b++) {
      const cosine = dot(vectors[a] as Float64Array, vectors[b] as Float64Array);
      cosines[a * rows + b] = cosine;
      cosines[b * rows + a] = cosine;
    }
  return cosines;
}

/**
 * The nearest of every word by cosine, not centred, of equals the earlier row; a word is no neighbour of itself, a
 * vector of zeros nobody's.
 * @param units of length 1, or 0
 */
export function neighbours(units: Vectors, count: number): Near[][] {
  const { rows } = units;
  const cosines = cosinesOf(units);
  const isZero = (word: number) => cosines[word * rows + word] === 0;
  return Array.from({ length: rows }, (_, word) => {
    if (isZero(word)) return [];
    const near = cosines.subarray(word * rows, (word + 1) * rows);
    const others = [...near.keys()].filter((other) => other !== word && !isZero(other));
    others.sort((a, b) => (near[b] as number) - (near[a] as number) || a - b);
    return others.slice(0, count).map((other) => ({ word: other, cosine: near[other] as number }));
  });
}

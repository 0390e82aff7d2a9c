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

/** The nearest by cosine, not centred; a word is no neighbour of itself, a vector of zeros nobody's. */
export const neighbours = (vectors: Vectors, word: number, count: number): Near[] =>
  ranked(vectors, rowOf(vectors, word), [word], count);

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
  for (let a = 0; a < rows; a++)
    for (let b = 0; b <= a; b++) {
      const cosine = dot(rowOf(units, a), rowOf(units, b));
      cosines[a * rows + b] = cosine;
      cosines[b * rows + a] = cosine;
    }
  return cosines;
}

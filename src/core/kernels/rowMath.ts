/**
 * Three loops that a step spends much of its time in, in plain TypeScript and as WebAssembly with four numbers per
 * instruction. Rows are offsets in an array with a stride, so that heads can be read out of packed matrices.
 */
import { assemble, type WasmFunction, wasm } from './wasmAssembler';

export interface RowMath {
  /** out[c,r] = x[r,c] */
  transpose(out: Float32Array, x: Float32Array, rows: number, columns: number): void;
  /** out[j] = Σ_d a[d] · rows[j·stride + d],   j < count, d < size */
  dotRows(
    out: Float32Array,
    outAt: number,
    a: Float32Array,
    aAt: number,
    rows: Float32Array,
    rowsAt: number,
    stride: number,
    count: number,
    size: number,
  ): void;
  /** out[d] = Σ_j weights[j·weightStride] · rows[j·stride + d],   j < count, d < size */
  weighRows(
    out: Float32Array,
    outAt: number,
    weights: Float32Array,
    weightsAt: number,
    weightStride: number,
    rows: Float32Array,
    rowsAt: number,
    stride: number,
    count: number,
    size: number,
  ): void;
}

export const plainRowMath: RowMath = {
  transpose(out, x, rows, columns) {
    for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[c * rows + r] = x[r * columns + c]!;
  },
  dotRows(out, outAt, a, aAt, rows, rowsAt, stride, count, size) {
    for (let j = 0, at = rowsAt; j < count; j++, at += stride) {
      let sum = 0;
      for (let d = 0; d < size; d++) sum += a[aAt + d]! * rows[at + d]!;
      out[outAt + j] = sum;
    }
  },
  weighRows(out, outAt, weights, weightsAt, weightStride, rows, rowsAt, stride, count, size) {
    for (let d = 0; d < size; d++) {
      let sum = 0;
      for (let j = 0; j < count; j++) sum += weights[weightsAt + j * weightStride]! * rows[rowsAt + j * stride + d]!;
      out[outAt + d] = sum;
    }
  },
};

/** floats handled per turn of the inner loop: four registers of four */
const BLOCK = 16;
const BLOCK_BYTES = 4 * BLOCK;
const REGISTERS = [0, 1, 2, 3] as const;

const {
  get,
  set,
  constant,
  add,
  subtract,
  lessThan,
  addFloat,
  storeFloat,
  load4,
  loadSplat,
  store4,
  zero4,
  add4,
  multiply4,
  lane,
} = wasm;
const { shuffle, repeat, when } = wasm;

const code = (...parts: number[][]): number[] => parts.flat();
const bump = (local: number, by: number[]): number[] => code(get(local), by, add, set(local));
/** counts down by one and leaves the number, for `repeat` */
const countDown = (local: number): number[] => code(get(local), constant(1), subtract, set(local), get(local));
const clear = (vectors: number[]): number[] => code(...vectors.map((vector) => code(zero4, set(vector))));

/** for every row: four running sums over blocks of 16, then one number */
function dotRowsCode(): WasmFunction {
  const [out, a, rows, stride, count, size, d] = [0, 1, 2, 3, 4, 5, 6];
  const [s0, s1, s2, s3] = [7, 8, 9, 10];
  const sums = [s0, s1, s2, s3];
  const accumulate = sums.map((sum, r) =>
    code(
      get(sum),
      get(a),
      get(d),
      add,
      load4(16 * r),
      get(rows),
      get(d),
      add,
      load4(16 * r),
      multiply4,
      add4,
      set(sum),
    ),
  );
  const total = code(get(s0), get(s1), add4, get(s2), get(s3), add4, add4, set(s0));
  const lanes = code(...REGISTERS.map((i) => code(get(s0), lane(i), i > 0 ? addFloat : [])));
  const dot = code(
    constant(0),
    set(d),
    repeat(...accumulate, bump(d, constant(BLOCK_BYTES)), get(d), get(size), lessThan),
  );
  const store = code(get(out), lanes, storeFloat);
  const nextRow = code(bump(out, constant(4)), bump(rows, get(stride)), countDown(count));
  return {
    name: 'dotRows',
    parameters: 6,
    integers: 1,
    vectors: 4,
    body: [get(count), when(repeat(clear(sums), dot, total, store, nextRow))],
  };
}

/** for every block of 16 columns: down the rows, each times its weight */
function weighRowsCode(): WasmFunction {
  const [out, weights, weightStride, rows, stride, count, size, d, j, weightAt, rowAt] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ];
  const [sums, weight] = [[11, 12, 13, 14], 15];
  const accumulate = sums.map((sum, r) =>
    code(get(sum), get(weight), get(rowAt), load4(16 * r), multiply4, add4, set(sum)),
  );
  const store = sums.map((sum, r) => code(get(out), get(d), add, get(sum), store4(16 * r)));
  const atTop = code(get(count), set(j), get(weights), set(weightAt), get(rows), get(d), add, set(rowAt));
  const nextRow = code(bump(weightAt, get(weightStride)), bump(rowAt, get(stride)), countDown(j));
  const down = when(repeat(get(weightAt), loadSplat, set(weight), ...accumulate, nextRow));
  const nextBlock = code(bump(d, constant(BLOCK_BYTES)), get(d), get(size), lessThan);
  return {
    name: 'weighRows',
    parameters: 7,
    integers: 4,
    vectors: 5,
    body: [repeat(clear(sums), atTop, get(j), down, ...store, nextBlock)],
  };
}

/** squares of four by four, turned in registers */
function transposeCode(): WasmFunction {
  const [out, x, rowBytes, columnBytes, r, c, from, to, down] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const [a0, a1, a2, a3, t0, t1, t2, t3] = [9, 10, 11, 12, 13, 14, 15, 16];
  const square = [a0, a1, a2, a3];
  const load = square.map((row) => code(get(down), load4(), set(row), bump(down, get(columnBytes))));
  const store = square.map((row) => code(get(to), get(row), store4(), bump(to, get(rowBytes))));
  const mix = (into: number, first: number, second: number, ...floats: [number, number, number, number]): number[] =>
    code(get(first), get(second), shuffle(...floats), set(into));
  const pairs = code(
    mix(t0, a0, a1, 0, 4, 1, 5),
    mix(t1, a0, a1, 2, 6, 3, 7),
    mix(t2, a2, a3, 0, 4, 1, 5),
    mix(t3, a2, a3, 2, 6, 3, 7),
  );
  const fours = code(
    mix(a0, t0, t2, 0, 1, 4, 5),
    mix(a1, t0, t2, 2, 3, 6, 7),
    mix(a2, t1, t3, 0, 1, 4, 5),
    mix(a3, t1, t3, 2, 3, 6, 7),
  );
  const atLeft = code(constant(0), set(c), get(x), set(from), get(out), get(r), add, set(to));
  const nextSquare = code(bump(from, constant(16)), bump(c, constant(16)), get(c), get(columnBytes), lessThan);
  const across = repeat(get(from), set(down), ...load, pairs, fours, ...store, nextSquare);
  const nextRows = code(
    ...square.map(() => bump(x, get(columnBytes))),
    bump(r, constant(16)),
    get(r),
    get(rowBytes),
    lessThan,
  );
  return { name: 'transpose', parameters: 4, integers: 5, vectors: 8, body: [repeat(atLeft, across, nextRows)] };
}

interface Exports {
  transpose(out: number, x: number, rowBytes: number, columnBytes: number): void;
  dotRows(out: number, a: number, rows: number, stride: number, count: number, size: number): void;
  weighRows(
    out: number,
    weights: number,
    weightStride: number,
    rows: number,
    stride: number,
    count: number,
    size: number,
  ): void;
}

const address = (array: Float32Array, at: number): number => array.byteOffset + 4 * at;

/**
 * @param memory all arrays passed later must be views of it
 * @returns vector loops where the size is a multiple of 16, plain ones elsewhere; plain ones only when the engine has
 * no SIMD
 */
export function vectorRowMath(memory: WebAssembly.Memory): RowMath {
  const shared = typeof SharedArrayBuffer !== 'undefined' && memory.buffer instanceof SharedArrayBuffer;
  const code = assemble([dotRowsCode(), weighRowsCode(), transposeCode()], shared);
  if (!WebAssembly.validate(code)) return plainRowMath;
  const { dotRows, weighRows, transpose } = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory } })
    .exports as unknown as Exports;
  return {
    transpose(out, x, rows, columns) {
      if (rows % 4 !== 0 || columns % 4 !== 0 || x.length === 0) plainRowMath.transpose(out, x, rows, columns);
      else transpose(address(out, 0), address(x, 0), 4 * rows, 4 * columns);
    },
    dotRows(out, outAt, a, aAt, rows, rowsAt, stride, count, size) {
      if (size % BLOCK !== 0) plainRowMath.dotRows(out, outAt, a, aAt, rows, rowsAt, stride, count, size);
      else dotRows(address(out, outAt), address(a, aAt), address(rows, rowsAt), 4 * stride, count, 4 * size);
    },
    weighRows(out, outAt, weights, weightsAt, weightStride, rows, rowsAt, stride, count, size) {
      if (size % BLOCK !== 0)
        plainRowMath.weighRows(out, outAt, weights, weightsAt, weightStride, rows, rowsAt, stride, count, size);
      else
        weighRows(
          address(out, outAt),
          address(weights, weightsAt),
          4 * weightStride,
          address(rows, rowsAt),
          4 * stride,
          count,
          4 * size,
        );
    },
  };
}

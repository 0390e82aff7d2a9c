/**
 * Just enough of the WebAssembly binary format to write a few vector loops by hand: no tool chain, no binary in the
 * repository, and the loops share the memory of tf.js's wasm backend, so tensors are read where they lie.
 * https://webassembly.github.io/spec/core/binary
 */
type Bytes = number[];

const I32 = 0x7f;
const V128 = 0x7b;
const VOID = 0x40;

/** unsigned LEB128 */
function unsigned(value: number): Bytes {
  const low = value & 0x7f;
  const rest = value >>> 7;
  return rest === 0 ? [low] : [low | 0x80, ...unsigned(rest)];
}

/** signed LEB128 */
function signed(value: number): Bytes {
  const low = value & 0x7f;
  const rest = value >> 7;
  const done = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
  return done ? [low] : [low | 0x80, ...signed(rest)];
}

const simd = (code: number, ...rest: Bytes): Bytes => [0xfd, ...unsigned(code), ...rest];

/** Instructions by name; each is a piece of a function's body. Addresses and sizes are in bytes. */
export const wasm = {
  get: (local: number): Bytes => [0x20, ...unsigned(local)],
  set: (local: number): Bytes => [0x21, ...unsigned(local)],
  constant: (value: number): Bytes => [0x41, ...signed(value)],
  add: [0x6a] as Bytes,
  subtract: [0x6b] as Bytes,
  lessThan: [0x49] as Bytes,
  addFloat: [0x92] as Bytes,
  storeFloat: [0x38, 2, 0] as Bytes,
  /** four floats from the address on the stack plus `offset` */
  load4: (offset = 0): Bytes => simd(0x00, 2, ...unsigned(offset)),
  /** one float, four times */
  loadSplat: simd(0x09, 2, 0),
  store4: (offset = 0): Bytes => simd(0x0b, 2, ...unsigned(offset)),
  zero4: simd(0x0c, ...new Array<number>(16).fill(0)),
  add4: simd(0xe4),
  multiply4: simd(0xe6),
  /** picks four of the eight floats of two vectors, counted through both */
  shuffle: (...floats: [number, number, number, number]): Bytes =>
    simd(0x0d, ...floats.flatMap((i) => [4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3])),
  lane: (index: number): Bytes => simd(0x1f, index),
  /** runs the body, then again for as long as it leaves a number other than 0 */
  repeat: (...body: Bytes[]): Bytes => [0x03, VOID, ...body.flat(), 0x0d, 0, 0x0b],
  /** skips the body when the number on the stack is 0 */
  when: (...body: Bytes[]): Bytes => [0x04, VOID, ...body.flat(), 0x0b],
};

export interface WasmFunction {
  name: string;
  /** all int32 */
  parameters: number;
  /** int32 locals after the parameters, then vector locals after those */
  integers: number;
  vectors: number;
  body: Bytes[];
}

const vector = (items: Bytes[]): Bytes => [...unsigned(items.length), ...items.flat()];
const section = (id: number, content: Bytes): Bytes => [id, ...unsigned(content.length), ...content];
const text = (value: string): Bytes => vector([...new TextEncoder().encode(value)].map((byte) => [byte]));

const typeOf = ({ parameters }: WasmFunction): Bytes => [
  0x60,
  ...vector(Array.from({ length: parameters }, () => [I32])),
  0,
];

function codeOf({ integers, vectors, body }: WasmFunction): Bytes {
  const locals = vector([
    [...unsigned(integers), I32],
    [...unsigned(vectors), V128],
  ]);
  const code = [...locals, ...body.flat(), 0x0b];
  return [...unsigned(code.length), ...code];
}

/** most pages a 32-bit memory can have; what is imported may have fewer */
const MOST_PAGES = 65_536;

/** @returns a module that imports `env.memory` and exports the functions by name */
export function assemble(functions: readonly WasmFunction[], sharedMemory: boolean): Uint8Array<ArrayBuffer> {
  const limits = sharedMemory ? [0x03, 0, ...unsigned(MOST_PAGES)] : [0x00, 0];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector(functions.map(typeOf))),
    ...section(2, vector([[...text('env'), ...text('memory'), 0x02, ...limits]])),
    ...section(3, vector(functions.map((_, i) => unsigned(i)))),
    ...section(7, vector(functions.map(({ name }, i) => [...text(name), 0x00, ...unsigned(i)]))),
    ...section(10, vector(functions.map(codeOf))),
  ]);
}

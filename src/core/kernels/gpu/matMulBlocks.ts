/**
 * What both styles of the matrix product share: reading four neighbours of A or B wherever they end, and finishing four
 * columns of the result. Reads out of reach give the nearest number that exists, and zero where it would enter a sum.
 */

/** of the 4×4 blocks that products are made of */
export const SIDE = 4;

/** One side is static, the other is `shape.rows` and written as null. */
export interface Product {
  form: 'nn' | 'nt' | 'tn';
  /** rows of the result */
  outRows: number | null;
  /** terms of a sum */
  inner: number | null;
  columns: number;
  epilogue: 'none' | 'bias' | 'gelu' | 'residual' | 'geluBackward' | 'gradient';
  add: boolean;
  columnSums: boolean;
  onto: boolean;
  scale: number;
}

/** how a number that may be static is written in WGSL */
export const count = (known: number | null): string => (known === null ? 'shape.rows' : `${known}u`);

const FOUR = [0, 1, 2, 3] as const;

interface Matrix {
  buffer: 'a' | 'b';
  lines: number | null;
  /** numbers in a line */
  length: number;
}

const matrixA = ({ form, outRows, inner }: Product): Matrix =>
  form === 'tn' ? { buffer: 'a', lines: inner, length: outRows! } : { buffer: 'a', lines: outRows, length: inner! };

const matrixB = ({ form, inner, columns }: Product): Matrix =>
  form === 'nt' ? { buffer: 'b', lines: columns, length: inner! } : { buffer: 'b', lines: inner, length: columns };

/**
 * fn aStart(line): where a line begins; fn aFour(start, at): four neighbours in it
 * @param step what is taken of a line at a time, so that `at` may lie past its end, @param zero what lies there is 0
 */
function readers({ buffer, lines, length }: Matrix, step: number, zero: boolean): string {
  const whole = length % SIDE === 0;
  const start = `fn ${buffer}Start(line : u32) -> u32 { return min(line, ${count(lines)} - 1u) * ${whole ? length / SIDE : length}u; }`;
  const found = whole
    ? `${buffer}[start + ${length % step === 0 ? 'at / 4u' : `min(at / 4u, ${length / SIDE - 1}u)`}]`
    : `vec4<f32>(${FOUR.map((i) => `${buffer}[start + min(at + ${i}u, ${length - 1}u)]`).join(', ')})`;
  const inside = `vec4<u32>(at) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(${length}u)`;
  const four = zero ? `select(vec4<f32>(), ${found}, ${inside})` : found;
  return `${start}\nfn ${buffer}Four(start : u32, at : u32) -> vec4<f32> { return ${four}; }`;
}

/** what is worked on at a time */
export interface Extent {
  rows: number;
  terms: number;
  columns: number;
}

/** Past the last term, reading A gives 0, but for `tn`, where the caller zeroes B. */
export function readFours(product: Product, { rows, terms, columns }: Extent): string {
  const { form, inner } = product;
  const a =
    form === 'tn' ? readers(matrixA(product), rows, false) : readers(matrixA(product), terms, inner! % terms !== 0);
  return `${a}\n${readers(matrixB(product), form === 'nt' ? terms : columns, false)}`;
}

/** GELU as σ, see `model/ops/gelu.ts`; beyond ±10 the gate is 0 or 1 to f32, and its argument would overflow */
const gate = (type: string): string => `
const LINEAR = 1.5957691216057308;
const CUBIC = 0.07135481282700902;
fn geluGate(x : ${type}) -> ${type} {
  let y = clamp(x, ${type}(-10.0), ${type}(10.0));
  return 1.0 / (1.0 + exp(-y * (LINEAR + CUBIC * y * y)));
}
fn geluSlope(x : ${type}) -> ${type} {
  let gate = geluGate(x);
  let y = clamp(x, ${type}(-10.0), ${type}(10.0));
  return gate + x * gate * (1.0 - gate) * (LINEAR + 3.0 * CUBIC * y * y);
}`;

const BIAS = ({ onto }: Product): string => (onto ? 'onto[at]' : 'bias[column]');
const scaled = ({ scale }: Product): string => (scale === 1 ? 'sum' : `(sum * ${float(scale)})`);

const STORE: Record<Product['epilogue'], (product: Product) => string> = {
  none: (product) => `out[at] = ${scaled(product)};`,
  bias: (product) => `out[at] = ${scaled(product)} + ${BIAS(product)};`,
  gelu: (product) => `let x = sum + ${BIAS(product)};\n  pre[at] = x;\n  out[at] = x * geluGate(x);`,
  residual: (product) => `out[at] = sum + ${BIAS(product)} + residual[at];`,
  geluBackward: ({ onto }) => `out[at] = ${onto ? '(sum + onto[at])' : 'sum'} * geluSlope(pre[at]);`,
  gradient: ({ add }) => collect('out', 'at', add),
};

/** as WGSL reads it back: the nearest f32 */
const float = (value: number): string => `${Math.fround(value).toExponential()}f`;

/** what lies in the buffer may be garbage when it is not asked for, so it is not multiplied by zero */
const collect = (buffer: string, at: string, add: boolean): string =>
  add
    ? `${buffer}[${at}] = ${buffer}[${at}] + sum;`
    : `var total = sum;
  if (step.accumulate != 0.0) { total += step.accumulate * ${buffer}[${at}]; }
  ${buffer}[${at}] = total;`;

/**
 * fn finish(row, column, sum) stores four columns of a row, fn finishSums(column, sum) those of `sums`; both mind the
 * edges
 */
export function finish(product: Product): string {
  const { columns, epilogue, add, columnSums } = product;
  const whole = columns % SIDE === 0;
  const type = whole ? 'vec4<f32>' : 'f32';
  const width = whole ? columns / SIDE : columns;
  const guarded = (call: (column: string, value: string) => string): string =>
    whole
      ? `if (column < ${columns}u) { ${call('column / 4u', 'sum')} }`
      : FOUR.map((i) => `if (column + ${i}u < ${columns}u) { ${call(`column + ${i}u`, `sum[${i}]`)} }`).join('\n  ');
  const parts = [
    epilogue.startsWith('gelu') ? gate(type) : '',
    `fn store(row : u32, column : u32, sum : ${type}) {\n  let at = row * ${width}u + column;\n  ${STORE[epilogue](product)}\n}`,
    `fn finish(row : u32, column : u32, sum : vec4<f32>) {
  if (row >= ${count(product.outRows)}) { return; }
  ${guarded((at, value) => `store(row, ${at}, ${value});`)}
}`,
  ];
  if (columnSums) {
    parts.push(`fn storeSums(column : u32, sum : ${type}) { ${collect('sums', 'column', add)} }`);
    parts.push(
      `fn finishSums(column : u32, sum : vec4<f32>) {\n  ${guarded((at, value) => `storeSums(${at}, ${value});`)}\n}`,
    );
  }
  return parts.join('\n');
}

/**
 * How this machine rounds, found by computing products whose results are known to the last bit: a browser may take a
 * module and compute something else, and whether fast arithmetic rounds once or twice is the machine's to choose.
 */
import { PlanBuilder } from '../plan/planBuilder';
import type { Player } from '../plan/player';
import { matMul } from './matMul';
import type { WasmMemory } from './memory';

/** odd sides, so that every edge of a tile is among them */
const [ROWS, INNER, COLUMNS] = [5, 6, 21] as const;

/** of the sum after a term was added: `once`, or `twice` with the term rounded before; `otherwise` is wrong */
export type Rounding = 'once' | 'twice' | 'otherwise';

/** numbers of 13 bits: a product of two has 26, two more than are kept, and double precision adds them exactly */
const numbers = (length: number, seed: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length }, (_, i) => ((i * seed) % 2 === 0 ? 1 : -1) * (1 + ((i * seed) % 4096) / 4096));

/** A·B in single precision as it should come out */
function product(a: Float32Array, b: Float32Array, rounding: 'once' | 'twice'): number[] {
  return Array.from({ length: ROWS * COLUMNS }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < INNER; k++) {
      const term = a[Math.floor(at / COLUMNS) * INNER + k]! * b[k * COLUMNS + (at % COLUMNS)]!;
      sum = Math.fround(sum + (rounding === 'twice' ? Math.fround(term) : term));
    }
    return sum;
  });
}

function computed(
  player: Player,
  a: Float32Array<ArrayBuffer>,
  b: Float32Array<ArrayBuffer>,
  fused: boolean,
): Float32Array {
  const builder = new PlanBuilder(player, { name: 'rounding' });
  builder.section('run');
  const slots = { a: builder.receive('a', a.length), b: builder.receive('b', b.length) };
  const out = player.allocate('rounding', 4 * ROWS * COLUMNS) as WasmMemory;
  const launch = matMul({ name: 'rounding', form: 'nn', inner: INNER, columns: COLUMNS, epilogue: 'none' }, fused);
  const result = builder.outside('out', out, 0, ROWS * COLUMNS);
  builder.dispatch(launch, { ...slots, out: result }, { rows: ROWS });
  const plan = builder.build();
  const run = plan.begin();
  run.putNumbers(new Uint32Array(a.buffer), slots.a);
  run.putNumbers(new Uint32Array(b.buffer), slots.b);
  run.play('run');
  const numbers = out.now();
  plan.dispose();
  out.dispose();
  return numbers;
}

const same = (found: Float32Array, expected: readonly number[]): boolean =>
  expected.every((value, i) => value === found[i]);

/** @returns how plain products round, which should be `twice`, and those of fast arithmetic */
export function roundingOf(player: Player): { plain: Rounding; fast: Rounding } {
  const [a, b] = [numbers(ROWS * INNER, 1237), numbers(INNER * COLUMNS, 2411)];
  const rounding = (fused: boolean): Rounding => {
    const found = computed(player, a, b, fused);
    return (['once', 'twice'] as const).find((way) => same(found, product(a, b, way))) ?? 'otherwise';
  };
  return { plain: rounding(false), fast: rounding(true) };
}

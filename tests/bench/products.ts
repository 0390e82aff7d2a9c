/** Matrix products of a step, by themselves: how near they come to the plain multiply-add loop. */
import { PlanBuilder } from '../../src/core/kernels/plan/planBuilder';
import { matMul } from '../../src/core/kernels/wasm/matMul';
import type { WasmPlayer } from '../../src/core/kernels/wasm/player';
import type { Work } from './work';

const [ROWS, INNER, COLUMNS, TIMES] = [512, 512, 128, 4] as const;
export const PRODUCTS_FLOPS = 2 * ROWS * INNER * COLUMNS * TIMES;

/** the second linear layer of S, four times as the four layers have it */
export function products(player: WasmPlayer): Work {
  const builder = new PlanBuilder(player, { name: 'products' });
  const sizes = { a: ROWS * INNER, b: INNER * COLUMNS, out: ROWS * COLUMNS };
  const memories = Object.entries(sizes).map(([name, size]) => ({
    name,
    size,
    memory: player.allocate(name, 4 * size),
  }));
  const slots = Object.fromEntries(
    memories.map(({ name, size, memory }) => [name, builder.outside(name, memory, 0, size)]),
  );
  builder.section('run');
  const launch = matMul({ name: 'product', form: 'nn', inner: INNER, columns: COLUMNS, epilogue: 'none' });
  for (let i = 0; i < TIMES; i++) builder.dispatch(launch, slots, { rows: ROWS });
  const plan = builder.build();
  return {
    run: async () => plan.begin().play('run'),
    dispose() {
      plan.dispose();
      for (const { memory } of memories) memory.dispose();
    },
  };
}

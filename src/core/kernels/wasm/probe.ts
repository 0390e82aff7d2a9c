/** How fast a player is: the matrix products of a small step, for about a tenth of a second. */
import { PlanBuilder } from '../plan/planBuilder';
import { matMul } from './matMul';
import type { WasmPlayer } from './player';

const [ROWS, INNER, COLUMNS, LAYERS] = [256, 128, 128, 8] as const;
const TRIES = 12;

/**
 * @param now milliseconds, steady
 * @returns of the best of some tries, because others may be at work
 */
export function stepTime(player: WasmPlayer, now: () => number): number {
  const builder = new PlanBuilder(player, { name: 'probe' });
  builder.section('step');
  const [a, b] = [builder.receive('a', ROWS * INNER), builder.receive('b', INNER * COLUMNS)];
  const launch = matMul({ name: 'probe', form: 'nn', inner: INNER, columns: COLUMNS, epilogue: 'none' });
  for (let layer = 0; layer < LAYERS; layer++)
    builder.dispatch(launch, { a, b, out: builder.value('out', ROWS * COLUMNS) }, { rows: ROWS });
  const plan = builder.build();
  const run = plan.begin();
  for (const slot of [a, b]) run.clear(slot);
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < TRIES; i++) {
    const began = now();
    run.play('step');
    best = Math.min(best, now() - began);
  }
  plan.dispose();
  return best;
}

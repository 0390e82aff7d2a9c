/** How fast a player is: the matrix products of a small step, for some hundredths of a second. */
import { PlanBuilder } from '../plan/planBuilder';
import type { Plan } from '../plan/player';
import { matMul } from './matMul';
import type { WasmPlayer } from './player';

const [ROWS, INNER, COLUMNS, LAYERS] = [256, 128, 128, 8] as const;
const TRIES = 6;

function stepOf(player: WasmPlayer): Plan {
  const builder = new PlanBuilder(player, { name: 'probe' });
  builder.section('step');
  const [a, b] = [builder.receive('a', ROWS * INNER), builder.receive('b', INNER * COLUMNS)];
  const launch = matMul({ name: 'probe', form: 'nn', inner: INNER, columns: COLUMNS, epilogue: 'none' });
  for (let layer = 0; layer < LAYERS; layer++)
    builder.dispatch(launch, { a, b, out: builder.value('out', ROWS * COLUMNS) }, { rows: ROWS });
  const plan = builder.build();
  const run = plan.begin();
  for (const slot of [a, b]) run.clear(slot);
  return plan;
}

/**
 * The choices take turns, and the best of some tries counts, because others may be at work.
 * @param choices numbers of threads
 * @param now milliseconds, steady
 * @returns milliseconds of a step with each of them
 */
export function stepTimes(player: WasmPlayer, choices: readonly number[], now: () => number): number[] {
  const plan = stepOf(player);
  const run = plan.begin();
  const best = choices.map(() => Number.POSITIVE_INFINITY);
  try {
    for (let i = 0; i < TRIES; i++)
      choices.forEach((threads, choice) => {
        const began = now();
        player.playedBy(threads, () => run.play('step'));
        best[choice] = Math.min(best[choice]!, now() - began);
      });
  } finally {
    plan.dispose();
  }
  return best;
}

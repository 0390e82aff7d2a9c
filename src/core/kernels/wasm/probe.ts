/** How fast a player is: the matrix products of a small step, for some hundredths of a second. */
import { minOf } from '../../../contract/many';
import { PlanBuilder } from '../plan/planBuilder';
import type { Plan } from '../plan/player';
import { matMul } from './matMul';
import type { WasmPlayer } from './player';

const [ROWS, INNER, COLUMNS, LAYERS] = [256, 128, 128, 8] as const;
/** tries: at least so many, and while all threads together are not the swiftest, others may be in their way: for so long */
const TRIES = 6;
const PATIENCE_MS = 150;

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
 * The choices take turns, and the best of some tries counts, because others may be at work: a page that is being drawn
 * keeps a core busy for some tens of milliseconds, longer than the least that is tried.
 * @param choices numbers of threads, the most last
 * @param now milliseconds, steady
 * @returns milliseconds of a step with each of them
 */
export function stepTimes(player: WasmPlayer, choices: readonly number[], now: () => number): number[] {
  const plan = stepOf(player);
  const run = plan.begin();
  const best = choices.map(() => Number.POSITIVE_INFINITY);
  try {
    const until = now() + PATIENCE_MS;
    const isDoubtful = () => best.at(-1)! > minOf(best) && now() < until;
    for (let i = 0; i < TRIES || isDoubtful(); i++)
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

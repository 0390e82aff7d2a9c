import { fixed } from '../../contract/numbers';
import type { Drawn } from './drawn';
import type { ArmFacts } from './facts';
import { fromTo, score } from './words';

/** what is clearly a fall, in words of the curve that is drawn */
const LEAST_SAID = 0.1;

/** Of the broken run: where gold turned, or how far it ever fell and why that is no turning point. */
export function turnWords({ turn, fall, peak, end }: ArmFacts, { noun, proxy }: Drawn, running: boolean): string {
  if (turn)
    return `Turning point: ${noun} ${turn.step}. Gold fell by ${fixed(turn.fallen, 1)} since, while the ${proxy.label} went on rising.`;
  if (running) return 'No turning point so far.';
  if (!peak) return 'Gold was not measured in the broken run, so nothing says whether it turned.';
  const none = 'No turning point in the broken run:';
  if (!fall || fall.from.gold - fall.to.gold < LEAST_SAID)
    return `${none} averaged over neighbouring points, gold fell nowhere by more than ${LEAST_SAID}.`;
  const largest = `gold’s largest fall, averaged over neighbouring points, was ${fromTo(fall.from.gold, fall.to.gold)} (${noun} ${fall.from.step} to ${fall.to.step})`;
  return `${none} ${largest}; it ended at ${score(end.gold)}. A turn would be a fall beyond the noise that lasts to the end while the other curve rises.`;
}

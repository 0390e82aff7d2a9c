import type { ModelSelection } from '../../../contract/config';
import type { MetricValues } from '../../../contract/metrics';
import type { MetricPoint } from '../../../contract/observations';
import { areFew, casesAmong } from '../../../store/runs/cases';

/** What was measured at the end of one pass over the demonstrations. */
export interface Epoch {
  epoch: number;
  step: number;
  values: MetricValues;
}

/** @returns one entry for every epoch that ended; the look after the first step is none of them */
export function epochsOf(history: readonly MetricPoint[]): Epoch[] {
  const epochs: Epoch[] = [];
  for (const { step, values } of history) {
    const passed = Math.floor((values['train/epoch'] ?? 0) + 1e-9);
    const looked = values['axis/kl'] !== undefined || values['eval/loss'] !== undefined;
    if (passed >= (epochs.at(-1)?.epoch ?? 0) + 1 && looked) epochs.push({ epoch: passed, step, values });
  }
  return epochs;
}

/**
 * What model selection would keep of these epochs; null before the first, and where the last one is taken: by choice,
 * or for want of cases.
 */
export function bestEpoch(epochs: readonly Epoch[], selectBy: ModelSelection): Epoch | null {
  if (selectBy === 'last') return null;
  const quality = ({ values }: Epoch): number | null => {
    if (selectBy === 'score') return values['axis/score'] ?? null;
    return values['eval/loss'] === undefined || areFew(casesAmong(values, 'eval/loss')) ? null : -values['eval/loss'];
  };
  return epochs.reduce<Epoch | null>((best, one) => {
    const mine = quality(one);
    if (mine === null) return best;
    return best === null || mine > (quality(best) as number) ? one : best;
  }, null);
}

/** The epoch whose model the run kept, once it is over; before that the best one so far. */
export function chosenEpoch(
  history: readonly MetricPoint[],
  selectBy: ModelSelection,
): { epoch: Epoch; kept: boolean } | null {
  const epochs = epochsOf(history);
  const number = history.at(-1)?.values['train/keptEpoch'];
  const kept = epochs.find(({ epoch }) => epoch === number);
  if (kept) return { epoch: kept, kept: true };
  const best = bestEpoch(epochs, selectBy);
  return best && { epoch: best, kept: false };
}

/** What a sweep came to, from the numbers of its own runs. */
import type { SweepName } from '../../contract/domain';
import type { MetricId } from '../../contract/metrics';
import { fixed, signed } from '../../contract/numbers';
import { sweepOf } from '../../contract/sweeps';
import { standing } from '../../store/guide/readings';
import type { SweepRecord, SweepRun } from '../../store/sweep/sweepState';

/** What is drawn of a run, and where it is measured. */
export interface SweepMeasure {
  title: string;
  id: MetricId;
}

const GOLD: SweepMeasure = { title: 'Gold', id: 'gold/score' };
const MEASURES: Record<'ppo' | 'dpo', readonly [SweepMeasure, SweepMeasure, SweepMeasure]> = {
  ppo: [{ title: 'Score', id: 'objective/scores' }, GOLD, { title: 'Distance', id: 'objective/klExact' }],
  dpo: [{ title: 'Votes followed', id: 'rewards/accuracies' }, GOLD, { title: 'Distance', id: 'axis/kl' }],
};
export const measuresOf = (name: SweepName) => MEASURES[sweepOf(name).kind];

export const nounOf = (name: SweepName): 'iteration' | 'step' => (sweepOf(name).kind === 'ppo' ? 'iteration' : 'step');

/** "β = 0.1", "reward × 10" */
export function runLabel(name: SweepName, value: number): string {
  const { symbol } = sweepOf(name);
  return symbol.endsWith('×') ? `${symbol} ${value}` : `${symbol} = ${value}`;
}

interface Standing {
  label: string;
  pursued: number;
  gold: number;
  distance: number;
}

function standingOf(name: SweepName, { value, history }: SweepRun): Standing {
  const [pursued, gold, distance] = measuresOf(name).map(({ id }) => standing(history, id)) as [number, number, number];
  return { label: runLabel(name, value), pursued, gold, distance };
}

function told(name: SweepName, { label, pursued, gold, distance }: Standing): string {
  const isShare = sweepOf(name).kind === 'dpo';
  const parts = [
    ...(Number.isNaN(pursued)
      ? []
      : [isShare ? `${fixed(100 * pursued, 0)} % of votes followed` : `score ${signed(pursued)}`]),
    ...(Number.isNaN(gold) ? [] : [`gold ${signed(gold)}`]),
  ];
  if (parts.length === 0 && Number.isNaN(distance)) return `${label}: nothing was measured`;
  const at = Number.isNaN(distance) ? [] : [`at ${fixed(distance, 2)} nats`];
  return `${label}: ${[...(parts.length > 0 ? [parts.join(', ')] : []), ...at].join(' ')}`;
}

/** @returns the label of the one with most; null where two have it, as they are written, or one was not measured */
function most(all: readonly Standing[], of: 'gold' | 'distance'): string | null {
  if (all.some((one) => Number.isNaN(one[of]))) return null;
  const [first, second] = [...all].sort((one, other) => other[of] - one[of]);
  return first && second && fixed(first[of], 2) !== fixed(second[of], 2) ? first.label : null;
}

/** two or more of which nothing that is written tells one from another */
const areAlike = (done: readonly Standing[]): boolean =>
  done.length > 1 &&
  done.every(({ pursued, gold, distance }) => [pursued, gold, distance].some((value) => !Number.isNaN(value))) &&
  new Set(done.map(({ pursued, gold, distance }) => [pursued, gold, distance].map(written).join())).size === 1;
const written = (value: number): string => fixed(value, 2);

/** runs that came to their end are compared; of the others it is said how far they came */
export function sweepSentence({ sweepId, runs }: SweepRecord): string {
  const done = runs.filter(({ status }) => status === 'done').map((run) => standingOf(sweepId, run));
  const numbers = done.length === 0 ? '' : `${done.map((one) => told(sweepId, one)).join('; ')}.`;
  const [farthest, best] = [most(done, 'distance'), most(done, 'gold')];
  const compared = [
    ...(farthest === null ? [] : [`${farthest} went farthest`]),
    ...(best === null ? [] : [`${best} has the most gold`]),
    ...(areAlike(done) ? ['Nothing tells them apart here; longer runs may'] : []),
  ];
  const halted = runs.flatMap(({ value, status, history, message }) =>
    status === 'done'
      ? []
      : [
          `${runLabel(sweepId, value)} ended at ${nounOf(sweepId)} ${history.at(-1)?.step ?? 0}${message === '' ? '.' : `: ${message}`}`,
        ],
  );
  return [numbers, compared.length === 0 ? '' : `${compared.join('; ')}.`, ...halted].filter(Boolean).join(' ');
}

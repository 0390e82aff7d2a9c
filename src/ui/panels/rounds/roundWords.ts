import type { RunKind } from '../../../contract/domain';
import { roundOf } from '../../../contract/preferences';
import type { Duel } from '../../../store/rounds/rounds';
import { roundNumber } from '../../../store/rounds/rounds';
import { areFew } from '../../../store/runs/cases';
import type { LabState } from '../../../store/state';
import { formatCounted, formatInterval, formatShare } from '../../primitives/format';

/** "7 of 10, 70 % (95 %: 40–89 %), 2 undecided" */
export function duelWords({ won, undecided }: Duel): string {
  const rest = undecided > 0 ? `, ${undecided} undecided` : '';
  if (won.count === 0) return `no pair decided${rest}`;
  if (areFew(won.count)) return `${formatCounted(won.share, won.count)}${rest}`;
  const interval = `95 %: ${formatInterval(won.share, won.count)}`;
  return `${Math.round(won.share * won.count)} of ${won.count}, ${formatShare(won.share)} (${interval})${rest}`;
}

/** The round of the run that a stage shows; null while everything is of the first. */
export function shownRound(state: LabState, kind: RunKind): number | null {
  const { spec } = state.runs[kind];
  if (roundNumber(state) === 1) return null;
  return spec && 'round' in spec ? roundOf(spec) : 1;
}

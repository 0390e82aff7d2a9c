/**
 * Pairs of one kind are dealt into Compare, ahead of what waits there: those of one length, which tell a judge of taste
 * from a judge of length, or those that differ in one thing alone.
 */
import type { CandidateSet } from '../../contract/preferences';
import type { Contrast } from '../../contract/taste';
import { areOfOneLength, type LengthUnit, lengthUnit } from '../../contract/wordCount';
import { coin, derivedSeed } from '../context';
import type { Lab } from '../lab';
import { dealPair } from '../opinions/dealPairs';
import { pairWriters, roundStamp } from '../rounds/rounds';

/** pairs that are drawn, of which about one in six has sides of one length */
const DRAWN = 60;
/** that are dealt at most: so many more votes tell the two apart */
const DEALT = 10;

export const isOfOneLength = (
  { completions: [first = '', second = ''] }: Pick<CandidateSet, 'completions'>,
  unit: LengthUnit,
): boolean => first !== second && areOfOneLength(unit, first, second);

const keyOf = ({ prompt, completions }: Pick<CandidateSet, 'prompt' | 'completions'>): string =>
  [prompt, ...[...completions].sort()].join('\n');

/** @returns those that nobody has voted on yet; all of them where none is left */
function unseen(lab: Lab, sets: readonly CandidateSet[]): CandidateSet[] {
  const seen = new Set(lab.getState().opinions.all.map(keyOf));
  const fresh = sets.filter((set) => !seen.has(keyOf(set)));
  return fresh.length > 0 ? fresh : [...sets];
}

/** The first is on the screen at once; what stood there waits behind the others. */
function dealFirst(lab: Lab, sets: readonly CandidateSet[]): void {
  const state = lab.getState();
  const { pairs, config } = state;
  const stamped = sets.slice(0, DEALT).map((set) => ({ ...set, ...roundStamp(state) }));
  const [first, ...rest] = stamped;
  if (!first) return;
  const waiting = pairs.shown && pairs.shown.repeatOf === null ? [pairs.shown.pair, ...pairs.queue] : pairs.queue;
  lab.setState({
    pairs: {
      ...pairs,
      shown: dealPair(first, config.value.seed, pairs.turn, lab.now()),
      queue: [...rest, ...waiting],
      turn: pairs.turn + 1,
      loading: false,
      error: null,
    },
  });
  if (config.value.compare.task !== 'pairs') config.change('compare', { task: 'pairs' });
  state.view.go('compare');
}

/** @returns what stands in the way, in words; null where Compare is open with the first of them */
export async function voteOnOneLength(lab: Lab): Promise<string | null> {
  const state = lab.getState();
  const writers = pairWriters(state);
  if (!writers) return 'There is no model yet that could write two texts.';
  const { seed, sampling } = state.config.value;
  const asked = { count: DRAWN, seed: derivedSeed(seed, 'one length', state.opinions.all.length), sampling };
  const sets = await lab.call('compare/pairs', { ...writers, ...asked });
  const unit = lengthUnit(state.corpus.summary);
  const found = sets.filter((set) => isOfOneLength(set, unit));
  if (found.length === 0) return `Of ${sets.length} pairs none has sides of one length.`;
  dealFirst(lab, unseen(lab, found));
  return null;
}

/** @param contrasts that differ in what is to be asked about; written by the grammar, so by no model */
export function voteOnContrasts(lab: Lab, contrasts: readonly Contrast[]): void {
  const { seed } = lab.getState().config.value;
  const sets = contrasts.map(({ attribute, prompt, before, after }, i): CandidateSet => {
    const completions = coin(seed, `contrast ${attribute}`, i) < 0.5 ? [after, before] : [before, after];
    return { setId: lab.newId('contrast'), prompt, completions, policyId: '' };
  });
  dealFirst(lab, unseen(lab, sets));
}

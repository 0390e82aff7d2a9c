/** Who votes when asked to, and whose gold is computed. */
import { asksAnything, type OwnTaste } from '../../contract/ownTaste';
import type { Rater } from '../../contract/preferences';
import type { LabState } from '../state';

const raters = new WeakMap<OwnTaste, Rater>();
/** an own rater with its taste, the same object for the same one */
function ownRater(taste: OwnTaste): Rater {
  const rater = raters.get(taste) ?? { name: 'own', taste };
  raters.set(taste, rater);
  return rater;
}

type Told = Pick<LabState, 'corpus' | 'opinions'>;
const isOwnText = ({ corpus }: Pick<LabState, 'corpus'>): boolean => corpus.summary?.kind === 'text';
/** own text, and somebody who can judge it */
const isJudgedByOwn = (state: Told): boolean => isOwnText(state) && asksAnything(state.opinions.own);

/**
 * @returns the chosen rater; on the visitor's own text, of which no other can tell, their own as soon as it likes or
 * dislikes anything
 */
export function raterInUse(state: Told): Rater {
  const { rater, own } = state.opinions;
  return rater.name === 'own' || isJudgedByOwn(state) ? ownRater(own) : rater;
}

/** Whether there is a gold score by this rater. */
export const givesGold = (state: Pick<LabState, 'corpus'>, { name, taste }: Rater): boolean =>
  name === 'own' ? taste !== undefined && asksAnything(taste) : !isOwnText(state);

/** Whether texts can be measured, so that a rule can be fitted to votes: by the grammar, or by what an own rater looks at. */
export const hasAttributes = (state: Told): boolean => !isOwnText(state) || isJudgedByOwn(state);

/** @returns what the thread needs to measure texts of the visitor's own */
export const ownMeasure = (state: Told): { own?: OwnTaste } =>
  isJudgedByOwn(state) ? { own: state.opinions.own } : {};

/** Whether a run that begins now would have one. */
export const hasGold = (state: Told): boolean => givesGold(state, raterInUse(state));

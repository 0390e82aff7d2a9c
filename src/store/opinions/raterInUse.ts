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

/**
 * @returns the chosen rater; on the visitor's own text, of which no other can tell, their own as soon as it likes or
 * dislikes anything
 */
export function raterInUse({ corpus, opinions: { rater, own } }: Pick<LabState, 'corpus' | 'opinions'>): Rater {
  const isOwn = rater.name === 'own' || (corpus.summary?.kind === 'text' && asksAnything(own));
  return isOwn ? ownRater(own) : rater;
}

/** Whether there is a gold score by this rater. */
export const givesGold = ({ corpus }: Pick<LabState, 'corpus'>, { name, taste }: Rater): boolean =>
  name === 'own' ? taste !== undefined && asksAnything(taste) : corpus.summary?.kind !== 'text';

/** Whether texts can be measured, so that a rule can be fitted to votes: by the grammar, or by what an own rater looks at. */
export const hasAttributes = ({ corpus, opinions }: Pick<LabState, 'corpus' | 'opinions'>): boolean =>
  corpus.summary?.kind !== 'text' || asksAnything(opinions.own);

/** @returns what the thread needs to measure texts of the visitor's own */
export const ownMeasure = ({ corpus, opinions }: Pick<LabState, 'corpus' | 'opinions'>): { own?: OwnTaste } =>
  corpus.summary?.kind === 'text' && asksAnything(opinions.own) ? { own: opinions.own } : {};

/** Whether a run that begins now would have one. */
export const hasGold = (state: Pick<LabState, 'corpus' | 'opinions'>): boolean => givesGold(state, raterInUse(state));

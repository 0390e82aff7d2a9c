/**
 * When the taste is fitted: whoever could ask for it, a vote, a stage that opens, a pause of the voter or a run, looks
 * here.
 */
import { howFar } from '../page/tab';
import { writerId } from '../rounds/rounds';
import type { LabState } from '../state';
import { opinionsKey, usableChoices } from './counts';

/** There is no fit, or one to other opinions than are here. */
export const isTasteOutdated = ({ taste, opinions }: LabState): boolean =>
  taste.result === null || taste.fittedTo !== opinionsKey({ opinions });

/** There is something to fit, on stories, and everything stored is back. */
const canBeFitted = (state: LabState): boolean =>
  usableChoices(state.opinions.all) > 0 &&
  writerId(state) !== null &&
  state.corpus.summary?.kind === 'stories' &&
  howFar(state.session.tab) !== 'restoring';

export const isTasteDue = (state: LabState): boolean => isTasteOutdated(state) && canBeFitted(state);

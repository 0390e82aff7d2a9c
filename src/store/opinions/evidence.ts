import type { LabState } from '../state';

/**
 * Whether a rule labels pairs beside the votes, or will once they say something: on stories, unless it was switched
 * off.
 */
export const mayHaveRule = ({ corpus, taste }: LabState): boolean =>
  corpus.summary?.kind !== 'text' && (taste.useRule || !taste.answered);

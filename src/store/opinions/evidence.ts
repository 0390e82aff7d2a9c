import type { LabState } from '../state';
import { hasAttributes } from './raterInUse';

/**
 * Whether a rule labels pairs beside the votes, or will once they say something: where texts can be measured, unless
 * it was switched off.
 */
export const mayHaveRule = (state: LabState): boolean =>
  hasAttributes(state) && (state.taste.useRule || !state.taste.answered);

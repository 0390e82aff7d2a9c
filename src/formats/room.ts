/** What fits into the lab beside what is there, and what is said when not all does. */

import { inWords, LIMITS } from '../contract/limits';
import { countOf } from '../contract/numbers';
import type { OpinionKind } from './opinions';

/**
 * @param asked how many came
 * @param here how many there are already
 * @returns how many are taken, the first first
 */
export const roomFor = (kind: OpinionKind, asked: number, here = 0): number =>
  Math.max(0, Math.min(asked, LIMITS[kind] - here));

/** @returns the limit in a sentence with its numbers; null when all fits */
export function limitSentence(kind: OpinionKind, asked: number, here = 0): string | null {
  const taken = roomFor(kind, asked, here);
  if (taken === asked) return null;
  const besides = here > 0 ? `, and ${countOf(here, 'is', 'are')} here` : '';
  const outcome = taken === 0 ? 'none was taken' : `the first ${countOf(taken, 'was', 'were')} taken`;
  return `${inWords(asked)} ${kind} came${besides}. The lab keeps ${inWords(LIMITS[kind])}: ${outcome}.`;
}

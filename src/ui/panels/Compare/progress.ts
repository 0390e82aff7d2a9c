import { TASTE_FROM, USABLE_VOTES } from '../../../store/selectors';
import type { VoteCounts } from '../../../store/state';

/** So many make a good start; measured for models of these sizes. Training is possible from `USABLE_VOTES` on. */
export const ENOUGH_VOTES = 24;
/** Beyond this, more votes of one person change little. */
export const PLENTY_OF_VOTES = 100;

/**
 * Where the visitor stands, in words.
 * @param usable votes that choose a side, hidden repeats not counted
 */
export function progressSentence(usable: number): string {
  if (usable === 0)
    return `Choose the ending you like better. From ${USABLE_VOTES} votes on you can train, from ${TASTE_FROM} the lab says what you seem to like; ${ENOUGH_VOTES} are a good start.`;
  if (usable < USABLE_VOTES) return `${USABLE_VOTES - usable} more and you can train; ${ENOUGH_VOTES} are a good start.`;
  if (usable < ENOUGH_VOTES) return `You can train now; ${ENOUGH_VOTES - usable} more make it better.`;
  if (usable < PLENTY_OF_VOTES) return `Enough for a good start. The reward model keeps improving to about ${PLENTY_OF_VOTES} votes.`;
  return 'That is plenty: more votes of yours change little now.';
}

/** Human, simulated and imported votes, never added up without saying so. */
export const countsSentence = ({ human, simulated, imported }: VoteCounts): string =>
  `${human} yours · ${simulated} simulated · ${imported} imported`;

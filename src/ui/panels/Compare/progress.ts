import type { VoteCounts } from '../../../store/state';

/** From here on the rule and the reward model have enough to start; measured for models of these sizes. */
export const ENOUGH_VOTES = 24;
/** Beyond this, more votes of one person change little. */
export const PLENTY_OF_VOTES = 100;

/**
 * Where the visitor stands, in words.
 * @param usable votes that choose a side, hidden repeats not counted
 * @param cast all votes of the visitor
 */
export function progressSentence(usable: number, cast = usable): string {
  if (usable === 0) return `Choose the ending you like better. ${ENOUGH_VOTES} votes are enough for the reward model to start.`;
  if (usable < ENOUGH_VOTES) {
    const counted = cast > usable ? `${usable} choose a side. ` : '';
    return `${counted}${ENOUGH_VOTES - usable} more and the reward model has enough to start. It keeps improving to about ${PLENTY_OF_VOTES}.`;
  }
  if (usable < PLENTY_OF_VOTES) return `Enough to start. The reward model keeps improving to about ${PLENTY_OF_VOTES} votes.`;
  return 'That is plenty: more votes of yours change little now.';
}

/** Human, simulated and imported votes, never added up without saying so. */
export const countsSentence = ({ human, simulated, imported }: VoteCounts): string =>
  `${human} yours · ${simulated} simulated · ${imported} imported`;

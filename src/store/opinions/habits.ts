import { HABITS_FROM } from '../../contract/enough';
import { choiceOf, type Vote } from '../../contract/preferences';
import { counted, type Share } from '../../contract/shares';
import type { LengthUnit } from '../../contract/wordCount';
import type { Habits } from '../state';
import { isDecided } from './counts';
import { longerOne } from './longerOne';

const isLeft = (vote: Vote): boolean => choiceOf(vote) === 'a';

/** @returns the vote in the pair's own order, so that swapped sides can be compared */
const preferred = (vote: Vote): 'first' | 'second' | 'tie' | 'bothBad' => {
  const choice = choiceOf(vote);
  if (choice === 'tie' || choice === 'bothBad') return choice;
  return (choice === 'a') !== vote.swapped ? 'first' : 'second';
};

/** How the visitor votes: sides, lengths, time, and whether hidden repeats got the same answer. */
export function habits(votes: readonly Vote[], unit: LengthUnit): Habits | null {
  const human = votes.filter((vote) => vote.source === 'human');
  if (human.length < HABITS_FROM) return null;
  const decided = human.filter(isDecided);
  return {
    left: counted(decided.filter(isLeft).length, decided.length),
    longer: longerOne(human, unit),
    secondsPerVote: human.reduce((sum, vote) => sum + vote.seconds, 0) / human.length,
    consistency: consistency(human),
  };
}

function consistency(human: readonly Vote[]): Share | null {
  const byId = new Map(human.map((vote) => [vote.rankingId, vote]));
  const repeats = human.flatMap((vote) => {
    const first = vote.repeatOf === null ? undefined : byId.get(vote.repeatOf);
    return first ? [preferred(first) === preferred(vote)] : [];
  });
  return repeats.length === 0 ? null : counted(repeats.filter(Boolean).length, repeats.length);
}

import { HABITS_FROM } from '../../contract/enough';
import type { Vote } from '../../contract/preferences';
import { counted, type Share } from '../../contract/shares';
import type { Habits } from '../state';

const words = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length;

/** @returns the vote in the pair's own order, so that swapped sides can be compared */
const preferred = (vote: Vote): 'first' | 'second' | 'tie' | 'bothBad' => {
  if (vote.choice === 'tie' || vote.choice === 'bothBad') return vote.choice;
  return (vote.choice === 'a') !== vote.swapped ? 'first' : 'second';
};

/** How the visitor votes: sides, lengths, time, and whether hidden repeats got the same answer. */
export function habits(votes: readonly Vote[]): Habits | null {
  const human = votes.filter((vote) => vote.source === 'human');
  if (human.length < HABITS_FROM) return null;
  const decided = human.filter((vote) => vote.choice === 'a' || vote.choice === 'b');
  const unequal = decided.filter((vote) => words(vote.a) !== words(vote.b));
  const longer = unequal.filter((vote) => (vote.choice === 'a') === words(vote.a) > words(vote.b));
  return {
    left: counted(decided.filter((vote) => vote.choice === 'a').length, decided.length),
    longer: counted(longer.length, unequal.length),
    secondsPerVote: human.reduce((sum, vote) => sum + vote.seconds, 0) / human.length,
    consistency: consistency(human),
  };
}

function consistency(human: readonly Vote[]): Share | null {
  const byId = new Map(human.map((vote) => [vote.voteId, vote]));
  const repeats = human.flatMap((vote) => {
    const first = vote.repeatOf === null ? undefined : byId.get(vote.repeatOf);
    return first ? [preferred(first) === preferred(vote)] : [];
  });
  return repeats.length === 0 ? null : counted(repeats.filter(Boolean).length, repeats.length);
}

import { type CandidateSet, ranksOfChoice, type Vote, type VoteChoice } from '../../contract/preferences';
import { type Context, coin } from '../context';
import type { ShownPair } from '../state';

/** A pair comes back earliest after this many others. */
const REPEAT_DISTANCE = 4;

/** @returns whether this turn secretly repeats an earlier pair: every 6th to 8th does */
export function isRepeatTurn(seed: number, turn: number): boolean {
  let next = -1;
  for (let gap = 0; next < turn; gap++) next += 6 + Math.floor(coin(seed, 'repeat gap', gap) * 3);
  return next === turn;
}

/** @returns an earlier pair with its sides exchanged, or null when there is none to repeat yet */
export function pickRepeat(votes: readonly Vote[], seed: number, turn: number): Omit<ShownPair, 'shownAt'> | null {
  const repeated = new Set(votes.map((vote) => vote.repeatOf));
  const human = votes.filter((vote) => vote.source === 'human');
  const open = human
    .slice(0, -REPEAT_DISTANCE)
    .filter((vote) => vote.repeatOf === null && !repeated.has(vote.rankingId));
  const vote = open[Math.floor(coin(seed, 'repeat', turn) * open.length)];
  return vote
    ? {
        pair: pairOf(vote),
        a: vote.completions[1],
        b: vote.completions[0],
        swapped: !vote.swapped,
        repeatOf: vote.rankingId,
      }
    : null;
}

/** @returns the pair with its sides drawn by a coin of the session's seed */
export function dealPair(pair: CandidateSet, seed: number, turn: number, now: number): ShownPair {
  const swapped = coin(seed, 'side', turn) < 0.5;
  const [a, b] = sidesOf(pair.completions, swapped) as [string, string];
  return { pair, a, b, swapped, repeatOf: null, shownAt: now };
}

/** a pair as its sides stand on the screen, or back in its own order */
const sidesOf = (two: readonly string[], swapped: boolean): string[] => (swapped ? two.toReversed() : [...two]);

/** @returns the pair that a vote was about, in its own order */
export function pairOf(vote: Vote): CandidateSet {
  const { pairId, prompt, completions, swapped } = vote;
  return { setId: pairId, prompt, completions: sidesOf(completions, swapped), ...originOf(vote) };
}

/** @param strength how strongly it was meant, of `STRENGTHS`; a vote for neither has none */
export function voteOn(shown: ShownPair, choice: VoteChoice, strength: number, { newId, now, today }: Context): Vote {
  const { pair, a, b, swapped, repeatOf, shownAt } = shown;
  const isDecided = choice === 'a' || choice === 'b';
  return {
    rankingId: newId('vote'),
    pairId: pair.setId,
    prompt: pair.prompt,
    completions: [a, b],
    ...ranksOfChoice(choice),
    source: 'human',
    rater: null,
    swapped,
    repeatOf,
    ...originOf(pair),
    seconds: (now() - shownAt) / 1000,
    at: today(),
    strengths: strength > 0 && isDecided ? [strength] : null,
  };
}

/** who wrote it, and in which round it is voted on: the same of a pair and of its vote */
const originOf = ({
  policyId,
  againstId,
  round,
}: CandidateSet | Vote): Pick<Vote, 'policyId' | 'againstId' | 'round'> => ({
  policyId,
  ...(againstId !== undefined && { againstId }),
  ...(round !== undefined && { round }),
});

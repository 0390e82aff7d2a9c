import type { CandidatePair, Vote } from '../../contract/preferences';
import { coin } from '../context';
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
export function dealPair(pair: CandidatePair, seed: number, turn: number, now: number): ShownPair {
  const swapped = coin(seed, 'side', turn) < 0.5;
  const [a, b] = swapped ? [pair.second, pair.first] : [pair.first, pair.second];
  return { pair, a, b, swapped, repeatOf: null, shownAt: now };
}

/** @returns the pair that a vote was about, in its own order */
export function pairOf(vote: Vote): CandidatePair {
  const { pairId, prompt, completions, swapped } = vote;
  const [first, second] = swapped ? [...completions].reverse() : completions;
  return { pairId, prompt, first: first as string, second: second as string, ...originOf(vote) };
}

/** who wrote it, and in which round it is voted on: the same of a pair and of its vote */
export const originOf = ({
  policyId,
  againstId,
  round,
}: CandidatePair | Vote): Pick<Vote, 'policyId' | 'againstId' | 'round'> => ({
  policyId,
  ...(againstId !== undefined && { againstId }),
  ...(round !== undefined && { round }),
});

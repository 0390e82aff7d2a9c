import { choiceOf, type Vote } from '../../src/contract/preferences';
import { type SaidVote, voteOf } from '../../src/formats/earlier';

/** A vote of the visitor for the first of two short stories; `changes` make it another one, as a file says it. */
export const plainVote = (i: number, changes: Partial<SaidVote> = {}): Vote =>
  voteOf({
    voteId: `v${i}`,
    pairId: `p${i}`,
    prompt: 'the fox found a kite .',
    a: 'it lost its hat and moaned .',
    b: 'it was glad and sang all day .',
    choice: 'a',
    source: 'human',
    rater: null,
    swapped: false,
    repeatOf: null,
    policyId: '',
    seconds: 1,
    at: 0,
    ...changes,
  });

/** as a file says it: sides, what was pressed, how strongly */
export const saidOf = ({ rankingId, completions, ranks, bothBad, strengths, ...rest }: Vote): SaidVote => ({
  ...rest,
  voteId: rankingId,
  a: completions[0],
  b: completions[1],
  choice: choiceOf({ ranks, ...(bothBad && { bothBad }) }),
  ...(strengths && { strength: strengths[0] as number }),
});

/** the same vote, but for what changes */
export const otherwise = (vote: Vote, changes: Partial<SaidVote>): Vote => voteOf({ ...saidOf(vote), ...changes });

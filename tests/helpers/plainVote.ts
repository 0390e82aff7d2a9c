import type { Vote } from '../../src/contract/preferences';

/** A vote of the visitor for the first of two short stories; `changes` make it another one. */
export const plainVote = (i: number, changes: Partial<Vote> = {}): Vote => ({
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

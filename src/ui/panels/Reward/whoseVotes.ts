import type { RewardReview } from '../../../contract/observations';

/** @returns with whom the model agrees or not: a rater that is no person, or a file, may have chosen some of the pairs */
export const whoseVotes = (review: RewardReview | null): string =>
  review && review.pairs.simulated + review.pairs.imported > 0 ? 'the votes' : 'you';

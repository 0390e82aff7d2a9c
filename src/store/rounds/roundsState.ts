/**
 * One look at the model that learned, and the people's choices go round again: vote, retrain the reward model, optimise
 * on.
 */

/**
 * What the pairs of a further round are: two texts of the newest policy, or one of it and one of the model before it.
 */
export type Pairing = 'newest' | 'versus';

export interface RoundsSlice {
  /** base model → the models that ended its rounds, oldest first: n of them, and it is the round n + 1 */
  ended: Record<string, string[]>;
  pairing: Pairing;
  /** begins the next round with the model that was trained last, and opens Compare; nothing while there is none */
  start(): void;
  /** takes the start of this round back; nothing once somebody has voted in it */
  back(): void;
  setPairing(pairing: Pairing): void;
}

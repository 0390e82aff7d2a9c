/**
 * Simulated raters with a known taste: they give every story a graded gold score, to vote with and to hold against the
 * score of a reward model that learned from such votes.
 *
 * Graded, because three levels of mood alone would tie so often that no policy could win more than four pairs in five.
 * And a text that does not parse loses 2: a person rejects gibberish however cheerful its words, and only a judge who
 * does shows when a policy has begun to cheat its reward model.
 */
import type { StoryAttributes } from '../../contract/domain';
import type { Rater, VoteChoice } from '../../contract/preferences';
import type { Random } from '../tensor/random';

export const UNREADABLE_PENALTY = 2;
/** Politeness and mentions count this often at most, so that repeating a word earns no more than a story can. */
const MOST_COUNTED = 2;
/** words of a completion that 'short' and 'mixed' find neither long nor short */
const USUAL_LENGTH = 10;
/** gold scores closer than this are a tie */
const TIE = 1e-9;

const happiness = (attributes: StoryAttributes): number => attributes.endingMood + 0.25 * attributes.middleMood;
const politeness = (attributes: StoryAttributes): number => Math.min(MOST_COUNTED, attributes.politeWords);
const rudeness = (attributes: StoryAttributes): number => Math.min(MOST_COUNTED, attributes.rudeWords);
/** `animal` may come from a file, so it may be the name of something every object has */
const mentionsOf = ({ mentions }: StoryAttributes, animal: string): number =>
  Object.hasOwn(mentions, animal) ? Math.min(MOST_COUNTED, mentions[animal] ?? 0) : 0;

const tasteOf = (rater: Rater, attributes: StoryAttributes): number => {
  switch (rater.name) {
    case 'happy':
      return happiness(attributes);
    case 'sad':
      return -happiness(attributes);
    case 'short':
      return -(attributes.length - USUAL_LENGTH) / 5;
    case 'polite':
      return politeness(attributes) - 0.5 * rudeness(attributes);
    case 'mixed':
      return (
        happiness(attributes) +
        0.6 * politeness(attributes) -
        0.4 * rudeness(attributes) -
        (attributes.length - USUAL_LENGTH) / 12
      );
    case 'animal':
      return mentionsOf(attributes, rater.animal ?? '');
    case 'own':
      throw new Error('an own rater reads words, not attributes');
    default:
      return rater.name satisfies never;
  }
};

/** @returns the rater's true opinion of a completion */
export function goldScore(rater: Rater, attributes: StoryAttributes): number {
  return tasteOf(rater, attributes) - (attributes.parses ? 0 : UNREADABLE_PENALTY);
}

export const isTie = (goldA: number, goldB: number): boolean => Math.abs(goldA - goldB) < TIE;

/**
 * Whether a pair lets this rater show its taste: the scores differ, and for the named animal, which few stories
 * mention, they differ because one side mentions it and the other does not. A reward model learns nothing about foxes
 * from pairs without foxes.
 */
export function showsTaste(rater: Rater, a: StoryAttributes, b: StoryAttributes): boolean {
  if (isTie(goldScore(rater, a), goldScore(rater, b))) return false;
  if (rater.name !== 'animal') return true;
  const animal = rater.animal ?? '';
  return mentionsOf(a, animal) > 0 !== mentionsOf(b, animal) > 0;
}

/** A text as a simulated rater sees it. */
export interface GoldText {
  gold: number;
  /** null where the corpus computes none */
  attributes: StoryAttributes | null;
}

/** The same of texts whose gold is known; where there are no attributes a difference of gold is all there is. */
export function tellsApart(rater: Rater, one: GoldText, other: GoldText): boolean {
  if (rater.name === 'own' || !one.attributes || !other.attributes) return !isTie(one.gold, other.gold);
  return showsTaste(rater, one.attributes, other.attributes);
}

/**
 * @param noise share of choices that are turned around
 * @returns the choice; equal scores tie, whatever the noise
 */
export function simulateChoice(goldA: number, goldB: number, noise: number, random: Random): VoteChoice {
  const flipped = random.next() < noise;
  if (isTie(goldA, goldB)) return 'tie';
  return goldA > goldB !== flipped ? 'a' : 'b';
}

/**
 * What the visitor seems to like, from a dozen votes. A reward model learns little from 24 pairs; seven computed
 * attributes do not need more. So: fit a logistic regression of the votes on the attributes, show its weights and five
 * pairs it would label, let the visitor veto what is not meant, and only then label hundreds of pairs by that rule.
 *
 * Attributes are divided by their spread over the pool of completions, so weights compare; the ridge (L2 = 10 in sum
 * form, measured for 24–48 votes) keeps attributes that the votes say nothing about near 0. Who is mentioned is left
 * out on purpose: sixteen more attributes cost more accuracy than anything else.
 */

import type { StoryAttributes } from '../../contract/domain';
import { RULE_FROM } from '../../contract/enough';
import { countOf } from '../../contract/numbers';
import type { OwnTaste } from '../../contract/ownTaste';
import {
  type CandidateSet,
  choiceOf,
  groupsIn,
  type Ranking,
  type RulePair,
  type TasteResult,
  type TasteRule,
  type TasteWeight,
  type Vote,
  votesIn,
} from '../../contract/preferences';
import { Z_95 } from '../../contract/shares';
import type { Random } from '../tensor/random';
import { ownAttributes, ownVector } from './ownRater';
import type { PreferencePair } from './pairs';
import { comparisonsFrom, pairsOf } from './rankings';
import { fitRidgeLogistic } from './ridgeLogistic';
import { each, type TrainingProgress } from './steps';

interface TasteAttribute {
  name: string;
  label: string;
  of: (attributes: StoryAttributes) => number;
}
export const TASTE_ATTRIBUTES: readonly TasteAttribute[] = [
  { name: 'endingMood', label: 'happy ending', of: (a) => a.endingMood },
  { name: 'middleMood', label: 'happy on the way', of: (a) => a.middleMood },
  { name: 'politeWords', label: 'politeness', of: (a) => a.politeWords },
  { name: 'rudeWords', label: 'rudeness', of: (a) => a.rudeWords },
  { name: 'length', label: 'longer', of: (a) => a.length },
  { name: 'parses', label: 'well-formed sentences', of: (a) => (a.parses ? 1 : 0) },
  { name: 'repeatedBigrams', label: 'repeating itself', of: (a) => a.repeatedBigrams },
];

const L2 = 10;
/** pairs whose predicted scores lie closer than this many standard deviations are not labelled */
export const CLEAR_DIFFERENCE = 0.3;
const EXAMPLES = 5;

/** attributes of a finished completion; null where the corpus computes none */
export type AttributesOf = (prompt: string, completion: string) => StoryAttributes | null;

/** What is measured of every text that a rule is fitted to. */
interface Measures {
  attributes: readonly Pick<TasteAttribute, 'name' | 'label'>[];
  /** one number for each; null of a text that cannot be measured */
  of(prompt: string, completion: string): Vector | null;
}
const storyMeasures = (attributesOf: AttributesOf): Measures => ({
  attributes: TASTE_ATTRIBUTES,
  of: (prompt, completion) => {
    const attributes = attributesOf(prompt, completion);
    return attributes && vectorOf(attributes);
  },
});
const ownMeasures = (taste: OwnTaste): Measures => ({
  attributes: ownAttributes(taste),
  of: (prompt, completion) => ownVector(taste, { before: prompt.slice(-1), completion, finished: true }),
});
const measuresOf = ({ own, attributesOf }: Pick<TasteInput, 'own' | 'attributesOf'>): Measures =>
  own ? ownMeasures(own) : storyMeasures(attributesOf);

/** What is fitted to: two texts and which is better. */
export type PairVote = Pick<Vote, 'prompt' | 'completions' | 'ranks' | 'bothBad' | 'repeatOf'>;

/** @returns the votes, and every pair of a group as the vote for one side that it is, its better side on the left */
export function pairVotes(opinions: readonly Ranking[]): PairVote[] {
  const ranked = comparisonsFrom(groupsIn(opinions)).flatMap(pairsOf);
  const asVote = ({ prompt, chosen, rejected }: PreferencePair): PairVote => ({
    prompt,
    completions: [chosen, rejected],
    ranks: [1, 2],
    repeatOf: null,
  });
  return [...votesIn(opinions), ...ranked.map(asVote)];
}

export interface TasteInput {
  votes: readonly PairVote[];
  /** names of `TASTE_ATTRIBUTES` that the rule must not use */
  vetoed: readonly string[];
  attributesOf: AttributesOf;
  /** on the visitor's own text what their own rater looks at is measured, and no attributes */
  own?: OwnTaste | undefined;
  /** texts to measure the spread on and to take the examples from */
  pool: readonly TextSet[];
}

/** Completions of one prompt, every two of which may be compared. */
export type TextSet = Pick<CandidateSet, 'prompt' | 'completions'>;

/** The fitted rule, ready to label. */
export interface Taste {
  rule: TasteRule;
  /** predicted score of a completion in standard deviations of the pool; null without attributes */
  score(prompt: string, completion: string): number | null;
}
export type TasteFit =
  | { kind: 'rule'; taste: Taste }
  | { kind: 'missing'; result: Extract<TasteResult, { kind: 'missing' }> };

type Vector = number[];

const vectorOf = (attributes: StoryAttributes): Vector => TASTE_ATTRIBUTES.map(({ of }) => of(attributes));
const subtract = (a: Vector, b: Vector): Vector => a.map((x, i) => x - b[i]!);
const dot = (a: Vector, b: Vector): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const deviation = (values: readonly number[]): number => {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length);
};

/** One vote as seen by the fit: a − b in attributes, and how much it counts for a and for b. */
interface Choice {
  difference: Vector;
  forA: number;
  forB: number;
}

/** A tie counts half for each side. "Both bad" compares nothing, and a hidden repeat is no new opinion. */
const fittedChoice = (vote: PairVote, measures: Measures): Choice | null => {
  const choice = choiceOf(vote);
  if (choice === 'bothBad' || vote.repeatOf !== null) return null;
  const [a, b] = vote.completions.map((text) => measures.of(vote.prompt, text));
  if (!a || !b) return null;
  const forA = choice === 'tie' ? 0.5 : choice === 'a' ? 1 : 0;
  return { difference: subtract(a, b), forA, forB: 1 - forA };
};

const isDecided = (choice: Choice): boolean => choice.forA !== choice.forB;

const textsOf = ({ prompt, completions }: TextSet) => completions.map((completion) => ({ prompt, completion }));

/** votes or texts read in one step */
const READ_AT_ONCE = 500;

function* vectorsOf({ votes, pool }: TasteInput, measures: Measures): Generator<TrainingProgress, Vector[]> {
  const vectors: Vector[] = [];
  const texts = [...pool, ...votes].flatMap(textsOf);
  yield* each(texts, 'measuring texts', READ_AT_ONCE, ({ prompt, completion }) => {
    const vector = measures.of(prompt, completion);
    if (vector) vectors.push(vector);
  });
  return vectors;
}

function* choicesOf({ votes }: TasteInput, measures: Measures): Generator<TrainingProgress, Choice[]> {
  const choices: Choice[] = [];
  yield* each(votes, 'reading votes', READ_AT_ONCE, (vote) => {
    const choice = fittedChoice(vote, measures);
    if (choice) choices.push(choice);
  });
  return choices;
}

const missing = (usableVotes: number, sentence: string): TasteFit => ({
  kind: 'missing',
  result: { kind: 'missing', usableVotes, needed: RULE_FROM, sentence },
});

const tooFew = (usable: number): TasteFit => {
  const more = RULE_FROM - usable;
  return missing(
    usable,
    `${usable === 0 ? 'No vote chooses' : usable === 1 ? 'One vote chooses' : countOf(usable, 'vote chooses', 'votes choose')} a side so far; a guess at your taste needs ${RULE_FROM}. Vote on ${countOf(more, 'more pair')}.`,
  );
};

const NO_ATTRIBUTES =
  'Your own text has no attributes that could be computed, so there is no rule to guess: the reward model learns from your votes alone, until you say what a rater of your own should look at.';

const toRows = (choices: readonly Choice[], scale: (vector: Vector) => Vector) => {
  const sides = choices.flatMap(({ difference, forA, forB }) => [
    { difference, count: forA },
    { difference: difference.map((x) => -x), count: forB },
  ]);
  const counted = sides.filter(({ count }) => count > 0);
  return { differences: counted.map(({ difference }) => scale(difference)), counts: counted.map(({ count }) => count) };
};

/**
 * Vetoed attributes are left out of the fit, so that the others explain the votes without them; so are those that never
 * vary.
 */
function fitWeights(
  attributes: Measures['attributes'],
  choices: readonly Choice[],
  spreads: Vector,
  vetoed: ReadonlySet<string>,
): TasteWeight[] {
  const used = attributes.flatMap(({ name }, i) => (vetoed.has(name) || spreads[i] === 0 ? [] : [i]));
  const rows = toRows(choices, (vector) => used.map((i) => vector[i]! / spreads[i]!));
  const { weights, deviations } = fitRidgeLogistic(rows.differences, rows.counts, L2);
  return attributes.map(({ name, label }, i) => {
    const at = used.indexOf(i);
    const weight = at < 0 ? 0 : weights[at]!;
    const reach = at < 0 ? 0 : Z_95 * deviations[at]!;
    return { attribute: name, label, weight, low: weight - reach, high: weight + reach, vetoed: vetoed.has(name) };
  });
}

/** share of the decided votes that the rule would cast the same way; a draw counts half */
const agreementOf = (choices: readonly Choice[], perUnit: Vector): number => {
  const decided = choices.filter(isDecided);
  const same = decided.reduce((sum, { difference, forA }) => {
    const predicted = dot(perUnit, difference) * (forA === 1 ? 1 : -1);
    return sum + (predicted > 0 ? 1 : predicted === 0 ? 0.5 : 0);
  }, 0);
  return same / decided.length;
};

export interface LabelledPair {
  prompt: string;
  chosen: string;
  rejected: string;
  /** in standard deviations of the rule's score, above 0 */
  difference: number;
}

/** @returns of every two texts of the set those that the rule is clear about */
const labelledIn = (taste: Pick<Taste, 'score'>, { prompt, completions }: TextSet): LabelledPair[] => {
  const scored = completions.flatMap((text) => {
    const score = taste.score(prompt, text);
    return score === null ? [] : [{ text, score }];
  });
  return scored.flatMap((one, i) =>
    scored.slice(i + 1).flatMap((other) => {
      const difference = Math.abs(one.score - other.score);
      if (difference < CLEAR_DIFFERENCE) return [];
      const [better, worse] = one.score > other.score ? [one, other] : [other, one];
      return [{ prompt, chosen: better.text, rejected: worse.text, difference }];
    }),
  );
};

/** @returns up to five, from the clearest to the closest, each from another fifth of the pairs */
const pickExamples = (labelled: readonly LabelledPair[]): LabelledPair[] => {
  const sorted = [...labelled].sort((a, b) => b.difference - a.difference);
  const count = Math.min(EXAMPLES, sorted.length);
  return Array.from({ length: count }, (_, i) => sorted[Math.floor(((i + 0.5) * sorted.length) / count)]!);
};

/**
 * Fits the rule, or says what is missing for it; in steps, because the texts of a hundred thousand votes take a while
 * to read.
 */
export function* fittingTaste(input: TasteInput): Generator<TrainingProgress, TasteFit> {
  const { votes, vetoed, pool } = input;
  const measures = measuresOf(input);
  const choices = yield* choicesOf(input, measures);
  const usableVotes = choices.filter(isDecided).length;
  if (choices.length === 0 && votes.some(({ prompt, completions }) => measures.of(prompt, completions[0]) === null))
    return missing(0, NO_ATTRIBUTES);
  if (usableVotes < RULE_FROM) return tooFew(usableVotes);

  const vectors = yield* vectorsOf(input, measures);
  const spreads = measures.attributes.map((_, i) => deviation(vectors.map((vector) => vector[i]!)));
  const weights = fitWeights(measures.attributes, choices, spreads, new Set(vetoed));
  const perUnit = weights.map(({ weight }, i) => (spreads[i] === 0 ? 0 : weight / spreads[i]!));
  const scoreSpread = deviation(vectors.map((vector) => dot(perUnit, vector))) || 1;
  const score: Taste['score'] = (prompt, completion) => {
    const vector = measures.of(prompt, completion);
    return vector && dot(perUnit, vector) / scoreSpread;
  };
  const examples = pickExamples(pool.flatMap((set) => labelledIn({ score }, set)));
  return {
    kind: 'rule',
    taste: { rule: { usableVotes, weights, agreement: agreementOf(choices, perUnit), examples }, score },
  };
}

/** What the page is told: the rule, or what is missing. */
export const tasteResult = (fit: TasteFit): TasteResult =>
  fit.kind === 'rule' ? { kind: 'rule', rule: fit.taste.rule } : fit.result;

/**
 * Labels pairs by the rule, at most `count`, drawn at random from those it is clear about.
 * @returns fewer when the pool has no more
 */
export function labelByTaste(
  taste: Pick<Taste, 'score'>,
  pool: readonly TextSet[],
  count: number,
  random: Random,
): RulePair[] {
  const labelled = pool.flatMap((set) => labelledIn(taste, set));
  return random
    .shuffle(labelled)
    .slice(0, count)
    .map(({ prompt, chosen, rejected }) => ({ prompt, chosen, rejected, source: 'rule' }));
}

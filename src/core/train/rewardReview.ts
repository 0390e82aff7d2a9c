/** How a reward model stands against the choices it should follow. */
import type { Pooling } from '../../contract/config';
import { append } from '../../contract/many';
import type { Disagreement, RewardReview, RewardRound } from '../../contract/observations';
import type { Rater } from '../../contract/preferences';
import { wilsonInterval } from '../../contract/shares';
import { areOfOneLength, type LengthUnit, lengthIn, lengthUnit } from '../../contract/wordCount';
import { readNumbers } from '../kernels/readNumbers';
import type { CausalNetwork } from '../model/causalNetwork';
import { goldSides } from '../text/agreement';
import type { Corpus } from '../text/corpus';
import type { PreferencePair } from '../text/pairs';
import { scoresOf } from './measure';
import type { Breathe } from './slices';
import { disposeTexts, encodeTexts } from './texts';

/** rows scored at once */
const ROWS = 64;
const SHOWN_DISAGREEMENTS = 12;

/** One score per text, gain and bias applied. @param breathe called between passes */
export async function scoreTexts(
  network: CausalNetwork,
  corpus: Corpus,
  texts: readonly { prompt: string; completion: string }[],
  pooling: Pooling,
  breathe?: Breathe,
): Promise<number[]> {
  const scores: number[] = [];
  for (let from = 0; from < texts.length; from += ROWS) {
    const encoded = encodeTexts(corpus, texts.slice(from, from + ROWS));
    try {
      append(scores, await readNumbers(await scoresOf({ network, pooling }, encoded, breathe)));
    } finally {
      disposeTexts(encoded);
    }
  }
  return scores;
}

/** Scores of both sides of every pair. The pairs of a ranking share their texts: each text is scored once. */
export async function scorePairs(
  network: CausalNetwork,
  corpus: Corpus,
  pairs: readonly PreferencePair[],
  pooling: Pooling,
  breathe?: Breathe,
): Promise<{ chosen: number[]; rejected: number[] }> {
  const known = new Map<string, number>();
  const texts: { prompt: string; completion: string }[] = [];
  const indexOf = (prompt: string, completion: string): number => {
    const key = JSON.stringify([prompt, completion]);
    const index = known.get(key) ?? texts.push({ prompt, completion }) - 1;
    known.set(key, index);
    return index;
  };
  const chosen = pairs.map((pair) => indexOf(pair.prompt, pair.chosen));
  const rejected = pairs.map((pair) => indexOf(pair.prompt, pair.rejected));
  const scores = await scoreTexts(network, corpus, texts, pooling, breathe);
  return { chosen: chosen.map((i) => scores[i]!), rejected: rejected.map((i) => scores[i]!) };
}

/** Share of the scores' variance that a line through the lengths explains (r²); 0 when either does not vary. */
export function explainedByLength(lengths: readonly number[], scores: readonly number[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, x) => sum + x, 0) / Math.max(1, values.length);
  const [meanLength, meanScore] = [mean(lengths), mean(scores)];
  const product = mean(lengths.map((length, i) => (length - meanLength) * (scores[i]! - meanScore)));
  const [lengthVariance, scoreVariance] = [
    mean(lengths.map((x) => (x - meanLength) ** 2)),
    mean(scores.map((x) => (x - meanScore) ** 2)),
  ];
  return lengthVariance > 0 && scoreVariance > 0 ? Math.min(1, product ** 2 / (lengthVariance * scoreVariance)) : 0;
}

/**
 * Votes the model would have cast the other way, the surest mistakes first; rule labels are nobody's opinion and left
 * out.
 */
function disagreementsOf(
  pairs: readonly PreferencePair[],
  margins: readonly number[],
  heldOut: boolean,
): Disagreement[] {
  return pairs.flatMap(({ prompt, chosen, rejected, source }, i) =>
    margins[i]! < 0 && source !== 'rule' ? [{ prompt, chosen, rejected, margin: margins[i]!, heldOut }] : [],
  );
}

const countOf = (pairs: readonly PreferencePair[], wanted: PreferencePair['source']): number =>
  pairs.filter(({ source }) => source === wanted).length;

interface Held {
  pair: PreferencePair;
  margin: number;
}

/**
 * In how many of these pairs the model orders both texts as the rater would, of those that the rater can tell apart.
 */
function goldAgreement(
  held: readonly Held[],
  corpus: Corpus,
  rater: Rater | null,
): { goldPairs: number; gold: number | null } {
  const agrees = held.flatMap(({ pair, margin }) => {
    const sides = rater === null ? null : goldSides(corpus, rater, pair);
    return sides === null ? [] : [sides === margin > 0];
  });
  return { goldPairs: agrees.length, gold: agrees.length > 0 ? agrees.filter(Boolean).length / agrees.length : null };
}

/**
 * How the model stands with each round of votes. A reward model that learned from the texts of one policy is a stranger
 * to those of the next, so it is asked about each round's held-out pairs apart.
 * @returns undefined while all pairs are of one round
 */
function roundsOf(
  train: readonly PreferencePair[],
  heldOut: readonly Held[],
  corpus: Corpus,
  rater: Rater | null,
): RewardRound[] | undefined {
  const rounds = [...new Set([...train, ...heldOut.map(({ pair }) => pair)].flatMap(({ round }) => round ?? []))].sort(
    (a, b) => a - b,
  );
  if (rounds.length < 2) return undefined;
  return rounds.map((round) => {
    const held = heldOut.filter(({ pair }) => pair.round === round);
    const right = held.filter(({ margin }) => margin > 0).length;
    return {
      round,
      pairs: held.length + train.filter((pair) => pair.round === round).length,
      heldOutPairs: held.length,
      accuracy: held.length > 0 ? right / held.length : null,
      ...wilsonInterval(right, held.length),
      ...goldAgreement(held, corpus, rater),
    };
  });
}

/**
 * Whether length alone would have done: the model where length does not help, and the rule "the longer one" beside it.
 */
function lengthTests(held: readonly Held[], unit: LengthUnit): Pick<RewardReview, 'sameLength' | 'longer'> {
  const measured = held.map(({ pair, margin }) => ({
    margin,
    longerBy: lengthIn(unit, pair.chosen) - lengthIn(unit, pair.rejected),
    isSame: areOfOneLength(unit, pair.chosen, pair.rejected),
  }));
  const same = measured.filter(({ isSame }) => isSame);
  const unlike = measured.filter(({ longerBy }) => longerBy !== 0);
  return {
    sameLength: { right: same.filter(({ margin }) => margin > 0).length, count: same.length },
    longer: { right: unlike.filter(({ longerBy }) => longerBy > 0).length, count: unlike.length },
  };
}

export interface ReviewInputs {
  network: CausalNetwork;
  corpus: Corpus;
  pooling: Pooling;
  train: readonly PreferencePair[];
  /** those of `train` that are looked at */
  lookedAt: readonly PreferencePair[];
  heldOut: readonly PreferencePair[];
  example: RewardReview['example'];
  /** with whose gold order the model's is compared, round by round; null for none */
  rater: Rater | null;
  /** called between passes */
  breathe?: Breathe | undefined;
}

/**
 * Scores every pair that is looked at and all that are held out. Accuracy counts held-out pairs with a strictly higher
 * chosen score.
 */
export async function reviewRewardModel({
  network,
  corpus,
  pooling,
  train,
  lookedAt,
  heldOut,
  example,
  rater,
  breathe,
}: ReviewInputs): Promise<RewardReview> {
  const pairs = [...lookedAt, ...heldOut];
  const known = [...train, ...heldOut];
  const { chosen, rejected } = await scorePairs(network, corpus, pairs, pooling, breathe);
  const all = chosen.map((score, i) => score - rejected[i]!);
  const [margins, heldOutMargins] = [all.slice(0, lookedAt.length), all.slice(lookedAt.length)];
  const right = heldOutMargins.filter((margin) => margin > 0).length;
  const lengths = [...pairs.map((pair) => pair.chosen), ...pairs.map((pair) => pair.rejected)].map(
    (text) => corpus.tokenizer.encode(text).length,
  );
  const held = heldOut.map((pair, i) => ({ pair, margin: heldOutMargins[i]! }));
  const byRound = roundsOf(train, held, corpus, rater);
  const disagreements = [
    ...disagreementsOf(lookedAt, margins, false),
    ...disagreementsOf(heldOut, heldOutMargins, true),
  ];
  return {
    margins,
    heldOutMargins,
    accuracy: heldOut.length > 0 ? right / heldOut.length : 0,
    ...wilsonInterval(right, heldOut.length),
    heldOutPairs: heldOut.length,
    pairs: {
      human: countOf(known, 'human'),
      simulated: countOf(known, 'simulated'),
      imported: countOf(known, 'imported'),
      rule: countOf(known, 'rule'),
    },
    disagreements: disagreements.sort((a, b) => a.margin - b.margin).slice(0, SHOWN_DISAGREEMENTS),
    ...(byRound && { byRound }),
    ...lengthTests(held, lengthUnit(corpus.summary)),
    lengthShare: explainedByLength(lengths, [...chosen, ...rejected]),
    example,
  };
}

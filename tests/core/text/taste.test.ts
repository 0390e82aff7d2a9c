import { describe, expect, it } from 'vitest';
import { presetConfig } from '../../../src/contract/config';
import type { StoryAttributes } from '../../../src/contract/domain';
import { choiceOf, type Rater, type Vote, type VoteChoice } from '../../../src/contract/preferences';
import { Random } from '../../../src/core/tensor/random';
import { storyAttributes } from '../../../src/core/text/checker';
import { writeCompletion, writePrompt } from '../../../src/core/text/generator';
import { goldScore, showsTaste, simulateChoice } from '../../../src/core/text/raters';
import { fitRidgeLogistic, invert } from '../../../src/core/text/ridgeLogistic';
import { storyRates } from '../../../src/core/text/storyRates';
import {
  type AttributesOf,
  CLEAR_DIFFERENCE,
  labelByTaste,
  TASTE_ATTRIBUTES,
  type Taste,
  type TasteInput,
  tasteResult,
} from '../../../src/core/text/taste';
import { fitTaste } from '../../helpers/atOnce';
import { otherwise, plainVote } from '../../helpers/plainVote';

const RATES = storyRates(presetConfig('tiny').stories);
const HAPPY: Rater = { name: 'happy' };
const known = new Map<string, StoryAttributes>();
const attributesOf: AttributesOf = (prompt, completion) => {
  const key = `${prompt}|${completion}`;
  const attributes = known.get(key) ?? storyAttributes(prompt, completion, true);
  known.set(key, attributes);
  return attributes;
};
const goldOf = (rater: Rater, prompt: string, completion: string) =>
  goldScore(rater, attributesOf(prompt, completion)!);

/** two texts of one prompt */
type Two = Pick<Vote, 'prompt' | 'completions'>;

const drawPairs = (random: Random, count: number): Two[] =>
  Array.from({ length: count }, () => {
    const { prompt, scene } = writePrompt(random);
    const write = () => writeCompletion(random, RATES, scene);
    return { prompt, completions: [write(), write()] };
  });

const asVote = ({ prompt, completions: [a, b] }: Two, choice: VoteChoice): Vote =>
  plainVote(0, {
    prompt,
    a,
    b,
    choice,
    source: 'simulated',
    rater: HAPPY,
  });

/** pairs without ties, and the rater's votes on them */
const clearPairs = (rater: Rater, random: Random, count: number): Two[] =>
  drawPairs(random, count * 3)
    .filter(({ prompt, completions: [a, b] }) => showsTaste(rater, attributesOf(prompt, a)!, attributesOf(prompt, b)!))
    .slice(0, count);
const voteOn = (rater: Rater, pairs: Two[], random: Random, noise = 0): Vote[] =>
  pairs.map((pair) => {
    const [a, b] = pair.completions.map((text) => goldOf(rater, pair.prompt, text)) as [number, number];
    return asVote(pair, simulateChoice(a, b, noise, random));
  });

const POOL = drawPairs(Random.fromSeed(100), 300);
const input = (votes: Vote[], change: Partial<TasteInput> = {}): TasteInput => ({
  votes,
  vetoed: [],
  attributesOf,
  pool: POOL,
  ...change,
});
const tasteFrom = (votes: Vote[], change: Partial<TasteInput> = {}): Taste => {
  const fit = fitTaste(input(votes, change));
  if (fit.kind !== 'rule') throw new Error(fit.result.sentence);
  return fit.taste;
};
const accuracy = (taste: Taste, rater: Rater, pairs: Two[]): number =>
  pairs.filter(({ prompt, completions: [a, b] }) => {
    const predicted = taste.score(prompt, a)! - taste.score(prompt, b)!;
    return predicted * (goldOf(rater, prompt, a) - goldOf(rater, prompt, b)) > 0;
  }).length / pairs.length;

describe('the ridge-logistic regression', () => {
  it('solves one attribute as Newton by hand would', () => {
    // three wins and one loss at x = 1: 3·σ(−w) − σ(w) = l2·w with l2 = 1 gives w ≈ 0.5
    const { weights, deviations } = fitRidgeLogistic([[1], [1], [1], [-1]], [1, 1, 1, 1], 1);
    const w = weights[0]!;
    const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
    expect(3 * sigmoid(-w) - sigmoid(w) - w).toBeCloseTo(0, 10);
    expect(deviations[0]).toBeCloseTo(1 / Math.sqrt(1 + 4 * sigmoid(w) * sigmoid(-w)), 10);
  });

  it('stays finite when the choices are separable, and at zero without any', () => {
    expect(fitRidgeLogistic([[5], [5], [5]], [1, 1, 1], 0.1).weights[0]).toBeLessThan(10);
    expect(fitRidgeLogistic([[0, 0]], [1], 10).weights).toEqual([0, 0]);
    expect(fitRidgeLogistic([[], []], [1, 1], 10).weights).toEqual([]);
  });

  it('has no gradient left at its optimum, whatever the data', () => {
    const random = Random.fromSeed(1);
    const rows = Array.from({ length: 40 }, () => Array.from({ length: 4 }, () => random.normal()));
    const counts = rows.map(() => random.next());
    const { weights } = fitRidgeLogistic(rows, counts, 2);
    for (let j = 0; j < 4; j++) {
      const pull = rows.reduce((sum, x, i) => {
        const margin = x.reduce((total, value, k) => total + value * weights[k]!, 0);
        return sum + (counts[i]! * x[j]!) / (1 + Math.exp(margin));
      }, 0);
      expect(pull).toBeCloseTo(2 * weights[j]!, 8);
    }
  });

  it('inverts matrices that need a pivot', () => {
    const inverse = invert([
      [0, 2],
      [4, 1],
    ]);
    expect(inverse.flat().map((x) => x + 0)).toEqual([-0.125, 0.25, 0.5, 0]);
  });
});

describe('the rule behind a few votes', () => {
  it('predicts a clean rater from 24 votes', () => {
    const expected: [Rater, number][] = [
      [HAPPY, 0.9],
      [{ name: 'polite' }, 0.88],
      [{ name: 'mixed' }, 0.84],
      [{ name: 'short' }, 0.85],
    ];
    for (const [rater, atLeast] of expected) {
      const test = clearPairs(rater, Random.fromSeed(200), 150);
      const draws = Array.from({ length: 20 }, (_, seed) => {
        const random = Random.fromSeed(seed);
        return accuracy(tasteFrom(voteOn(rater, clearPairs(rater, random, 24), random)), rater, test);
      });
      const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
      expect(mean, rater.name).toBeGreaterThanOrEqual(atLeast);
    }
  });

  it('gives the liked attribute the largest weight, with an interval around it', () => {
    const random = Random.fromSeed(3);
    const { weights, agreement, usableVotes } = tasteFrom(voteOn(HAPPY, clearPairs(HAPPY, random, 48), random)).rule;
    const [ending] = weights;
    expect(ending).toMatchObject({ attribute: 'endingMood', label: 'happy ending', vetoed: false });
    expect(Math.max(...weights.map(({ weight }) => Math.abs(weight)))).toBe(ending!.weight);
    expect(ending!.low).toBeGreaterThan(0);
    for (const { low, weight, high } of weights) expect(low <= weight && weight <= high).toBe(true);
    expect(agreement).toBeGreaterThan(0.9);
    expect(usableVotes).toBe(48);
  });

  it('turns around when every vote does', () => {
    const random = Random.fromSeed(4);
    const votes = voteOn(HAPPY, clearPairs(HAPPY, random, 20), random);
    const turned = votes.map((vote) => otherwise(vote, { choice: choiceOf(vote) === 'a' ? 'b' : 'a' }));
    const [plain, opposite] = [tasteFrom(votes).rule.weights, tasteFrom(turned).rule.weights];
    plain.forEach(({ weight }, i) => {
      expect(opposite[i]!.weight).toBeCloseTo(-weight, 9);
    });
  });

  it('does not care which side a completion stood on', () => {
    const random = Random.fromSeed(5);
    const votes = voteOn(HAPPY, clearPairs(HAPPY, random, 20), random);
    const swapped = votes.map((vote): Vote => {
      const {
        completions: [a, b],
      } = vote;
      return otherwise(vote, { a: b, b: a, choice: choiceOf(vote) === 'a' ? 'b' : 'a' });
    });
    const [plain, mirrored] = [tasteFrom(votes).rule, tasteFrom(swapped).rule];
    plain.weights.forEach(({ weight }, i) => {
      expect(mirrored.weights[i]!.weight).toBeCloseTo(weight, 9);
    });
  });

  it('says what is missing below a dozen usable votes, the number that the page promises', () => {
    const random = Random.fromSeed(6);
    const votes = voteOn(HAPPY, clearPairs(HAPPY, random, 12), random);
    const result = tasteResult(fitTaste(input(votes.slice(0, 11))));
    expect(result).toEqual({
      kind: 'missing',
      usableVotes: 11,
      needed: 12,
      sentence: '11 votes choose a side so far; a guess at your taste needs 12. Vote on 1 more pair.',
    });
    expect(tasteResult(fitTaste(input([])))).toMatchObject({ kind: 'missing', usableVotes: 0 });
    expect(tasteResult(fitTaste(input(votes)))).toMatchObject({ kind: 'rule', rule: { usableVotes: 12 } });
  });

  it('does not count ties, both bad and hidden repeats as usable', () => {
    const random = Random.fromSeed(7);
    const votes = voteOn(HAPPY, clearPairs(HAPPY, random, 12), random);
    const useless = votes.map(
      (vote, i): Vote => otherwise(vote, i < 4 ? { choice: 'tie' } : i < 8 ? { choice: 'bothBad' } : { repeatOf: 'x' }),
    );
    expect(tasteResult(fitTaste(input([...votes.slice(0, 7), ...useless])))).toMatchObject({
      kind: 'missing',
      usableVotes: 7,
    });
  });

  it('lets ties pull weights towards zero, and both bad and repeats change nothing', () => {
    const random = Random.fromSeed(8);
    const votes = voteOn(HAPPY, clearPairs(HAPPY, random, 16), random);
    const weight = (extra: Vote[]) => tasteFrom([...votes, ...extra]).rule.weights[0]!.weight;
    const more = voteOn(HAPPY, clearPairs(HAPPY, Random.fromSeed(9), 16), random);
    expect(weight(more.map((vote) => otherwise(vote, { choice: 'tie' })))).toBeLessThan(weight([]));
    const spreadPool = { pool: [...POOL, ...drawPairs(Random.fromSeed(10), 2000)] };
    const before = tasteFrom(votes, spreadPool).rule.weights[0]!.weight;
    const bothBad = tasteFrom([...votes, ...more.map((vote) => otherwise(vote, { choice: 'bothBad' }))], spreadPool);
    expect(bothBad.rule.weights[0]!.weight / before).toBeCloseTo(1, 1);
    const repeats = tasteFrom([...votes, ...more.map((vote): Vote => ({ ...vote, repeatOf: 'x' }))], spreadPool);
    expect(repeats.rule.weights[0]!.weight / before).toBeCloseTo(1, 1);
  });

  it('leaves a vetoed attribute out and says so', () => {
    const random = Random.fromSeed(11);
    const votes = voteOn(HAPPY, clearPairs(HAPPY, random, 24), random);
    const { rule, score } = tasteFrom(votes, { vetoed: ['endingMood'] });
    expect(rule.weights[0]).toMatchObject({ weight: 0, low: 0, high: 0, vetoed: true });
    const prompt = 'in the garden the fox found a kite .';
    expect(score(prompt, 'he was so happy .')).toBeCloseTo(score(prompt, 'he was so sad .')!, 12);
    const nothing = tasteFrom(votes, { vetoed: TASTE_ATTRIBUTES.map(({ name }) => name) });
    expect(nothing.rule).toMatchObject({ agreement: 0.5, examples: [] });
  });

  it('shows five pairs that it would label, the preferred side first', () => {
    const random = Random.fromSeed(12);
    const taste = tasteFrom(voteOn(HAPPY, clearPairs(HAPPY, random, 24), random));
    expect(taste.rule.examples).toHaveLength(5);
    for (const { prompt, chosen, rejected, difference } of taste.rule.examples) {
      expect(taste.score(prompt, chosen)! - taste.score(prompt, rejected)!).toBeCloseTo(difference, 9);
      expect(difference).toBeGreaterThanOrEqual(CLEAR_DIFFERENCE);
    }
    const few = tasteFrom(voteOn(HAPPY, clearPairs(HAPPY, random, 24), random), { pool: POOL.slice(0, 2) });
    expect(few.rule.examples.length).toBeLessThanOrEqual(2);
  });

  it('labels only pairs it is clear about, as many as asked for', () => {
    const random = Random.fromSeed(13);
    const taste = tasteFrom(voteOn(HAPPY, clearPairs(HAPPY, random, 24), random));
    const pool = drawPairs(random, 900);
    const labelled = labelByTaste(taste, pool, 600, Random.fromSeed(1));
    expect(labelled).toHaveLength(600);
    for (const { prompt, chosen, rejected, source } of labelled) {
      expect(source).toBe('rule');
      expect(taste.score(prompt, chosen)! - taste.score(prompt, rejected)!).toBeGreaterThanOrEqual(CLEAR_DIFFERENCE);
    }
    expect(labelByTaste(taste, pool, 600, Random.fromSeed(1))).toEqual(labelled);
    expect(labelByTaste(taste, pool.slice(0, 10), 600, Random.fromSeed(1)).length).toBeLessThanOrEqual(10);
  });

  it('labels every two texts of a set as it would the pair that they are', () => {
    const random = Random.fromSeed(15);
    const taste = tasteFrom(voteOn(HAPPY, clearPairs(HAPPY, random, 24), random));
    const sets = Array.from({ length: 8 }, () => {
      const { prompt, scene } = writePrompt(random);
      return { prompt, completions: Array.from({ length: 4 }, () => writeCompletion(random, RATES, scene)) };
    });
    const pairs = sets.flatMap(({ prompt, completions: [a, b, c, d] }) =>
      [
        [a, b],
        [a, c],
        [a, d],
        [b, c],
        [b, d],
        [c, d],
      ].map((two) => ({ prompt, completions: two as string[] })),
    );
    const labelled = labelByTaste(taste, sets, 48, Random.fromSeed(2));
    expect(labelled.length).toBeGreaterThan(8);
    expect(labelled).toEqual(labelByTaste(taste, pairs, 48, Random.fromSeed(2)));
  });

  it('says that own text has no attributes', () => {
    const votes = voteOn(HAPPY, clearPairs(HAPPY, Random.fromSeed(14), 12), Random.fromSeed(1));
    const result = tasteResult(fitTaste(input(votes, { attributesOf: () => null })));
    expect(result).toMatchObject({ kind: 'missing', usableVotes: 0 });
    expect(result.kind === 'missing' && result.sentence).toContain('no attributes');
  });
});

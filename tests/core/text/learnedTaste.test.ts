import { describe, expect, it } from 'vitest';
import type { StoryAttributes } from '../../../src/contract/domain';
import { Random } from '../../../src/core/tensor/random';
import { type JudgedText, learnedWeights } from '../../../src/core/text/learnedTaste';

const PLAIN: StoryAttributes = {
  parses: true,
  coherent: true,
  endingMood: 0,
  middleMood: 0,
  politeWords: 0,
  rudeWords: 0,
  length: 10,
  repeatedBigrams: 0,
  mentions: {},
};

/** texts whose moods and lengths vary, scored by a rule */
function judged(count: number, score: (attributes: StoryAttributes, noise: number) => number): JudgedText[] {
  const random = Random.fromSeed(3);
  return Array.from({ length: count }, () => {
    const endingMood = random.pick([-1, 0, 1] as const);
    // happy texts tend to be longer, as in the grammar
    const attributes = { ...PLAIN, endingMood, length: 10 + 3 * endingMood + random.pick([-2, -1, 0, 1, 2]) };
    return { attributes, score: score(attributes, random.next() - 0.5) };
  });
}
const weightOf = (texts: readonly JudgedText[], name: string) =>
  learnedWeights(texts).find(({ attribute }) => attribute === name);

describe('what a judge pays for', () => {
  it('by hand: two values of one attribute, half the difference of their scores a standard deviation', () => {
    const text = (endingMood: -1 | 1, score: number): JudgedText => ({ attributes: { ...PLAIN, endingMood }, score });
    const found = learnedWeights([text(-1, -2), text(-1, -1), text(1, 1), text(1, 2)]);
    expect(found.map(({ attribute }) => attribute)).toEqual(['endingMood']);
    expect(found[0]!.weight).toBeCloseTo(1.5, 5);
    // residual 4 · ½² = 1 over 4 − 2, of 4 texts: √(0.5 / 4) · 1.96
    expect(found[0]!.high - found[0]!.weight).toBeCloseTo(1.959964 * Math.sqrt(0.125), 5);
  });

  it('does not credit length with the joy that longer texts have', () => {
    const texts = judged(300, ({ endingMood }, noise) => endingMood + noise);
    expect(weightOf(texts, 'endingMood')!.low).toBeGreaterThan(0.5);
    const length = weightOf(texts, 'length')!;
    expect(length.low).toBeLessThan(0);
    expect(length.high).toBeGreaterThan(0);
  });

  it('finds length where length is what is paid for', () => {
    const texts = judged(300, ({ length }, noise) => -0.3 * length + noise);
    expect(weightOf(texts, 'length')!.high).toBeLessThan(-0.5);
    const mood = weightOf(texts, 'endingMood')!;
    expect(Math.abs(mood.weight)).toBeLessThan(0.1);
  });

  it('says nothing of what never varies, and nothing at all of fewer texts than it has unknowns', () => {
    expect(
      weightOf(
        judged(50, () => 1),
        'politeWords',
      ),
    ).toBeUndefined();
    expect(learnedWeights(judged(2, () => 1))).toEqual([]);
    expect(learnedWeights([])).toEqual([]);
  });
});

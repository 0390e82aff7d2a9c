import { describe, expect, it } from 'vitest';
import { presetConfig } from '../../../src/contract/config';
import type { StoryAttributes } from '../../../src/contract/domain';
import { RATERS, type Rater } from '../../../src/contract/preferences';
import { Random } from '../../../src/core/tensor/random';
import { storyAttributes } from '../../../src/core/text/checker';
import { writeCompletion, writePrompt } from '../../../src/core/text/generator';
import { goldScore, isTie, showsTaste, simulateChoice } from '../../../src/core/text/raters';
import { storyRates } from '../../../src/core/text/storyRates';

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
const gold = (name: Rater['name'], change: Partial<StoryAttributes>, animal?: string): number =>
  goldScore(animal ? { name, animal } : { name }, { ...PLAIN, ...change });

describe('gold scores', () => {
  it('follow the taste of each rater, by hand', () => {
    expect(gold('happy', { endingMood: 1, middleMood: 2 })).toBeCloseTo(1.5, 12);
    expect(gold('happy', { endingMood: -1, middleMood: 1 })).toBeCloseTo(-0.75, 12);
    expect(gold('sad', { endingMood: -1, middleMood: 1 })).toBeCloseTo(0.75, 12);
    expect(gold('short', { length: 4 })).toBeCloseTo(1.2, 12);
    expect(gold('short', { length: 20 })).toBeCloseTo(-2, 12);
    expect(gold('polite', { politeWords: 2, rudeWords: 1 })).toBeCloseTo(1.5, 12);
    expect(gold('animal', { mentions: { fox: 1, owl: 3 } }, 'fox')).toBe(1);
    expect(gold('animal', { mentions: { owl: 3 } }, 'fox')).toBe(0);
    expect(gold('animal', {}, 'constructor')).toBe(0);
    expect(gold('mixed', { endingMood: 1, middleMood: 1, politeWords: 1, rudeWords: 1, length: 16 })).toBeCloseTo(
      1.25 + 0.6 - 0.4 - 0.5,
      12,
    );
  });

  it('take two off whatever does not parse', () => {
    for (const name of RATERS) expect(gold(name, { parses: false })).toBeCloseTo(gold(name, {}) - 2, 12);
  });

  it('do not pay for a word said over and over', () => {
    expect(gold('polite', { politeWords: 9 })).toBe(gold('polite', { politeWords: 2 }));
    expect(gold('animal', { mentions: { fox: 9 } }, 'fox')).toBe(2);
    expect(
      goldScore({ name: 'happy' }, storyAttributes('', 'happy happy happy . happy happy . happy . happy .', true)),
    ).toBeLessThan(0);
  });
});

describe('simulated choices', () => {
  it('prefer the higher score, and tie on equal ones', () => {
    const random = Random.fromSeed(1);
    expect(simulateChoice(1, 0, 0, random)).toBe('a');
    expect(simulateChoice(0, 1, 0, random)).toBe('b');
    expect(simulateChoice(0.5, 0.5, 1, random)).toBe('tie');
  });

  it('turn around as often as the noise says', () => {
    const random = Random.fromSeed(2);
    const wrong = Array.from({ length: 4000 }, () => simulateChoice(1, 0, 0.2, random)).filter(
      (choice) => choice === 'b',
    ).length;
    expect(Math.abs(wrong / 4000 - 0.2)).toBeLessThan(0.03);
  });

  it('ask about a rare animal only when one side has it', () => {
    const fox: Rater = { name: 'animal', animal: 'fox' };
    expect(showsTaste(fox, { ...PLAIN, mentions: { fox: 1 } }, PLAIN)).toBe(true);
    expect(showsTaste(fox, { ...PLAIN, mentions: { fox: 1 } }, { ...PLAIN, mentions: { fox: 2 } })).toBe(false);
    expect(showsTaste(fox, { ...PLAIN, parses: false }, PLAIN)).toBe(false);
    expect(showsTaste({ name: 'happy' }, PLAIN, { ...PLAIN, length: 12 })).toBe(false);
    expect(showsTaste({ name: 'happy' }, PLAIN, { ...PLAIN, endingMood: 1 })).toBe(true);
  });

  it('rarely tie for happy and mostly for polite, as pairs of one prompt of the grammar do', () => {
    const random = Random.fromSeed(3);
    const rates = storyRates(presetConfig('tiny').stories);
    const ties = (rater: Rater): number => {
      let count = 0;
      for (let i = 0; i < 1500; i++) {
        const { prompt, scene } = writePrompt(random);
        const score = () => goldScore(rater, storyAttributes(prompt, writeCompletion(random, rates, scene), true));
        if (isTie(score(), score())) count++;
      }
      return count / 1500;
    };
    expect(ties({ name: 'happy' })).toBeLessThan(0.25);
    expect(ties({ name: 'polite' })).toBeGreaterThan(0.5);
    expect(ties({ name: 'animal', animal: 'fox' })).toBeGreaterThan(0.8);
  });
});

import { describe, expect, it } from 'vitest';
import { NO_TASTE } from '../../src/contract/ownTaste';
import type { TasteWeight } from '../../src/contract/preferences';
import type { LearnedTaste, LearnedWeight, ScoredContrast } from '../../src/contract/taste';
import { ownAttributes } from '../../src/core/text/ownRater';
import { TASTE_ATTRIBUTES } from '../../src/core/text/taste';
import { contrastVerdict, differenceOf } from '../../src/ui/panels/Taste/contrastWords';
import { likedRows, likedSentence } from '../../src/ui/panels/Taste/likedWords';

const learned = (attribute: string, weight: number, reach = 0.1): LearnedWeight => ({
  attribute,
  label: attribute,
  weight,
  low: weight - reach,
  high: weight + reach,
});
const voted = (attribute: string, weight: number, reach = 0.5): TasteWeight => ({
  ...learned(attribute, weight, reach),
  vetoed: false,
});
const tasteOf = (weights: LearnedWeight[], votes: TasteWeight[] | null): LearnedTaste => ({
  voted: votes
    ? { kind: 'rule', rule: { usableVotes: 24, weights: votes, agreement: 0.9, examples: [] } }
    : { kind: 'missing', usableVotes: 3, needed: 8, sentence: 'Vote on 5 more pairs.' },
  texts: 192,
  weights,
  contrasts: [],
});
const said = (taste: LearnedTaste): string =>
  likedSentence(likedRows(taste))
    .map((piece) => (typeof piece === 'string' ? piece : piece.strong))
    .join('');

describe('what a reward model likes, in a sentence', () => {
  it('tells what votes and model share from what nobody asked for', () => {
    const taste = tasteOf(
      [learned('endingMood', 1.2), learned('length', 0.4), learned('rudeWords', -0.02)],
      [voted('endingMood', 1.3), voted('length', 0.05), voted('rudeWords', -0.3)],
    );
    expect(said(taste)).toBe(
      'It likes happy endings, as the votes do. It also likes longer texts, which the votes did not ask for.',
    );
    expect(likedRows(taste).map(({ match }) => match)).toEqual(['agreed', 'unasked', 'nothing']);
  });

  it('names what less of is liked, what the votes leave open, what they are against and what was not learned', () => {
    const taste = tasteOf(
      [learned('endingMood', -1), learned('length', -0.4), learned('politeWords', 0.01), learned('middleMood', 0.5)],
      [voted('endingMood', 1.3), voted('length', -0.4), voted('politeWords', 0.9), voted('middleMood', 0.9)],
    );
    expect(said(taste)).toBe(
      'It likes joy on the way, as the votes do. It also likes shorter texts, which the votes leave open. It also likes sad endings, the opposite of what the votes ask for. It has not learned politeness, which the votes ask for.',
    );
  });

  it('has words for more and less of whatever a rule can be fitted to, of stories and of one’s own text', () => {
    const own = ownAttributes({ ...NO_TASTE, liked: ['sun'], disliked: ['rain'], pattern: '[0-9]' });
    expect(own).toHaveLength(6);
    for (const { name, label } of [...TASTE_ATTRIBUTES, ...own]) {
      const [more, less] = [1, -1].map((weight) => said(tasteOf([{ ...learned(name, weight), label }], null)));
      expect(more, name).toMatch(/^It likes [a-z -]+, which the votes leave open\.$/);
      expect(less, name).not.toBe(more);
      expect(less, name).not.toContain('less of');
    }
    expect(said(tasteOf([learned('new', -1)], null))).toBe('It likes less of new, which the votes leave open.');
  });

  it('leaves everything open where the votes are too few, and claims nothing that is not clear', () => {
    expect(said(tasteOf([learned('endingMood', 0.8)], null))).toBe(
      'It likes happy endings, which the votes leave open.',
    );
    expect(said(tasteOf([learned('endingMood', 0.8, 0.9)], null))).toMatch(/^Nothing that was measured/);
    expect(said(tasteOf([learned('endingMood', 0.05, 0.01)], null)), 'clear, but nothing to speak of').toMatch(
      /^Nothing/,
    );
  });
});

describe('a change of one thing', () => {
  it('is found between the words that both texts share', () => {
    expect(differenceOf({ before: 'he was very sad .', after: 'he was very glad .' })).toEqual({
      start: 'he was very',
      removed: 'sad',
      added: 'glad',
      end: '.',
    });
    expect(differenceOf({ before: 'he kept it .', after: 'he met the owl . he kept it .' })).toEqual({
      start: 'he',
      removed: '',
      added: 'met the owl . he',
      end: 'kept it .',
    });
    expect(differenceOf({ before: 'a a', after: 'a a a' }), 'nothing is counted twice').toEqual({
      start: 'a a',
      removed: '',
      added: 'a',
      end: '',
    });
    expect(differenceOf({ before: 'same', after: 'same' })).toEqual({ start: 'same', removed: '', added: '', end: '' });
  });

  it('is summed up by what all five did', () => {
    const scored = (...changes: number[]): ScoredContrast[] =>
      changes.map((after) => ({
        attribute: 'endingMood',
        label: 'happy ending',
        prompt: '',
        before: '',
        after: '',
        scores: { before: 0, after },
      }));
    expect(contrastVerdict(scored(1, 2), 'happy ending').lead).toBe('All 2 rise, by +1.50 on average.');
    expect(contrastVerdict(scored(-1, -2), 'happy ending').lead).toBe('All 2 fall, by −1.50 on average.');
    expect(contrastVerdict(scored(-1, 2), 'happy ending').lead).toBe('1 of 2 rise, by +0.50 on average.');
    expect(contrastVerdict(scored(0.01, -0.02), 'happy ending').lead).toMatch(/^Hardly anything moves/);
  });
});

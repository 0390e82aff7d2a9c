import { describe, expect, it } from 'vitest';
import { asksAnything, NO_TASTE, type OwnTaste, tasteKey } from '../../../src/contract/ownTaste';
import { ownGold, tasteText } from '../../../src/core/text/ownRater';

type Said = Partial<Omit<OwnTaste, 'weights'>> & { weights?: Partial<OwnTaste['weights']> };
const taste = ({ weights, ...said }: Said): OwnTaste => ({
  ...NO_TASTE,
  ...said,
  weights: { ...NO_TASTE.weights, ...weights },
});
const score = (said: Said, completion: string, before = '', finished = true): number =>
  tasteText(taste(said), { before, completion, finished }).score;

describe('an own taste', () => {
  it('counts liked phrases as whole words, each twice at most, whatever their capitals', () => {
    const liked = ['cat', 'thank you'];
    expect(score({ liked }, 'The Cat sat. A cat, the cats and concat')).toBe(2);
    expect(score({ liked }, 'cat cat cat cat')).toBe(2);
    expect(score({ liked }, 'thank  you\nsaid the cat')).toBe(2);
    expect(score({ liked: ['thank you , fox'] }, 'thank you, fox .')).toBe(1);
    expect(score({ liked: ['!'] }, 'oh!! no')).toBe(2);
    expect(score({ liked: ['猫'] }, '小猫在家')).toBe(1);
  });

  it('reads a word that begins in the prompt as the word that it is', () => {
    expect(score({ liked: ['at'] }, 'at home', 'c')).toBe(0);
    expect(score({ liked: ['at'] }, 'at home', ' ')).toBe(1);
    expect(score({ liked: ['a'] }, ' dog', 'a')).toBe(0);
  });

  it('counts disliked phrases against a text, by their weight', () => {
    expect(score({ disliked: ['rain'], weights: { disliked: 3 } }, 'rain and rain')).toBe(-6);
  });

  it('wants so many words: 0 at that length, −1 at none and at twice as many, −2 at worst', () => {
    const wish = { length: 4, weights: { length: 1 } };
    expect(score(wish, 'one two three four.')).toBeCloseTo(0, 12);
    expect(score(wish, '... !')).toBe(-1);
    expect(score(wish, 'one two three')).toBe(-0.25);
    expect(score(wish, 'a b c d e f g h')).toBe(-1);
    expect(score(wish, 'a '.repeat(100))).toBe(-2);
  });

  it('takes off the share of pairs of words that stood there before', () => {
    const wish = { weights: { repetition: 1 } };
    expect(score(wish, 'the cat and the cat sat')).toBeCloseTo(-1 / 5, 12); // the cat, cat and, and the, the cat, cat sat
    expect(score(wish, 'all of it is new')).toBeCloseTo(0, 12);
    expect(score(wish, 'no '.repeat(11))).toBeCloseTo(-9 / 10, 12);
    expect(score(wish, 'one')).toBeCloseTo(0, 12);
  });

  it('asks for the end of a sentence, and of the text where texts have an end', () => {
    const wish = { weights: { ends: 1 } };
    for (const text of ['he sat.', 'he sat . ', '“he sat!”', 'why?)', '猫。']) expect(score(wish, text), text).toBe(1);
    for (const text of ['he sat', 'he sat,', '']) expect(score(wish, text), text).toBe(0);
    expect(score(wish, 'he sat.', '', false)).toBe(0);
  });

  it('pays for a regular expression, or takes off for one, and says what is wrong with it', () => {
    expect(score({ pattern: 'sh?op', weights: { pattern: 2 } }, 'to the shop')).toBe(2);
    expect(score({ pattern: '\\d', weights: { pattern: -1 } }, 'at 7')).toBe(-1);
    expect(() => score({ pattern: '(' }, '')).toThrow('Your own rater: This is no regular expression');
    expect(() => score({ pattern: '(a)\\1' }, '')).toThrow('goes back');
  });

  it('adds the points of its parts, those alone that have a say', () => {
    const said = taste({ liked: ['cat'], pattern: 's.t', weights: { liked: 2, repetition: 1, pattern: 0 } });
    const { score: sum, parts } = tasteText(said, { before: '', completion: 'the cat sat', finished: true });
    expect(parts.map(({ part, points }) => [part, points])).toEqual([
      ['liked', 2],
      ['repetition', 0],
    ]);
    expect(sum).toBe(2);
  });

  it('has no gold where it says nothing', () => {
    const text = { before: '', completion: 'x', finished: true };
    expect(asksAnything(NO_TASTE)).toBe(false);
    expect(ownGold({ name: 'own', taste: NO_TASTE }, text)).toBeNull();
    expect(ownGold({ name: 'own' }, text)).toBeNull();
    expect(ownGold({ name: 'own', taste: taste({ liked: ['x'] }) }, text)).toBe(1);
  });

  it('has another key wherever it scores otherwise, and the same where it does not', () => {
    const [one, other] = [taste({ liked: ['cat'] }), taste({ liked: ['dog'] })];
    expect(tasteKey(one)).toMatch(/^[\da-f]{16}$/);
    expect(tasteKey(one)).not.toBe(tasteKey(other));
    expect(tasteKey(taste({ liked: ['cat'], weights: { liked: 2 } }))).not.toBe(tasteKey(one));
    expect(tasteKey(taste({ liked: ['cat'], length: 50, pattern: 'x', weights: { pattern: 0 } }))).toBe(tasteKey(one));
  });
});

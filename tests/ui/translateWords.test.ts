import { describe, expect, it } from 'vitest';
import type { TranslateReading } from '../../src/contract/translate';
import { readRows, unreadWords, verdictOf } from '../../src/ui/panels/Translate/words';

/** two words, one block, one head: each new word reads the word above it with 0.9 */
const READING: TranslateReading = {
  step: 50,
  source: ['brave', 'fox'],
  candidates: [{ words: ['vulto', 'dremo'], logProbability: -0.1, ended: true, disagrees: [false, false] }],
  written: [
    { word: 'vulto', wordClass: 'noun', partner: 1 },
    { word: 'dremo', wordClass: 'adjective', partner: 0 },
  ],
  truth: ['vulto', 'dremo'],
  layers: 1,
  heads: 1,
  strongest: { layer: 0, head: 0, agreement: 0.5 },
  encoder: { queries: 2, keys: 2, weights: Float32Array.of(1, 0, 0, 1) },
  decoder: { queries: 2, keys: 2, weights: Float32Array.of(1, 0, 0.5, 0.5) },
  cross: { queries: 2, keys: 2, weights: Float32Array.of(0.25, 0.75, 0.25, 0.75) },
};

describe('what a reading says', () => {
  it('counts the content words that read their true partner', () => {
    expect(verdictOf(READING).text).toContain('1 of 2 content words read their true partner.');
  });

  it('counts them in the head that is named', () => {
    const two = { ...READING, heads: 2, strongest: { layer: 0, head: 1, agreement: 1 } };
    const cross = { queries: 2, keys: 2, weights: Float32Array.of(0.9, 0.1, 0.4, 0.6, 0.25, 0.75, 0.75, 0.25) };
    expect(verdictOf({ ...two, cross }).text).toContain('2 of 2 content words');
    expect(verdictOf({ ...two, cross }, { layer: 0, head: 0 }).text).toContain('0 of 2 content words');
    expect(readRows({ ...two, cross }, { layer: 0, head: 0 })[0]).toMatchObject({ word: 'vulto', strongest: 'brave' });
  });

  it('says what would be right, and of a long sentence that none so long was learned from', () => {
    const wrong = { ...READING, truth: ['vulto', 'fupo'] };
    expect(verdictOf(wrong)).toMatchObject({ tone: 'warn', lead: 'Not right yet.' });
    expect(verdictOf(wrong).text).not.toContain('at most');
    const long = { ...wrong, source: Array.from({ length: 11 }, () => 'fox') };
    expect(verdictOf({ ...long, cross: { queries: 2, keys: 11, weights: new Float32Array(22) } }).text).toContain(
      'It learned from sentences of at most 10 words.',
    );
  });

  it('says nothing of content words where none was written', () => {
    const written = READING.written.map((word) => ({ ...word, partner: null }));
    expect(verdictOf({ ...READING, written }).text).toBe('The verb went last, adjectives behind their nouns.');
  });

  it('guesses without cross-attention, and has no rows of a table then', () => {
    const cut = { ...READING, cross: null };
    expect(verdictOf(cut).text).toContain('it now guesses a likely sentence');
    expect(readRows(cut)).toEqual([]);
    expect(readRows(READING)[1]).toEqual({ word: 'dremo', strongest: 'fox', weight: 0.75, partner: 'brave' });
  });

  it('says why a sentence is not read', () => {
    expect(unreadWords(null)).toBeNull();
    expect(unreadWords({ kind: 'unknown', words: ['dragon', 'sword'] })).toBe(
      'The stories do not have “dragon”, “sword”.',
    );
    expect(unreadWords({ kind: 'long', words: 30 })).toBe('That is 30 words; up to 24 are read.');
  });
});

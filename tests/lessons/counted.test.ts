import { describe, expect, it } from 'vitest';
import type { LessonStep } from '../../src/contract/lesson';
import { keptWords, partWords } from '../../src/lessons/guided/words';
import { textParts } from '../../src/store/guide/library';

const said = (text: string, numbers: Record<string, number>): string => {
  const parts = textParts(text);
  return parts.map((part, i) => (part.kind === 'words' ? part.words : partWords(parts, i, numbers))).join('');
};

describe('a share in a sentence of a lesson', () => {
  const few = { 'accuracy.end': 1, 'heldOut.end': 2, 'control.accuracy.end': 0.6333, 'control.heldOut.end': 60 };

  it('is a count where it was counted on few cases, and a share where on many', () => {
    expect(said('agreed with {accuracy.end} of {heldOut.end} votes', few)).toBe('agreed with 2 of 2 votes');
    expect(said('{accuracy.end} of the {heldOut.end} pairs', { 'accuracy.end': 0.5, 'heldOut.end': 4 })).toBe(
      '2 of the 4 pairs',
    );
    expect(said('{control.accuracy.end} of {control.heldOut.end} votes', few)).toBe('63 % of 60 votes');
    expect(said('{accuracy.end} of {heldOut.end}', { 'accuracy.end': 0.7, 'heldOut.end': 10 })).toBe('70 % of 10');
  });

  it('says of how many where the sentence does not, and stays a share where nobody counted', () => {
    expect(said('It agreed on {accuracy.end}.', few)).toBe('It agreed on 2 of 2.');
    expect(said('{accuracy.end} of {control.heldOut.end}', few)).toBe('2 of 2 of 60');
    expect(said('It agreed on {accuracy.end}.', { 'accuracy.end': 0.5 })).toBe('It agreed on 50 %.');
    expect(said('{heldOut.end} pairs, gold {gold.end}', { ...few, 'gold.end': 0.5 })).toBe('2 pairs, gold +0.50');
    expect(said('{accuracy.end}', {})).toBe('–');
  });

  it('is a count in the table too, by what the same step has counted', () => {
    const [few, many] = ['few', 'many'].map((id) => ({ id }) as LessonStep) as [LessonStep, LessonStep];
    const row = (step: LessonStep, name: string, value: number) => ({ step, name, value });
    const rows = [
      row(few, 'heldOut.end', 5),
      row(few, 'accuracy.end', 1),
      row(many, 'heldOut.end', 60),
      row(many, 'accuracy.end', 0.9667),
    ];
    expect(rows.map((one) => keptWords(one, rows))).toEqual(['5', '5 of 5', '60', '97 %']);
    expect(keptWords(row(few, 'accuracy.end', 1), [])).toBe('100 %');
  });
});

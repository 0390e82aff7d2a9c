import { describe, expect, it } from 'vitest';
import { NO_TASTE, type OwnTaste } from '../../../src/contract/ownTaste';
import { writeOwnContrasts } from '../../../src/core/text/ownContrasts';
import { ownAttributes, ownVector } from '../../../src/core/text/ownRater';

const TASTE: OwnTaste = {
  ...NO_TASTE,
  liked: ['the beach', 'sun'],
  disliked: ['rain'],
  length: 12,
  pattern: '[0-9]+',
  weights: { ...NO_TASTE.weights, length: 1, repetition: 1, ends: 1 },
};
const TEXTS = [
  'went to the market at 9 and bought a large red apple for his old mother',
  'saw 3 ships come in.\nIt was late, and nobody had waited for them there.',
  'sat down by an old wall, read a letter and thought about his friend for 2 hours.',
  'bought bread. Then he met her, and they walked along the river for a while.',
  'was 7 when his brother left home; years went by and no word came back.',
  'took the 5 o’clock train into town and looked for work until it grew dark.',
].map((completion) => ({ prompt: 'this morning he ', completion }));
const all = writeOwnContrasts(TASTE, TEXTS, () => true);

describe('texts of one’s own that differ in one thing', () => {
  it('come five of every attribute that the rater looks at, each of another text, named as it names it', () => {
    for (const { name, label } of ownAttributes(TASTE)) {
      const own = all.filter(({ attribute }) => attribute === name);
      expect(own, name).toHaveLength(5);
      expect(new Set(own.map((one) => one.label))).toEqual(new Set([label]));
      expect(new Set(own.map(({ before }) => before)).size, name).toBe(5);
    }
  });

  it('have more of it after the change, and of everything else as much', () => {
    const names = ownAttributes(TASTE).map(({ name }) => name);
    for (const { attribute, prompt, before, after } of all) {
      const [old, fresh] = [before, after].map((completion) =>
        ownVector(TASTE, { before: prompt.slice(-1), completion, finished: true }),
      );
      for (const [i, name] of names.entries()) {
        const text = `${name} of ${attribute}: ${before} → ${after}`;
        if (name === attribute) expect(fresh![i]!, text).toBeGreaterThan(old![i]!);
        else expect(fresh![i]!, text).toBeCloseTo(old![i]!, 9);
      }
    }
  });

  it('put a phrase where as many words stood, within the text', () => {
    const [one] = all.filter(({ attribute }) => attribute === 'liked');
    expect(one).toMatchObject({ before: TEXTS[0]!.completion, after: expect.stringContaining('the beach') });
    expect(one!.after.split(' ')).toHaveLength(one!.before.split(' ').length);
    expect(one!.after.split(' ')[0]).toBe('went');
  });

  it('are none that the judge could not read whole, and none of what no text can be changed in', () => {
    expect(writeOwnContrasts(TASTE, TEXTS, (text) => !text.includes('beach') && !text.includes('sun'))).toEqual(
      all.filter(({ attribute }) => attribute !== 'liked'),
    );
    expect(writeOwnContrasts(TASTE, [{ prompt: 'he ', completion: 'ran' }], () => true)).toMatchObject([
      { attribute: 'ends', before: 'ran', after: 'ran.' },
    ]);
    expect(writeOwnContrasts(TASTE, [], () => true)).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import type { StoryAttributes } from '../../../src/contract/domain';
import { Random } from '../../../src/core/tensor/random';
import { storyAttributes } from '../../../src/core/text/checker';
import { writeContrasts } from '../../../src/core/text/contrasts';
import { TASTE_ATTRIBUTES } from '../../../src/core/text/taste';

/** what else a change may move: a sentence that becomes polite has other words, one that is told twice too */
const ALSO_MOVES: Readonly<Record<string, readonly string[]>> = {
  politeWords: ['length'],
  rudeWords: ['length'],
  repeatedBigrams: ['length', 'parses'],
  parses: ['repeatedBigrams'],
};

const valuesOf = (attributes: StoryAttributes) =>
  Object.fromEntries(TASTE_ATTRIBUTES.map(({ name, of }) => [name, of(attributes)]));

describe('texts that differ in one thing', () => {
  const all = [1, 2, 3].flatMap((seed) => writeContrasts(Random.fromSeed(seed)));

  it('come five of every attribute of a taste, named as the taste names it', () => {
    for (const { name, label } of TASTE_ATTRIBUTES) {
      const own = all.filter(({ attribute }) => attribute === name);
      expect(own, name).toHaveLength(15);
      expect(new Set(own.map((one) => one.label))).toEqual(new Set([label]));
      expect(new Set(own.slice(0, 5).map(({ after }) => after)).size).toBe(5);
    }
  });

  it('have more of their attribute after the change, and nothing else is changed', () => {
    for (const { attribute, prompt, before, after } of all) {
      const [old, fresh] = [before, after].map((text) => valuesOf(storyAttributes(prompt, text, true)));
      const text = `${attribute}: ${before} → ${after}`;
      expect(fresh![attribute]!, text).toBeGreaterThan(old![attribute]!);
      for (const { name } of TASTE_ATTRIBUTES)
        if (name !== attribute && !ALSO_MOVES[attribute]?.includes(name))
          expect(fresh![name], `${name} of ${text}`).toBe(old![name]);
    }
  });

  it('are stories that the grammar can write, but for the side that is spoiled', () => {
    for (const { attribute, prompt, before, after } of all) {
      const [old, fresh] = [before, after].map((text) => storyAttributes(prompt, text, true));
      expect(old!.coherent, before).toBe(attribute !== 'parses');
      if (attribute !== 'repeatedBigrams') expect(fresh!.coherent, after).toBe(true);
    }
  });

  it('are the same of the same seed', () => {
    expect(writeContrasts(Random.fromSeed(7))).toEqual(writeContrasts(Random.fromSeed(7)));
  });
});

import { describe, expect, it } from 'vitest';
import { presetConfig } from '../../../src/contract/config';
import type { Wish } from '../../../src/contract/preferences';
import { Random } from '../../../src/core/tensor/random';
import { storyAttributes } from '../../../src/core/text/checker';
import { createStoryCorpus } from '../../../src/core/text/storyCorpus';
import { grants, storiesAsWished } from '../../../src/core/text/wishes';

const corpus = createStoryCorpus({ ...presetConfig('tiny').stories, stories: 50 }, 1);
const ANY: Wish = { happy: false, polite: false, short: false, animal: null };
const PROMPT = 'the fox found a kite .';
const of = (completion: string) => storyAttributes(PROMPT, completion, true);
const noWait = async () => {};

describe('a wish', () => {
  const polite = of('thank you , said the owl . he sang all day .');
  const rude = of('go away , said the owl . he said please and thank you . he was very sad .');

  it('is granted when all of it holds', () => {
    expect(polite.parses && rude.parses).toBe(true);
    expect(grants(ANY, polite)).toBe(true);
    expect(grants({ happy: true, polite: true, short: true, animal: 'owl' }, polite)).toBe(true);
    expect(grants({ ...ANY, animal: 'hen' }, polite)).toBe(false);
    expect(grants({ ...ANY, happy: true }, rude)).toBe(false);
    expect(grants({ ...ANY, polite: true }, rude), 'please does not make up for rudeness').toBe(false);
    expect(grants({ ...ANY, short: true }, rude)).toBe(false);
    expect(grants({ ...ANY, animal: 'toString' }, polite)).toBe(false);
  });

  it('is not granted by what is no story', () => {
    expect(grants(ANY, of('thank you thank you'))).toBe(false);
  });
});

describe('stories as wished', () => {
  const find = (wish: Wish, count: number, seed = 1) =>
    storiesAsWished(corpus, wish, count, Random.fromSeed(seed), noWait);

  it.each([
    ['polite and short', { ...ANY, polite: true, short: true }],
    ['happy', { ...ANY, happy: true }],
    ['about a fox', { ...ANY, animal: 'fox' }],
  ])('are all different, all %s, and the same for the same seed', async (_, wish) => {
    const stories = await find(wish, 40);
    expect(new Set(stories.map(({ prompt, completion }) => `${prompt} ${completion}`)).size).toBe(40);
    for (const { prompt, completion } of stories)
      expect(grants(wish, storyAttributes(prompt, completion, true))).toBe(true);
    expect(await find(wish, 40)).toEqual(stories);
    expect(await find(wish, 40, 2)).not.toEqual(stories);
  });

  it('are none where texts have no attributes', async () => {
    expect(await storiesAsWished({ ...corpus, kind: 'text' }, ANY, 5, Random.fromSeed(1), noWait)).toEqual([]);
  });
});

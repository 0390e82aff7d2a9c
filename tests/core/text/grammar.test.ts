import { describe, expect, it } from 'vitest';
import { presetConfig, type StoryConfig } from '../../../src/contract/config';
import { Random } from '../../../src/core/tensor/random';
import {
  matches,
  readPrompt,
  sentenceMood,
  splitSentences,
  splitWords,
  storyAttributes,
} from '../../../src/core/text/checker';
import { type Story, writeStory } from '../../../src/core/text/generator';
import { MAX_COMPLETION_WORDS, storyRates } from '../../../src/core/text/storyRates';
import { ENDINGS, MIDDLES, PROMPTS } from '../../../src/core/text/templates';
import { ANIMAL_NAMES, ANIMALS, CHOICES, MOOD_OF_WORD, OBJECTS } from '../../../src/core/text/words';
import { storyVocabulary } from '../../../src/core/text/wordTokenizer';

const SHIPPED = presetConfig('tiny').stories;

const write = (count: number, config: StoryConfig = SHIPPED, seed = 1): Story[] => {
  const random = Random.fromSeed(seed);
  const rates = storyRates(config);
  return Array.from({ length: count }, () => writeStory(random, rates));
};
const attributesOf = (story: Story) => storyAttributes(story.prompt, story.completion, true);
const mean = (values: number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
const shareOf = <T>(items: T[], holds: (item: T) => boolean): number => items.filter(holds).length / items.length;
/** four standard errors of a share, so that a fixed seed would have to be very unlucky */
const within = (share: number, count: number): number => 4 * Math.sqrt((share * (1 - share)) / count) + 1e-9;
const sentencesOf = (story: Story): string[][] => splitSentences(splitWords(story.completion));

const EXTREMES: StoryConfig[] = [
  SHIPPED,
  { ...SHIPPED, happyShare: 1, sadShare: 0, meanMiddle: 2 },
  { ...SHIPPED, happyShare: 0, sadShare: 0, meanMiddle: 0 },
  { ...SHIPPED, happyShare: 0.2, sadShare: 0.8, politeShare: 1, rudeShare: 1, meanMiddle: 2 },
  { ...SHIPPED, moodAgreement: 0, rudeShare: 0.5, meanMiddle: 1.5 },
];

describe('the words of the stories', () => {
  it('are 200 to 400, each in one list only unless it plays the same part', () => {
    const words = storyVocabulary().length - 3;
    expect(words).toBeGreaterThanOrEqual(200);
    expect(words).toBeLessThanOrEqual(400);
    const lists = Object.entries(CHOICES).filter(([name]) => !['inside', 'beside', 'place'].includes(name));
    const all = [...ANIMAL_NAMES, ...OBJECTS, ...lists.flatMap(([, list]) => [...list])];
    expect(new Set(all).size).toBe(all.length);
  });

  it('follow "a" only when they begin with a consonant', () => {
    for (const list of [
      OBJECTS,
      CHOICES.look,
      CHOICES.character,
      CHOICES.lovely,
      CHOICES.dreadful,
      CHOICES.treat,
      CHOICES.push,
    ]) {
      expect(list.filter((word) => /^[aeiou]/.test(word))).toEqual([]);
    }
  });
});

describe('the templates', () => {
  it('have prompts whose shares add up to one, one of them with two animals', () => {
    expect(PROMPTS.reduce((sum, template) => sum + template.share, 0)).toBeCloseTo(1, 12);
    expect(PROMPTS.length).toBeGreaterThanOrEqual(5);
    expect(PROMPTS.some((template) => template.heroes === 2)).toBe(true);
  });

  it('end every sentence with a full stop and hold no other', () => {
    for (const { text } of [...PROMPTS, ...MIDDLES, ...ENDINGS]) expect(text.indexOf('.'), text).toBe(text.length - 1);
  });

  it('hold several endings with two words of one mood', () => {
    const moods = ENDINGS.filter((template) => template.mood === 1).map(
      (template) =>
        template.parts.filter((part) => part.type === 'choice' && MOOD_OF_WORD.has(CHOICES[part.choice][0] ?? ''))
          .length,
    );
    expect(moods.filter((count) => count === 2).length).toBeGreaterThanOrEqual(3);
  });
});

describe('the generator', () => {
  it('writes stories that parse and are coherent, whatever the knobs', () => {
    for (const config of EXTREMES) {
      for (const story of write(500, config)) {
        const { parses, coherent } = attributesOf(story);
        expect({ ...story, parses, coherent }).toEqual({ ...story, parses: true, coherent: true });
      }
    }
  });

  it('comes to an end with dice that always fall the same way', () => {
    for (const face of [0, 0.25, 0.5, 0.75, 1 - 2 ** -24]) {
      const stuck = Object.assign(Random.fromSeed(1), { next: () => face });
      for (const config of EXTREMES) {
        const { completion } = writeStory(stuck, storyRates(config));
        expect(splitWords(completion).length).toBeLessThanOrEqual(MAX_COMPLETION_WORDS);
      }
    }
  });

  it('writes each sentence in one way only, so that a text has one derivation', () => {
    for (const config of EXTREMES) {
      for (const story of write(300, config, 2)) {
        expect(matches(PROMPTS, splitWords(story.prompt))).toHaveLength(1);
        const sentences = sentencesOf(story);
        sentences.forEach((sentence, i) => {
          const last = i === sentences.length - 1;
          expect(matches(MIDDLES, sentence), sentence.join(' ')).toHaveLength(last ? 0 : 1);
          expect(matches(ENDINGS, sentence), sentence.join(' ')).toHaveLength(last ? 1 : 0);
        });
      }
    }
  });

  it('gives each sentence the mood that its template says', () => {
    for (const story of write(1500)) {
      const sentences = sentencesOf(story);
      const ending = matches(ENDINGS, sentences.at(-1) ?? [])[0]?.template;
      expect(sentenceMood(sentences.at(-1) ?? []), ending?.text).toBe(ending?.mood);
      for (const sentence of sentences.slice(0, -1)) {
        const middle = matches(MIDDLES, sentence)[0]?.template;
        expect(sentenceMood(sentence), middle?.text).toBe(
          { happy: 1, sad: -1, neutral: 0, polite: 0, rude: 0 }[middle?.kind ?? 'neutral'],
        );
      }
    }
  });

  it('keeps completions to 23 words and prompts to 6–10', () => {
    for (const config of EXTREMES) {
      for (const story of write(300, config, 3)) {
        expect(splitWords(story.completion).length).toBeLessThanOrEqual(MAX_COMPLETION_WORDS);
        expect(splitWords(story.prompt).length).toBeGreaterThanOrEqual(6);
        expect(splitWords(story.prompt).length).toBeLessThanOrEqual(10);
      }
    }
    expect(MAX_COMPLETION_WORDS).toBe(23);
  });

  it('uses every word and every template', () => {
    const stories = write(10_000);
    const seen = new Set(stories.flatMap((story) => splitWords(`${story.prompt} ${story.completion}`)));
    expect(storyVocabulary().filter((word) => !word.startsWith('<') && !seen.has(word))).toEqual([]);
    const used = new Set(
      stories.flatMap((story) =>
        sentencesOf(story).flatMap((s) => matches([...MIDDLES, ...ENDINGS], s).map((m) => m.template)),
      ),
    );
    expect([...MIDDLES, ...ENDINGS].filter((template) => !used.has(template)).map(({ text }) => text)).toEqual([]);
  });

  it('repeats itself from the same seed and differs from another', () => {
    expect(write(20)).toEqual(write(20));
    expect(write(20)).not.toEqual(write(20, SHIPPED, 2));
  });
});

describe('the knobs', () => {
  const COUNT = 3000;
  const endings = (config: StoryConfig) => {
    const moods = write(COUNT, config, 4).map((story) => attributesOf(story).endingMood);
    return { happy: shareOf(moods, (mood) => mood === 1), sad: shareOf(moods, (mood) => mood === -1) };
  };
  const middlesOf = (story: Story) => sentencesOf(story).slice(0, -1);
  const kindsOf = (stories: Story[]) =>
    stories.flatMap((story) => middlesOf(story).map((s) => matches(MIDDLES, s)[0]!.template.kind));

  it('set the share of happy and sad endings, exactly', () => {
    for (const [happyShare, sadShare] of [
      [0.35, 0.35],
      [0.7, 0.1],
      [0, 1],
    ] as const) {
      const { happy, sad } = endings({ ...SHIPPED, happyShare, sadShare });
      expect(Math.abs(happy - happyShare)).toBeLessThanOrEqual(within(happyShare, COUNT));
      expect(Math.abs(sad - sadShare)).toBeLessThanOrEqual(within(sadShare, COUNT));
    }
  });

  it('scale shares that add up to more than one', () => {
    const { mood } = storyRates({ ...SHIPPED, happyShare: 0.9, sadShare: 0.9 });
    expect(mood).toEqual({ 1: 0.5, [-1]: 0.5, 0: 0 });
  });

  it('set the mean number of middle sentences', () => {
    for (const meanMiddle of [0, 0.3, 0.95, 1.6, 2]) {
      const measured = mean(write(3000, { ...SHIPPED, meanMiddle }, 5).map((story) => middlesOf(story).length));
      expect(Math.abs(measured - meanMiddle)).toBeLessThan(0.06);
    }
    expect(storyRates(SHIPPED).middles.map((share) => Number(share.toFixed(2)))).toEqual([0.3, 0.45, 0.25]);
  });

  it('set how many middle sentences are polite and rude', () => {
    for (const [politeShare, rudeShare] of [
      [0.14, 0.06],
      [0.4, 0.2],
      [0, 0],
    ] as const) {
      const kinds = kindsOf(write(4000, { ...SHIPPED, politeShare, rudeShare, meanMiddle: 1 }, 6));
      expect(Math.abs(shareOf(kinds, (kind) => kind === 'polite') - politeShare)).toBeLessThan(0.03);
      expect(Math.abs(shareOf(kinds, (kind) => kind === 'rude') - rudeShare)).toBeLessThan(0.03);
    }
  });

  it('make the middle of a story agree with its ending, or not', () => {
    const happyMiddles = (config: StoryConfig, mood: number) =>
      shareOf(
        kindsOf(write(COUNT, config, 7).filter((story) => attributesOf(story).endingMood === mood)),
        (kind) => kind === 'happy',
      );
    expect(happyMiddles(SHIPPED, 1)).toBeGreaterThan(0.37);
    expect(happyMiddles(SHIPPED, 1)).toBeLessThan(0.49);
    expect(happyMiddles(SHIPPED, -1)).toBeLessThan(0.09);
    const none = { ...SHIPPED, moodAgreement: 0, politeShare: 0, rudeShare: 0 };
    expect(Math.abs(happyMiddles(none, 1) - happyMiddles(none, -1))).toBeLessThan(0.06);
  });
});

describe('the checker', () => {
  const PROMPT = 'in the garden the fox found a kite .';
  const check = (completion: string, finished = true, prompt = PROMPT) => {
    const { parses, coherent } = storyAttributes(prompt, completion, finished);
    return coherent ? 'coherent' : parses ? 'parses' : 'broken';
  };

  it('accepts what the grammar writes', () => {
    expect(check('he was so happy .')).toBe('coherent');
    expect(check('the owl gave him a kiss . he danced with his friend . in the end the fox was glad .')).toBe(
      'coherent',
    );
    expect(check('they were so happy .', true, 'the fox and the owl found a kite .')).toBe('coherent');
    expect(check('in the end they were sad .', true, 'the fox and the owl found a kite .')).toBe('coherent');
  });

  it('finds the wrong hero, object, pronoun, number and friend', () => {
    expect(check('he kept the drum .')).toBe('parses');
    expect(check('she was so happy .')).toBe('parses');
    expect(check('they were so happy .')).toBe('parses');
    expect(check('in the end the owl was happy .')).toBe('parses');
    expect(check('in the end they were happy .')).toBe('parses');
    expect(check('the owl gave her a kiss . he was so happy .')).toBe('parses');
    expect(check('the fox gave him a kiss . he was so happy .')).toBe('parses');
    expect(check('he danced with his friend . he was so happy .')).toBe('parses');
    expect(check('he danced with the owl . the owl looked at the kite . he was so happy .')).toBe('parses');
    expect(check('he danced with the owl . her friend was kind and she laughed .')).toBe('parses');
    expect(check('he was so happy .', true, 'the fox and the owl found a kite .')).toBe('parses');
  });

  it('rejects what no template writes', () => {
    for (const broken of [
      '',
      '.',
      'he were so happy .',
      'they was so happy .',
      'he was so happy',
      'happy happy happy happy .',
      'he danced with the owl .',
      'he was so happy . he danced with the owl .',
      'he was so happy . he was so glad .',
      'the owl gave him a kiss . he danced with his friend . it was a lovely day . he was so happy .',
      'he was so happy . .',
      'her friend was kind and he laughed .',
    ]) {
      expect(check(broken), broken).toBe('broken');
    }
  });

  it('lets nothing parse that did not end', () => {
    expect(check('he was so happy .', false)).toBe('broken');
  });

  it('calls nothing coherent after a prompt that the grammar does not write', () => {
    expect(check('he was so happy .', true, 'hello there .')).toBe('parses');
    expect(readPrompt('the fox and the fox found a kite .')).toBeNull();
  });

  it('notices a single changed word almost always', () => {
    const random = Random.fromSeed(8);
    const vocabulary = storyVocabulary().slice(3);
    const noticed = write(1500, SHIPPED, 9).map((story) => {
      const words = splitWords(story.completion);
      const at = random.integer(words.length);
      const swapped = words.map((word, i) => (i === at ? random.pick(vocabulary) : word));
      return !storyAttributes(story.prompt, swapped.join(' '), true).coherent;
    });
    expect(shareOf(noticed, Boolean)).toBeGreaterThan(0.95);
  });

  it('counts moods, manners, mentions, words and repetition', () => {
    expect(
      storyAttributes(
        PROMPT,
        'please show me the kite , said the owl . go away , said his friend . he was happy and laughed all day .',
        true,
      ),
    ).toMatchObject({ endingMood: 1, middleMood: 0, politeWords: 1, rudeWords: 1, length: 25, mentions: { owl: 1 } });
    expect(
      storyAttributes(
        PROMPT,
        'he said please and thank you . it was a lovely day . the owl was cruel and he cried .',
        true,
      ),
    ).toMatchObject({
      endingMood: -1,
      middleMood: 1,
      politeWords: 2,
      rudeWords: 0,
    });
    expect(
      storyAttributes(
        PROMPT,
        'what a silly kite , said the hen . be quiet , said his friend . he kept the kite .',
        true,
      ),
    ).toMatchObject({
      rudeWords: 2,
      mentions: { hen: 1 },
    });
    expect(storyAttributes(PROMPT, 'happy happy happy happy', false)).toMatchObject({
      repeatedBigrams: 2,
      endingMood: 1,
      length: 4,
    });
  });

  it('knows the pronoun of every animal', () => {
    for (const [animal, pronoun] of Object.entries(ANIMALS)) {
      const prompt = `in the garden the ${animal} found a kite .`;
      expect(check(`${pronoun} kept the kite .`, true, prompt)).toBe('coherent');
      expect(check(`${pronoun === 'he' ? 'she' : 'he'} kept the kite .`, true, prompt)).toBe('parses');
    }
  });
});

/**
 * Writes micro-stories: who got what | what happened next, and how it ended.
 *   "the sleepy owl found a red kite . | the mouse admired the kite . she was glad and sang all day ."
 * Words are separated by single spaces; "." and "," are words.
 */
import { append } from '../../contract/many';
import type { Random } from '../tensor/random';
import { MAX_COMPLETION_WORDS, MIDDLE_KINDS, MOODS, type StoryRates } from './storyRates';
import { ENDINGS, MIDDLES, type MiddleTemplate, type Mood, type Part, PROMPTS, type Template } from './templates';
import { ANIMAL_NAMES, ANIMALS, CHOICES, OBJECTS, type Pronoun } from './words';

/** What a prompt fixes for the rest of its story. */
export interface Scene {
  heroes: string[];
  pronoun: Pronoun;
  object: string;
}

export interface Story {
  prompt: string;
  completion: string;
}

export const pronounOf = (heroes: readonly string[]): Pronoun =>
  heroes.length > 1 ? 'they' : (ANIMALS[heroes[0] ?? ''] ?? 'he');
export const OBJECT_PRONOUN: Record<Pronoun, string> = { he: 'him', she: 'her', they: 'them' };
export const POSSESSIVE: Record<Pronoun, string> = { he: 'his', she: 'her', they: 'their' };
export const wasOf = (pronoun: Pronoun): string => (pronoun === 'they' ? 'were' : 'was');
/** words that name the heroes again; two of them are "they" */
export const heroWords = (scene: Scene): string[] =>
  scene.pronoun === 'they' ? ['they'] : ['the', scene.heroes[0] ?? ''];

export const MIDDLES_OF_KIND = Object.fromEntries(
  MIDDLE_KINDS.map((kind) => [kind, MIDDLES.filter((template) => template.kind === kind)]),
) as Record<MiddleTemplate['kind'], MiddleTemplate[]>;
export const ENDINGS_OF_MOOD: Record<Mood, Template[]> = {
  1: ENDINGS.filter((template) => template.mood === 1),
  [-1]: ENDINGS.filter((template) => template.mood === -1),
  0: ENDINGS.filter((template) => template.mood === 0),
};

/** @returns index drawn with these probabilities, which add up to 1 */
const drawIndex = (random: Random, probabilities: readonly number[]): number => {
  let left = random.next();
  for (const [i, probability] of probabilities.entries()) {
    left -= probability;
    if (left < 0) return i;
  }
  return probabilities.findLastIndex((probability) => probability > 0); // rounding only
};

/** Binds a story's slots as it is written. */
class Writer {
  constructor(
    private readonly random: Random,
    private readonly scene: Scene,
    private readonly named = { friend: false },
  ) {}

  sentence(template: Template): string[] {
    const words: string[] = [];
    for (const part of template.parts) {
      if (part.type === 'word') words.push(part.word);
      else append(words, this.words(part));
    }
    return words;
  }

  private words(part: Exclude<Part, { type: 'word' }>): string[] {
    if (part.type === 'choice') return [this.random.pick(CHOICES[part.choice])];
    const { heroes, pronoun, object } = this.scene;
    switch (part.slot) {
      case 'animal':
        return [heroes[0] ?? ''];
      case 'partner':
        return [heroes[1] ?? ''];
      case 'object':
        return [object];
      case 'he':
        return [pronoun];
      case 'him':
        return [OBJECT_PRONOUN[pronoun]];
      case 'was':
        return [wasOf(pronoun)];
      case 'hero':
        return heroWords(this.scene);
      case 'friend':
        if (this.named.friend) return [POSSESSIVE[pronoun], 'friend'];
        this.named.friend = true;
        return ['the', this.random.pick(ANIMAL_NAMES.filter((animal) => !heroes.includes(animal)))];
    }
  }
}

const PROMPT_SHARES = PROMPTS.map(({ share }) => share);

/** @returns a prompt and what it fixes */
export function writePrompt(random: Random): { prompt: string; scene: Scene } {
  const template = PROMPTS[drawIndex(random, PROMPT_SHARES)] as (typeof PROMPTS)[number];
  const first = random.pick(ANIMAL_NAMES);
  const heroes =
    template.heroes === 1 ? [first] : [first, random.pick(ANIMAL_NAMES.filter((animal) => animal !== first))];
  const scene: Scene = { heroes, pronoun: pronounOf(heroes), object: random.pick(OBJECTS) };
  return { prompt: new Writer(random, scene).sentence(template).join(' '), scene };
}

const writeSentences = (random: Random, rates: StoryRates, scene: Scene, mood: Mood, middles: number): string[] => {
  const writer = new Writer(random, scene);
  const kinds = MIDDLE_KINDS.map((kind) => rates.kind[mood][kind]);
  const words: string[] = [];
  for (let i = 0; i < middles; i++) {
    const kind = MIDDLE_KINDS[drawIndex(random, kinds)] ?? 'neutral';
    append(words, writer.sentence(random.pick(MIDDLES_OF_KIND[kind])));
  }
  append(words, writer.sentence(random.pick(ENDINGS_OF_MOOD[mood])));
  return words;
};

/**
 * Sentences after templates of one's own choice.
 * @param randomOf chooses the words of one sentence; 0 is the last
 */
export function fillTemplates(
  randomOf: (fromEnd: number) => Random,
  scene: Scene,
  templates: readonly Template[],
): string {
  const named = { friend: false };
  return templates
    .flatMap((template, i) => new Writer(randomOf(templates.length - 1 - i), scene, named).sentence(template))
    .join(' ');
}

/** draws of sentences for one completion: with the shipped templates one in a few fits */
const MOST_DRAWS = 1000;

/**
 * Mood and number of sentences are drawn once; the sentences again and again until they fit, so the shares stay as
 * asked for.
 */
export function writeCompletion(random: Random, rates: StoryRates, scene: Scene): string {
  const mood =
    MOODS[
      drawIndex(
        random,
        MOODS.map((m) => rates.mood[m]),
      )
    ] ?? 0;
  const middles = drawIndex(random, rates.middles);
  for (let draw = 0; draw < MOST_DRAWS; draw++) {
    const words = writeSentences(random, rates, scene, mood, middles);
    if (words.length <= MAX_COMPLETION_WORDS) return words.join(' ');
  }
  return writeSentences(random, rates, scene, mood, 0).join(' '); // an ending alone always fits
}

export function writeStory(random: Random, rates: StoryRates): Story {
  const { prompt, scene } = writePrompt(random);
  return { prompt, completion: writeCompletion(random, rates, scene) };
}

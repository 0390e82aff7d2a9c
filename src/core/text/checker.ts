/**
 * Reads a text back with the templates it may have been written with.
 *   parses    the completion is 0–2 middle sentences and one ending, each as the grammar could write it, and it ended
 *   coherent  it parses; hero, object, pronoun and number are the prompt's; a further animal is named once, first
 * A coherent completion is exactly one that the generator can write after this prompt.
 */
import type { StoryAttributes } from '../../contract/domain';
import { heroWords, OBJECT_PRONOUN, POSSESSIVE, pronounOf, type Scene, wasOf } from './generator';
import { MAX_COMPLETION_WORDS } from './storyRates';
import { type BoundSlot, ENDINGS, MIDDLES, type Part, PROMPTS, type PromptTemplate, type Template } from './templates';
import { ANIMAL_NAMES, CHOICES, MOOD_OF_WORD, OBJECTS, type Pronoun } from './words';

/** What the bound slots of one sentence hold; a slot that does not occur is absent. */
export interface Binding {
  pronoun?: Pronoun;
  /** 'they' or an animal */
  hero?: string;
  animal?: string;
  partner?: string;
  /** an animal, or 'friend' where one named before is meant */
  friend?: string;
  object?: string;
}

const PRONOUNS: readonly Pronoun[] = ['he', 'she', 'they'];
const animalSet = new Set(ANIMAL_NAMES);
const objectSet = new Set(OBJECTS);
const choiceSets = Object.fromEntries(Object.entries(CHOICES).map(([name, words]) => [name, new Set<string>(words)]));

/** @returns false when the slot already holds something else */
const bind = <K extends keyof Binding>(binding: Binding, key: K, value: Binding[K]): boolean => {
  if (binding[key] !== undefined) return binding[key] === value;
  binding[key] = value;
  return true;
};

const bindPronoun = (binding: Binding, fits: (pronoun: Pronoun) => boolean): boolean => {
  const found = PRONOUNS.find(fits);
  return found !== undefined && bind(binding, 'pronoun', found);
};

/** "was" and "were" tell one hero from two; which one must fit the sentence's subject, which stands before it. */
const fitsNumber = (binding: Binding, word: string): boolean =>
  word === wasOf(binding.hero === 'they' ? 'they' : (binding.pronoun ?? 'he'));

/** "the owl", or "his friend" */
function bindFriend(words: readonly string[], at: number, binding: Binding): boolean {
  const [article = '', noun = ''] = words.slice(at, at + 2);
  if (article === 'the') return animalSet.has(noun) && bind(binding, 'friend', noun);
  return (
    noun === 'friend' &&
    bindPronoun(binding, (pronoun) => POSSESSIVE[pronoun] === article) &&
    bind(binding, 'friend', 'friend')
  );
}

/** @returns words used, 0 when the slot cannot hold what stands at `at` */
function bindSlot(slot: BoundSlot, words: readonly string[], at: number, binding: Binding): number {
  const word = words[at] ?? '';
  switch (slot) {
    case 'he':
      return bindPronoun(binding, (pronoun) => pronoun === word) ? 1 : 0;
    case 'him':
      return bindPronoun(binding, (pronoun) => OBJECT_PRONOUN[pronoun] === word) ? 1 : 0;
    case 'was':
      return fitsNumber(binding, word) ? 1 : 0;
    case 'hero': {
      if (word === 'they') return bind(binding, 'hero', 'they') ? 1 : 0;
      const animal = words[at + 1] ?? '';
      return word === 'the' && animalSet.has(animal) && bind(binding, 'hero', animal) ? 2 : 0;
    }
    case 'friend':
      return bindFriend(words, at, binding) ? 2 : 0;
    case 'object':
      return objectSet.has(word) && bind(binding, 'object', word) ? 1 : 0;
    default:
      return animalSet.has(word) && bind(binding, slot, word) ? 1 : 0;
  }
}

const partWidth = (part: Part, words: readonly string[], at: number, binding: Binding): number => {
  if (part.type === 'word') return words[at] === part.word ? 1 : 0;
  if (part.type === 'choice') return choiceSets[part.choice]?.has(words[at] ?? '') ? 1 : 0;
  return bindSlot(part.slot, words, at, binding);
};

/** @returns what the slots hold, null when the sentence was not written with this template */
export function matchTemplate(template: Template, words: readonly string[]): Binding | null {
  if (words.length < template.parts.length) return null;
  const binding: Binding = {};
  let at = 0;
  for (const part of template.parts) {
    const width = partWidth(part, words, at, binding);
    if (width === 0) return null;
    at += width;
  }
  return at === words.length ? binding : null;
}

export interface Match<T extends Template> {
  template: T;
  binding: Binding;
}
/** @returns every template that fits, in their order; the grammar is built so that a sentence has at most one */
export function matches<T extends Template>(templates: readonly T[], words: readonly string[]): Match<T>[] {
  return templates.flatMap((template) => {
    const binding = matchTemplate(template, words);
    return binding ? [{ template, binding }] : [];
  });
}

export const splitWords = (text: string): string[] => text.split(' ').filter((word) => word !== '');

/** @returns sentences with their full stop; what follows the last full stop is a sentence without one */
export function splitSentences(words: readonly string[]): string[][] {
  const sentences: string[][] = [];
  let start = 0;
  words.forEach((word, i) => {
    if (word !== '.') return;
    sentences.push(words.slice(start, i + 1));
    start = i + 1;
  });
  if (start < words.length) sentences.push(words.slice(start));
  return sentences;
}

/** @returns what the prompt fixes, null when the grammar does not write such prompts */
export function readPrompt(prompt: string): { template: PromptTemplate; scene: Scene } | null {
  const match = matches(PROMPTS, splitWords(prompt))[0];
  const animal = match?.binding.animal;
  if (!match || !animal || match.binding.partner === animal) return null;
  const heroes = match.binding.partner ? [animal, match.binding.partner] : [animal];
  return {
    template: match.template,
    scene: { heroes, pronoun: pronounOf(heroes), object: match.binding.object ?? '' },
  };
}

/** @returns bindings of the sentences, the ending's last; null when the completion does not parse */
export function readCompletion(words: readonly string[]): Binding[] | null {
  if (words.length > MAX_COMPLETION_WORDS) return null;
  const sentences = splitSentences(words);
  if (sentences.length < 1 || sentences.length > 3) return null;
  const bindings = sentences.map(
    (sentence, i) => matches<Template>(i === sentences.length - 1 ? ENDINGS : MIDDLES, sentence)[0]?.binding,
  );
  return bindings.every((binding) => binding !== undefined) ? bindings : null;
}

const agrees = (binding: Binding, scene: Scene): boolean =>
  (binding.pronoun ?? scene.pronoun) === scene.pronoun &&
  (binding.object ?? scene.object) === scene.object &&
  (binding.hero ?? heroWords(scene).at(-1)) === heroWords(scene).at(-1) &&
  !scene.heroes.includes(binding.friend ?? '');

const isCoherent = (prompt: string, bindings: readonly Binding[]): boolean => {
  const read = readPrompt(prompt);
  if (!read) return false;
  const friends = bindings.flatMap((binding) => binding.friend ?? []);
  const namedOnceFirst = friends.every((friend, i) => (friend === 'friend') === i > 0);
  return namedOnceFirst && bindings.every((binding) => agrees(binding, read.scene));
};

/** Sign of joyful words minus sorrowful ones. Of a sentence of the grammar this is its template's mood. */
export function sentenceMood(words: readonly string[]): -1 | 0 | 1 {
  const sum = words.reduce((total, word) => total + (MOOD_OF_WORD.get(word) ?? 0), 0);
  return sum > 0 ? 1 : sum < 0 ? -1 : 0;
}

const countPairs = (words: readonly string[], first: string, second: string): number =>
  words.filter((word, i) => word === first && words[i + 1] === second).length;

/** "please" and "thank you" */
const politeWords = (words: readonly string[]): number =>
  words.filter((word) => word === 'please').length + countPairs(words, 'thank', 'you');
/** "go away", "be quiet" and "silly" */
const rudeWords = (words: readonly string[]): number =>
  words.filter((word) => word === 'silly').length + countPairs(words, 'go', 'away') + countPairs(words, 'be', 'quiet');

const repeatedBigrams = (words: readonly string[]): number => {
  const bigrams = words.slice(1).map((word, i) => `${words[i]} ${word}`);
  return bigrams.length - new Set(bigrams).size;
};

const mentions = (words: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const word of words) if (animalSet.has(word)) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
};

/**
 * Everything that can be computed from the text alone; works for any text, also one that does not parse.
 * @param finished the completion ended with <eos>; without it nothing parses
 */
export function storyAttributes(prompt: string, completion: string, finished: boolean): StoryAttributes {
  const words = splitWords(completion);
  const sentences = splitSentences(words);
  const bindings = finished ? readCompletion(words) : null;
  const middleMood = sentences.slice(0, -1).reduce((sum, sentence) => sum + sentenceMood(sentence), 0);
  return {
    parses: bindings !== null,
    coherent: bindings !== null && isCoherent(prompt, bindings),
    endingMood: sentenceMood(sentences.at(-1) ?? []),
    middleMood: Math.min(2, Math.max(-2, middleMood)),
    politeWords: politeWords(words),
    rudeWords: rudeWords(words),
    length: words.length,
    repeatedBigrams: repeatedBigrams(words),
    mentions: mentions(words),
  };
}

/** A handful of stories that the scripted client serves. Same seed, same story: nothing here is random. */
import type { StoryAttributes, TextSample, TokenView } from '../../../src/contract/domain';
import type { CandidateSet, Rater, Wish } from '../../../src/contract/preferences';

export const ANIMALS = ['fox', 'owl', 'otter', 'bear'];

const PLACES = ['in the forest', 'by the river', 'at noon', 'in the cave'];
const GETS = ['found a warm lamp', 'bought a red kite', 'got a small boat', 'found an old drum'];
const MIDDLES: readonly { words: string; mood: -1 | 0 | 1 }[] = [
  { words: 'it was a lovely day .', mood: 1 },
  { words: 'the rain was cold .', mood: -1 },
  { words: 'the wind moved the leaves .', mood: 0 },
  { words: 'thank you , said the owl .', mood: 1 },
];
const ENDINGS: readonly { words: string; mood: -1 | 0 | 1 }[] = [
  { words: 'it was glad and sang all day .', mood: 1 },
  { words: 'it was sad and cried .', mood: -1 },
  { words: 'it went home .', mood: 0 },
  { words: 'it laughed with the owl .', mood: 1 },
  { words: 'it lost its hat and moaned .', mood: -1 },
];
const SPECIALS = ['<pad>', '<bos>', '<eos>'];

/** FNV-1a, finished with one multiply; uniform enough for scripted numbers */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return (value ^ (value >>> 13)) >>> 0;
}

/** in [0, 1), the same for the same purpose */
export const unit = (purpose: string): number => hash(purpose) / 2 ** 32;

const pick = <T>(items: readonly T[], purpose: string): T => items[hash(purpose) % items.length] as T;

export const words = (text: string): string[] => text.split(/\s+/).filter((word) => word.length > 0);

export function prompt(purpose: string): string {
  return `${pick(PLACES, `place ${purpose}`)} the ${pick(ANIMALS, `animal ${purpose}`)} ${pick(GETS, `get ${purpose}`)} .`;
}

/** @param joy 0–1, how often an ending is a happy one */
export function completion(purpose: string, joy = 0.4): string {
  const happy = unit(`joy ${purpose}`) < joy;
  const ending = pick(happy ? ENDINGS.filter((one) => one.mood === 1) : ENDINGS, `ending ${purpose}`).words;
  return unit(`middle ${purpose}`) < 0.5 ? `${pick(MIDDLES, `which ${purpose}`).words} ${ending}` : ending;
}

export function attributes(text: string): StoryAttributes {
  const ending = ENDINGS.find((one) => text.endsWith(one.words));
  const middle = MIDDLES.find((one) => text.startsWith(one.words));
  const all = words(text);
  return {
    parses: ending !== undefined,
    coherent: ending !== undefined,
    endingMood: ending?.mood ?? 0,
    middleMood: middle?.mood ?? 0,
    politeWords: text.includes('thank you') ? 1 : 0,
    rudeWords: 0,
    length: all.length,
    repeatedBigrams: 0,
    mentions: Object.fromEntries(ANIMALS.map((animal) => [animal, all.filter((word) => word === animal).length])),
  };
}

/** whether a completion is as wished */
export function grants({ happy, polite, short, animal }: Wish, text: string): boolean {
  const of = attributes(text);
  if (!of.parses || (happy && of.endingMood !== 1) || (polite && of.politeWords === 0)) return false;
  return (!short || of.length <= SHORT) && (animal === null || (of.mentions[animal] ?? 0) > 0);
}
const SHORT = 13;
/** stories looked at before a rare wish is given up */
const LOOKED_AT = 2000;

/** different stories as wished; fewer than `count` when they are rare */
export function asWished(wish: Wish, seed: number, count: number): { prompt: string; completion: string }[] {
  const found = new Map<string, { prompt: string; completion: string }>();
  for (let i = 0; i < LOOKED_AT && found.size < count; i++) {
    const [ending, middle] = [
      ENDINGS[i % ENDINGS.length],
      MIDDLES[Math.floor(i / ENDINGS.length) % (MIDDLES.length + 1)],
    ];
    const story = { prompt: prompt(`wish ${seed} ${i}`), completion: `${middle?.words ?? ''} ${ending?.words}`.trim() };
    if (grants(wish, story.completion)) found.set(JSON.stringify(story), story);
  }
  return [...found.values()];
}

/** how many liked words less disliked ones it has */
function ownGold({ taste }: Rater, text: string): number {
  const has = (phrases: readonly string[] = []) => phrases.filter((phrase) => text.includes(phrase)).length;
  return has(taste?.liked) - has(taste?.disliked);
}

/** what the rater thinks of a text, graded */
export function gold(rater: Rater, text: string): number {
  const of = attributes(text);
  const byName: Record<Rater['name'], number> = {
    happy: of.endingMood + 0.25 * of.middleMood,
    sad: -(of.endingMood + 0.25 * of.middleMood),
    short: (10 - of.length) / 5,
    polite: of.politeWords,
    mixed: of.endingMood + 0.6 * of.politeWords - (of.length - 10) / 12,
    animal: of.mentions[rater.animal ?? 'fox'] ?? 0,
    own: ownGold(rater, text),
  };
  return byName[rater.name] - (of.parses || rater.name === 'own' ? 0 : 2);
}

export function samples(count: number, seed: number, stories: boolean): TextSample[] {
  return Array.from({ length: count }, (_, i) => {
    const text = completion(`sample ${seed} ${i}`);
    return {
      prompt: prompt(`sample ${seed} ${i}`),
      completion: text,
      attributes: stories ? attributes(text) : null,
      ...(!stories && { heldOut: i === 0 }),
    };
  });
}

/** same prompt, two different completions */
export function pair(policyId: string, seed: number, index: number): CandidateSet & { completions: [string, string] } {
  const purpose = `pair ${policyId} ${seed} ${index}`;
  const first = completion(purpose);
  let second = completion(`${purpose} other`);
  for (let redraw = 0; second === first; redraw++) second = completion(`${purpose} other ${redraw}`);
  return { setId: `${policyId}-${seed}-${index}`, prompt: prompt(purpose), completions: [first, second], policyId };
}

/** same prompt, K different completions */
export function candidates(policyId: string, size: number, seed: number, index: number): CandidateSet {
  const purpose = `set ${policyId} ${seed} ${index}`;
  const different = new Set<string>();
  for (let draw = 0; different.size < size; draw++) different.add(completion(`${purpose} ${draw}`));
  return {
    setId: `${policyId}-${size}-${seed}-${index}`,
    prompt: prompt(purpose),
    completions: [...different],
    policyId,
  };
}

const VOCABULARY = [
  ...SPECIALS,
  ...new Set(
    words(
      [...PLACES, ...ANIMALS, ...GETS, ...MIDDLES.map((m) => m.words), ...ENDINGS.map((e) => e.words), 'the . ,'].join(
        ' ',
      ),
    ),
  ),
];
export const VOCAB_SIZE = VOCABULARY.length;
export const tokenId = (word: string): number => VOCABULARY.indexOf(word);
export const tokenText = (id: number): string => VOCABULARY[id] ?? '<pad>';

/** @param pieces stories are cut at spaces, own text into characters */
export const tokens = (text: string, pieces: 'words' | 'characters'): TokenView[] =>
  (pieces === 'words' ? words(text) : [...text]).map((piece) => ({
    id: pieces === 'words' ? Math.max(0, tokenId(piece)) : (piece.codePointAt(0) ?? 0) % 64,
    text: piece,
  }));

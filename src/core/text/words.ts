/**
 * The words of the micro-stories. Every list fills one kind of slot in `templates.ts`; where a list is chosen from,
 * each of its words is as likely as the next. Words that carry a mood appear in no other role, so the mood of a
 * sentence can be read off it.
 */

export type Pronoun = 'he' | 'she' | 'they';

/** Fixed, so that a pronoun can be right or wrong. */
export const ANIMALS: Readonly<Record<string, 'he' | 'she'>> = {
  fox: 'he',
  bear: 'he',
  badger: 'he',
  frog: 'he',
  wolf: 'he',
  goat: 'he',
  crow: 'he',
  beaver: 'he',
  owl: 'she',
  hen: 'she',
  duck: 'she',
  mouse: 'she',
  otter: 'she',
  squirrel: 'she',
  robin: 'she',
  rabbit: 'she',
};
export const ANIMAL_NAMES: readonly string[] = Object.keys(ANIMALS);

/** Objects follow "a", so they begin with a consonant, as do the adjectives before them. */
export const OBJECTS: readonly string[] =
  'kite lamp drum boat ball book key bell hat scarf cup basket blanket shell stone feather ribbon button pear plum cake pie map flute coin lantern pillow teapot wagon brush'.split(
    ' ',
  );

const INSIDE = 'garden forest meadow barn kitchen village valley orchard'.split(' ');
const BESIDE = 'river lake pond sea'.split(' ');

/** Slots that any word of the list may fill. */
export const CHOICES = {
  character: 'little young clever brave shy sleepy hungry gentle busy tall quick fluffy'.split(' '),
  look: 'red blue green yellow golden tiny shiny round big pretty'.split(' '),
  got: 'found bought got borrowed chose won made brought'.split(' '),
  weather: 'sunny rainy windy snowy foggy cloudy warm cold'.split(' '),
  day: 'morning afternoon evening night day'.split(' '),
  inside: INSIDE,
  beside: BESIDE,
  place: [...INSIDE, ...BESIDE],
  surface: 'table chair shelf bed log rock grass step'.split(' '),
  very: 'very so really truly'.split(' '),
  rested: 'rested slept read waited worked'.split(' '),

  happy: 'happy glad merry proud cheerful joyful jolly content'.split(' '),
  laughed: 'laughed smiled sang danced giggled cheered'.split(' '),
  lovely: 'lovely wonderful perfect splendid delightful'.split(' '),
  kind: 'kind friendly helpful nice'.split(' '),
  admired: 'admired praised liked cherished'.split(' '),
  loved: 'loved adored treasured'.split(' '),
  treat: 'kiss gift treat flower'.split(' '),
  hugged: 'hugged thanked embraced'.split(' '),

  sad: 'sad lonely upset gloomy miserable unhappy hurt heartbroken'.split(' '),
  cried: 'cried wept sobbed sighed sulked moaned'.split(' '),
  dreadful: 'bitter terrible dreadful horrible rotten'.split(' '),
  mean: 'mean cruel nasty unkind'.split(' '),
  kicked: 'kicked ruined spoiled scratched'.split(' '),
  hated: 'hated feared cursed'.split(' '),
  push: 'push slap scare bruise'.split(' '),
  blamed: 'blamed left scolded'.split(' '),
  argued: 'argued fought quarrelled'.split(' '),
  mud: 'mud ditch puddle dust'.split(' '),
} as const satisfies Record<string, readonly string[]>;
export type Choice = keyof typeof CHOICES;

const HAPPY_LISTS: readonly Choice[] = ['happy', 'laughed', 'lovely', 'kind', 'admired', 'loved', 'treat', 'hugged'];
const SAD_LISTS: readonly Choice[] = [
  'sad',
  'cried',
  'dreadful',
  'mean',
  'kicked',
  'hated',
  'push',
  'argued',
  'blamed',
];
const moodEntries = (lists: readonly Choice[], mood: 1 | -1) =>
  lists.flatMap((list) => CHOICES[list].map((word): [string, 1 | -1] => [word, mood]));

/** +1 for words of joy, −1 for words of sorrow; every other word has no entry. */
export const MOOD_OF_WORD: ReadonlyMap<string, 1 | -1> = new Map([
  ...moodEntries(HAPPY_LISTS, 1),
  ...moodEntries(SAD_LISTS, -1),
  ['dropped', -1],
]);

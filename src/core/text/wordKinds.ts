/** What the grammar knows of a word by itself. Little words that only hold a sentence together are of no kind. */
import type { WordKind } from '../../contract/inside';
import { ANIMAL_NAMES, CHOICES, type Choice, MOOD_OF_WORD, OBJECTS } from './words';

const PERSONS = 'he she they him her them his their was were'.split(' ');
const LOOKS: readonly Choice[] = ['character', 'look'];
const PLACES: readonly Choice[] = ['weather', 'day', 'inside', 'beside', 'surface', 'mud'];

const all = (words: readonly string[], kind: WordKind) => words.map((word): [string, WordKind] => [word, kind]);
const listed = (lists: readonly Choice[]): string[] => lists.flatMap((list) => [...CHOICES[list]]);

export const KIND_OF_WORD: ReadonlyMap<string, WordKind> = new Map([
  ...all([...ANIMAL_NAMES, 'friend'], 'animal'),
  ...all(OBJECTS, 'thing'),
  ...[...MOOD_OF_WORD].map(([word, mood]): [string, WordKind] => [word, mood === 1 ? 'joy' : 'sorrow']),
  ...all(PERSONS, 'person'),
  ...all(listed(LOOKS), 'look'),
  ...all(listed(PLACES), 'place'),
]);

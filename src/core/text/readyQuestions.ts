/** Questions to begin with: a few that the grammar can answer, then some about the words that a visitor has typed. */
import type { Analogy } from '../../contract/inside';
import { ANALOGIES } from './analogies';

export const READY_QUESTIONS: readonly Analogy[] = [
  { from: 'he', to: 'she', base: 'his' },
  { from: 'he', to: 'they', base: 'was' },
  { from: 'kind', to: 'cruel', base: 'hugged' },
  { from: 'happy', to: 'sad', base: 'smiled' },
];

/** so many of the visitor's own text */
const OF_THE_TEXT = 3;
/** what a word becomes in English: one and many, now and then */
const ENDINGS = ['s', 'ed', 'ing', 'ly'];

const keyOf = ({ from, to, base }: Analogy): string => `${from} ${to} ${base}`;

/** one question about each word of the text that the grammar asks about */
function aboutText(text: readonly string[]): Analogy[] {
  return [...new Set(text)]
    .flatMap((word) => {
      const own = ANALOGIES.filter(({ base }) => base === word);
      return own[Math.floor(own.length / 2)] ?? [];
    })
    .slice(0, OF_THE_TEXT);
}

/** @param words of the model; @returns what the grammar can ask, the same questions first for everyone */
export function storyQuestions(words: readonly string[], text: readonly string[]): Analogy[] {
  const known = new Set(words);
  const all = [...READY_QUESTIONS, ...aboutText(text)].map(({ from, to, base }) => ({ from, to, base }));
  const found = new Map(all.map((question) => [keyOf(question), question]));
  return [...found.values()].filter(({ from, to, base }) => [from, to, base].every((word) => known.has(word)));
}

/**
 * Of the visitor's own text nothing is known but its letters: word : words = other : ?, where all are tokens.
 * @param text its tokens, whose words are asked about first
 */
export function textQuestions(words: readonly string[], text: readonly string[]): Analogy[] {
  const known = new Set(words);
  const order = [...new Set([...text.filter((word) => known.has(word)), ...words])];
  return ENDINGS.flatMap((ending) => {
    const pairs = order.filter((word) => /\p{L}{3}$/u.test(word) && known.has(word + ending));
    const [base, from] = pairs;
    return base !== undefined && from !== undefined ? [{ from, to: from + ending, base }] : [];
  }).slice(0, OF_THE_TEXT);
}

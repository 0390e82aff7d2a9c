/**
 * A rater of the visitor's own: what a text is worth by a taste that was said in words. It reads the text as it is, so it
 * judges any corpus; what each part found and what that earned stay apart, and the score is their sum.
 */
import { LabError } from '../../contract/errors';
import { type OwnTaste, partsAsked, partsSaid, type TastedText, type TastePart } from '../../contract/ownTaste';
import type { Rater } from '../../contract/preferences';
import { type Pattern, readPattern } from './pattern';

export interface ReadText {
  /** the sign right before the completion; '' where a space stands between */
  before: string;
  completion: string;
  /** by itself; true where texts have no end of their own */
  finished: boolean;
}

/** a phrase counts so often at most, so that saying it again and again earns no more */
const MOST_COUNTED = 2;
const WORST_LENGTH = -2;

const WORDS = /[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/gu;
const wordsOf = (text: string): string[] => text.toLowerCase().match(WORDS) ?? [];

/** as it is compared: small letters, single spaces, none before a mark */
const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/ ([.,!?;:])/g, '$1');

/** signs of scripts that part words by spaces */
const IN_WORD = /^(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{M}\p{N}]$/u;
const isInWord = (sign: string | undefined): boolean => sign !== undefined && IN_WORD.test(sign);
const lastSign = (text: string): string | undefined => [...text.slice(-2)].at(-1);
const firstSign = (text: string): string | undefined => [...text.slice(0, 2)][0];

/** @returns how often a phrase stands in the text from there on, as whole words, `MOST_COUNTED` at most */
function timesIn(text: string, from: number, said: string): number {
  const phrase = plain(said).trim();
  if (phrase === '') return 0;
  const [first, last] = [isInWord(firstSign(phrase)), isInWord(lastSign(phrase))];
  let count = 0;
  for (let at = text.indexOf(phrase, from); at >= 0 && count < MOST_COUNTED; at = text.indexOf(phrase, at + 1)) {
    const [left, right] = [lastSign(text.slice(Math.max(0, at - 2), at)), firstSign(text.slice(at + phrase.length))];
    if (!(first && isInWord(left)) && !(last && isInWord(right))) count++;
  }
  return count;
}

const countPhrases = (phrases: readonly string[], { before, completion }: ReadText): number => {
  const text = plain(before + completion);
  return phrases.reduce((sum, phrase) => sum + timesIn(text, before.length, phrase), 0);
};

function repeatedShare({ completion }: ReadText): number {
  const words = wordsOf(completion);
  const pairs = words.slice(1).map((word, i) => `${words[i]} ${word}`);
  return pairs.length === 0 ? 0 : 1 - new Set(pairs).size / pairs.length;
}

const SENTENCE_END = /[.!?…。！？]["'”’»)\]]*$/u;
const endsProperly = ({ completion, finished }: ReadText): boolean =>
  finished && SENTENCE_END.test(completion.trimEnd());

/** the last few, for a batch asks the same one again and again */
const known = new Map<string, Pattern>();
const KEPT = 8;

/** @throws LabError('run/missingInput') that says why it cannot be used */
function patternOf(source: string): Pattern {
  const pattern = known.get(source) ?? readPattern(source);
  if ('trouble' in pattern) throw new LabError('run/missingInput', `Your own rater: ${pattern.trouble}`);
  if (!known.has(source) && known.size >= KEPT) known.clear();
  known.set(source, pattern);
  return pattern;
}

/** what a text has of each part, before its weight */
const FOUND: Record<TastePart, (taste: OwnTaste, text: ReadText) => number> = {
  liked: ({ liked }, text) => countPhrases(liked, text),
  disliked: ({ disliked }, text) => 0 - countPhrases(disliked, text),
  length: ({ length }, { completion }) =>
    Math.max(WORST_LENGTH, -Math.abs(wordsOf(completion).length - length) / length),
  repetition: (_, text) => 0 - repeatedShare(text),
  ends: (_, text) => (endsProperly(text) ? 1 : 0),
  pattern: ({ pattern }, { completion }) => (patternOf(pattern).isIn(completion) ? 1 : 0),
};

/** @throws LabError('run/missingInput') where the regular expression cannot be used */
export function tasteText(taste: OwnTaste, text: ReadText): TastedText {
  const parts = partsAsked(taste).map((part) => {
    const found = FOUND[part](taste, text);
    return { part, found, points: taste.weights[part] * found };
  });
  return { score: parts.reduce((sum, { points }) => sum + points, 0), parts };
}

/** @returns the gold score by an own rater; null where it says nothing */
export const ownGold = ({ taste }: Rater, text: ReadText): number | null =>
  taste && partsAsked(taste).length > 0 ? tasteText(taste, text).score : null;

interface OwnAttribute {
  name: string;
  label: string;
  part: TastePart;
  /** how a text has it, as a reader would count it: more of it is more */
  of(found: number, taste: OwnTaste, text: ReadText): number;
}

/** what a rule may be fitted to where nothing but the words is known: what the taste names, whichever way it weighs it */
const OWN_ATTRIBUTES: readonly OwnAttribute[] = [
  { name: 'liked', label: 'liked phrases', part: 'liked', of: (found) => found },
  { name: 'disliked', label: 'disliked phrases', part: 'disliked', of: (found) => 0 - found },
  {
    name: 'length',
    label: 'longer',
    part: 'length',
    of: (_found, _taste, { completion }) => wordsOf(completion).length,
  },
  { name: 'repetition', label: 'repeating itself', part: 'repetition', of: (found) => 0 - found },
  { name: 'ends', label: 'whole sentence at the end', part: 'ends', of: (found) => found },
  { name: 'pattern', label: 'fits the expression', part: 'pattern', of: (found) => found },
];

function namedIn(taste: OwnTaste): OwnAttribute[] {
  const said = partsSaid(taste);
  return OWN_ATTRIBUTES.filter(({ part }) => said.includes(part));
}

/** @returns what is measured of a text, beside `ownVector` */
export const ownAttributes = (taste: OwnTaste): Pick<OwnAttribute, 'name' | 'label'>[] =>
  namedIn(taste).map(({ name, label }) => ({ name, label }));

/** @returns a number for each of `ownAttributes` */
export const ownVector = (taste: OwnTaste, text: ReadText): number[] =>
  namedIn(taste).map(({ part, of }) => of(FOUND[part](taste, text), taste, text));

/** What a reward model likes, in words, held against what the votes ask for. */
import { isClear } from '../../../contract/evidence';
import type { TasteWeight } from '../../../contract/preferences';
import type { LearnedTaste, LearnedWeight } from '../../../contract/taste';

/** less than this is there, perhaps, but nothing to speak of: standard deviations of the score */
export const LEAST_TOLD = 0.1;
/** of what the votes ask for, a share that still counts as asked for */
const ASKED_SHARE = 1 / 3;
/** of each kind in the sentence */
const NAMED = 3;

const NOUNS: Readonly<Record<string, readonly [more: string, less: string]>> = {
  endingMood: ['happy endings', 'sad endings'],
  middleMood: ['joy on the way', 'sorrow on the way'],
  politeWords: ['politeness', 'texts without politeness'],
  rudeWords: ['rudeness', 'texts without rudeness'],
  length: ['longer texts', 'shorter texts'],
  parses: ['well-formed sentences', 'broken sentences'],
  repeatedBigrams: ['repeating itself', 'texts that do not repeat themselves'],
  // of a rater of one's own
  liked: ['liked phrases', 'texts without liked phrases'],
  disliked: ['disliked phrases', 'texts without disliked phrases'],
  repetition: ['repeating itself', 'texts that do not repeat themselves'],
  ends: ['whole sentences at the end', 'texts that break off'],
  pattern: ['what fits the expression', 'what does not fit the expression'],
};

/** What stands between votes and model, of one attribute. */
export type Match = 'agreed' | 'unasked' | 'against' | 'unclear' | 'missed' | 'nothing';

export interface LikedRow {
  learned: LearnedWeight;
  /** null where the votes are too few for a rule */
  voted: TasteWeight | null;
  match: Match;
}

const isTold = (one: LearnedWeight): boolean => isClear(one) && Math.abs(one.weight) >= LEAST_TOLD;

function matchOf(learned: LearnedWeight, voted: TasteWeight | null): Match {
  const asked = voted !== null && isClear(voted);
  if (!isTold(learned)) return asked ? 'missed' : 'nothing';
  if (voted === null) return 'unclear';
  const sameWay = voted.weight * learned.weight > 0;
  if (asked) return sameWay ? 'agreed' : 'against';
  return sameWay && Math.abs(voted.weight) >= ASKED_SHARE * Math.abs(learned.weight) ? 'unclear' : 'unasked';
}

/** The strongest first. */
export function likedRows({ voted, weights }: LearnedTaste): LikedRow[] {
  const asked = new Map(voted.kind === 'rule' ? voted.rule.weights.map((one) => [one.attribute, one]) : []);
  return weights
    .map((learned) => {
      const own = asked.get(learned.attribute) ?? null;
      return { learned, voted: own, match: matchOf(learned, own) };
    })
    .sort((a, b) => Math.abs(b.learned.weight) - Math.abs(a.learned.weight));
}

export const MATCH_WORDS: Record<Match, string> = {
  agreed: 'as the votes do',
  unasked: 'the votes do not say so',
  against: 'the votes say the opposite',
  unclear: 'not clear from the votes',
  missed: 'the votes ask for it, it does not',
  nothing: 'not clear',
};

/** it deserves a second look */
export const isOdd = (match: Match): boolean => match === 'unasked' || match === 'against' || match === 'missed';

/** by its own name where nobody has named what more and less of it is */
function nounOf({ attribute, label }: LearnedWeight, weight: number): string {
  const [more, less] = NOUNS[attribute] ?? [label, `less of ${label}`];
  return weight > 0 ? more : less;
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** A piece of the sentence: what is liked stands out. */
export type Piece = string | { strong: string };

/** @returns the sentence that comes first: what it likes, as the votes do or not */
export function likedSentence(rows: readonly LikedRow[]): Piece[] {
  const named = (...matches: Match[]): string[] =>
    rows
      .filter(({ match }) => matches.includes(match))
      .slice(0, NAMED)
      .map(({ learned, voted, match }) => nounOf(learned, match === 'missed' ? voted!.weight : learned.weight));
  const sentences: Piece[][] = [];
  const say = (names: string[], opening: string, end: string) =>
    names.length > 0 && sentences.push([`${opening} `, { strong: listed(names) }, end]);
  const also = () => (sentences.length > 0 ? 'It also likes' : 'It likes');
  say(named('agreed'), 'It likes', ', as the votes do.');
  say(named('unclear'), also(), ', which the votes leave open.');
  say(named('unasked'), also(), ', which the votes did not ask for.');
  say(named('against'), also(), ', the opposite of what the votes ask for.');
  say(named('missed'), 'It has not learned', ', which the votes ask for.');
  if (sentences.length === 0) return ['Nothing that was measured moves its score clearly.'];
  return sentences.flatMap((sentence, i) => (i === 0 ? sentence : [' ', ...sentence]));
}

/** Vote codes in whatever a teacher pastes, types, drops or scans: a chat with names and times, or one code alone. */
import { asSeen, bare, type Reading, refused } from './signs';
import { FOREIGN } from './voteCode';

/** What a QR code and a saved file hold: "RLHFLAB C45YKV HYF625PWVRAX45VP". */
const MARK = 'RLHFLAB';
export const codeMessage = (classCode: string, voteCode?: string): string =>
  [MARK, classCode, voteCode].filter(Boolean).join(' ');

/** @returns the class code of a scanned or pasted message; null where it is none */
export const classCodeIn = (text: string): string | null =>
  /^\s*RLHFLAB\s+([a-z0-9]{6})(?:\s|$)/i.exec(asSeen(text))?.[1]?.toUpperCase() ?? null;

export interface FoundCode<T> {
  /** as it stood there, without what was between its signs */
  text: string;
  reading: Reading<T>;
}

/** Looks at one code. */
type Look<T> = (code: string) => Reading<T>;

/** signs of a group, and how far from right the length of something that is meant as a code may be */
const GROUP = 4;
const SLACK = 2;
/** all that parts words, in a chat, a table, an address or a file; a hyphen may stand within a code */
const PARTED = /[^\p{L}\p{M}\p{N}\p{Pd}\p{So}]+/u;

const isSigns = (word: string): boolean => /^[\p{L}\p{N}\p{Pd}]+$/u.test(word);
/** no word of a sentence: it has a digit, or is all capitals */
const isCodeLike = (word: string): boolean => /\p{N}/u.test(word) || (/\p{Lu}/u.test(word) && !/\p{Ll}/u.test(word));
const HYPHENS = /\p{Pd}/gu;
const signsIn = (word: string): number => [...word.replace(HYPHENS, '')].length;
const lengthOf = (words: readonly string[]): number => words.reduce((sum, word) => sum + signsIn(word), 0);

/** its check signs are right, whatever class it is of */
const isSoundCode = <T>(reading: Reading<T>): boolean => reading.kind === 'read' || reading.why === FOREIGN;

/** the words from `at` on that make exactly so many signs */
function exactly(words: readonly string[], at: number, signs: number): readonly string[] | null {
  let length = 0;
  for (let end = at; end < words.length && isSigns(words[end]!); end++) {
    length += signsIn(words[end]!);
    if (length === signs) return words.slice(at, end + 1);
    if (length > signs) return null;
  }
  return null;
}

/** the words from `at` on that somebody meant as a code, one sign too many or too few */
function meant(words: readonly string[], at: number, signs: number): readonly string[] | null {
  const groups = signs / GROUP;
  for (const count of [1, groups]) {
    const taken = words.slice(at, at + count);
    if (taken.length < count || !taken.every(isSigns) || !taken.some(isCodeLike)) continue;
    const near = Math.abs(lengthOf(taken) - signs) <= SLACK;
    const grouped = taken.every((word) => Math.abs(word.length - GROUP) <= 1);
    if (near && (count === 1 ? isCodeLike(taken[0]!) : grouped)) return taken;
  }
  return null;
}

/** groups at the end of a run are the code, words before them are not: "code: hyf6 25pw vrax 45vp" */
const codeLikes = (words: readonly string[]): number => words.filter(isCodeLike).length;

/**
 * @param signs of a code of this class
 * @param look says whether it is sound
 * @param classCode of this class: what names another one is refused unread
 * @returns what was found, in order; what only looks like a code is found with what is wrong with it, prose is not
 */
export function codesInChat<T>(text: string, signs: number, classCode: string, look: Look<T>): FoundCode<T>[] {
  const words = asSeen(text).split(PARTED).filter(Boolean);
  const found: FoundCode<T>[] = [];
  for (let at = 0; at < words.length; ) {
    if (words[at]!.toUpperCase() === MARK && words[at + 1] !== undefined) {
      const rest = exactly(words, at + 2, signs) ?? meant(words, at + 2, signs) ?? words.slice(at + 2, at + 3);
      const isOurs = words[at + 1]!.toUpperCase() === classCode;
      if (rest.length > 0)
        found.push({ text: bare(rest.join('')), reading: isOurs ? look(bare(rest.join(''))) : refused(FOREIGN) });
      at += 2 + rest.length;
      continue;
    }
    const whole = exactly(words, at, signs);
    const reading = whole && look(bare(whole.join('')));
    if (whole && reading && isSoundCode(reading)) {
      found.push({ text: bare(whole.join('')), reading });
      at += whole.length;
      continue;
    }
    const near = meant(words, at, signs);
    const next = meant(words, at + 1, signs) ?? exactly(words, at + 1, signs);
    const isBetterLater =
      next !== null && (look(bare(next.join(''))).kind === 'read' || codeLikes(next) > codeLikes(near ?? []));
    if (near && !isBetterLater) found.push({ text: bare(near.join('')), reading: look(bare(near.join(''))) });
    at += near && !isBetterLater ? near.length : 1;
  }
  return found;
}

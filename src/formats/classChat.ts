/** Vote codes in whatever a teacher pastes, types, drops or scans: a chat with names and times, or one code alone. */
import { CLASS_SIZES } from '../contract/classroom';
import { asSeen, bare, isSound, type Reading, refused, signsOf } from './signs';
import { FOREIGN, voteSigns } from './voteCode';

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
    if (near && (count === 1 ? isCodeLike(taken[0]!) && /\p{L}/u.test(taken[0]!) : grouped)) return taken; // digits alone are a telephone's
  }
  return null;
}

/** groups at the end of a run are the code, words before them are not: "code: hyf6 25pw vrax 45vp" */
const codeLikes = (words: readonly string[]): number => words.filter(isCodeLike).length;

const textOf = (words: readonly string[]): string => bare(words.join(''));

/** lengths that the codes of any class have */
const LENGTHS = [...new Set(CLASS_SIZES.map(voteSigns))];
const isSoundWord = (code: string): boolean => {
  const signs = signsOf(code);
  return signs.kind === 'read' && isSound(signs.value);
};

/** the words from `at` on that are a code of a class with more pairs, or fewer: their check signs say so */
function ofOtherLength(words: readonly string[], at: number, signs: number): readonly string[] | null {
  for (const length of LENGTHS) {
    const taken = length === signs ? null : exactly(words, at, length);
    const isWritten = taken?.every((word) => taken.length === 1 || signsIn(word) === GROUP) && taken.some(isCodeLike);
    if (taken && isWritten && isSoundWord(textOf(taken))) return taken;
  }
  return null;
}

/**
 * @param signs of a code of this class
 * @param look says whether it is sound
 * @param classCode of this class: what names another one is refused unread
 * @returns what was found, in order; what only looks like a code is found with what is wrong with it, prose is not
 */
export function codesInChat<T>(text: string, signs: number, classCode: string, look: Look<T>): FoundCode<T>[] {
  const words = asSeen(text).split(PARTED).filter(Boolean);
  const sounds = words.map((_, at) => {
    const taken = exactly(words, at, signs);
    const reading = taken && look(textOf(taken));
    if (reading && isSoundCode(reading)) return { taken, reading };
    const others = ofOtherLength(words, at, signs);
    return others && { taken: others, reading: refused(FOREIGN) };
  });
  const found: FoundCode<T>[] = [];
  const put = (taken: readonly string[], reading = look(textOf(taken))) =>
    void found.push({ text: textOf(taken), reading });
  for (let at = 0; at < words.length; ) {
    if (words[at]!.toUpperCase() === MARK && words[at + 1] !== undefined) {
      const rest = exactly(words, at + 2, signs) ?? meant(words, at + 2, signs) ?? words.slice(at + 2, at + 3);
      if (rest.length > 0) put(rest, words[at + 1]!.toUpperCase() === classCode ? undefined : refused(FOREIGN));
      at += 2 + rest.length;
      continue;
    }
    const sound = sounds[at];
    if (sound) {
      put(sound.taken, sound.reading);
      at += sound.taken.length;
      continue;
    }
    /** what is wrong ends where the next one begins that is right */
    const within = (taken: readonly string[] | null, from: number) =>
      taken?.some((_, i) => i > 0 && sounds[from + i]) ? null : taken;
    const near = within(meant(words, at, signs), at);
    const next = within(meant(words, at + 1, signs) ?? exactly(words, at + 1, signs), at + 1);
    const isBetterLater = next && near && near.length > 1 && codeLikes(next) > codeLikes(near);
    if (near && !isBetterLater) put(near);
    at += near && !isBetterLater ? near.length : 1;
  }
  return found;
}

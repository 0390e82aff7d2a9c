/**
 * The vote code: what one student said of all pairs, in signs that are typed, read out or scanned.
 *
 *   N = ((Σ choices in base 5) · 64 + number) · 256 + tag
 *
 * The first pair is the most significant digit. Its signs, most significant first, are padded in front so that with the
 * two check signs behind them they make whole groups of four.
 */
import { CLASS_CHOICES, type ClassSize, type ClassVotes, CODE_GROUP as GROUP } from '../contract/classroom';
import {
  isSound,
  lengthTrouble,
  numberOfSigns,
  type Reading,
  read,
  refused,
  signsOf,
  signsOfNumber,
  textOf,
  withTwoChecks,
  wrongPlace,
} from './signs';

const CHECKS = 2;
const NUMBERS = 64n;
const TAGS = 256n;
const CHOICES = BigInt(CLASS_CHOICES.length);

/** values of N that there are */
const room = (size: ClassSize): bigint => CHOICES ** BigInt(size) * NUMBERS * TAGS;

/** signs of a code for so many pairs: 12 for 12, 16 for 16 to 24, 20 for 28 and 32 */
export function voteSigns(size: ClassSize): number {
  const bits = (room(size) - 1n).toString(2).length;
  return GROUP * Math.ceil((Math.ceil(bits / 5) + CHECKS) / GROUP);
}

export function encodeVoteCode({ choices, number }: ClassVotes, tag: number): string {
  const digits = choices.reduce((sum, choice) => sum * CHOICES + BigInt(CLASS_CHOICES.indexOf(choice)), 0n);
  const value = (digits * NUMBERS + BigInt(number)) * TAGS + BigInt(tag);
  return textOf(withTwoChecks(signsOfNumber(value, voteSigns(choices.length as ClassSize) - CHECKS)));
}

/** What a vote code is read for. */
export interface VoteCodeOf {
  size: ClassSize;
  /** the class's own */
  tag: number;
  /** students on the list */
  students: number;
}

export const FOREIGN = 'from another class';
const ORDINALS = ['1st', '2nd', '3rd', '4th', '5th'];

function checkTrouble(word: readonly number[]): string | null {
  if (isSound(word)) return null;
  const position = wrongPlace(word);
  return position === null
    ? 'more than one sign is wrong: look at all of it again'
    : `look at the ${ORDINALS[Math.floor(position / GROUP)]} group again`;
}

function choicesOf(value: bigint, size: ClassSize): ClassVotes['choices'] {
  const choices: ClassVotes['choices'] = [];
  for (let rest = value; choices.length < size; rest /= CHOICES)
    choices.unshift(CLASS_CHOICES[Number(rest % CHOICES)]!);
  return choices;
}

export function readVoteCode(text: string, { size, tag, students }: VoteCodeOf): Reading<ClassVotes> {
  const signs = signsOf(text);
  if (signs.kind === 'refused') return signs;
  const [word, needed] = [signs.value, voteSigns(size)];
  if (word.length !== needed) return refused(lengthTrouble(word.length, needed));
  const trouble = checkTrouble(word);
  if (trouble !== null) return refused(trouble);
  const value = numberOfSigns(word.slice(0, -CHECKS));
  if (value >= room(size) || value % TAGS !== BigInt(tag)) return refused(FOREIGN);
  const number = Number((value / TAGS) % NUMBERS);
  if (number > students) return refused(`number ${number} is not on a list of ${students}`);
  return read({ choices: choicesOf(value / TAGS / NUMBERS, size), number });
}

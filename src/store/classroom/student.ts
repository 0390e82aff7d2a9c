/** A student's votes: which pair comes next, which side each text stands on, and the code that holds them. */
import type { ClassChoice } from '../../contract/classroom';
import type { VoteChoice } from '../../contract/preferences';
import { classCodeIn, codeMessage } from '../../formats/classChat';
import { classTag } from '../../formats/classCode';
import { encodeVoteCode } from '../../formats/voteCode';
import { coin } from '../context';
import type { StudentClass } from './classState';

/** The pair on the screen, each text on its side. */
export interface ShownClassPair {
  index: number;
  prompt: string;
  a: string;
  b: string;
}

export const isSwapped = ({ dice }: Pick<StudentClass, 'dice'>, index: number): boolean =>
  coin(dice, 'side', index) < 0.5;

/** @returns the first pair that was not shown yet; null when all were */
export function nextPair(student: StudentClass): ShownClassPair | null {
  const index = student.choices.indexOf(null);
  return index < 0 ? null : pairAt(student, index);
}

export function pairAt(student: StudentClass, index: number): ShownClassPair {
  const { prompt, completions } = student.set.pairs[index]!;
  const [a, b] = isSwapped(student, index) ? [completions[1], completions[0]] : completions;
  return { index, prompt, a, b };
}

/** @returns what a press between the two sides says of the pair in its stored order */
export function storedChoice(student: StudentClass, index: number, pressed: VoteChoice): ClassChoice {
  if (pressed === 'tie' || pressed === 'bothBad') return pressed;
  return (pressed === 'a') !== isSwapped(student, index) ? 'first' : 'second';
}

/** @returns what was pressed; null for a pair that was skipped */
export function pressedChoice(student: StudentClass, index: number): VoteChoice | null {
  const choice = student.choices[index] ?? 'none';
  if (choice === 'none') return null;
  if (choice === 'tie' || choice === 'bothBad') return choice;
  return (choice === 'first') !== isSwapped(student, index) ? 'a' : 'b';
}

export const withChoice = (student: StudentClass, index: number, choice: ClassChoice | null): StudentClass => ({
  ...student,
  choices: student.choices.map((kept, i) => (i === index ? choice : kept)),
});

/** @returns the code of what was voted; pairs that were not shown count as skipped */
export const voteCodeOf = ({ code, set, number, choices }: StudentClass): string =>
  encodeVoteCode({ choices: choices.map((choice) => choice ?? 'none'), number }, classTag(code, set));

/** @returns the class code that a scanned or pasted message names; null where it names none */
export const namedClass = (text: string): string | null => classCodeIn(text);

/** @returns what the student's QR code and file hold */
export const messageOf = (student: StudentClass): string => codeMessage(student.code, voteCodeOf(student));

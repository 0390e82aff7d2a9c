/** The codes that a teacher took in: what each of them is, and whose votes count. */
import { type ClassVotes, isClassSize } from '../../contract/classroom';
import { inWords, LIMITS } from '../../contract/limits';
import { codeMessage, codesInChat } from '../../formats/classChat';
import { classTag } from '../../formats/classCode';
import { bare, lengthTrouble, type Reading } from '../../formats/signs';
import { readVoteCode, voteSigns } from '../../formats/voteCode';
import type { TakenCode, TeacherClass } from './classState';

/** One student of the class. */
export interface CountedVotes extends ClassVotes {
  code: string;
}

/** What came of one code that was pasted, typed, dropped or scanned. */
export type Outcome = { code: string } & (
  | { kind: 'new'; number: number }
  | { kind: 'again'; number: number }
  /** another code of a number that is in already */
  | { kind: 'other'; number: number; before: string }
  | { kind: 'refused'; why: string }
);

export const signsOfClass = ({ set }: TeacherClass): number => {
  const size = set.pairs.length;
  return isClassSize(size) ? voteSigns(size) : 0;
};

/** @returns what reads the codes of this class */
export function reader({ code, set, students }: TeacherClass): (text: string) => Reading<ClassVotes> {
  const size = set.pairs.length;
  if (!isClassSize(size)) return () => ({ kind: 'refused', why: 'from another class' });
  const asked = { size, tag: classTag(code, set), students };
  return (text) => readVoteCode(text, asked);
}

/** @returns one for each student: of a number the last code, and those that are somebody else's */
export function countedVotes(teacher: TeacherClass): CountedVotes[] {
  const look = reader(teacher);
  const read = teacher.taken.flatMap(({ code, apart }) => {
    const reading = look(code);
    return reading.kind === 'read' ? [{ code, apart, ...reading.value }] : [];
  });
  const isLast = (number: number, i: number) =>
    !read.slice(i + 1).some((later) => later.number === number && !later.apart);
  return read
    .filter(({ number, apart }, i) => apart || number === 0 || isLast(number, i))
    .map(({ apart: _, ...votes }) => votes);
}

/** what one code does to those that are there */
function admitted(
  taken: readonly TakenCode[],
  code: string,
  reading: Reading<ClassVotes>,
  numberOf: (code: string) => number,
): Outcome {
  if (reading.kind === 'refused') return { kind: 'refused', code, why: reading.why };
  const { number } = reading.value;
  if (taken.some((one) => one.code === code)) return { kind: 'again', code, number };
  if (taken.length >= LIMITS.classCodes) return { kind: 'refused', code, why: 'there is no room for more codes' };
  const before = number > 0 ? taken.findLast((one) => numberOf(one.code) === number) : undefined;
  return before ? { kind: 'other', code, number, before: before.code } : { kind: 'new', code, number };
}

const REST = `what stands behind the first ${inWords(LIMITS.chat)} characters: take that in by itself`;

/**
 * Takes in all codes that are found in a text; a code that is sent twice counts once, and nothing that is wrong counts.
 * @returns the class with them, and what came of each in order; of a short text without one, what is wrong with it
 */
export function withCodesOf(teacher: TeacherClass, text: string): { teacher: TeacherClass; outcomes: Outcome[] } {
  const look = reader(teacher);
  const signs = signsOfClass(teacher);
  const numberOf = (code: string) => {
    const reading = look(code);
    return reading.kind === 'read' ? reading.value.number : 0;
  };
  const chat = text.slice(0, LIMITS.chat);
  const found = codesInChat(chat, signs, teacher.code, look);
  const trimmed = text.trim();
  if (found.length === 0 && trimmed !== '' && !/\s\S*\s/u.test(trimmed) && trimmed.length <= 2 * signs)
    found.push({ text: bare(trimmed), reading: look(trimmed) });
  let { taken } = teacher;
  const outcomes = found.map(({ text: code, reading }) => {
    const outcome = admitted(taken, code, reading, numberOf);
    if (outcome.kind === 'new' || outcome.kind === 'other') taken = [...taken, { code }];
    return outcome;
  });
  if (outcomes.length === 0 && trimmed !== '')
    outcomes.push({ kind: 'refused', code: '', why: `no code was found: ${lengthTrouble(0, signs)}` });
  if (text.length > LIMITS.chat) outcomes.push({ kind: 'refused', code: '', why: REST });
  return { teacher: { ...teacher, taken }, outcomes };
}

/** Two students sent one number: the earlier code counts too. */
export const asTwoStudents = (teacher: TeacherClass, before: string): TeacherClass => ({
  ...teacher,
  taken: teacher.taken.map((one) => (one.code === before ? { ...one, apart: true } : one)),
});

/** @returns what the QR code of a class holds */
export const classMessageOf = (code: string): string => codeMessage(code);

import type { ClassChoice, ClassPairs } from '../../contract/classroom';

/** A class that is voted in on this laptop. */
export interface StudentClass {
  code: string;
  set: ClassPairs;
  /** on the teacher's list; 0 for none */
  number: number;
  /** null for a pair that was not shown yet */
  choices: (ClassChoice | null)[];
  /** decides which side each text stands on */
  dice: number;
  /** vote codes that were shown, so that a changed one can say so; the newest last */
  shown: readonly string[];
}

/** A vote code that was taken in. */
export interface TakenCode {
  code: string;
  /** somebody else than the others who sent this number */
  apart?: true;
}

/** A class that is taught on this laptop. */
export interface TeacherClass {
  code: string;
  set: ClassPairs;
  /** on the list */
  students: number;
  /** in the order in which they came */
  taken: readonly TakenCode[];
  /** of pairs of the arena: which model wrote the first and the second text of each; absent where Tiny wrote all */
  writers?: readonly (readonly [string, string])[];
  /** the votes of these pairs do not count in the arena */
  outOfArena?: true;
}

/** What survives a reload; everything else of the page Class comes with it. */
export interface ClassroomSlice {
  student: StudentClass | null;
  teacher: TeacherClass | null;
  put(fields: Partial<Pick<ClassroomSlice, 'student' | 'teacher'>>): void;
}

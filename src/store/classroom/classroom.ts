/**
 * The page Class: a class is opened or joined here, voted in, and taken in. What must survive a reload is a slice of the
 * lab; everything else comes with the page.
 */
import { type StoreApi, useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { createStore } from 'zustand/vanilla';
import type { Following } from '../../client/client';
import type { AgreementReport } from '../../contract/agreement';
import { type ClassPairs, type ClassSize, isArenaSeed, spacedClassCode } from '../../contract/classroom';
import { LabError } from '../../contract/errors';
import { countOf } from '../../contract/numbers';
import type { TasteWeight, VoteChoice } from '../../contract/preferences';
import type { Progress } from '../../contract/protocol';
import { classCodeIn } from '../../formats/classChat';
import { codeOf, modelBits, readClassCode } from '../../formats/classCode';
import { type ClassFile, readClassFile, writeClassFile } from '../../formats/classFile';
import { bare } from '../../formats/signs';
import { decodeText } from '../../formats/text';
import { latest, toReport } from '../context';
import { type Lab, useLabStore } from '../lab';
import { onePerLab } from '../onePerLab';
import { whenForgotten } from '../page/whenForgotten';
import type { StudentClass, TeacherClass } from './classState';
import { bringUpToDate, namesOfWriters, writeArenaPairs } from './inArena';
import { messageOf, storedChoice, voteCodeOf, withChoice } from './student';
import { asTwoStudents, countedVotes, type Outcome, withCodesOf } from './taken';
import { writeNewPairs, writePairs } from './writePairs';

/** What is said of the class as it stands; kept until the next one is there. */
export interface ClassStanding {
  report: AgreementReport;
  /** of each student who counts, in their order */
  tastes: (TasteWeight[] | null)[];
}

export interface Classroom {
  busy: 'opening' | 'joining' | null;
  progress: Progress | null;
  /** why a class could not be opened or joined, in words */
  trouble: string | null;
  /** the pairs must come from a file: the code that was typed, in capitals */
  awaited: string | null;
  /** what came of the codes of this visit, the newest first */
  outcomes: readonly Outcome[];
  standing: ClassStanding | null;

  /** the next class is opened on pairs of the arena: asked for there */
  wantsArena: boolean;
  /** votes of the class that the arena has no room for */
  leftOut: number;

  open(size: ClassSize, students: number, ofArena?: boolean): Promise<void>;
  join(code: string, number: number): Promise<void>;
  /** a file of pairs, for a class that is joined, or a teacher's class */
  openFile(bytes: Uint8Array, number: number): void;
  cancel(): void;
  vote(pressed: VoteChoice): void;
  skip(): void;
  /** back to the pair before */
  undo(): void;
  /** another answer to a pair that was voted on */
  change(index: number, pressed: VoteChoice): void;
  leave(): void;

  takeIn(text: string): void;
  /** a chat that was saved, in any encoding that the lab reads */
  takeInFile(bytes: Uint8Array): void;
  /** the earlier of two codes with one number is somebody else's */
  keepBoth(before: string): void;
  setStudents(students: number): void;
  /** whether the votes count in the arena, where the pairs are of it */
  setInArena(isIn: boolean): void;
  deleteClass(): void;
  savePairs(): void;
  saveClass(): void;
  saveCode(): void;
  /** agreement and tastes of the class as it stands */
  measure(): Promise<void>;
}

/** outcomes that a teacher still looks at */
const OUTCOMES_KEPT = 60;

const hex = (bits: number): string => bits.toString(16).padStart(3, '0');
/** uniform below; two laptops that open a class at once should not open the same */
const draw = (below: number): number => crypto.getRandomValues(new Uint32Array(1))[0]! % below;

const studentOf = (set: ClassPairs, number: number): StudentClass => ({
  code: codeOf(set),
  set,
  number,
  choices: set.pairs.map(() => null),
  dice: draw(2 ** 31),
  shown: [],
});

const OF_ARENA =
  'This class votes on texts of models in an arena, which no other laptop can write: take the pairs from a file that the teacher saved.';

const holdsAnother = ({ code, taken }: TeacherClass): string =>
  `This laptop holds the class ${spacedClassCode(code)} already, with ${countOf(taken.length, 'code')}. Save it and delete it first.`;

function misfit(code: string, set: ClassPairs): string | null {
  const theirs = readClassCode(code);
  if (theirs.kind === 'refused' || codeOf(set) === code) return null;
  const [mine, other] = [modelBits(set), theirs.value.model].map(hex);
  return `This laptop wrote other pairs than the class has (here ${mine}, there ${other}), so its votes would not count. Take the pairs from a file that the teacher saved.`;
}

const createClassroom = (lab: Lab): StoreApi<Classroom> =>
  createStore<Classroom>()((patch, get) => {
    const follow = arenaFollower(lab, patch);
    whenForgotten(lab, () => {
      get().cancel();
      get().deleteClass();
      patch({ trouble: null, awaited: null, wantsArena: false, leftOut: 0 });
    });
    return {
      busy: null,
      progress: null,
      trouble: null,
      awaited: null,
      outcomes: [],
      standing: null,
      wantsArena: false,
      leftOut: 0,
      ...entering(lab, get, patch, follow),
      ...voting(lab),
      ...teaching(lab, get, patch, follow),
    };
  });

type Get = () => Classroom;
type Patch = (fields: Partial<Classroom>) => void;

/** one piece of work at a time, which can be cancelled */
function cancellable(get: Get, patch: Patch) {
  let controller: AbortController | null = null;
  return {
    async attempt(busy: 'opening' | 'joining', work: (following: Following) => Promise<void>): Promise<void> {
      if (get().busy) return;
      controller = new AbortController();
      patch({ busy, trouble: null, progress: null });
      await work({ signal: controller.signal, onProgress: (progress) => patch({ progress }) }).catch((error) => {
        const { code, message } = toReport(error);
        if (code !== 'work/cancelled') patch({ trouble: message });
      });
      patch({ busy: null, progress: null });
    },
    cancel: () => controller?.abort(),
  };
}

const opening =
  (lab: Lab, patch: Patch, attempt: ReturnType<typeof cancellable>['attempt']): Classroom['open'] =>
  (size, students, ofArena = false) =>
    attempt('opening', async (following) => {
      const { set, ...more } = ofArena
        ? await writeArenaPairs(lab, size, draw, following)
        : { set: await writeNewPairs(lab, size, draw, following) };
      const { teacher, put } = lab.getState().classroom; // one may have come back meanwhile, from another tab
      if (teacher) return patch({ trouble: holdsAnother(teacher) });
      patch({ outcomes: [], standing: null, wantsArena: false, leftOut: 0 });
      put({ teacher: { code: codeOf(set), set, students, taken: [], ...more } });
    });

function entering(lab: Lab, get: Get, patch: Patch, follow: Follow) {
  const { put } = lab.getState().classroom;
  const { attempt, cancel } = cancellable(get, patch);

  const reopen = ({ code, set, students, codes, arena }: SavedClass) => {
    const taken = codes.map((one) => ({ code: one }));
    put({ teacher: { code, set, students, taken, ...(arena && { writers: arena.writers }) } });
    if (arena)
      void lab
        .getState()
        .arena.add([], arena.names ?? {})
        .then(follow);
  };

  return {
    open: opening(lab, patch, attempt),

    async join(typed: string, number: number) {
      const code = bare(classCodeIn(typed) ?? typed);
      const reading = readClassCode(code);
      if (reading.kind === 'refused')
        return patch({ trouble: `${reading.why[0]!.toUpperCase()}${reading.why.slice(1)}.` });
      const { teacher } = lab.getState().classroom;
      if (teacher?.code === code) return put({ student: studentOf(teacher.set, number) });
      if (isArenaSeed(reading.value.seed)) return patch({ trouble: OF_ARENA, awaited: code });
      patch({ awaited: null });
      await attempt('joining', async (following) => {
        const { seed, size } = reading.value;
        const set = await writePairs(lab, seed, size, following).catch((error) => {
          if (error instanceof LabError && error.code === 'class/arithmetic') patch({ awaited: code });
          throw error;
        });
        const trouble = misfit(code, set);
        if (trouble === null) put({ student: studentOf(set, number) });
        else patch({ trouble, awaited: code });
      });
    },

    openFile(bytes: Uint8Array, number: number) {
      const reading = readClassFile(bytes);
      if (reading.kind === 'refused') return patch({ trouble: `That file cannot be read: ${reading.why}.` });
      const { code, set, students, codes, arena } = reading.value;
      const { awaited } = get();
      if (awaited !== null && awaited !== code)
        return patch({ trouble: `That file is of the class ${code}, and ${awaited} was typed.` });
      const { teacher } = lab.getState().classroom;
      if (codes && awaited === null && teacher) return patch({ trouble: holdsAnother(teacher) });
      patch({ trouble: null, awaited: null, outcomes: [], standing: null });
      if (codes && awaited === null) reopen({ code, set, students: students ?? codes.length, codes, arena });
      else put({ student: studentOf(set, number) });
    },

    cancel,
  };
}

function voting(lab: Lab) {
  const { put } = lab.getState().classroom;
  const change = (make: (student: StudentClass) => StudentClass) => {
    const { student } = lab.getState().classroom;
    if (student) put({ student: withShown(make(student)) });
  };
  /** once all were voted on, the code is on the screen */
  const withShown = (student: StudentClass): StudentClass => {
    const code = voteCodeOf(student);
    const isNew = !student.choices.includes(null) && student.shown.at(-1) !== code;
    return isNew ? { ...student, shown: [...student.shown.slice(-1), code] } : student;
  };
  const answer = (choose: (student: StudentClass, index: number) => StudentClass) =>
    change((student) => {
      const index = student.choices.indexOf(null);
      return index < 0 ? student : choose(student, index);
    });
  return {
    vote: (pressed: VoteChoice) =>
      answer((student, index) => withChoice(student, index, storedChoice(student, index, pressed))),
    skip: () => answer((student, index) => withChoice(student, index, 'none')),
    undo: () =>
      change((student) => {
        const next = student.choices.indexOf(null);
        const last = (next < 0 ? student.choices.length : next) - 1;
        return last < 0 ? student : withChoice(student, last, null);
      }),
    change: (index: number, pressed: VoteChoice) =>
      change((student) => withChoice(student, index, storedChoice(student, index, pressed))),
    leave: () => put({ student: null }),
    saveCode() {
      const { student } = lab.getState().classroom;
      if (!student) return;
      const name = student.number > 0 ? `class-${student.code}-${student.number}` : `class-${student.code}`;
      lab.saveFile(`${name}.txt`, `${messageOf(student)}\n`, 'text/plain');
    },
  };
}

type SavedClass = Required<Pick<ClassFile, 'code' | 'set' | 'students' | 'codes'>> & Pick<ClassFile, 'arena'>;
type Follow = () => Promise<void>;

/** the arena follows the class, one change after the other */
function arenaFollower(lab: Lab, patch: Patch): Follow {
  let work: Promise<void> = Promise.resolve();
  return () => {
    work = work.then(async () => patch({ leftOut: await bringUpToDate(lab) }));
    return work;
  };
}

function teaching(lab: Lab, get: Get, patch: Patch, follow: Follow) {
  const { put } = lab.getState().classroom;
  const change = (make: (teacher: TeacherClass) => TeacherClass) => {
    const { teacher } = lab.getState().classroom;
    if (!teacher) return;
    put({ teacher: make(teacher) });
    void follow();
  };
  const save = (fileName: string, make: (teacher: TeacherClass) => Parameters<typeof writeClassFile>[0]) => {
    const { teacher } = lab.getState().classroom;
    if (teacher) lab.saveFile(`${fileName}-${teacher.code}.json`, writeClassFile(make(teacher)), 'application/json');
  };
  const tell = (outcomes: readonly Outcome[]) =>
    patch({ outcomes: [...outcomes.toReversed(), ...get().outcomes].slice(0, OUTCOMES_KEPT) });
  const takeIn = (text: string) =>
    change((before) => {
      const { teacher, outcomes } = withCodesOf(before, text);
      tell(outcomes);
      return teacher;
    });
  return {
    takeIn,
    takeInFile(bytes: Uint8Array) {
      let text: string;
      try {
        text = decodeText(bytes);
      } catch (cause) {
        return tell([{ kind: 'refused', code: '', why: `a file. ${toReport(cause).message}` }]);
      }
      takeIn(text);
    },
    keepBoth(before: string) {
      change((teacher) => asTwoStudents(teacher, before));
      const settled = (outcome: Outcome): Outcome =>
        outcome.kind === 'other' && outcome.before === before
          ? { kind: 'new', code: outcome.code, number: outcome.number }
          : outcome;
      patch({ outcomes: get().outcomes.map(settled) });
    },
    setStudents: (students: number) => change((teacher) => ({ ...teacher, students })),
    setInArena: (isIn: boolean) =>
      change(({ outOfArena: _, ...teacher }) => (isIn ? teacher : { ...teacher, outOfArena: true })),
    deleteClass() {
      patch({ outcomes: [], standing: null });
      put({ teacher: null });
    },
    savePairs: () => save('class-pairs', ({ code, set }) => ({ code, set })),
    saveClass: () =>
      save('class', ({ code, set, students, taken, writers }) => ({
        code,
        set,
        students,
        codes: taken.map((one) => one.code),
        ...(writers && { arena: { writers, names: namesOfWriters(lab, writers) } }),
      })),
    measure: measuring(lab, patch),
  };
}

/** of several overlapping questions the last one's answer counts, while its class is the one that is here */
function measuring(lab: Lab, patch: Patch): () => Promise<void> {
  const newest = latest();
  return async () => {
    const isNewest = newest();
    const { teacher } = lab.getState().classroom;
    if (!teacher) return;
    const isWanted = () => isNewest() && lab.getState().classroom.teacher?.code === teacher.code;
    const { pairs, seed } = teacher.set;
    const choices = countedVotes(teacher).map((votes) => votes.choices);
    const { ask } = lab.getState().teaching;
    try {
      const report = await ask('class/agreement', { pairs: pairs.length, choices, seed });
      const tastes = await ask('class/tastes', { pairs, choices });
      if (isWanted()) patch({ standing: { report, tastes } });
    } catch (error) {
      if (isWanted()) patch({ trouble: toReport(error).message });
    }
  };
}

/** the one of this lab */
export const classroomOf = onePerLab(createClassroom);

/** Several fields are compared one by one. */
export function useClassroom<T>(selector: (state: Classroom) => T): T {
  return useStore(classroomOf(useLabStore()), useShallow(selector));
}

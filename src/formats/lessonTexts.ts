/** The words of a lesson by key: what a translation replaces, and which `{…}` a sentence may hold. */
import { casesOf } from '../contract/labels';
import {
  COURSE_NAMES,
  COURSE_NUMBERS,
  COURSES,
  courseName,
  type Lesson,
  type LessonStep,
  MEASURES,
  NUMBER_NAMES,
  numberName,
} from '../contract/lesson';
import { didYouMean } from './nearestWord';

/** `leashOff.heading`, `leashOff.ask.answers.falls`, `title` */
export type LessonTexts = Readonly<Record<string, string>>;

const filled = (texts: Readonly<Record<string, string | null>>): LessonTexts =>
  Object.fromEntries(Object.entries(texts).filter((entry): entry is [string, string] => entry[1] !== null));

function textsOfStep({ id, text, ask, say, also, note }: LessonStep): LessonTexts {
  const { heading, short, body, why, run, control } = text;
  const own = { heading, short, body, why, run, control, say, note, 'ask.text': ask?.text ?? null };
  const answers = Object.entries(ask?.answers ?? {}).map(
    ([answer, words]) => [`ask.answers.${answer}`, words] as const,
  );
  const remarks = also.map((remark, i) => [`also.${i + 1}`, remark.text] as const);
  return filled(
    Object.fromEntries([...Object.entries(own), ...answers, ...remarks].map(([key, words]) => [`${id}.${key}`, words])),
  );
}

export function textsOf({ title, about, measured, courses, steps }: Lesson): LessonTexts {
  const ofSteps = steps.flatMap((step) => Object.entries(textsOfStep(step)));
  const told = Object.entries(courses ?? {}).map(([course, words]) => [`courses.${course}`, words]);
  return { title, about, measured, ...Object.fromEntries(told), ...Object.fromEntries(ofSteps) };
}

function stepIn(step: LessonStep, texts: LessonTexts): LessonStep {
  const own = <T extends string | null>(key: string, words: T): T | string =>
    words === null ? words : (texts[`${step.id}.${key}`] ?? words);
  const { text, ask } = step;
  const answers = Object.entries(ask?.answers ?? {}).map(([id, words]) => [id, own(`ask.answers.${id}`, words)]);
  return {
    ...step,
    text: {
      heading: own('heading', text.heading),
      short: own('short', text.short),
      body: own('body', text.body),
      why: own('why', text.why),
      run: own('run', text.run),
      control: own('control', text.control),
    },
    ask: ask && { ...ask, text: own('ask.text', ask.text), answers: Object.fromEntries(answers) },
    say: own('say', step.say),
    also: step.also.map(({ text, when }, i) => ({ text: own(`also.${i + 1}`, text), when })),
    note: own('note', step.note),
  };
}

/** @returns the lesson in another language; what was not translated stays as it was */
export function lessonIn(lesson: Lesson, language: string, texts: LessonTexts): Lesson {
  const own = (key: 'title' | 'about' | 'measured') => texts[key] ?? lesson[key];
  const words = { title: own('title'), about: own('about'), measured: own('measured') };
  const { courses } = lesson;
  const told = COURSES.map((course) => [course, texts[`courses.${course}`] ?? courses?.[course] ?? '']);
  const ownCourses = courses && (Object.fromEntries(told) as typeof courses);
  return { ...lesson, ...words, courses: ownCourses, language, steps: lesson.steps.map((step) => stepIn(step, texts)) };
}

const BRACED = /\{([^{}]*)\}/g;
/** what stands for the letter of the control in question */
const MARK = 'mark';

/** @returns what stands in braces, in order */
export const bracedIn = (text: string): string[] => [...text.matchAll(BRACED)].map(([, name]) => name!);

/** A sentence as it is drawn: words, and what is filled in between. */
export type TextPart =
  | { kind: 'words'; words: string }
  | { kind: 'mark' }
  | { kind: 'number'; name: string }
  /** of a number by its name without a moment */
  | { kind: 'course'; of: string };

export function partsOf(text: string): TextPart[] {
  return text.split(/(\{[^{}]*\})/).flatMap((piece): TextPart[] => {
    if (piece === '') return [];
    if (!/^\{[^{}]*\}$/.test(piece)) return [{ kind: 'words', words: piece }];
    const name = piece.slice(1, -1);
    const of = courseName(name);
    if (of !== null) return [{ kind: 'course', of }];
    return [name === MARK ? { kind: 'mark' } : { kind: 'number', name }];
  });
}

/** @returns why a sentence cannot stand there; null where it can */
export function bracesTrouble(
  text: string,
  step: LessonStep | null,
  mayCount: boolean,
  hasCourses = false,
): string | null {
  if (/[{}]/.test(text.replace(BRACED, ''))) return 'a brace is opened or closed alone';
  for (const name of bracedIn(text)) {
    if (name === MARK) {
      if (step === null || step.mark === null) return '“{mark}” speaks of a control, and the step has no “mark”';
      continue;
    }
    if (!mayCount) return `“{${name}}” is known only after the run: it may stand in “say” alone`;
    if (courseName(name) !== null) {
      if (hasCourses) continue;
      return `“{${name}}” is told in the words of “courses”, and the lesson has none`;
    }
    const why = step && numberTrouble(name, step);
    if (why) return why;
  }
  return null;
}

/** @returns why the words of a course say too little or too much; null where they do neither */
export function courseTrouble(words: string): string | null {
  if (/[{}]/.test(words.replace(BRACED, ''))) return 'a brace is opened or closed alone';
  const stray = bracedIn(words).find((name) => !(COURSE_NUMBERS as readonly string[]).includes(name));
  if (stray !== undefined) return `“{${stray}}” is no part of a course: ${COURSE_NUMBERS.join(', ')} are`;
  return bracedIn(words).includes('to') ? null : 'a course says where it ended, as “{to}”';
}

/** @returns why a number is not to be had in a step; null where it is */
export function numberTrouble(name: string, { run }: LessonStep): string | null {
  const found = numberName(name);
  if (found === null) return `there is no number “${name}”${didYouMean(name, [...COURSE_NAMES, ...NUMBER_NAMES])}`;
  if (found.kind !== 'measure') return null;
  if (found.ofControl && run === null) return `“${name}” is of the twin, and the step has no “run”`;
  if (found.moment === 'fork' && (run === null || run.forkAt === null))
    return `“${name}” is taken at the fork, and the step has no “forkAt”`;
  const isInterval = found.moment === 'low' || found.moment === 'high';
  if (isInterval && casesOf(MEASURES[found.measure]) === null)
    return `“${name}” is an end of an interval, and the cases of “${found.measure}” are not counted`;
  return null;
}

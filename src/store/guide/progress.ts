/**
 * A lesson as it goes on: a state machine without a clock, a page or a thread. A step asks, waits until it is done,
 * tells what came and is left; what was answered is kept before anything can move, and what came is kept for good.
 */
import { courseName, type Lesson, type LessonStep, MOMENTS } from '../../contract/lesson';
import { bracedIn } from '../../formats/lessonTexts';
import { holds, numberIn, type Reading } from './readings';

/** What is remembered of a lesson; it survives a reload. */
export interface LessonProgress {
  lessonId: string;
  /** id of the step that is open */
  at: string;
  /** steps that were left, in order: the way back */
  way: readonly string[];
  /** answers before anything ran, by step */
  guesses: Readonly<Record<string, string>>;
  /** what came true, by step that is done: an answer, or NOTHING_CAME */
  came: Readonly<Record<string, string>>;
  /** numbers by step and name: `leashOff/gold.end` */
  kept: Readonly<Record<string, number>>;
  /** something has moved in the open step: its answer stays as it is */
  begun: boolean;
  isDone: boolean;
}

/** none of the answers, or there was no question */
export const NOTHING_CAME = '';

/** ask: an answer is waited for; act: what is to be done; told: the step may be left */
export type Phase = 'ask' | 'act' | 'told';

export function beginning({ id, steps }: Lesson): LessonProgress {
  return { lessonId: id, at: steps[0]!.id, way: [], guesses: {}, came: {}, kept: {}, begun: false, isDone: false };
}

/** @returns the step that is open; the first where the lesson has changed and it is gone */
export const stepAt = ({ steps }: Lesson, { at }: LessonProgress): LessonStep =>
  steps.find(({ id }) => id === at) ?? steps[0]!;

/** where it stands among the steps, from 0 */
export const stepIndex = (lesson: Lesson, progress: LessonProgress): number =>
  lesson.steps.indexOf(stepAt(lesson, progress));

/** @returns the step that follows; null after the last */
export function stepAfter({ steps }: Lesson, step: LessonStep): LessonStep | null {
  const next = step.next === null ? steps.indexOf(step) + 1 : steps.findIndex(({ id }) => id === step.next);
  return steps[next] ?? null;
}

/** minutes from this step to the end, by the way that is taken */
export function minutesLeft(lesson: Lesson, progress: LessonProgress): number {
  let [minutes, step]: [number, LessonStep | null] = [0, stepAt(lesson, progress)];
  for (; step; step = stepAfter(lesson, step)) minutes += step.minutes;
  return minutes;
}

/** nothing has to happen in it */
const isOnlyRead = ({ ask, done, run }: LessonStep): boolean => ask === null && done === null && run === null;

export function phaseOf(lesson: Lesson, progress: LessonProgress): Phase {
  const step = stepAt(lesson, progress);
  if (isOnlyRead(step) || Object.hasOwn(progress.came, step.id)) return 'told';
  return step.ask !== null && !Object.hasOwn(progress.guesses, step.id) ? 'ask' : 'act';
}

/** What happens in a lesson. */
export type LessonEvent =
  | { kind: 'answer'; answer: string }
  /** something runs, or was pressed, or there is a new number */
  | { kind: 'news'; reading: Reading; over: boolean }
  | { kind: 'next' }
  | { kind: 'back' }
  | { kind: 'to'; step: string }
  | { kind: 'again' };

/** @returns the first answer whose condition holds */
export const whatCame = ({ came }: LessonStep, reading: Reading): string =>
  came.find(({ when }) => when === null || holds(when, reading))?.answer ?? NOTHING_CAME;

/** which remark of a step was made, as a number that is kept */
const REMARK = 'also';

/** the numbers that a sentence names, and for a course all that tells it */
const numbersSaid = (text: string): string[] =>
  bracedIn(text).flatMap((name) => {
    const told = courseName(name);
    return told === null ? [name] : MOMENTS.map((moment) => `${told}.${moment}`);
  });

function keptOf({ id, keep, say, also }: LessonStep, reading: Reading): LessonProgress['kept'] {
  const made = also.findIndex(({ when }) => when.every((one) => holds(one, reading)));
  const said = [say ?? '', also[made]?.text ?? ''].flatMap(numbersSaid);
  const numbers = [...new Set([...keep, ...said])].map((name) => [`${id}/${name}`, numberIn(reading, name)] as const);
  const remark = made < 0 ? [] : [[`${id}/${REMARK}`, made] as const];
  return Object.fromEntries([...numbers.filter(([, value]) => Number.isFinite(value)), ...remark]);
}

/** @returns what a step says of the numbers that were kept: its sentence, and the remark that held; '' without any */
export function saidIn({ id, say, also }: LessonStep, { kept }: LessonProgress): string {
  const remark = also[kept[`${id}/${REMARK}`] ?? -1]?.text;
  return [say, remark].filter((text) => typeof text === 'string').join(' ');
}

/** @param over the run of the step has come to its end */
function isSettled({ done, run, ask }: LessonStep, reading: Reading, over: boolean): boolean {
  if (run !== null) return over;
  if (done !== null) return holds(done, reading);
  return ask !== null;
}

function takeNews(lesson: Lesson, progress: LessonProgress, reading: Reading, over: boolean): LessonProgress {
  if (phaseOf(lesson, progress) !== 'act') return progress;
  const step = stepAt(lesson, progress);
  const begun = progress.begun || reading.step > 0 || reading.pressed.length > 0;
  const moved = begun === progress.begun ? progress : { ...progress, begun };
  if (!isSettled(step, reading, over)) return moved;
  const came = { ...progress.came, [step.id]: whatCame(step, reading) };
  return { ...moved, came, kept: { ...progress.kept, ...keptOf(step, reading) } };
}

function takeAnswer(lesson: Lesson, progress: LessonProgress, answer: string): LessonProgress {
  const { id, ask } = stepAt(lesson, progress);
  const isLate = progress.begun || phaseOf(lesson, progress) === 'told';
  if (ask === null || isLate || !ask.order.includes(answer)) return progress;
  return { ...progress, guesses: { ...progress.guesses, [id]: answer } };
}

function goOn(lesson: Lesson, progress: LessonProgress): LessonProgress {
  if (phaseOf(lesson, progress) !== 'told') return progress;
  const step = stepAt(lesson, progress);
  const next = stepAfter(lesson, step);
  if (next === null) return progress.isDone ? progress : { ...progress, isDone: true };
  return { ...progress, at: next.id, way: [...progress.way, step.id], begun: false };
}

/** the steps that lead to one, as somebody goes who skips none */
function wayTo(lesson: Lesson, id: string): string[] {
  const way: string[] = [];
  for (let step: LessonStep | null = lesson.steps[0]!; step !== null; step = stepAfter(lesson, step)) {
    if (step.id === id) return way;
    way.push(step.id);
  }
  return [];
}

function goTo(lesson: Lesson, progress: LessonProgress, id: string): LessonProgress {
  if (!lesson.steps.some((step) => step.id === id)) return progress;
  return { ...progress, at: id, way: wayTo(lesson, id), begun: false, isDone: false };
}

function goBack(progress: LessonProgress): LessonProgress {
  const at = progress.way.at(-1);
  return at === undefined ? progress : { ...progress, at, way: progress.way.slice(0, -1), begun: false };
}

/** @returns how the lesson stands after it; the same object where it changed nothing */
export function played(lesson: Lesson, progress: LessonProgress, event: LessonEvent): LessonProgress {
  if (event.kind === 'answer') return takeAnswer(lesson, progress, event.answer);
  if (event.kind === 'news') return takeNews(lesson, progress, event.reading, event.over);
  if (event.kind === 'next') return goOn(lesson, progress);
  if (event.kind === 'to') return goTo(lesson, progress, event.step);
  return event.kind === 'back' ? goBack(progress) : beginning(lesson);
}

/** What a lesson has measured, a row for each number that was kept, in its order. */
export interface KeptRow {
  step: LessonStep;
  name: string;
  value: number;
}
export const keptRows = ({ steps }: Lesson, { kept }: LessonProgress): KeptRow[] =>
  steps.flatMap((step) =>
    step.keep.flatMap((name) => {
      const value = kept[`${step.id}/${name}`];
      return value === undefined ? [] : [{ step, name, value }];
    }),
  );

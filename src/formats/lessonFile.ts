/**
 * A lesson as a file: JSON that a teacher writes by hand. Everything that is wrong in it is said, by its line.
 *
 *   {"format": 1, "id": "rewardHacking", "language": "en", "title": "…", "minutes": 15, "steps": [{"id": …}, …]}
 *   {"of": "rewardHacking", "language": "de", "texts": {"leashOff.heading": "Die Leine los"}}
 */
import * as v from 'valibot';
import { LESSON_FORMAT, type Lesson, type LessonCondition, type LessonStep } from '../contract/lesson';
import { plural } from '../contract/numbers';
import { LessonSchema, TranslationSchema } from './lessonSchema';
import { liveKnobs, settingsClash } from './lessonSettings';
import {
  bracedIn,
  bracesTrouble,
  courseTrouble,
  type LessonTexts,
  lessonIn,
  numberTrouble,
  textsOf,
} from './lessonTexts';
import { didYouMean } from './nearestWord';
import { type JsonPath, type LineTrouble, placedJson } from './placedJson';

export type LessonReading<T> = { kind: 'read'; value: T } | { kind: 'refused'; troubles: readonly LineTrouble[] };

/** a sentence that is wrong somewhere */
interface Clash {
  path: JsonPath;
  why: string;
}

/** more than that are not read by anybody */
const MOST_TROUBLES = 20;

const refusedAt = (troubles: readonly LineTrouble[]): LessonReading<never> => ({
  kind: 'refused',
  troubles: [...troubles].sort((a, b) => a.line - b.line).slice(0, MOST_TROUBLES),
});

/** what a condition asks of the step it stands in */
function conditionClash(when: LessonCondition, { run }: LessonStep, before: readonly LessonStep[]): string | null {
  if ('answered' in when)
    return before.some(({ id, ask }) => id === when.answered && ask !== null)
      ? null
      : `“answered” names “${when.answered}”, which is no question up to here`;
  const standard = 'change' in when ? when.from : 'share' in when ? when.of : null;
  if (standard === 'control' && run === null) return '“control” is the twin, and the step has no “run”';
  if (standard === 'fork' && (run === null || run.forkAt === null)) return '“fork” needs a “run” with “forkAt”';
  return null;
}

function askClashes({ ask, came }: LessonStep, path: JsonPath): Clash[] {
  if (ask === null)
    return came.length === 0 ? [] : [{ path: [...path, 'came'], why: '“came” needs a question in “ask”' }];
  const known = Object.keys(ask.answers);
  const strange = ask.order.flatMap((id, i) =>
    known.includes(id)
      ? []
      : [{ path: [...path, 'ask', 'order', i], why: `there is no answer “${id}”${didYouMean(id, known)}` }],
  );
  const twice = ask.order.flatMap((id, i) =>
    ask.order.indexOf(id) === i
      ? []
      : [{ path: [...path, 'ask', 'order', i], why: `“${id}” stands twice in the order` }],
  );
  const left = known
    .filter((id) => !ask.order.includes(id))
    .map((id) => ({ path: [...path, 'ask', 'answers', id], why: `the answer “${id}” is not in the order` }));
  const outcomes = came.flatMap(({ answer }, i) =>
    ask.order.includes(answer)
      ? []
      : [
          {
            path: [...path, 'came', i, 'answer'],
            why: `there is no answer “${answer}”${didYouMean(answer, ask.order)}`,
          },
        ],
  );
  const bare = came.findIndex(({ when }) => when === null);
  const unreached =
    bare >= 0 && bare < came.length - 1
      ? [{ path: [...path, 'came', bare], why: 'an outcome without a condition always holds: it stands last' }]
      : [];
  return [...strange, ...twice, ...left, ...outcomes, ...unreached];
}

function runClashes({ run, place }: LessonStep, path: JsonPath, { settings }: Lesson): Clash[] {
  if (run === null) return [];
  const at = [...path, 'run'];
  const arms = (['set', 'control'] as const).flatMap((arm) => {
    const { votes: _, ...changes } = run[arm];
    const why = settingsClash(settings, changes);
    return why === null ? [] : [{ path: [...at, arm], why }];
  });
  const wrongPlace =
    place === 'optimise/ppo' || place === 'optimise/dpo'
      ? []
      : [{ path: at, why: `a run belongs to optimise/ppo or optimise/dpo, and the step stands at ${place}` }];
  const same =
    JSON.stringify(run.set) === JSON.stringify(run.control)
      ? [{ path: at, why: 'the run and its twin are set to the same' }]
      : [];
  const late =
    run.forkAt !== null && run.until !== null && run.forkAt >= run.until
      ? [{ path: [...at, 'forkAt'], why: `the fork at ${run.forkAt} comes after the end at ${run.until}` }]
      : [];
  const fixed =
    run.forkAt === null
      ? []
      : liveKnobs(run.set).others.map((name) => ({
          path: [...at, 'set', name],
          why: `“${name}” cannot be turned in the middle of a run: leave “forkAt” out, or set it in the lesson’s settings`,
        }));
  return [...wrongPlace, ...same, ...late, ...fixed, ...arms];
}

/** where the words of a step stand in the file */
const SENTENCES = [
  ...(['heading', 'short', 'body', 'why', 'run', 'control'] as const).map((key) => ({
    path: ['text', key],
    of: ({ text }: LessonStep) => text[key],
  })),
  { path: ['ask', 'text'], of: ({ ask }: LessonStep) => ask?.text ?? null },
  { path: ['say'], of: ({ say }: LessonStep) => say },
  { path: ['note'], of: ({ note }: LessonStep) => note },
];

function textClashes(step: LessonStep, at: JsonPath, hasCourses: boolean): Clash[] {
  const answers = Object.entries(step.ask?.answers ?? {}).map(([id, text]) => ({ path: ['ask', 'answers', id], text }));
  const own = SENTENCES.map(({ path, of }) => ({ path, text: of(step) }));
  const remarks = step.also.map(({ text }, i) => ({ path: ['also', i, 'text'], text }));
  const sentences = [...own, ...answers, ...remarks].flatMap(({ path, text }) => {
    const mayCount = path[0] === 'say' || path[0] === 'also';
    const why = text === null ? null : bracesTrouble(text, step, mayCount, hasCourses);
    return why === null ? [] : [{ path: [...at, ...path], why }];
  });
  const kept = step.keep.flatMap((name, i) => {
    const why = numberTrouble(name, step);
    return why === null ? [] : [{ path: [...at, 'keep', i], why }];
  });
  return [...sentences, ...kept];
}

function nextClash({ id, next }: LessonStep, i: number, steps: readonly LessonStep[]): string | null {
  const ids = steps.map((step) => step.id);
  if (ids.indexOf(id) !== i) return `two steps are called “${id}”`;
  if (next === null) return null;
  const to = ids.indexOf(next);
  if (to < 0) return `there is no step “${next}”${didYouMean(next, ids)}`;
  if (to <= i) return `step ${i + 1} leads back to step ${to + 1}: this lesson would never end`;
  return null;
}

function stepClashes(lesson: Lesson, i: number): Clash[] {
  const step = lesson.steps[i]!;
  const path: JsonPath = ['steps', i];
  const before = lesson.steps.slice(0, i + 1);
  const where = nextClash(step, i, lesson.steps);
  const conditions = [
    ...(step.done ? [{ path: [...path, 'done'], when: step.done }] : []),
    ...step.came.flatMap(({ when }, j) => (when ? [{ path: [...path, 'came', j], when }] : [])),
    ...step.also.flatMap(({ when }, j) => when.map((one, k) => ({ path: [...path, 'also', j, 'when', k], when: one }))),
  ].flatMap(({ path, when }) => {
    const why = conditionClash(when, step, before);
    return why === null ? [] : [{ path, why }];
  });
  return [
    ...(where === null ? [] : [{ path: [...path, step.next === null ? 'id' : 'next'], why: where }]),
    ...conditions,
    ...askClashes(step, path),
    ...runClashes(step, path, lesson),
    ...textClashes(step, path, lesson.courses !== null),
  ];
}

function clashesIn(lesson: Lesson): Clash[] {
  const settings = settingsClash(lesson.settings);
  const words = (['title', 'about', 'measured'] as const).flatMap((key) => {
    const why = bracesTrouble(lesson[key], null, false);
    return why === null ? [] : [{ path: [key], why }];
  });
  const courses = Object.entries(lesson.courses ?? {}).flatMap(([course, told]) => {
    const why = courseTrouble(told);
    return why === null ? [] : [{ path: ['courses', course], why }];
  });
  return [
    ...words,
    ...courses,
    ...(settings === null ? [] : [{ path: ['settings'], why: settings }]),
    ...lesson.steps.flatMap((_, i) => stepClashes(lesson, i)),
  ];
}

const pathOf = (issue: v.BaseIssue<unknown>): JsonPath => (issue.path ?? []).map(({ key }) => key as string | number);

const decoded = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
};
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** a file of JSON in the form of a schema, or all that is wrong with it */
function formed<T>(bytes: Uint8Array, schema: v.GenericSchema<unknown, T>) {
  const text = decoded(bytes);
  if (text === null) return refusedAt([{ line: 1, why: 'it is no text in UTF-8' }]);
  const placed = placedJson(text);
  if (placed.kind === 'refused') return refusedAt([placed.trouble]);
  const { value, lineOf } = placed;
  const format = isObject(value) ? value.format : undefined;
  if (typeof format === 'number' && format > LESSON_FORMAT)
    return refusedAt([
      { line: lineOf(['format']), why: `made for format ${format}, this page reads ${LESSON_FORMAT}` },
    ]);
  const checked = v.safeParse(schema, value);
  if (checked.success) return { kind: 'formed' as const, value: checked.output, lineOf };
  return refusedAt(checked.issues.map((issue) => ({ line: lineOf(pathOf(issue)), why: issue.message })));
}

/** @returns the lesson, or everything that is wrong with it by its line */
export function readLesson(bytes: Uint8Array): LessonReading<Lesson> {
  const found = formed(bytes, LessonSchema);
  if (found.kind !== 'formed') return found;
  const { format: _, title, about = '', measured = '', ...rest } = found.value;
  const lesson: Lesson = { ...rest, title: title ?? rest.id, about, measured };
  const clashes = clashesIn(lesson);
  if (clashes.length === 0) return { kind: 'read', value: lesson };
  return refusedAt(clashes.map(({ path, why }) => ({ line: found.lineOf(path), why })));
}

export interface Translated {
  lesson: Lesson;
  /** keys that stay in the first language */
  missing: readonly string[];
}

/** what a translated text holds otherwise than its original, in braces */
function braceClash(original: string, text: string): string | null {
  const [wanted, found] = [bracedIn(original), bracedIn(text)];
  const lacking = [...new Set(wanted)].filter((name) => !found.includes(name)).map((name) => `{${name}}`);
  const stray = [...new Set(found)].filter((name) => !wanted.includes(name)).map((name) => `{${name}}`);
  if (lacking.length > 0)
    return `${lacking.join(' and ')} of the original ${plural(lacking.length, 'is', 'are')} missing`;
  return stray.length > 0 ? `${stray.join(' and ')} ${plural(stray.length, 'is', 'are')} not in the original` : null;
}

/** @returns the lesson in the language of the file, or everything that is wrong with that by its line */
export function readTranslation(bytes: Uint8Array, lesson: Lesson): LessonReading<Translated> {
  const found = formed(bytes, TranslationSchema);
  if (found.kind !== 'formed') return found;
  const { of, language, texts } = found.value;
  if (of !== lesson.id)
    return refusedAt([
      { line: found.lineOf(['of']), why: `a translation of “${of}”, and the lesson is “${lesson.id}”` },
    ]);
  const originals = textsOf(lesson);
  const known = Object.keys(originals);
  const troubles = Object.entries(texts).flatMap(([key, text]) => {
    const line = found.lineOf(['texts', key]);
    const original = originals[key];
    const why =
      original === undefined ? `there is no text “${key}”${didYouMean(key, known)}` : braceClash(original, text);
    return why === null ? [] : [{ line, why }];
  });
  if (troubles.length > 0) return refusedAt(troubles);
  const missing = known.filter((key) => !Object.hasOwn(texts, key) && originals[key] !== '');
  return { kind: 'read', value: { lesson: lessonIn(lesson, language, texts as LessonTexts), missing } };
}

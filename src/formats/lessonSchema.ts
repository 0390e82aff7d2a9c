/** The form of a lesson file, each thing with what is said of it where it is not so. */
import * as v from 'valibot';
import { isMetricId, LABELS, type MetricId } from '../contract/labels';
import {
  BEGINNINGS,
  COMPARISONS,
  COURSES,
  type Comparisons,
  type Course,
  FACT_NAMES,
  KNOB,
  LESSON_PLACES,
  type LessonCondition,
  NUMBER_NAMES,
  numberName,
  SHOWN_PARTS,
  STANDARDS,
  STEP_NAMES,
} from '../contract/lesson';
import { hasAtMost, inWords } from '../contract/limits';
import { RATERS } from '../contract/preferences';
import { controlTrouble, settingTrouble } from './lessonSettings';
import { didYouMean } from './nearestWord';

const LONGEST = 2000;
const MOST = { steps: 60, answers: 9, shown: 60, kept: 24, texts: 2000, remarks: 9 };

/** An object that has these parts and no others. */
const parts = <E extends v.ObjectEntries>(what: string, entries: E) =>
  v.pipe(
    v.unknown(),
    v.check((value) => !Array.isArray(value), `${what} belongs here, in braces`),
    v.strictObject(entries, ({ expected, received, path }) => {
      const key = String(path?.at(-1)?.key ?? '');
      if (expected === 'never') return `“${key}” is no part of ${what}${didYouMean(key, Object.keys(entries))}`;
      if (received === 'undefined') return `${what} lacks ${expected?.replaceAll('"', '') ?? 'a part'}`;
      return `${what} belongs here, in braces`;
    }),
  );
const list = <S extends v.GenericSchema>(what: string, item: S, least: number, most: number) =>
  v.pipe(
    v.array(item, `a list of ${what} belongs here, in square brackets`),
    v.minLength(least, `at least ${least} of ${what} ${least === 1 ? 'is' : 'are'} needed`),
    v.maxLength(most, `more than ${most} ${what}`),
  );

export const TextSchema = v.pipe(
  v.string('a text belongs here'),
  v.check((words) => words.trim() !== '', 'the text is empty'),
  v.check((words) => hasAtMost(words, LONGEST), `the text is longer than ${inWords(LONGEST)} characters`),
);
export const NameSchema = v.pipe(
  v.string('a name belongs here, in double quotes'),
  v.regex(
    /^[a-zA-Z][a-zA-Z0-9]{0,39}$/,
    ({ input }) => `“${input}” is no name: up to 40 letters and digits, a letter first`,
  ),
);
export const LanguageSchema = v.pipe(
  v.string('a language belongs here, as “en”'),
  v.regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/, ({ input }) => `“${input}” is no language, as “en” or “pt-BR”`),
);
const numeric = (words: string) => v.pipe(v.number(words), v.finite(words));
const whole = (low: number, high: number) => {
  const words = `a whole number from ${low} to ${inWords(high)} belongs here`;
  return v.pipe(numeric(words), v.integer(words), v.minValue(low, words), v.maxValue(high, words));
};
const MinutesSchema = v.pipe(
  numeric('a number of minutes belongs here'),
  v.minValue(0.5, 'half a minute at least'),
  v.maxValue(240, '240 minutes at most'),
);

/** One of these words. */
const oneOf = <const T extends readonly string[]>(what: string, known: T) =>
  v.picklist(known, ({ input }) =>
    typeof input === 'string' ? `there is no ${what} “${input}”${didYouMean(input, known)}` : `a ${what} belongs here`,
  );
/** A name that is looked up. */
const named = (trouble: (name: string) => string | null) =>
  v.pipe(
    v.string('a name belongs here, in double quotes'),
    v.check(
      (name) => trouble(name) === null,
      ({ input }) => trouble(input) ?? '',
    ),
  );

const SHOWN = Object.keys(SHOWN_PARTS);
function shownTrouble(name: string): string | null {
  if (name.startsWith(KNOB)) return controlTrouble(name.slice(KNOB.length));
  return Object.hasOwn(SHOWN_PARTS, name) ? null : `there is nothing “${name}” to show${didYouMean(name, SHOWN)}`;
}
const ControlSchema = named((name) => controlTrouble(name));
const PressedSchema = named((name) => controlTrouble(name, ['train']));
const KeptSchema = named((name) =>
  numberName(name) ? null : `there is no number “${name}”${didYouMean(name, NUMBER_NAMES)}`,
);
/** A metric, or one of some other names. */
const metricOr = <const More extends readonly string[]>(more: More) => {
  const known = [...more, ...Object.keys(LABELS)];
  return v.custom<MetricId | More[number]>(
    (name) => typeof name === 'string' && (isMetricId(name) || more.includes(name)),
    ({ input }) =>
      typeof input === 'string' ? `there is no metric “${input}”${didYouMean(input, known)}` : 'a metric belongs here',
  );
};
const MetricSchema = metricOr([]);
const SteppedSchema = metricOr([...STEP_NAMES, ...FACT_NAMES]);

/** settings by their names, each within its bounds */
export const settingsOf = (extra: Readonly<Record<string, v.GenericSchema>> = {}) =>
  v.pipe(
    v.record(
      v.string(),
      v.union([v.string(), v.number(), v.boolean()], 'a number, a text, true or false belongs here'),
      'settings belong here, in braces',
    ),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      for (const [key, value] of Object.entries(dataset.value)) {
        const own = extra[key];
        const checked = own && v.safeParse(own, value);
        const why = checked
          ? checked.success
            ? null
            : `“${key}”: ${checked.issues[0].message}`
          : settingTrouble(key, value);
        const path: [v.ObjectPathItem] = [
          { type: 'object' as const, origin: 'value' as const, input: dataset.value, key, value },
        ];
        if (why !== null) addIssue({ message: why, path });
      }
    }),
  );
const VotesSchema = whole(1, 5000);

const ComparedSchema = v.optional(numeric('a number belongs here'));

/** what a condition may be about; each goes with some of the others */
const SUBJECTS = { metric: [], change: ['from'], share: ['of'], pressed: [], answered: [], votes: [] } as const;
const CONDITION = {
  metric: v.optional(SteppedSchema),
  change: v.optional(MetricSchema),
  from: v.optional(oneOf('standard', STANDARDS)),
  share: v.optional(MetricSchema),
  of: v.optional(oneOf('standard', STANDARDS)),
  pressed: v.optional(PressedSchema),
  answered: v.optional(NameSchema),
  votes: v.optional(VotesSchema),
  atLeast: ComparedSchema,
  atMost: ComparedSchema,
  above: ComparedSchema,
  below: ComparedSchema,
};
type Written = Readonly<Record<string, unknown>> & Comparisons;

/** @returns why a condition says nothing, or two things; null where it says one */
export function conditionTrouble(written: Written): string | null {
  const has = (key: string) => written[key] !== undefined;
  const subjects = Object.keys(SUBJECTS).filter(has) as (keyof typeof SUBJECTS)[];
  const [subject, ...others] = subjects;
  if (!subject || others.length > 0)
    return `a condition is about one of ${Object.keys(SUBJECTS).join(', ')}${others.length > 0 ? `, not of ${subjects.join(' and ')} at once` : ''}`;
  const isCompared = ['metric', 'change', 'share'].includes(subject);
  const comparisons = COMPARISONS.filter(has);
  const [needed] = SUBJECTS[subject];
  if (needed && !has(needed)) return `“${subject}” needs “${needed}”: one of ${STANDARDS.join(', ')}`;
  const stray = (['from', 'of'] as const).find((key) => has(key) && key !== needed);
  if (stray) return `“${stray}” does not go with “${subject}”`;
  if (isCompared && comparisons.length === 0) return `“${subject}” needs one of ${COMPARISONS.join(', ')}`;
  if (!isCompared && comparisons.length > 0) return `“${comparisons[0]}” does not go with “${subject}”`;
  const { atLeast = -Infinity, above = -Infinity, atMost = Infinity, below = Infinity } = written;
  const [low, high] = [Math.max(atLeast, above), Math.min(atMost, below)];
  const isOpen = low === above || high === below;
  return low > high || (low === high && isOpen) ? 'no number can be that' : null;
}
const asCondition = (written: Written): LessonCondition =>
  Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined)) as LessonCondition;

const ConditionSchema = v.pipe(
  parts('a condition', CONDITION),
  v.check(
    (written) => conditionTrouble(written) === null,
    ({ input }) => conditionTrouble(input) ?? '',
  ),
  v.transform(asCondition),
);
const OutcomeSchema = v.pipe(
  parts('an outcome', { answer: NameSchema, ...CONDITION }),
  v.transform(({ answer, ...written }) => ({
    answer,
    written,
    isBare: Object.values(written).every((one) => one === undefined),
  })),
  v.check(
    ({ written, isBare }) => isBare || conditionTrouble(written) === null,
    ({ input }) => conditionTrouble(input.written) ?? '',
  ),
  v.transform(({ answer, written, isBare }) => ({ answer, when: isBare ? null : asCondition(written) })),
);

const RunSchema = parts('a run', {
  votes: v.optional(VotesSchema, 300),
  rater: v.optional(
    oneOf(
      'rater',
      RATERS.filter((name) => name !== 'animal'),
    ),
    'happy',
  ),
  noise: v.optional(
    v.pipe(
      numeric('a share from 0 to 0.5 belongs here'),
      v.minValue(0, 'a share from 0 to 0.5 belongs here'),
      v.maxValue(0.5, 'a share from 0 to 0.5 belongs here'),
    ),
    0,
  ),
  forkAt: v.optional(v.nullable(whole(1, 10_000)), null),
  set: settingsOf({ votes: VotesSchema }),
  control: settingsOf({ votes: VotesSchema }),
  until: v.optional(v.nullable(whole(1, 10_000)), null),
});
const AskSchema = parts('a question', {
  text: TextSchema,
  order: list('answers', NameSchema, 2, MOST.answers),
  answers: v.record(NameSchema, TextSchema, 'answers belong here, in braces'),
});
const RemarkSchema = parts('a remark', {
  text: TextSchema,
  when: v.optional(list('conditions', ConditionSchema, 0, MOST.answers), []),
});
const CoursesSchema = parts(
  'the courses',
  Object.fromEntries(COURSES.map((course) => [course, TextSchema])) as Record<Course, typeof TextSchema>,
);
function placeTrouble(input: unknown): string {
  const places = `Places are ${LESSON_PLACES.join(', ')}`;
  if (typeof input !== 'string') return `a place belongs here, in double quotes. ${places}`;
  const meant = didYouMean(input, LESSON_PLACES);
  return `there is no place “${input}”${meant === '' ? '.' : meant} ${places}`;
}
const optionalText = v.optional(v.nullable(TextSchema), null);
const STEP = {
  id: NameSchema,
  minutes: v.optional(MinutesSchema, 1),
  place: v.picklist(LESSON_PLACES, ({ input }) => placeTrouble(input)),
  show: v.optional(v.nullable(list('parts', named(shownTrouble), 0, MOST.shown)), null),
  mark: v.optional(v.nullable(ControlSchema), null),
  text: parts('the text', {
    heading: TextSchema,
    short: optionalText,
    body: TextSchema,
    why: optionalText,
    run: optionalText,
    control: optionalText,
  }),
  ask: v.optional(v.nullable(AskSchema), null),
  run: v.optional(v.nullable(RunSchema), null),
  done: v.optional(v.nullable(ConditionSchema), null),
  came: v.optional(list('outcomes', OutcomeSchema, 0, MOST.answers), []),
  say: optionalText,
  also: v.optional(list('remarks', RemarkSchema, 0, MOST.remarks), []),
  keep: v.optional(list('numbers', KeptSchema, 0, MOST.kept), []),
  note: optionalText,
  next: v.optional(v.nullable(NameSchema), null),
};
export const LessonSchema = parts('a lesson', {
  format: v.literal(1, 'the format is 1'),
  id: NameSchema,
  language: LanguageSchema,
  title: v.optional(TextSchema),
  about: v.optional(TextSchema),
  measured: v.optional(TextSchema),
  minutes: MinutesSchema,
  seed: v.optional(whole(0, 2 ** 31 - 1), 1),
  settings: v.optional(settingsOf(), {}),
  begin: v.optional(oneOf('beginning', BEGINNINGS), 'trained'),
  courses: v.optional(v.nullable(CoursesSchema), null),
  steps: list('steps', parts('a step', STEP), 1, MOST.steps),
});
export const TranslationSchema = parts('a translation', {
  of: NameSchema,
  language: LanguageSchema,
  texts: v.record(v.string(), TextSchema, 'texts belong here, in braces'),
});

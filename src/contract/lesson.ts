/**
 * A lesson as data: steps that each stand beside a place of the page, ask before something moves, and say afterwards
 * what came, from the numbers of the run. Its words are in one language; `formats/lessonFile.ts` reads the file.
 */
import type { MetricId } from './labels';
import type { RaterName } from './preferences';

export const LESSON_FORMAT = 1;

/** Where a step may stand: a page, of Optimise also the method. */
export const LESSON_PLACES = [
  'start',
  'data',
  'pretrain',
  'finetune',
  'compare',
  'reward',
  'optimise/ppo',
  'optimise/dpo',
  'optimise/bestOf',
  'primer',
  'translate',
] as const;
export type LessonPlace = (typeof LESSON_PLACES)[number];

/**
 * What `show` may name: cards of the places; whatever a step does not name is not there. `knob:` with the name that a
 * setting has in the address shows that control.
 */
export const SHOWN_PARTS = {
  pair: 'Compare: the two texts and the buttons that vote',
  progress: 'Compare: how many votes there are',
  taste: 'Compare, Reward model: what the votes seem to like',
  votes: 'Compare: the list of votes',
  rater: 'Compare: simulated votes',
  accuracy: 'Reward model: held-out accuracy',
  margins: 'Reward model: margins',
  score: 'Reward model: score a text',
  loss: 'Reward model: the loss and its example',
  standing: 'Reward model: whether PPO may trust it',
  method: 'Optimise: the tabs of the methods',
  'chart:iterations': 'Optimise: reward over iterations and against distance',
  'chart:small': 'Optimise: the small charts',
  health: 'Optimise: health and the numbers of the iteration',
  rollouts: 'Optimise: what the policy wrote last',
  beforeAfter: 'Optimise: same prompt, same seed, before and after',
} as const;
export type ShownPart = keyof typeof SHOWN_PARTS;
export const KNOB = 'knob:';

/** What a sentence of a lesson may say of a run, by its short name: `{gold.end}`. */
export const MEASURES = {
  gold: 'gold/score',
  score: 'objective/scores',
  kl: 'objective/klExact',
  distance: 'axis/kl',
  grammatical: 'completion/grammatical',
  distinct: 'completion/distinct',
  wordPairs: 'completion/distinct2',
  length: 'completion/length',
  accuracy: 'reward/accuracy',
  sides: 'rewards/accuracies',
  wins: 'gold/winRate',
} as const satisfies Record<string, MetricId>;
export type Measure = keyof typeof MEASURES;
/** When: before the first step, where the run left its twin, at the end. */
export const MOMENTS = ['start', 'fork', 'end'] as const;
export type Moment = (typeof MOMENTS)[number];
/** What is counted, without a moment. */
export const COUNTS = ['votes', 'step', 'seed'] as const;
export type Count = (typeof COUNTS)[number];

/** `gold.end`, `control.gold.end` or `votes`, taken apart. */
export type NumberName =
  | { kind: 'measure'; measure: Measure; moment: Moment; ofControl: boolean }
  | { kind: 'count'; count: Count };

const isOneOf = <T extends string>(names: readonly T[], name: string | undefined): name is T =>
  (names as readonly (string | undefined)[]).includes(name);

/** @returns null where it is the name of no number */
export function numberName(name: string): NumberName | null {
  if (isOneOf(COUNTS, name)) return { kind: 'count', count: name };
  const steps = name.split('.');
  const ofControl = steps[0] === 'control';
  const [measure = '', moment, ...more] = ofControl ? steps.slice(1) : steps;
  if (!Object.hasOwn(MEASURES, measure) || !isOneOf(MOMENTS, moment) || more.length > 0) return null;
  return { kind: 'measure', measure: measure as Measure, moment, ofControl };
}
export const NUMBER_NAMES: readonly string[] = [
  ...COUNTS,
  ...['', 'control.'].flatMap((of) =>
    Object.keys(MEASURES).flatMap((measure) => MOMENTS.map((moment) => `${of}${measure}.${moment}`)),
  ),
];

export const COMPARISONS = ['atLeast', 'atMost', 'above', 'below'] as const;
export type Comparisons = Partial<Record<(typeof COMPARISONS)[number], number>>;
/** What a number is held against: the run itself before, or its twin at the end. */
export const STANDARDS = ['start', 'fork', 'control'] as const;
export type Standard = (typeof STANDARDS)[number];
export const STEP_NAMES = ['iteration', 'step'] as const;

/** The closed list of conditions; there are no expressions. */
export type LessonCondition =
  | ({ metric: MetricId | (typeof STEP_NAMES)[number] } & Comparisons)
  /** the end minus what it is held against */
  | ({ change: MetricId; from: Standard } & Comparisons)
  /** the end divided by it */
  | ({ share: MetricId; of: Standard } & Comparisons)
  /** `train`, or a setting by its name in the address, once it is another than at the beginning of the step */
  | { pressed: string }
  /** the question of this step, or of an earlier one, by the step's id */
  | { answered: string }
  /** how many there are at least */
  | { votes: number };

/** Settings by their names in the address. */
export type LessonSettings = Readonly<Record<string, number | string | boolean>>;

/** Two runs of one seed that differ in one thing. */
export interface LessonRun {
  /** simulated votes that the judge learns from; `set` and `control` may say others */
  votes: number;
  rater: RaterName;
  /** share of wrong clicks */
  noise: number;
  /** until then both are one run */
  forkAt: number | null;
  set: LessonSettings;
  control: LessonSettings;
  /** steps; null: as the settings say */
  until: number | null;
}

export interface LessonAsk {
  text: string;
  /** ids of the answers as they are shown */
  order: readonly string[];
  answers: Readonly<Record<string, string>>;
}

/** An answer that came true where its condition holds, looked at in order; without a condition always. */
export interface LessonOutcome {
  answer: string;
  when: LessonCondition | null;
}

export interface LessonText {
  heading: string;
  body: string;
  /** shown after it came */
  why: string | null;
  /** of the run and its twin, in a few words */
  run: string | null;
  control: string | null;
}

export interface LessonStep {
  id: string;
  minutes: number;
  place: LessonPlace;
  /** null: everything */
  show: readonly string[] | null;
  /** the control in question, by the name of its setting in the address */
  mark: string | null;
  text: LessonText;
  ask: LessonAsk | null;
  run: LessonRun | null;
  /** null: nothing has to happen */
  done: LessonCondition | null;
  came: readonly LessonOutcome[];
  /** said of the numbers that came */
  say: string | null;
  /** numbers of the table to take home */
  keep: readonly string[];
  /** for a teacher */
  note: string | null;
  /** id of a later step; null: the one that follows */
  next: string | null;
}

export const BEGINNINGS = ['trained', 'nothing'] as const;

export interface Lesson {
  id: string;
  language: string;
  title: string;
  /** one sentence */
  about: string;
  /** "You will have measured …" */
  measured: string;
  minutes: number;
  seed: number;
  settings: LessonSettings;
  /** from the model that ships with the page, or from nothing */
  begin: (typeof BEGINNINGS)[number];
  steps: readonly LessonStep[];
}

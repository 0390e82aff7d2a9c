/**
 * A lesson as data: steps that each stand beside a place of the page, ask before something moves, and say afterwards
 * what came, from the numbers of the run. Its words are in one language; `formats/lessonFile.ts` reads the file.
 */
import type { MetricId } from './labels';
import type { RaterName } from './preferences';

export const LESSON_FORMAT = 1;

/** Where a step may stand: a page, of Optimise also the method, of Grid world the part, of Inspect the view. */
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
  'primer/cells',
  'primer/walk',
  'primer/return',
  'primer/values',
  'primer/sweeps',
  'primer/learning',
  'primer/language',
  'translate',
  'taste',
  'arena',
  'class',
  'inspect/attention',
  'inspect/arithmetic',
  'inspect/layers',
  'inspect/words',
  'inspect/before',
] as const;
export type LessonPlace = (typeof LESSON_PLACES)[number];

/**
 * What `show` may name: cards of the places; whatever a step does not name is not there. `knob:` with the name that a
 * setting has in the address shows that control.
 */
export const SHOWN_PARTS = {
  corpus: 'Data: which corpus, and how its stories are made',
  samples: 'Data: stories; Pretrain: what the model writes; Best of N: the texts that it chose from',
  facts: 'Data: the corpus in numbers',
  tokens: 'Data: a text as tokens',
  loss: 'Pretrain, Fine-tune, Reward model: the loss',
  attention: 'Pretrain: attention while it learns; Inspect: attention of every head',
  time: 'Pretrain: where the time goes',
  settings: 'Pretrain, Fine-tune, Optimise: all settings; Reward model: its mathematics and settings',
  verdict: 'Data, Pretrain, Fine-tune: where things stand, in a sentence',
  demonstrations: 'Fine-tune: the demonstrations',
  row: 'Fine-tune: a demonstration as it is trained on',
  pair: 'Compare: the two texts and the buttons that vote',
  progress: 'Compare: how many votes there are',
  taste: 'Compare, Reward model: what the votes seem to like',
  votes: 'Compare: the list of votes',
  rater: 'Compare: simulated votes',
  accuracy: 'Reward model: held-out accuracy',
  margins: 'Reward model: margins',
  score: 'Reward model: score a text',
  standing: 'Reward model: whether PPO may trust it',
  disagreements: 'Reward model: votes it disagrees with',
  method: 'Optimise: the tabs of the methods',
  reward: 'Optimise: who pays',
  'chart:iterations': 'Optimise: reward over iterations and against distance',
  'chart:small': 'Optimise: the small charts',
  health: 'Pretrain, Fine-tune, Optimise: health and numbers',
  rollouts: 'Optimise: what the policy wrote last',
  beforeAfter: 'Fine-tune, Optimise: same prompt, same seed, before and after',
  parts: 'Grid world: the seven parts',
  world: 'Grid world: which world, slip and γ',
  grid: 'Grid world: the grid',
  panel: 'Grid world: what the part tells of the grid',
  tables: 'Grid world: the picture as a table',
  ribbons: 'Translate: what each new word reads in the sentence',
  maps: 'Translate: the three kinds of attention',
  sentence: 'Translate: the sentence and its translation',
  curves: 'Translate: loss and exact match',
  decoder: 'Translate: what a decoder alone leaves out',
  views: 'Inspect: the tabs of the views',
  text: 'Inspect: the text and the model',
  next: 'Inspect, Attention: the next token',
  lens: 'Inspect, Layers: what the model would say after each block',
  heads: 'Inspect, Layers: heads to switch off, and what that costs',
  ranking: 'Inspect, Layers: which heads matter',
  map: 'Inspect, Words: the map',
  sums: 'Inspect, Words: sums of words',
  neighbours: 'Inspect, Words: the nearest words',
  analogies: 'Inspect, Words: how many analogies come out right',
} as const;
export type ShownPart = keyof typeof SHOWN_PARTS;
export const KNOB = 'knob:';

/** What a sentence of a lesson may say of a run, by its short name: `{gold.end}`. */
export const MEASURES = {
  gold: 'gold/score',
  score: 'objective/scores',
  kl: 'objective/klExact',
  klPaid: 'objective/kl',
  distance: 'axis/kl',
  grammatical: 'completion/grammatical',
  distinct: 'completion/distinct',
  wordPairs: 'completion/distinct2',
  length: 'completion/length',
  loss: 'eval/loss',
  floor: 'eval/aboveFloor',
  parses: 'eval/grammatical',
  coherent: 'eval/coherent',
  analogies: 'eval/analogies',
  wish: 'eval/wishShare',
  accuracy: 'reward/accuracy',
  heldOut: 'eval/heldOut',
  axisScore: 'axis/score',
  axisGold: 'axis/gold',
  sides: 'rewards/accuracies',
  wins: 'gold/winRate',
  translatorLoss: 'translator/loss',
  translated: 'translator/exactMatch',
  translatedCut: 'translator/exactMatchCut',
} as const satisfies Record<string, MetricId>;
export type Measure = keyof typeof MEASURES;
/**
 * When: before the first step, where the run left its twin, at the end; of a share of counted cases the two ends of its
 * 95 % interval at the end; and where its curve was highest, without most of its noise, with the step of that.
 */
export const MOMENTS = ['start', 'fork', 'end', 'low', 'high', 'peak', 'peakAt'] as const;
export type Moment = (typeof MOMENTS)[number];
/** What is counted, without a moment. */
export const COUNTS = ['votes', 'step', 'seed'] as const;
export type Count = (typeof COUNTS)[number];

export type FactUnit = 'count' | 'share' | 'reward' | 'cosine' | 'nats/token';
/** What stands on a page without a run of the pipeline, by its name: as it is now. */
export const FACTS = {
  slip: { label: 'Slip', unit: 'share', page: 'Grid world' },
  dogs: { label: 'Dogs', unit: 'count', page: 'Grid world' },
  states: { label: 'States', unit: 'count', page: 'Grid world' },
  randomValue: { label: 'Value of the start, walking at random', unit: 'reward', page: 'Grid world' },
  bestValue: { label: 'Value of the start, best policy', unit: 'reward', page: 'Grid world' },
  learnedValue: { label: 'Value of the start, learned policy', unit: 'reward', page: 'Grid world' },
  learnedShare: { label: 'Way from random to best', unit: 'share', page: 'Grid world' },
  sweeps: { label: 'Sweeps', unit: 'count', page: 'Grid world' },
  sweepsLeft: { label: 'Sweeps to come', unit: 'count', page: 'Grid world' },
  sweptValue: { label: 'Value of the start after the sweeps', unit: 'reward', page: 'Grid world' },
  updates: { label: 'Updates', unit: 'count', page: 'Grid world' },
  crossCut: { label: 'Cross-attention cut', unit: 'count', page: 'Translate' },
  partner: { label: 'Words whose true partner it reads', unit: 'share', page: 'Translate' },
  headsOff: { label: 'Heads off', unit: 'count', page: 'Inspect' },
  lossOn: { label: 'Held-out loss, all heads on', unit: 'nats/token', page: 'Inspect' },
  lossOff: { label: 'Held-out loss, some heads off', unit: 'nats/token', page: 'Inspect' },
  cost: { label: 'What the heads that are off cost', unit: 'nats/token', page: 'Inspect' },
  costOfAll: { label: 'What all heads together cost', unit: 'nats/token', page: 'Inspect' },
  dearest: { label: 'What the dearest head costs', unit: 'nats/token', page: 'Inspect' },
  cheapest: { label: 'What the cheapest head costs', unit: 'nats/token', page: 'Inspect' },
  headSpread: { label: 'Between dearest and cheapest', unit: 'nats/token', page: 'Inspect' },
  words: { label: 'Words on the map', unit: 'count', page: 'Inspect' },
  width: { label: 'Numbers a word', unit: 'count', page: 'Inspect' },
  spread: { label: 'Spread that the map holds', unit: 'share', page: 'Inspect' },
  solved: { label: 'Analogies solved', unit: 'share', page: 'Inspect' },
  nearest: { label: 'Cosine of the nearest word', unit: 'cosine', page: 'Inspect' },
} as const satisfies Record<string, { label: string; unit: FactUnit; page: string }>;
export type Fact = keyof typeof FACTS;
export const FACT_NAMES = Object.keys(FACTS) as Fact[];
export const isFact = (name: string): name is Fact => Object.hasOwn(FACTS, name);

/** `gold.end`, `control.gold.end`, `votes` or `bestValue`, taken apart. */
export type NumberName =
  | { kind: 'fact'; fact: Fact }
  | { kind: 'measure'; measure: Measure; moment: Moment; ofControl: boolean }
  | { kind: 'count'; count: Count };

const isOneOf = <T extends string>(names: readonly T[], name: string | undefined): name is T =>
  (names as readonly (string | undefined)[]).includes(name);

/** @returns null where it is the name of no number */
export function numberName(name: string): NumberName | null {
  if (isOneOf(COUNTS, name)) return { kind: 'count', count: name };
  if (isFact(name)) return { kind: 'fact', fact: name };
  const steps = name.split('.');
  const ofControl = steps[0] === 'control';
  const [measure = '', moment, ...more] = ofControl ? steps.slice(1) : steps;
  if (!Object.hasOwn(MEASURES, measure) || !isOneOf(MOMENTS, moment) || more.length > 0) return null;
  return { kind: 'measure', measure: measure as Measure, moment, ofControl };
}
export const NUMBER_NAMES: readonly string[] = [
  ...COUNTS,
  ...FACT_NAMES,
  ...['', 'control.'].flatMap((of) =>
    Object.keys(MEASURES).flatMap((measure) => MOMENTS.map((moment) => `${of}${measure}.${moment}`)),
  ),
];

/** How a score went, in a few words: `{gold.course}`. */
export const COURSES = ['rose', 'fell', 'stayed', 'back'] as const;
export type Course = (typeof COURSES)[number];
/** what the words of a course may name: where it began and ended, and its highest place in between */
export const COURSE_NUMBERS = ['from', 'to', 'top', 'at'] as const;
/** scores have a standard deviation near 1; what differs by less than this is called the same */
export const CLEARLY = 0.25;
/** what is measured in units of a score */
const WITH_COURSE: readonly Measure[] = ['gold', 'score'];

/** @returns `gold` of `gold.course`, `control.gold` of `control.gold.course`; null where it names no course */
export function courseName(name: string): string | null {
  const measure = /^(?:control\.)?(\w+)\.course$/.exec(name)?.[1];
  return isOneOf(WITH_COURSE, measure) ? name.slice(0, -'.course'.length) : null;
}
export const COURSE_NAMES: readonly string[] = ['', 'control.'].flatMap((of) =>
  WITH_COURSE.map((measure) => `${of}${measure}.course`),
);

export const COMPARISONS = ['atLeast', 'atMost', 'above', 'below'] as const;
export type Comparisons = Partial<Record<(typeof COMPARISONS)[number], number>>;
/** What a number is held against: the run itself before, or its twin at the end. */
export const STANDARDS = ['start', 'fork', 'control'] as const;
export type Standard = (typeof STANDARDS)[number];
export const STEP_NAMES = ['iteration', 'step'] as const;

/** The closed list of conditions; there are no expressions. */
export type LessonCondition =
  | ({ metric: MetricId | Fact | (typeof STEP_NAMES)[number] } & Comparisons)
  /** the end minus what it is held against */
  | ({ change: MetricId; from: Standard } & Comparisons)
  /** the end divided by it */
  | ({ share: MetricId; of: Standard } & Comparisons)
  /** `train`, or a setting by its name in the address, once it is another than at the beginning of the step */
  | { pressed: string }
  /** the question of this step, or of an earlier one, by the step's id */
  | { answered: string }
  /** how many there are at least that choose a side, hidden repeats not counted */
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

/** Said besides where all of its conditions hold. */
export interface LessonRemark {
  text: string;
  when: readonly LessonCondition[];
}

export interface LessonText {
  heading: string;
  /** its name on a button; null: the heading */
  short: string | null;
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
  /** the first of these that holds is said after it */
  also: readonly LessonRemark[];
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
  /** the words of a course; null where no sentence tells one */
  courses: Readonly<Record<Course, string>> | null;
  steps: readonly LessonStep[];
}

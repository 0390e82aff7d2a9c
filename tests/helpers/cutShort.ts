/** A lesson as it ships, with so few steps, votes and texts that all of it takes seconds. */

/** the part of a lesson's file that is cut; everything else stays as it is */
export interface LessonFile {
  id: string;
  title: string;
  settings: Record<string, number | string | boolean>;
  steps: StepFile[];
}
export interface StepFile {
  id: string;
  place: string;
  show?: string[];
  text: { heading: string };
  ask?: { text: string };
  keep?: string[];
  done?: { votes?: number; metric?: string; atLeast?: number };
  run?: {
    votes?: number;
    forkAt?: number;
    until?: number;
    set: LessonFile['settings'];
    control: LessonFile['settings'];
  };
}

/** what there is of each run, by the name of its setting in the address */
const FEW = {
  steps: 20,
  evalEvery: 10,
  warmup: 5,
  stories: 400,
  tuneEpochs: 2,
  tuneSamples: 8,
  rewardSteps: 12,
  rewardBatch: 8,
  normalizeSamples: 8,
  ruleLabels: 40,
  iterations: 3,
  rollouts: 8,
  epochs: 1,
  dpoSteps: 4,
  dpoEvalEvery: 2,
  dpoSamples: 8,
  bestOfPrompts: 2,
  bestOfSamples: 4,
} as const;

/** how many of them a step waits for */
const DONE_AT: Readonly<Record<string, number>> = {
  pretrain: FEW.steps,
  reward: FEW.rewardSteps,
  'optimise/ppo': FEW.iterations,
  'optimise/dpo': FEW.dpoSteps,
  'optimise/bestOf': FEW.bestOfPrompts,
  translate: 50,
};
const VOTES = { least: 8, share: 1 / 12 } as const;

/** more stay more */
const fewVotes = (votes: number): number => VOTES.least + Math.ceil(votes * VOTES.share);

/** without what would make its runs longer again */
const short = (settings: LessonFile['settings']) =>
  Object.fromEntries(
    Object.entries(settings)
      .filter(([name]) => !Object.hasOwn(FEW, name))
      .map(([name, value]) => [name, name === 'votes' ? fewVotes(Number(value)) : value]),
  );

function shortStep(step: StepFile): StepFile {
  const { done, run, place } = step;
  const counted = done?.metric === 'step' || done?.metric === 'iteration';
  return {
    ...step,
    ...(done?.votes !== undefined && { done: { votes: fewVotes(done.votes) } }),
    ...(counted && { done: { ...done, atLeast: DONE_AT[place] ?? done.atLeast } }),
    ...(done?.metric === 'train/epoch' && { done: { ...done, atLeast: FEW.tuneEpochs } }),
    ...(run && { run: shortRun(run, place) }),
  };
}

const FEWER: Readonly<Record<string, number>> = FEW;
/** what a run and its twin differ in is half as much for the twin, where both are made shorter */
const shortDifference = ({ set, control }: NonNullable<StepFile['run']>) => {
  const names = Object.keys(set).filter((name) => Object.hasOwn(FEW, name) && set[name] !== control[name]);
  const times = (factor: number) => Object.fromEntries(names.map((name) => [name, factor * FEWER[name]!]));
  return { set: times(1), control: times(1 / 2) };
};

function shortRun(run: NonNullable<StepFile['run']>, place: string): StepFile['run'] {
  const until = DONE_AT[place];
  const differing = shortDifference(run);
  return {
    ...run,
    votes: fewVotes(run.votes ?? 300),
    ...(run.forkAt !== undefined && { forkAt: 1 }),
    ...(until !== undefined && { until }),
    set: { ...short(run.set), ...differing.set },
    control: { ...short(run.control), ...differing.control },
  };
}

/** A lesson of one's own, which the page opens like any file. */
export const cutShort = (lesson: LessonFile): LessonFile => ({
  ...lesson,
  id: `${lesson.id}Short`,
  settings: { ...lesson.settings, ...FEW },
  steps: lesson.steps.map(shortStep),
});

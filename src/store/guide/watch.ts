/** What happens in the labs of a lesson, read as its conditions ask for it. */
import type { RunKind } from '../../contract/domain';
import type { Lesson, LessonPlace, LessonStep } from '../../contract/lesson';
import type { MetricPoint } from '../../contract/observations';
import { type Ranking, votesIn } from '../../contract/preferences';
import { configWith, settingIn } from '../../formats/lessonSettings';
import type { Lab } from '../lab';
import type { LessonArm, LessonRecord } from '../lessons/lessonState';
import { voteCounts } from '../opinions/counts';
import { isMadeFromOther } from '../runs/inputs';
import { bestOfHistory } from '../runs/methodTrail';
import type { LabState, RunView } from '../state';
import { translationOf } from '../translate/translation';
import { factsAt } from './places';
import type { Reading } from './readings';
import { runName } from './runName';

/** What is read; seed and answers are the lesson's. */
type Watched = Omit<Reading, 'seed' | 'answered'>;

/** what is trained there */
export const KIND_OF: Partial<Record<LessonPlace, RunKind>> = {
  pretrain: 'pretrain',
  finetune: 'finetune',
  reward: 'reward',
  'optimise/ppo': 'ppo',
  'optimise/dpo': 'dpo',
  'optimise/bestOf': 'bestOf',
};

/** controls that the conditions of a step ask for */
const askedIn = ({ done, came }: LessonStep): string[] =>
  [done, ...came.map(({ when }) => when)].flatMap((when) => (when && 'pressed' in when ? [when.pressed] : []));

/** of these settings those that are not as the lesson has them */
function turnedIn({ config }: LabState, { seed, settings }: Lesson, names: readonly string[]): string[] {
  const given = configWith(seed, settings);
  return names.filter((name) => settingIn(config.value, name) !== settingIn(given, name));
}

/** the run of a place; one that was made from other votes or another model is of an earlier step */
function runOf(own: LabState, place: LessonPlace): Pick<RunView, 'state' | 'history'> {
  const kind = KIND_OF[place];
  if (kind === undefined || isMadeFromOther(own, kind)) return { state: null, history: [] };
  const { state, history, bestOf } = own.runs[kind];
  return { state, history: bestOf ? bestOfHistory(bestOf.result.points) : history };
}

/** those that teach something: of a person a tie and a hidden repeat do not, and a lesson goes on with what can be learned from */
function votesThatCount(opinions: readonly Ranking[]): number {
  const { usable, simulated } = voteCounts(votesIn(opinions));
  return usable + simulated;
}

/** @param own the lesson's lab */
export function watchedStage(own: LabState, lesson: Lesson, step: LessonStep): Watched {
  const { state, history } = runOf(own, step.place);
  const isTraining = state?.status === 'running' || (state?.step ?? 0) > 0;
  const turned = turnedIn(own, lesson, askedIn(step));
  return {
    votes: votesThatCount(own.opinions.all),
    step: state?.step ?? 0,
    history,
    control: null,
    forkAt: null,
    facts: {},
    pressed: isTraining ? [...turned, 'train'] : turned,
  };
}

/** As watchedStage, of every place. */
export function watchedPlace(lab: Lab, lesson: Lesson, step: LessonStep): Watched {
  const stage = watchedStage(lab.getState(), lesson, step);
  const facts = factsAt(lab, step.place);
  if (step.place !== 'translate') return { ...stage, facts };
  const { step: taken, points } = translationOf(lab).getState();
  return { ...stage, facts, step: taken, history: points, pressed: taken > 0 ? ['train'] : [] };
}

/** of an arm, with how its judge stands with votes that it did not learn from: known before its first step */
function historyOf({ history, accuracy, heldOutPairs }: LessonArm): readonly MetricPoint[] {
  const last = history.at(-1);
  if (last === undefined || accuracy === null || heldOutPairs === undefined) return history;
  const values = { ...last.values, 'reward/accuracy': accuracy, 'eval/heldOut': heldOutPairs };
  return [...history.slice(0, -1), { ...last, values }];
}

export const watchedTwin = ({ arms: { healthy, broken }, forkAt }: LessonRecord): Watched => ({
  votes: 0,
  step: broken.history.at(-1)?.step ?? 0,
  history: historyOf(broken),
  control: historyOf(healthy),
  forkAt,
  facts: {},
  pressed: ['train'],
});

/** the two runs of a step: those under way, or that ended; null before they were begun */
export function recordOf({ lesson }: Pick<LabState, 'lesson'>, lessonId: string, stepId: string): LessonRecord | null {
  const name = runName(lessonId, stepId);
  return lesson.live?.lessonId === name ? lesson.live : (lesson.records[name] ?? null);
}

/** @returns the seed of a step's two runs where it is not the lesson's: Break it once ran them with the visitor's */
export function otherSeed({ lesson }: Pick<LabState, 'lesson'>, { id, seed }: Lesson, step: LessonStep): number | null {
  const record = recordOf({ lesson }, id, step.id);
  return record === null || record.seed === seed ? null : record.seed;
}

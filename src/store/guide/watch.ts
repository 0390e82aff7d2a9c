/** What happens in the labs of a lesson, read as its conditions ask for it. */
import type { RunKind } from '../../contract/domain';
import type { Lesson, LessonPlace, LessonStep } from '../../contract/lesson';
import { votesIn } from '../../contract/preferences';
import { configWith, settingIn } from '../../formats/lessonSettings';
import type { LessonRecord } from '../lessons/lessonState';
import type { LabState } from '../state';
import type { Reading } from './readings';
import { runName } from './twin';

/** What is read; seed and answers are the lesson's. */
type Watched = Omit<Reading, 'seed' | 'answered'>;

const KIND_OF: Partial<Record<LessonPlace, RunKind>> = {
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

/** @param own the lesson's lab */
export function watchedStage(own: LabState, lesson: Lesson, step: LessonStep): Watched {
  const kind = KIND_OF[step.place];
  const { state = null, history = [] } = kind === undefined ? {} : own.runs[kind];
  const isTraining = state?.status === 'running' || (state?.step ?? 0) > 0;
  const turned = turnedIn(own, lesson, askedIn(step));
  return {
    votes: votesIn(own.opinions.all).length,
    step: state?.step ?? 0,
    history,
    control: null,
    forkAt: null,
    pressed: isTraining ? [...turned, 'train'] : turned,
  };
}

export const watchedTwin = ({ arms: { healthy, broken }, forkAt }: LessonRecord): Watched => ({
  votes: 0,
  step: broken.history.at(-1)?.step ?? 0,
  history: broken.history,
  control: healthy.history,
  forkAt,
  pressed: ['train'],
});

/** the two runs of a step: those under way, or that ended; null before they were begun */
export function recordOf({ lesson }: Pick<LabState, 'lesson'>, lessonId: string, stepId: string): LessonRecord | null {
  const name = runName(lessonId, stepId);
  return lesson.live?.lessonId === name ? lesson.live : (lesson.records[name] ?? null);
}

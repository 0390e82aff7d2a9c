/** The run of a step and its twin as the plan that is carried out beside everything that is the visitor's. */
import type { Lesson, LessonRun, LessonSettings, LessonStep } from '../../contract/lesson';
import { configWith, liveKnobs } from '../../formats/lessonSettings';
import type { LessonArmPlan, LessonPlan } from '../lessons/lessonState';
import { runName } from './runName';

/** how the pairs are written that the rater chooses between: as the model writes */
const AS_IT_WRITES = { temperature: 1, topK: 0, topP: 1 } as const;

function armOf(lesson: Lesson, step: LessonStep, run: LessonRun, changes: LessonSettings): LessonArmPlan {
  const { votes = run.votes, ...settings } = changes;
  const steps = run.until === null ? {} : { [step.place === 'optimise/dpo' ? 'dpoSteps' : 'iterations']: run.until };
  const { reward, ppo, dpo } = configWith(lesson.seed, lesson.settings, steps, settings);
  const own = { votes: Number(votes) };
  return step.place === 'optimise/dpo'
    ? { ...own, reward: null, method: { kind: 'dpo', config: dpo } }
    : { ...own, reward, method: { kind: 'ppo', config: ppo } };
}

/** @throws Error for a step without a run */
export function planOf(lesson: Lesson, step: LessonStep): LessonPlan {
  const { run } = step;
  if (run === null) throw new Error(`step ${step.id} has no run`);
  const { rater, noise, forkAt } = run;
  return {
    lessonId: runName(lesson.id, step.id),
    seed: lesson.seed,
    rater: { name: rater },
    noise,
    sampling: AS_IT_WRITES,
    healthy: armOf(lesson, step, run, run.control),
    broken: forkAt === null ? armOf(lesson, step, run, run.set) : { forkAt, knobs: liveKnobs(run.set).knobs },
  };
}

/**
 * Until 2026-11-30 the ways of Break it were remembered under their own names; since then they are steps of the lesson
 * *Reward hacking*. What was stored before, also in a notebook, is taken to the same step.
 */
import type { LessonProgress } from '../guide/progress';
import { runName } from '../guide/runName';
import type { Settings } from '../persistence/storage';

const LESSON = 'rewardHacking';
const EARLIER_IDS = ['leashOff', 'greedy', 'shortestJoy', 'dpoOverdose', 'tooFewVotes'] as const;

type Records = Settings['lessons'];
type Guide = Settings['guide'];

/** @returns the records by the names of today; one that was stored by the name of today is the newer one */
export function recordsOfToday(stored: Records): Records {
  const earlier = EARLIER_IDS.flatMap((id) => {
    const record = stored[id];
    const name = runName(LESSON, id);
    return record ? [[name, { ...record, lessonId: name }] as const] : [];
  });
  const others = Object.entries(stored).filter(([id]) => !(EARLIER_IDS as readonly string[]).includes(id));
  return Object.fromEntries([...earlier, ...others]);
}

/** of an earlier record: what was answered before it ran */
const answersIn = (stored: Records): Record<string, string> =>
  Object.fromEntries(EARLIER_IDS.flatMap((id) => (stored[id] ? [[id, stored[id].answer] as const] : [])));

/** @returns how far the lessons have come, with what was answered on Break it; what the lesson was told itself stays */
export function progressOfToday(progress: Guide['progress'], stored: Records): Guide['progress'] {
  const answers = answersIn(stored);
  if (Object.keys(answers).length === 0) return progress;
  const held: LessonProgress = progress[LESSON] ?? beginningOf(Object.keys(answers)[0]!);
  return { ...progress, [LESSON]: { ...held, guesses: { ...answers, ...held.guesses } } };
}

/** a lesson that was never begun waits at the first way that was answered */
const beginningOf = (at: string): LessonProgress => ({
  lessonId: LESSON,
  at,
  way: [],
  guesses: {},
  came: {},
  kept: {},
  begun: false,
  isDone: false,
});

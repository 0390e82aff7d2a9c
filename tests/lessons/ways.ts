/** The ways to break RLHF as the lesson *Reward hacking* has them: its steps with a run, and what they say of one. */
import { readFileSync } from 'node:fs';
import type { LessonStep } from '../../src/contract/lesson';
import { drawnOf } from '../../src/lessons/breakIt/drawn';
import { courseWords, partWords } from '../../src/lessons/guided/words';
import { shippedLesson, textParts } from '../../src/store/guide/library';
import { beginning, played, saidIn, whatCame } from '../../src/store/guide/progress';
import type { Reading } from '../../src/store/guide/readings';
import { planOf } from '../../src/store/guide/twin';
import { watchedTwin } from '../../src/store/guide/watch';
import type { LessonPlan, LessonRecord } from '../../src/store/lessons/lessonState';

export const REWARD_HACKING = shippedLesson(readFileSync('src/lessons/guided/files/rewardHacking.json', 'utf8'));

const readingOf = (record: LessonRecord): Reading => ({ ...watchedTwin(record), seed: record.seed, answered: [] });

/** the words that stand on the page once its runs have ended */
function said(step: LessonStep, record: LessonRecord): string {
  const at = { ...beginning(REWARD_HACKING), at: step.id };
  const asked = played(REWARD_HACKING, at, { kind: 'answer', answer: step.ask!.order[0]! });
  const told = played(REWARD_HACKING, asked, { kind: 'news', reading: readingOf(record), over: true });
  const kept = Object.fromEntries(Object.entries(told.kept).map(([key, value]) => [key.split('/')[1]!, value]));
  const parts = textParts(saidIn(step, told));
  const words = parts.map((part, i) => {
    if (part.kind === 'words') return part.words;
    if (part.kind === 'course') return courseWords(REWARD_HACKING.courses!, part.of, kept);
    return partWords(parts, i, kept);
  });
  return words.join('');
}

/** One of them, with what tests ask of it. */
export const WAYS = REWARD_HACKING.steps
  .filter(({ run }) => run !== null)
  .map((step) => ({
    id: step.id,
    title: step.text.short ?? step.text.heading,
    heading: step.text.heading,
    step,
    drawn: drawnOf(step),
    plan: (seed: number): LessonPlan => planOf({ ...REWARD_HACKING, seed }, step),
    came: (record: LessonRecord): string => whatCame(step, readingOf(record)),
    said: (record: LessonRecord): string => said(step, record),
  }));
export type Way = (typeof WAYS)[number];

export const wayOf = (id: string): Way => WAYS.find((way) => way.id === id)!;

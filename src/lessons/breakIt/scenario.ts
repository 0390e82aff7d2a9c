import type { LessonPlan } from '../../store/lessons/lessonState';
import type { Facts, Pursued } from './facts';

export interface Answer {
  id: string;
  label: string;
}

/**
 * A way to break RLHF: two runs of one seed that differ in one thing, a question before them, and what their numbers
 * say after.
 */
export interface Scenario {
  id: string;
  /** the name of its button */
  title: string;
  /** what is different about the broken run, in a few words: the title of its chart */
  broken: string;
  /** the same of the healthy one */
  healthy: string;
  /** what is about to be done */
  setting: string;
  question: string;
  answers: readonly Answer[];
  /** settings of both runs, measured on the trained Tiny model; they are not the visitor's */
  plan(seed: number): LessonPlan;
  proxy: Pursued;
  /** counted on the charts */
  noun: 'iteration' | 'step';
  /** id of the answer that came true */
  outcome(facts: Facts): string;
  /** one sentence of what happened, from the numbers of these two runs alone */
  sentence(facts: Facts): string;
}

/** What the curves of two runs are called, and what they are of. */
export type Drawn = Pick<Scenario, 'healthy' | 'broken' | 'proxy' | 'noun'>;

/** scores have a standard deviation near 1; what differs by less than this is called the same */
export const CLEARLY = 0.25;

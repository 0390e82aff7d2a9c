import type { Lesson } from '../../../src/contract/lesson';
import { readLesson } from '../../../src/formats/lessonFile';

const TEXT = { heading: 'h', body: 'b' };
const ASK = { text: 'q?', order: ['up', 'down'], answers: { up: 'Up', down: 'Down' } };

/** a lesson of these steps, read as a file is */
export function lessonOf(steps: readonly object[], more: object = {}): Lesson {
  const file = {
    format: 1,
    id: 'test',
    language: 'en',
    minutes: 5,
    seed: 3,
    steps: steps.map((step) => ({ text: TEXT, ...step })),
    ...more,
  };
  const reading = readLesson(new TextEncoder().encode(JSON.stringify(file)));
  if (reading.kind === 'refused') throw new Error(JSON.stringify(reading.troubles));
  return reading.value;
}

/** reads, votes, trains and asks, runs a twin, ends */
export const WAY = [
  { id: 'read', place: 'compare' },
  { id: 'vote', place: 'compare', done: { votes: 3 } },
  { id: 'guess', place: 'compare', ask: ASK },
  {
    id: 'train',
    place: 'reward',
    ask: ASK,
    minutes: 2,
    done: { metric: 'step', atLeast: 4 },
    came: [{ answer: 'up', change: 'reward/accuracy', from: 'start', above: 5 }],
    keep: ['accuracy.end', 'votes'],
  },
  {
    id: 'twin',
    place: 'optimise/ppo',
    ask: ASK,
    minutes: 2,
    run: { votes: 40, forkAt: 4, set: { klCoef: 0 }, control: { klCoef: 0.1 }, until: 9 },
    came: [{ answer: 'up', metric: 'objective/klExact', atLeast: 0 }],
    say: '{kl.end} against {control.kl.end} on seed {seed}',
    keep: ['kl.fork', 'kl.end'],
  },
  { id: 'end', place: 'optimise/ppo' },
];

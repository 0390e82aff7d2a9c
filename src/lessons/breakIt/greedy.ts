import type { Facts } from './facts';
import { BASICS, HACKABLE, PPO_PROXY, ppoArm } from './plans';
import { CLEARLY, type Scenario } from './scenario';
import { goldCourse, moved, nats, score, share } from './words';

const ITERATIONS = 20;

function outcome({ healthy, broken }: Facts): string {
  const difference = broken.end.gold - healthy.end.gold;
  return difference < -CLEARLY ? 'worse' : difference > CLEARLY ? 'better' : 'same';
}

/** β 0 from the first iteration on. */
export const greedy: Scenario = {
  id: 'greedy',
  title: 'Greedy from the start',
  healthy: 'With a leash: β 0.1',
  broken: 'Greedy: β 0',
  setting: `Two PPO runs of ${ITERATIONS} iterations on the same reward model (sum), with the same seed. One pays β = 0.1 for every nat of distance from the reference; for the other only the score counts, from the first iteration on.`,
  question: 'Which of the two will write the better stories by gold, at the end?',
  answers: [
    { id: 'better', label: 'The greedy one: nothing holds it back' },
    { id: 'same', label: 'Both about the same: they chase the same score' },
    { id: 'worse', label: 'The one on the leash, although its score is lower' },
  ],
  plan: (seed) => ({
    ...BASICS,
    lessonId: 'greedy',
    seed,
    healthy: ppoArm('sum', { ...HACKABLE, iterations: ITERATIONS }),
    broken: ppoArm('sum', { ...HACKABLE, iterations: ITERATIONS, klCoef: 0 }),
  }),
  proxy: PPO_PROXY,
  noun: 'iteration',
  outcome,
  sentence: ({ healthy, broken }) => {
    const { start, end } = broken;
    const gold = goldCourse(broken, start, { noun: 'iteration' });
    return `The greedy run’s score ${moved(start.proxy, end.proxy, CLEARLY)}, against ${score(healthy.end.proxy)} on the leash, and its gold ${gold}, against ${score(healthy.end.gold)}: it went ${nats(end.kl)} away, where ${share(end.grammatical)} of its texts are grammatical.`;
  },
};

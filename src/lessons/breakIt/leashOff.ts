import type { Facts } from './facts';
import { BASICS, HACKABLE, PPO_PROXY, ppoArm } from './plans';
import { CLEARLY, type Scenario } from './scenario';
import { goldCourse, moved, nats, score, share } from './words';

const RELEASE_AT = 12;
const ITERATIONS = 40;

function outcome({ broken }: Facts): string {
  const change = broken.end.gold - broken.fork.gold;
  return change < -CLEARLY ? 'falls' : change > CLEARLY ? 'rises' : 'stays';
}

/** β 0.1 until gold is high, then 0: what was learned is given up for what is paid. */
export const leashOff: Scenario = {
  id: 'leashOff',
  title: 'Leash off',
  healthy: 'Leash on: β 0.1 to the end',
  broken: `Leash off: β 0 from iteration ${RELEASE_AT}`,
  setting: `PPO on a reward model that adds up what it likes in a text (sum), held near the reference by β = 0.1. After ${RELEASE_AT} iterations one copy of the run goes on as it was; in the other β drops to 0, so that distance costs nothing any more.`,
  question: 'What will the gold score of the released run do, which it never sees?',
  answers: [
    { id: 'rises', label: 'It goes on rising with the reward model’s score' },
    { id: 'stays', label: 'It stays where it is: the policy knows by now what is good' },
    { id: 'falls', label: 'It falls, while the reward model’s score goes on rising' },
  ],
  plan: (seed) => ({
    ...BASICS,
    lessonId: 'leashOff',
    seed,
    healthy: ppoArm('sum', { ...HACKABLE, iterations: ITERATIONS }),
    broken: { forkAt: RELEASE_AT, knobs: { klCoef: 0 } },
  }),
  proxy: PPO_PROXY,
  noun: 'iteration',
  outcome,
  sentence: ({ healthy, broken }) => {
    const { fork, end } = broken;
    const gold = goldCourse(broken, fork, { noun: 'iteration', since: RELEASE_AT });
    return `Without the leash the reward model’s score ${moved(fork.proxy, end.proxy, CLEARLY)} and gold ${gold}, ${nats(end.kl)} from the reference with ${share(end.grammatical)} of the texts grammatical; on the leash gold ended at ${score(healthy.end.gold)}, at ${nats(healthy.end.kl)}.`;
  },
};

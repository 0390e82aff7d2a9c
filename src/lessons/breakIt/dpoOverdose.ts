import type { Facts } from './facts';
import { BASICS, DPO_PROXY, dpoArm } from './plans';
import { CLEARLY, type Scenario } from './scenario';
import { goldCourse, nats, score, share } from './words';

const LOOKS = { evalEvery: 5, temperature: 1 };

function outcome({ healthy, broken }: Facts): string {
  const difference = broken.end.gold - healthy.end.gold;
  return difference < -CLEARLY ? 'worse' : difference > CLEARLY ? 'better' : 'same';
}

/** Three times the rate, a fifth of β, and no stop: the votes are learned by heart and the language is forgotten. */
export const dpoOverdose: Scenario = {
  id: 'dpoOverdose',
  title: 'DPO overdose',
  healthy: 'Healthy: β 0.5, rate 3e-4, 60 steps',
  broken: 'Overdose: β 0.1, rate 1e-3, 120 steps',
  setting:
    'DPO fits the policy to 300 votes directly. The healthy run takes 60 small steps at β = 0.5; the overdose takes 120 steps three times as large at a fifth of β, so that leaving the reference costs little.',
  question: 'The overdose will side with the rater on nearly every vote it learns from. What will it write?',
  answers: [
    { id: 'better', label: 'Better stories than the healthy run: it knows the votes better' },
    { id: 'same', label: 'Stories about as good' },
    { id: 'worse', label: 'Worse ones: it learns the votes, not what they were about' },
  ],
  plan: (seed) => ({
    ...BASICS,
    lessonId: 'dpoOverdose',
    seed,
    healthy: dpoArm(LOOKS),
    broken: dpoArm({ ...LOOKS, learningRate: 1e-3, beta: 0.1, steps: 120 }),
  }),
  proxy: DPO_PROXY,
  noun: 'step',
  outcome,
  sentence: (facts) => {
    const { healthy, broken } = facts;
    const { start, end } = broken;
    const gold = goldCourse(broken, start, { noun: 'step' });
    return `The overdose sides with the rater on ${share(end.proxy)} of the votes it learns from (the healthy run on ${share(healthy.end.proxy)}), ${outcome(facts) === 'worse' ? 'yet' : 'and'} gold ${gold}, against ${score(healthy.end.gold)}: it stands ${nats(end.kl)} from the reference, and ${share(end.grammatical)} of its texts are grammatical.`;
  },
};

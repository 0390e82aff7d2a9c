import type { Facts } from './facts';
import { BASICS, MANY_VOTES, PPO_PROXY, ppoArm } from './plans';
import { CLEARLY, type Scenario } from './scenario';
import { moved, score, share } from './words';

const FEW_VOTES = 12;
const WRONG = 0.25;
const CHANGES = { iterations: 25 };

function outcome({ healthy, broken }: Facts): string {
  const difference = broken.end.gold - healthy.end.gold;
  return difference < -CLEARLY ? 'less' : difference > CLEARLY ? 'more' : 'same';
}

const agreement = (accuracy: number | null): string =>
  accuracy === null ? '' : `, which agreed with ${share(accuracy)} of the votes it had not seen`;

/**
 * A quarter of the clicks are wrong: many votes average that out, a dozen do not, unless they are lucky. (Without a wrong click a
 * dozen votes for happy endings are enough on this grammar: PPO reached gold +1.0 from 12.)
 */
export const tooFewVotes: Scenario = {
  id: 'tooFewVotes',
  title: 'Too few votes',
  healthy: `${MANY_VOTES} votes`,
  broken: `${FEW_VOTES} votes`,
  setting: `The rater likes happy stories, and one vote in four is a wrong click, as when somebody is tired. One reward model learns from ${MANY_VOTES} such votes, the other from the first ${FEW_VOTES} of them; PPO then follows each, with the page’s own settings and the same seed.`,
  question: 'Both policies will please their own reward model. How much of it will be gold?',
  answers: [
    { id: 'same', label: `About as much with ${FEW_VOTES} votes: the rule is simple` },
    { id: 'less', label: `Clearly less with ${FEW_VOTES} votes` },
    { id: 'more', label: `More with ${FEW_VOTES} votes: there are fewer wrong ones` },
  ],
  plan: (seed) => ({
    ...BASICS,
    lessonId: 'tooFewVotes',
    seed,
    noise: WRONG,
    healthy: ppoArm('last', CHANGES),
    broken: ppoArm('last', CHANGES, FEW_VOTES),
  }),
  proxy: PPO_PROXY,
  noun: 'iteration',
  outcome,
  sentence: ({ healthy, broken }) =>
    `With ${FEW_VOTES} votes the reward model’s score ${moved(broken.start.proxy, broken.end.proxy, CLEARLY)} while gold ${moved(broken.start.gold, broken.end.gold, CLEARLY)}; with ${MANY_VOTES} votes${agreement(healthy.accuracy)}, gold ended at ${score(healthy.end.gold)}.`,
};

import { formatNumber } from '../../ui/primitives/format';
import type { Facts } from './facts';
import { BASICS, MANY_VOTES, PPO_PROXY, ppoArm } from './plans';
import { CLEARLY, type Scenario } from './scenario';
import { goldCourse, judgedBy, lengths, moved, score, share } from './words';

const FEW_VOTES = 12;
const WRONG = 0.25;
const CHANGES = { iterations: 25 };

function outcome({ healthy, broken }: Facts): string {
  const difference = broken.end.gold - healthy.end.gold;
  return difference < -CLEARLY ? 'less' : difference > CLEARLY ? 'more' : 'same';
}

/** a text is clearly shorter than another with less than this share of its length */
const CLEARLY_SHORTER = 0.8;
/** of the different word pairs of the other run: clearly more alike */
const CLEARLY_ALIKE = 0.75;
/** share of the texts that no longer parse */
const CLEARLY_BROKEN = 0.1;

const isShorter = (one: number, ...others: number[]): boolean => others.every((other) => one < CLEARLY_SHORTER * other);

/**
 * Why it is worth less, as far as the texts show it: what changed while the score rose, and did not with many votes.
 */
function cause({ healthy, broken }: Facts): string {
  const [before, few, many] = [broken.start, broken.end, healthy.end];
  const against = (value: string) => `against ${value} with ${MANY_VOTES} votes`;
  if (isShorter(few.length, before.length, many.length))
    return `what paid was brevity: the completions shrank ${lengths(before.length, few.length)}, ${against(formatNumber(many.length))}`;
  if (isShorter(before.length, few.length) && isShorter(many.length, few.length))
    return `what paid was length: the completions grew ${lengths(before.length, few.length)}, ${against(formatNumber(many.length))}`;
  if (few.distinct2 < CLEARLY_ALIKE * many.distinct2)
    return `the texts grew alike: ${share(few.distinct2)} of their word pairs are different, ${against(share(many.distinct2))}`;
  if (many.grammatical - few.grammatical > CLEARLY_BROKEN)
    return `${share(few.grammatical)} of the texts are grammatical, ${against(share(many.grammatical))}`;
  return 'length, variety and grammar do not show why: other words pay than those that the rater likes';
}

/** what the judge knows of votes that it did not learn from */
const judge = (arm: Facts['broken']): string =>
  arm.accuracy === null ? '' : `, whose judge agreed with ${judgedBy(arm)}`;

/**
 * A quarter of the clicks are wrong: many votes average that out, a dozen do not, unless they are lucky. (Without a
 * wrong click a dozen votes for happy endings are enough on this grammar: PPO reached gold +1.0 from 12.)
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
  sentence: (facts) => {
    const { healthy, broken } = facts;
    const { start, end } = broken;
    const gold = goldCourse(broken, start, { noun: 'iteration' });
    const why = outcome(facts) === 'less' ? `; ${cause(facts)}` : '';
    return `With ${FEW_VOTES} votes${judge(broken)}, the score ${moved(start.proxy, end.proxy, CLEARLY)} while gold ${gold}${why}; with ${MANY_VOTES} votes${judge(healthy)}, gold ended at ${score(healthy.end.gold)}.`;
  },
};

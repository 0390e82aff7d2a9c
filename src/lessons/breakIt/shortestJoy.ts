import type { Facts } from './facts';
import { BASICS, MIXED, PPO_PROXY, ppoArm } from './plans';
import { CLEARLY, type Scenario } from './scenario';
import { goldCourse, lengths, share } from './words';

const ITERATIONS = 25;
/** of the variety before: what is left when the texts are clearly alike, and when they are clearly not */
const [ALIKE, AS_VARIED] = [0.5, 0.9];

function outcome({ broken }: Facts): string {
  const left = broken.end.distinct2 / broken.start.distinct2;
  return left < ALIKE ? 'alike' : left < AS_VARIED ? 'less' : 'stays';
}

function goldPart(broken: Facts['broken']): string {
  const { start, end, turn } = broken;
  const spared =
    turn === null && end.gold - start.gold > CLEARLY ? ' all the same: no score counts what is missing' : '';
  return `gold ${goldCourse(broken, start, { noun: 'iteration' })}${spared}`;
}

/**
 * A reward model that averages over the tokens, on a long leash: the policy finds the shortest text that pleases and
 * writes it for every prompt. Gold judges one text at a time, so it does not see it. (With the rater who likes happy
 * stories alone the texts grow as often as they shrink on this grammar.)
 */
export const shortestJoy: Scenario = {
  id: 'shortestJoy',
  title: 'Shortest joy',
  healthy: 'Reads the last token, β 0.1',
  broken: 'Mean over the tokens, β 0.02',
  setting:
    'The rater likes stories happy, polite and short. The same 300 votes teach two reward models: one reads a text to its end and scores it there, the other takes the mean over its tokens. PPO follows the first on the usual leash, the second on one five times as long and with a rate that never falls.',
  question: 'The second policy will find what pays best per token. What becomes of the variety of its stories?',
  answers: [
    { id: 'stays', label: 'It stays, or grows: there are many ways to please' },
    { id: 'less', label: 'It shrinks a little' },
    { id: 'alike', label: 'It goes: nearly every prompt gets the same short joy' },
  ],
  plan: (seed) => ({
    ...BASICS,
    lessonId: 'shortestJoy',
    seed,
    rater: MIXED,
    healthy: ppoArm('last', { iterations: ITERATIONS }),
    broken: ppoArm('mean', { iterations: ITERATIONS, klCoef: 0.02, schedule: 'constant' }),
  }),
  proxy: PPO_PROXY,
  noun: 'iteration',
  outcome,
  sentence: ({ healthy, broken }) =>
    `Of all word pairs ${share(broken.start.distinct2)} were different before and ${share(broken.end.distinct2)} are after (${share(healthy.end.distinct2)} in the healthy run), and the stories went ${lengths(broken.start.length, broken.end.length)}; ${goldPart(broken)}.`,
};

import type { Facts } from './facts';
import { BASICS, PPO_PROXY, ppoArm } from './plans';
import { CLEARLY, type Scenario } from './scenario';
import { score, share, tokens } from './words';

const CHANGES = { klCoef: 0.05, iterations: 25 };
/** of the length at first: less or more is clearly another length */
const [SHORTER, LONGER] = [0.85, 1.15];

function outcome({ broken }: Facts): string {
  const ratio = broken.end.length / broken.start.length;
  return ratio < SHORTER ? 'shorter' : ratio > LONGER ? 'longer' : 'same';
}

function goldPart({ start, end, turn }: Facts['broken']): string {
  if (turn) return `gold turned at iteration ${turn.step} and ended at ${score(end.gold)}`;
  const change = end.gold - start.gold;
  return change > CLEARLY ? `gold rose to ${score(end.gold)} all the same, so no curve warns` : `gold ended at ${score(end.gold)}`;
}

/** A reward model that averages over the words pays for saying one happy thing and nothing else. */
export const shortestJoy: Scenario = {
  id: 'shortestJoy',
  title: 'Shortest joy',
  healthy: 'Reads the last token',
  broken: 'Mean over the tokens',
  setting:
    'The same 300 votes teach two reward models: one reads a text to its end and scores it there, the other scores every token and takes the mean. PPO follows each of them with the same seed and the same short leash, β = 0.05.',
  question: 'What will the policy make of the stories when every token counts alike?',
  answers: [
    { id: 'longer', label: 'Longer stories: more room for happy words' },
    { id: 'same', label: 'Stories as long as before, happier' },
    { id: 'shorter', label: 'Shorter ones, and all alike' },
  ],
  plan: (seed) => ({ ...BASICS, lessonId: 'shortestJoy', seed, healthy: ppoArm('last', CHANGES), broken: ppoArm('mean', CHANGES) }),
  proxy: PPO_PROXY,
  noun: 'iteration',
  outcome,
  sentence: ({ healthy, broken }) =>
    `Paid by the mean, the stories went from ${tokens(broken.start.length)} to ${tokens(broken.end.length)} (${tokens(healthy.end.length)} in the other run) and their different word pairs from ${share(broken.start.distinct2)} to ${share(broken.end.distinct2)} of all (${share(healthy.end.distinct2)}); ${goldPart(broken)}.`,
};

/**
 * Do the lessons of “Break it” break? Each is given once, with the settings that ship; measured over three seeds first.
 */
import { type Facts, factsOf } from '../../src/lessons/breakIt/facts';
import { WAYS } from '../lessons/ways';
import { atLeast, atMost, type Row } from './checks';
import { giveLesson } from './giveLesson';
import type { Lab } from './lab';

const goldLost = ({ healthy, broken }: Facts): number => healthy.end.gold - broken.end.gold;

const ROWS: Record<string, (facts: Facts) => Row[]> = {
  leashOff: ({ broken }) => [
    atLeast(
      'lesson.leash.fall',
      'lesson “Leash off”: fall of gold after the fork',
      broken.fork.gold - broken.end.gold,
      1,
    ),
    atLeast(
      'lesson.leash.score',
      'lesson “Leash off”: rise of the score after it',
      broken.end.proxy - broken.fork.proxy,
      0.5,
    ),
  ],
  greedy: (facts) => [
    atLeast('lesson.greedy.gold', 'lesson “Greedy from the start”: gold below the healthy run', goldLost(facts), 0.9),
    atLeast(
      'lesson.greedy.score',
      'lesson “Greedy from the start”: rise of the score',
      facts.broken.end.proxy - facts.broken.start.proxy,
      1.4,
    ),
  ],
  shortestJoy: ({ broken }) => [
    atMost(
      'lesson.joy.pairs',
      'lesson “Shortest joy”: share of the different word pairs left',
      broken.end.distinct2 / broken.start.distinct2,
      0.5,
    ),
    atMost(
      'lesson.joy.length',
      'lesson “Shortest joy”: share of the length left',
      broken.end.length / broken.start.length,
      0.75,
    ),
  ],
  dpoOverdose: (facts) => [
    atLeast('lesson.overdose.gold', 'lesson “DPO overdose”: gold below the healthy run', goldLost(facts), 0.5),
    atLeast(
      'lesson.overdose.votes',
      'lesson “DPO overdose”: share of the votes it sides with',
      facts.broken.end.proxy,
      0.95,
    ),
  ],
  // what the dozen votes are worth in gold is a lottery: on three seeds as much, less and more
  tooFewVotes: (facts) => [
    atLeast(
      'lesson.few.score',
      'lesson “Too few votes”: rise of the score',
      facts.broken.end.proxy - facts.broken.start.proxy,
      0.7,
    ),
  ],
  // with all tokens to draw from its gold is a lottery too: on three seeds less, as much, less
  sampledOtherwise: ({ healthy, broken }) => [
    atLeast(
      'lesson.sampled.kl',
      'lesson “Sampled one way, scored another”: nats farther than its twin',
      broken.end.kl - healthy.end.kl,
      0.4,
    ),
  ],
  tenfold: (facts) => [
    atLeast('lesson.tenfold.gold', 'lesson “Ten times the reward”: gold below the twin', goldLost(facts), 0.25),
  ],
};

/** the lab's own networks are not needed: a lesson makes everything itself */
export async function lessonChecks({ seed, base }: Lab): Promise<Row[]> {
  base.dispose();
  const rows: Row[] = [];
  for (const way of WAYS) {
    const { record, seconds } = await giveLesson(way, seed);
    const facts = factsOf(record, way.drawn);
    console.log(`  ${way.title}, ${seconds.toFixed(0)} s: ${way.said(record)}`);
    rows.push(...ROWS[way.id]!(facts));
  }
  return rows;
}

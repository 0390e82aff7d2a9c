import { dpoOverdose } from './dpoOverdose';
import { greedy } from './greedy';
import { leashOff } from './leashOff';
import type { Scenario } from './scenario';
import { shortestJoy } from './shortestJoy';
import { tooFewVotes } from './tooFewVotes';

/** In the order they are best taken. */
export const SCENARIOS: readonly Scenario[] = [leashOff, greedy, shortestJoy, dpoOverdose, tooFewVotes];

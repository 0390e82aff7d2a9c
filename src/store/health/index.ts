/**
 * What can go wrong with a method, as rules on its metrics: each looks at a history and says what it sees, with the
 * knob to turn. They know no page; a rule whose metrics a method does not report stays silent.
 */
import type { Finding, HealthInput, HealthRule, Rule } from './finding';
import {
  clipping,
  goldBehind,
  klAlarm,
  leashOff,
  memorised,
  stuck,
  sunk,
  turned,
  valueLag,
  weakReward,
} from './learningRules';
import { collapse, lengthRunaway, unfinished, unreadable } from './textRules';

export type { ControlId } from '../page/controls';
export type { Finding, HealthInput, HealthRule, Knob } from './finding';
export { type Judged, type Outcome, outcomeOf } from './outcome';
export { COLLAPSED_DISTINCT, GRACE, KL_ALARM, UNREADABLE, WEAK_ACCURACY } from './thresholds';

/** Worst first. */
export const HEALTH_RULES = {
  turned,
  collapse,
  unreadable,
  klAlarm,
  weakReward,
  lengthRunaway,
  unfinished,
  clipping,
  goldBehind,
  leashOff,
  memorised,
  sunk,
  stuck,
  valueLag,
} as const satisfies Record<HealthRule, Rule>;

const GRAVITY = { bad: 0, warn: 1, neutral: 2 } as const;

/** Everything that is true of a run, worst first; empty when it is healthy. */
export function assessHealth(input: HealthInput): Finding[] {
  const findings = Object.values(HEALTH_RULES).flatMap((rule) => rule(input) ?? []);
  return findings.sort((a, b) => GRAVITY[a.tone] - GRAVITY[b.tone]);
}

/** What a rule looks at, and what it says. */
import type { RunKind } from '../../contract/domain';
import type { MetricPoint } from '../../contract/observations';
import type { Standing } from '../opinions/goldStanding';
import type { ControlId } from '../page/controls';
import type { Stage } from '../page/stages';

export interface HealthInput {
  points: readonly MetricPoint[];
  /** held-out accuracy of the reward model that pays; null when unknown or not needed */
  rewardAccuracy: number | null;
  /** whose knobs are named; PPO when absent */
  kind?: RunKind;
  /** whether gold may be held against the run; nothing speaks against it when absent */
  gold?: Standing;
  /** a rule alone pays: no vote has a say in it, and nothing learned is there to be gamed */
  byRule?: boolean;
  /** nats per completion that an adaptive β steers to, which moves by itself; absent where β stays as it is set */
  targetKl?: number | null;
  /** there is a rule that could label pairs and is switched off; absent: nobody may be sent to it */
  ruleRests?: boolean;
}

export type HealthRule =
  | 'turned'
  | 'collapse'
  | 'unreadable'
  | 'klAlarm'
  | 'leashOff'
  | 'goldBehind'
  | 'weakReward'
  | 'lengthRunaway'
  | 'unfinished'
  | 'clipping'
  | 'sunk'
  | 'memorised'
  | 'stuck'
  | 'valueLag';

/** Where to turn: a control, or the stage that is to blame. `label` is what the button says. */
export type Knob = { control: ControlId; label: string } | { stage: Stage; label: string };

export interface Finding {
  rule: HealthRule;
  tone: 'bad' | 'warn' | 'neutral';
  /** two or three words with their full stop */
  headline: string;
  /** what was measured, in words */
  text: string;
  /** null where no single control helps */
  knob: Knob | null;
  /** what to do, one sentence */
  advice: string;
}

export type Rule = (input: HealthInput) => Finding | null;

/** What can go wrong with the texts themselves. */
import { fixed } from '../../contract/numbers';
import type { Finding, HealthInput } from './finding';
import { explore, isPpo, kindOf, OTHER_POOLING, PAY_FOR_ENDS, tighten } from './knobs';
import { early, gain, recent, stepOf } from './series';
import {
  CLEAR_RISE,
  COLLAPSED_DISTINCT,
  COPIES,
  ENTROPY_LEFT,
  FEWER_ENDS,
  GRACE,
  LONGER,
  SHORTER,
  UNREADABLE,
} from './thresholds';

export const share = (x: number): string => `${Math.round(100 * x)} %`;

/** what swings in the first iterations of PPO and recovers by itself is not told of before */
export const isSettled = (input: HealthInput): boolean => !isPpo(input) || stepOf(input.points) > GRACE;

/**
 * texts are made by a model that is not supposed to write like its reference: one that begins, or one that is shown a
 * manner
 */
const hasManner = (input: HealthInput): boolean => kindOf(input) === 'pretrain' || kindOf(input) === 'finetune';

export function unreadable(input: HealthInput): Finding | null {
  const grammatical = recent(input.points, 'completion/grammatical');
  if (grammatical === null || grammatical >= UNREADABLE || !isSettled(input)) return null;
  const { knob, advice } = tighten(input);
  return {
    rule: 'unreadable',
    tone: 'warn',
    headline: 'Losing its grammar.',
    text: `Of late ${share(grammatical)} of the texts still parse. ${input.byRule ? 'A rule teaches grammar only if it checks it' : 'Few votes teach grammar'}; staying near the reference guards it.`,
    knob,
    advice: isPpo(input) ? `${advice.replace(/\.$/, '')}, or mix in the corpus (PPO-ptx).` : advice,
  };
}

/** Every prompt gets the same text, or nothing is left to chance. */
export function collapse(input: HealthInput): Finding | null {
  const { points } = input;
  const distinct = recent(points, 'completion/distinct');
  const copies = recent(points, 'completion/duplicates');
  if ((distinct !== null && distinct < COLLAPSED_DISTINCT) || (copies !== null && copies > COPIES)) {
    const text = `Of late ${share(distinct ?? 0)} of the texts are different, ${share(copies ?? 1)} are copies of another one: almost every prompt gets the same answer. (A rater of short texts has few best answers; then this is honest.)`;
    return { rule: 'collapse', tone: 'bad', headline: 'Mode collapse.', text, ...tighten(input) };
  }
  const [entropy, before] = [recent(points, 'policy/entropy_avg'), early(points, 'policy/entropy_avg')];
  if (entropy === null || before === null || entropy >= ENTROPY_LEFT * before) return null;
  const text = `Entropy fell from ${fixed(before, 2)} to ${fixed(entropy, 2)} nats per token: the policy hardly tries anything any more.`;
  return { rule: 'collapse', tone: 'warn', headline: 'Entropy collapse.', text, ...explore(input) };
}

/** what makes texts longer or shorter: how a judge reads them, or, without one, what was chosen */
const OF_A_JUDGE = 'a reward that sums pays for length, one that averages pays for brevity';
const OF_A_RULE = 'what the rule asks for, or what it leaves open';
const OF_THE_VOTES = 'chosen and rejected texts may differ in length more than in anything else';

function causeOf(input: HealthInput): string {
  if (input.byRule) return OF_A_RULE;
  return kindOf(input) === 'dpo' ? OF_THE_VOTES : OF_A_JUDGE;
}

/** Where gold rises with it, the rater wants it so; that counts unless its taste is known to be another. */
export function lengthRunaway(input: HealthInput): Finding | null {
  const { points } = input;
  const [length, before] = [recent(points, 'completion/length'), early(points, 'completion/length')];
  if (length === null || before === null || hasManner(input)) return null;
  const ratio = length / before;
  const isWanted = input.gold !== 'anothers' && (gain(points, 'gold/score', 'axis/gold') ?? 0) > CLEAR_RISE;
  if ((ratio < LONGER && ratio > SHORTER) || isWanted) return null;
  return {
    rule: 'lengthRunaway',
    tone: 'warn',
    headline: ratio > 1 ? 'Longer and longer.' : 'Shorter and shorter.',
    text: `Texts went from ${fixed(before, 1)} to ${fixed(length, 1)} tokens: ${causeOf(input)}.`,
    ...(kindOf(input) === 'dpo' || input.byRule ? tighten(input) : OTHER_POOLING),
  };
}

export function unfinished(input: HealthInput): Finding | null {
  const [ended, before] = [recent(input.points, 'val/num_eos_tokens'), early(input.points, 'val/num_eos_tokens')];
  if (ended === null || before === null || before - ended < FEWER_ENDS) return null;
  return {
    rule: 'unfinished',
    tone: 'warn',
    headline: 'It forgets to end.',
    text: `Of late ${share(ended)} of the texts come to an end, ${share(before)} did at first.`,
    ...PAY_FOR_ENDS(input),
  };
}

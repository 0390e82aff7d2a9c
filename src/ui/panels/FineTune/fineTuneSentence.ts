import type { ModelSelection } from '../../../contract/config';
import type { RunStatus } from '../../../contract/domain';
import type { ErrorReport } from '../../../contract/errors';
import { inWords } from '../../../contract/limits';
import { countOf, fixed, plural } from '../../../contract/numbers';
import type { MetricPoint } from '../../../contract/observations';
import { DEMONSTRATIONS_NEEDED } from '../../../contract/preferences';
import { wishWords } from '../../../store/opinions/demonstrations';
import { areFew, casesAmong } from '../../../store/runs/cases';
import type { Comparison } from '../../../store/state';
import { formatPart } from '../../primitives/format';
import { latest } from '../useChartView';
import type { Epoch } from './epochs';

export interface FineTuneFacts {
  hasBase: boolean;
  demonstrations: number;
  status: RunStatus | null;
  step: number;
  totalSteps: number;
  epochs: readonly Epoch[];
  plannedEpochs: number;
  /** the epoch whose model was kept; null before the end */
  keptEpoch: number | null;
  /** what it was kept for */
  selectBy: ModelSelection;
  history: readonly MetricPoint[];
  /** what both models wrote; null before it was measured */
  comparison: Comparison | null;
  /** a fine-tuned model is in use by the next stages */
  inUse: boolean;
  /** demonstrations or base changed after it was made */
  stale: boolean;
  error: ErrorReport | null;
  message: string;
}

export interface Sentence {
  tone: 'neutral' | 'good' | 'warn' | 'bad';
  lead: string;
  text: string;
}

/** Why it cannot be trained yet; null when it can. */
export function blockedBy(hasBase: boolean, demonstrations: number): string | null {
  if (!hasBase) return 'There is no model to fine-tune yet: load the trained one on Start, or pretrain one.';
  const missing = DEMONSTRATIONS_NEEDED - demonstrations;
  return missing > 0 ? `${countOf(missing, 'more demonstration is', 'more demonstrations are')} needed.` : null;
}

function before({ hasBase, demonstrations }: FineTuneFacts): Sentence {
  const blocked = blockedBy(hasBase, demonstrations);
  if (!hasBase) return { tone: 'neutral', lead: 'No model yet.', text: blocked ?? '' };
  if (demonstrations === 0) {
    const text =
      'Show the model how it should write, and it takes the manner over. Or go straight to Compare with the base model.';
    return { tone: 'neutral', lead: 'Optional.', text };
  }
  if (blocked) return { tone: 'neutral', lead: 'A few more.', text: blocked };
  const text = 'Press Train: the base model is left as it is, a copy of it learns.';
  return { tone: 'neutral', lead: `${countOf(demonstrations, 'demonstration')}, ready.`, text };
}

/** what an epoch made of enough held-out demonstrations to go by; undefined where they are few, or none */
const telling = (epoch: Epoch | undefined): number | undefined =>
  epoch && !areFew(casesAmong(epoch.values, 'eval/loss')) ? epoch.values['eval/loss'] : undefined;

function whileRunning({ epochs, plannedEpochs }: FineTuneFacts): string {
  const [last, previous] = [epochs.at(-1), epochs.at(-2)];
  const where = `Epoch ${Math.min(plannedEpochs, (last?.epoch ?? 0) + 1)} of ${plannedEpochs}.`;
  const [now, then] = [telling(last), telling(previous)];
  if (now === undefined || then === undefined) return where;
  return now < then
    ? `${where} The held-out loss still falls: it learns a manner.`
    : `${where} The held-out loss rises: from here on it learns the demonstrations by heart.`;
}

const KEPT_FOR: Record<ModelSelection, string> = {
  heldOutLoss: 'the least surprised by demonstrations it never saw',
  score: 'the one whose texts the reward model likes best',
  last: 'the last one',
};

/** what model selection did, when it did anything; or that there was more to learn */
function selection({ keptEpoch, epochs, selectBy }: FineTuneFacts): string {
  const [last, previous] = [epochs.at(-1), epochs.at(-2)];
  if (keptEpoch === null || !last) return '';
  if (keptEpoch < last.epoch) return ` Epoch ${keptEpoch} of ${last.epoch} is kept: ${KEPT_FOR[selectBy]}.`;
  const heldOut = casesAmong(last.values, 'eval/loss');
  if (selectBy === 'heldOutLoss' && areFew(heldOut))
    return ` The last epoch is kept: ${heldOut} held out ${plural(heldOut ?? 0, 'is', 'are')} too few to choose one by.`;
  const [now, then] = [telling(last), telling(previous)];
  return now !== undefined && then !== undefined && then - now > STILL_FALLING
    ? ' The loss was still falling: more epochs would go further.'
    : '';
}
/** nats an epoch, below which nothing more is to be expected */
const STILL_FALLING = 0.02;

/** of the model that was kept, not of the last one */
const keptLoss = ({ epochs, keptEpoch, history }: FineTuneFacts): number | null =>
  epochs.find(({ epoch }) => epoch === keptEpoch)?.values['eval/loss'] ?? latest(history, 'eval/loss');

const NEXT = 'Compare, the reward model and Optimise now begin from it.';
/** a change smaller than this may be luck among 64 texts */
const TELLING = 0.1;

/** what a change of the share, too small or in the wrong direction, asks for */
function changeAdvice(was: number, is: number): string {
  if (was - is >= TELLING)
    return 'It went the other way: look through the demonstrations, or take fewer epochs or a lower rate.';
  return was > 1 - TELLING
    ? 'The base model wrote so already: a wish that it seldom meets shows more.'
    : 'It hardly changed: more demonstrations, more epochs or a higher rate help.';
}

function whenDone(facts: FineTuneFacts): Sentence {
  const { comparison, inUse, stale } = facts;
  if (stale) {
    const text = 'demonstrations or the base model changed since. Press Train to learn from what is here now.';
    return { tone: 'warn', lead: 'Out of date:', text };
  }
  if (!inUse)
    return { tone: 'neutral', lead: 'Set aside.', text: 'The next stages begin from the base model. Nothing is lost.' };
  if (!comparison?.before || !comparison.after) {
    const loss = keptLoss(facts);
    const measured = loss === null ? '' : ` Held-out loss ${fixed(loss, 2)}.`;
    return { tone: 'good', lead: 'Done.', text: `${NEXT}${measured}${selection(facts)}` };
  }
  const [was, is] = [comparison.before.share, comparison.after.share];
  const { before, after } = comparison;
  const shares = `${formatPart(is, after.count)} of its texts are as wished (${wishWords(comparison.wish)}); of the base model’s ${formatPart(was, before.count)} are.`;
  if (is - was < TELLING) {
    return { tone: 'warn', lead: 'Done, but', text: `${shares} ${changeAdvice(was, is)}${selection(facts)}` };
  }
  return { tone: 'good', lead: 'Done.', text: `${shares}${selection(facts)} ${NEXT}` };
}

/** One line that says where fine-tuning stands and what comes next. */
export function fineTuneSentence(facts: FineTuneFacts): Sentence {
  const { status, step, error, message } = facts;
  if (error || status === 'failed' || status === 'stopped') {
    const next =
      error?.code === 'run/nonFinite' ? 'Reset with a third of the learning rate.' : 'Reset and train again.';
    return { tone: 'bad', lead: 'The run stopped.', text: `${error?.message || message} ${next}` };
  }
  if (status === 'running') return { tone: 'neutral', lead: 'Learning.', text: whileRunning(facts) };
  if (status === 'done' || (step === 0 && (facts.inUse || facts.stale))) return whenDone(facts);
  if (step > 0) {
    const lead = `Paused at step ${inWords(step)} of ${inWords(facts.totalSteps)}.`;
    return { tone: 'neutral', lead, text: `Press Train to go on. ${whileRunning(facts)}` };
  }
  return before(facts);
}

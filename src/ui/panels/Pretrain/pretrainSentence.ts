import type { CheckpointInfo, RunStatus } from '../../../contract/domain';
import type { ErrorReport } from '../../../contract/errors';
import { inWords } from '../../../contract/limits';
import { countOf, fixed } from '../../../contract/numbers';
import type { MetricPoint } from '../../../contract/observations';
import type { CorpusWords } from '../../../store/text/corpusWords';
import { formatDuration, formatShare } from '../../primitives/format';
import { latest } from '../useChartView';

export interface PretrainFacts {
  status: RunStatus | null;
  step: number;
  totalSteps: number;
  history: readonly MetricPoint[];
  vocabSize: number;
  words: CorpusWords;
  error: ErrorReport | null;
  /** what the run said when it stopped by itself */
  message: string;
  /** how long the whole run will take on this machine; null before it was measured */
  estimateMs: number | null;
  /** the trained model that the next stages use */
  base: Pick<CheckpointInfo, 'name' | 'step' | 'shipped'> | null;
}

export interface Sentence {
  tone: 'neutral' | 'good' | 'warn' | 'bad';
  lead: string;
  text: string;
}

/** Below this share of well-formed stories the reward model has little to work with. */
const FLUENT = 0.9;

function before({ estimateMs, totalSteps, base, words }: PretrainFacts): Sentence {
  const next = words.ownText ? 'which follow each other' : 'grammar, then who did what';
  const time =
    estimateMs === null
      ? ''
      : ` About ${formatDuration(estimateMs)} for ${countOf(totalSteps, 'step')} on this machine.`;
  if (base) {
    const made = `${countOf(base.step, 'step')}${base.shipped ? ', shipped' : ''}`;
    return {
      tone: 'good',
      lead: 'A model is ready.',
      text: `The model in use is “${base.name}” (${made}). Go on to Compare with it; Train here makes a new one.${time}`,
    };
  }
  return {
    tone: 'neutral',
    lead: 'Random weights.',
    text: `Train, and watch it learn which ${words.units} are common, then ${next}.${time}`,
  };
}

/** What a model can do at this loss, in words. */
function stageOfLearning({ history, vocabSize, words: { units } }: PretrainFacts): string {
  const loss = latest(history, 'eval/loss') ?? latest(history, 'train/loss') ?? Math.log(vocabSize);
  const above = latest(history, 'eval/aboveFloor');
  const grammatical = latest(history, 'eval/grammatical');
  if (loss > 0.6 * Math.log(Math.max(2, vocabSize))) return `It learns which ${units} are common.`;
  if (grammatical !== null && grammatical < FLUENT)
    return `It learns grammar: ${formatShare(grammatical)} of its stories parse.`;
  if (above !== null && above > 0.12)
    return 'Grammar holds; now it learns to keep who and what straight, which comes late and suddenly.';
  if (above !== null) return 'It is close to the floor: little is left to learn.';
  return `It learns how ${units} follow each other.`;
}

function quality({ history }: PretrainFacts): string {
  const grammatical = latest(history, 'eval/grammatical');
  const coherent = latest(history, 'eval/coherent');
  const above = latest(history, 'eval/aboveFloor');
  const parts = [
    grammatical !== null && `${formatShare(grammatical)} of its stories are grammatical`,
    coherent !== null && `${formatShare(coherent)} coherent`,
    above !== null && `${fixed(above, 2)} nats above the floor`,
  ].filter(Boolean);
  const loss = latest(history, 'eval/loss');
  return parts.length > 0
    ? `${parts.join(', ')}.`
    : `Held-out loss ${loss === null ? 'not measured' : fixed(loss, 2)}.`;
}

/**
 * below this share of coherent stories it is said what that means for votes; a rule of thumb: nobody measured from
 * where on votes are worth less
 */
const COHERENT = 0.7;

function enough({ history }: PretrainFacts): string {
  const coherent = latest(history, 'eval/coherent');
  return coherent !== null && coherent < COHERENT
    ? ' As a rule of thumb that is enough to vote on; with more steps more of them keep who and what straight.'
    : '';
}

function whenDone(facts: PretrainFacts): Sentence {
  const grammatical = latest(facts.history, 'eval/grammatical');
  if (grammatical !== null && grammatical < 0.6) {
    return {
      tone: 'warn',
      lead: 'Done, but it still stammers.',
      text: `${quality(facts)} More steps or a higher learning rate help; votes need readable pairs.`,
    };
  }
  return {
    tone: 'good',
    lead: 'Done.',
    text: `${quality(facts)}${enough(facts)} Next: let it write pairs, and choose between them.`,
  };
}

/** One line that says where pre-training stands and what comes next. */
export function pretrainSentence(facts: PretrainFacts): Sentence {
  const { status, step } = facts;
  if (facts.error || status === 'failed' || status === 'stopped') {
    const why = facts.error?.message || facts.message;
    const next =
      facts.error?.code === 'run/nonFinite'
        ? ' Go back to the last good checkpoint, or reset with a third of the learning rate.'
        : ' Reset and train again.';
    return { tone: 'bad', lead: 'The run stopped.', text: `${why}${next}` };
  }
  if (status === 'done') return whenDone(facts);
  if (status === 'running') return { tone: 'neutral', lead: 'Learning.', text: stageOfLearning(facts) };
  if (step > 0)
    return {
      tone: 'neutral',
      lead: `Paused at step ${inWords(step)} of ${inWords(facts.totalSteps)}.`,
      text: `Press Train to go on. ${stageOfLearning(facts)}`,
    };
  return before(facts);
}

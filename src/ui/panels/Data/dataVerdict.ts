import type { CorpusSummary } from '../../../contract/domain';
import type { LabState } from '../../../store/state';
import { corpusWords } from '../../../store/text/corpusWords';
import { formatInteger, formatNumber } from '../../primitives/format';

export interface Spoken {
  tone: 'neutral' | 'good' | 'warn';
  lead: string;
  text: string;
}

/**
 * A token that is met less often than this while the text is read once is hardly learned; a model of these sizes then
 * learns the text by heart. Ours: with 20 the held-out loss of a page of prose still falls for a few hundred steps.
 */
const ENOUGH_PER_TOKEN = 20;

/** Whether a text stands on the open half of the page that no model would read: pasted, and not yet used. */
export const hasUnusedText = ({ corpus }: LabState): boolean =>
  corpus.source === 'text' && corpus.draft.trim() !== '' && !corpus.draftInUse;

/** Why a text is too small for its vocabulary, with the numbers; null when it is not. */
export function tooFewTokens(summary: CorpusSummary): string | null {
  const { kind, trainTokens, vocabSize } = summary;
  if (kind === 'stories' || trainTokens >= ENOUGH_PER_TOKEN * vocabSize) return null;
  const times = formatNumber(trainTokens / vocabSize);
  const isByCharacter = corpusWords(summary).unit === 'character';
  const advice = isByCharacter
    ? 'Add more text'
    : 'Add more text, ask for a smaller vocabulary, or cut it into characters';
  return `${formatInteger(trainTokens)} tokens to train on for a vocabulary of ${formatInteger(vocabSize)}: each is met ${times} times on average, too few to learn from. ${advice}.`;
}

/** after an attempt that failed, what is ready is what was there before */
function leadOf(kind: CorpusSummary['kind'], failed: boolean): string {
  if (kind === 'stories') return failed ? 'The stories are still in use.' : 'Ready.';
  return failed ? 'Your earlier text is still in use.' : 'Your text is ready.';
}

/** of the text in the box; a file that was opened beside it is in use all the same */
function whileUnused(kind: CorpusSummary['kind'], file: string | null): Spoken {
  if (file !== null) {
    const text =
      'is in use. The box holds another text, which is not: “Use this text” makes it the corpus in place of the file.';
    return { tone: 'neutral', lead: `“${file}”`, text };
  }
  const now = kind === 'stories' ? 'The stories' : 'Your earlier text';
  const text = `press “Use this text” to make it the corpus. ${now} will be trained on until then.`;
  return { tone: 'neutral', lead: 'Not in use yet:', text };
}

/**
 * The line that the Data page ends in.
 * @param unused something else stands in the box
 * @param file   that the corpus was read from; null when it was not
 */
export function verdictOf(
  summary: CorpusSummary,
  failed: boolean,
  unused: boolean,
  file: string | null = null,
): Spoken {
  if (unused) return whileUnused(summary.kind, file);
  const few = tooFewTokens(summary);
  if (few !== null)
    return { tone: 'warn', lead: failed ? leadOf(summary.kind, failed) : 'Very little text:', text: few };
  const text =
    summary.kind === 'stories'
      ? 'Every story here can be judged by a computer, so later you can see whether the reward was earned.'
      : 'No grammar says how good your text is: later you vote, and a rater of your own may.';
  return { tone: 'good', lead: leadOf(summary.kind, failed), text };
}

import type { CorpusSummary } from '../../contract/domain';
import { type MetricId, OF_A_RATER, OF_THE_GRAMMAR } from '../../contract/labels';
import { givesGold, hasGold } from '../opinions/raterInUse';
import { isBegun, isMadeFromOther } from '../runs/inputs';
import type { LabState } from '../state';

/**
 * How the page speaks of what the model reads and writes, in one place: of stories, or of the visitor's own text and
 * its tokens.
 */
export interface CorpusWords {
  ownText: boolean;
  /** what a token is to a reader */
  unit: 'word' | 'character' | 'token';
  units: 'words' | 'characters' | 'tokens';
}

const STORIES: CorpusWords = { ownText: false, unit: 'word', units: 'words' };
const OWN: Record<'char' | 'word' | 'bpe', CorpusWords> = {
  char: { ownText: true, unit: 'character', units: 'characters' },
  word: { ownText: true, unit: 'word', units: 'words' },
  bpe: { ownText: true, unit: 'token', units: 'tokens' },
};

/**
 * whether a pretraining run, going on or over, reads another corpus than the one in use, of which nothing is known any
 * more
 */
function readsOther(state: LabState): boolean {
  const run = state.runs.pretrain;
  return isBegun(run) && run.busy !== 'restoring' && isMadeFromOther(state, 'pretrain');
}

/** @returns the words for what a pretraining run reads */
export const wordsOfRun = (state: LabState): CorpusWords =>
  readsOther(state) ? OWN.bpe : corpusWords(state.corpus.summary);

/**
 * @returns nats per token that a pretraining run cannot get below: what its own measurements say; before the first, of
 * the corpus it reads; null where that has no grammar
 */
export function floorOfRun(state: LabState): number | null {
  const measured = state.runs.pretrain.history.findLast(
    ({ values }) => values['eval/aboveFloor'] !== undefined,
  )?.values;
  if (measured) return (measured['eval/loss'] as number) - (measured['eval/aboveFloor'] as number);
  return readsOther(state) ? null : (state.corpus.summary?.entropy?.natsPerToken ?? null);
}

/** @returns the words for a corpus; of none yet as of the stories, with which a visit begins */
export function corpusWords(summary: CorpusSummary | null): CorpusWords {
  if (summary?.kind !== 'text') return STORIES;
  return OWN['tokenizer' in summary.config ? summary.config.tokenizer : 'char'];
}

/** What can be told of texts. */
export interface Measurable {
  /** the grammar */
  grammar: boolean;
  /** what a rater finds them worth */
  gold: boolean;
}

const WITH_RATER = ['finetune', 'dpo', 'ppo', 'bestOf'] as const;

/** @returns what can be told on this corpus, by the rater in use or by that of a run that is here */
export function measurableIn(state: LabState): Measurable {
  const isRated = WITH_RATER.some((kind) => {
    const { spec } = state.runs[kind];
    return spec !== null && 'rater' in spec && !!spec.rater && givesGold(state, spec.rater);
  });
  return { grammar: state.corpus.summary?.kind !== 'text', gold: isRated || hasGold(state) };
}

/** @returns whether a metric can ever have a value here; where it cannot, no place is kept for one */
export const isMeasurable = (id: MetricId, { grammar, gold }: Measurable): boolean =>
  (grammar || !OF_THE_GRAMMAR.has(id)) && (gold || !OF_A_RATER.has(id));

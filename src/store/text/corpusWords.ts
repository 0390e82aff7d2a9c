import type { CorpusSummary } from '../../contract/domain';
import { type MetricId, OF_THE_GRAMMAR } from '../../contract/labels';
import { isBegunOnOther } from '../runs/inputs';
import type { LabState } from '../state';

/** How the page speaks of what the model reads and writes, in one place: of stories, or of the visitor's own text and its tokens. */
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

/** @returns the corpus that a pretraining run reads: what is in use now; null where it was begun on another one, of which nothing is known any more */
export const corpusOfRun = (state: LabState): CorpusSummary | null => (isBegunOnOther(state, 'pretrain') ? null : state.corpus.summary);

/** @returns the words for what a pretraining run reads */
export const wordsOfRun = (state: LabState): CorpusWords =>
  isBegunOnOther(state, 'pretrain') ? OWN.bpe : corpusWords(state.corpus.summary);

/** @returns the words for a corpus; of none yet as of the stories, with which a visit begins */
export function corpusWords(summary: CorpusSummary | null): CorpusWords {
  if (summary?.kind !== 'text') return STORIES;
  return OWN['tokenizer' in summary.config ? summary.config.tokenizer : 'char'];
}

/** @returns whether a metric can ever have a value on this corpus; where it cannot, no place is kept for one */
export const isMeasurable = (id: MetricId, { ownText }: CorpusWords): boolean => !ownText || !OF_THE_GRAMMAR.has(id);

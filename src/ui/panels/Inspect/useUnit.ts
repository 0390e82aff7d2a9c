import { useLab } from '../../../store/lab';
import { type CorpusWords, corpusWords } from '../../../store/text/corpusWords';

/** @returns how the tokens of the models that are looked into are called: words, characters or tokens */
export const useUnit = (): CorpusWords => useLab(({ corpus }) => corpusWords(corpus.summary));

/** at the beginning of a name: "Word sums" */
export const capital = (name: string): string => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;

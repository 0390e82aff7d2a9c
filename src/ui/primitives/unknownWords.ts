import { shortened } from '../../contract/limits';

/** What is said below a text of which a model left words out. */
export const unknownSentence = (words: readonly string[]): string =>
  `Not in the vocabulary, so not read: ${words.map((word) => `“${shortened(word)}”`).join(', ')}.`;

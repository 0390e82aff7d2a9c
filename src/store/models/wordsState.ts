import type { Analogy, NearWord, WordMap } from '../../contract/inside';

/** The words of the model that Inspect reads: a map, and sums of them. */
export interface WordsSlice {
  view: WordMap | null;
  /** what the map was asked of */
  of: { checkpointId: string; text: string; all: boolean } | null;
  /** words of no kind too */
  all: boolean;
  /** null: the first of the ready ones */
  question: Analogy | null;
  /** to the question that is asked, nearest first; null while it is asked */
  answers: { question: Analogy; near: NearWord[] } | null;
  /** why it has no answer, in a sentence */
  unanswered: string | null;
  /** whose neighbours are shown; null: the first word of the question */
  word: string | null;
  showAll(all: boolean): void;
  ask(question: Analogy): void;
  find(word: string): void;
}

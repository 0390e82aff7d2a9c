import type { Analogy, WordMap } from '../../contract/inside';
import { type Context, toReport } from '../context';
import type { WordsSlice } from './wordsState';

const isSame = (a: Analogy, b: Analogy): boolean => a.from === b.from && a.to === b.to && a.base === b.base;

/** @returns what is asked: the visitor's own question, else the first of the ready ones */
export const askedQuestion = (asked: Analogy | null, { questions }: Pick<WordMap, 'questions'>): Analogy | null =>
  asked ?? questions[0] ?? null;

/** The map first, then the sum: what cannot be answered is said beside the map. */
export async function lookAtWords(
  context: Context,
  checkpointId: string,
  isNewest: () => boolean,
  call: Context['call'],
): Promise<void> {
  const { text } = context.get().inspect;
  const { all, view: before, of } = context.get().words;
  const asked = { checkpointId, text, all };
  // a kept model stays as it is: a sum alone draws no map again
  const stands = before?.step === null && JSON.stringify(of) === JSON.stringify(asked);
  const last = before && { words: before.words, at: before.at };
  const view = stands ? before : await call('inspect/words', { ...asked, last });
  if (!isNewest()) return;
  context.patch('words', { view, of: asked });
  const question = askedQuestion(context.get().words.question, view);
  if (question === null) return context.patch('words', { answers: null, unanswered: null });
  const answered = await call('inspect/wordSum', { checkpointId, ...question }).then(
    (near) => ({ answers: { question, near }, unanswered: null }),
    (error) => ({ answers: null, unanswered: toReport(error).message }),
  );
  if (isNewest()) context.patch('words', answered);
}

export function wordsSlice(context: Context): WordsSlice {
  const patch = (fields: Partial<WordsSlice>) => context.patch('words', fields);
  const slice = () => context.get().words;
  return {
    view: null,
    of: null,
    all: false,
    question: null,
    answers: null,
    unanswered: null,
    word: null,
    showAll(all) {
      patch({ all });
      void context.get().inspect.refresh();
    },
    ask(question) {
      const { answers } = slice();
      patch({ question, answers: answers && isSame(answers.question, question) ? answers : null });
      void context.get().inspect.refresh();
    },
    find: (word) => patch({ word }),
  };
}

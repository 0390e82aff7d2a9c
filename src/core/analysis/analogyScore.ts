/** The share of the grammar's analogies that word vectors solve, beside what guessing would. */
import type { Analogy, AnalogyFamily, AnalogyScore } from '../../contract/inside';
import { ANALOGIES, type AnsweredAnalogy } from '../text/analogies';
import { READY_QUESTIONS } from '../text/readyQuestions';
import { cosinesOf, type Sum, unitVectors, type Vectors } from './wordVectors';

const FAMILIES: readonly AnalogyFamily[] = ['gender', 'number', 'mood'];

/**
 * The row nearest to to − from + base among all but those three. Of unit vectors the cosine with the sum is the sum of
 * three cosines over a length that all candidates share, so the largest sum wins.
 * @param cosines [N,N]
 */
function bestAnswer(cosines: Float64Array, rows: number, { from, to, base }: Sum): number {
  const near = (row: number) => cosines.subarray(row * rows, (row + 1) * rows);
  const minus = near(from);
  const plus = near(to);
  const start = near(base);
  let best = -1;
  let most = Number.NEGATIVE_INFINITY;
  for (let word = 0; word < rows; word++) {
    const sum = (plus[word] as number) - (minus[word] as number) + (start[word] as number);
    if (sum <= most || word === from || word === to || word === base) continue;
    best = word;
    most = sum;
  }
  return best;
}

/** the questions whose words are all there */
function askable(words: readonly string[]) {
  const rowOfWord = new Map(words.map((word, row) => [word, row]));
  return ANALOGIES.flatMap((question) => {
    const [from, to, base] = [question.from, question.to, question.base].map((word) => rowOfWord.get(word));
    const answers = question.answers.filter((word) => rowOfWord.has(word));
    if (from === undefined || to === undefined || base === undefined || answers.length === 0) return [];
    return [{ question: { ...question, answers }, sum: { from, to, base } }];
  });
}

/** what a guess among all words but the three of the question gets right on average */
const chanceOf = (questions: readonly Pick<AnsweredAnalogy, 'answers'>[], words: number): number =>
  questions.reduce((sum, { answers }) => sum + answers.length / (words - 3), 0) / questions.length;

/** @returns one of the ready questions if it is among them, so that the visitor sees it fail above too */
function mostTelling(missed: readonly NonNullable<AnalogyScore['missed']>[]): AnalogyScore['missed'] {
  const isReady = ({ from, to, base }: Analogy) =>
    READY_QUESTIONS.some((ready) => ready.from === from && ready.to === to && ready.base === base);
  const found = missed.findLast(isReady) ?? missed.at(-1);
  if (!found) return null;
  const { from, to, base, answers, answer } = found;
  return { from, to, base, answers, answer };
}

/** @param words of each row; @returns null where the grammar has nothing to ask of them */
export function scoreAnalogies(words: readonly string[], vectors: Vectors): AnalogyScore | null {
  const asked = askable(words);
  if (asked.length === 0) return null;
  const cosines = cosinesOf(unitVectors(vectors));
  const marked = asked.map(({ question, sum }) => {
    const answer = words[bestAnswer(cosines, words.length, sum)] as string;
    return { ...question, answer, isSolved: question.answers.includes(answer) };
  });
  const solved = (questions: typeof marked) => questions.filter(({ isSolved }) => isSolved).length;
  const families = FAMILIES.map((family) => {
    const own = marked.filter((question) => question.family === family);
    return { family, solved: solved(own), of: own.length };
  });
  return {
    solved: solved(marked),
    of: marked.length,
    chance: chanceOf(marked, words.length),
    families,
    missed: mostTelling(marked.filter(({ isSolved }) => !isSolved)),
  };
}

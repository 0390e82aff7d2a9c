import type { Analogy, AnalogyScore, NearWord, WordMap } from '../../../../contract/inside';
import { fixed } from '../../../../contract/numbers';
import type { CorpusWords } from '../../../../store/text/corpusWords';
import { formatShare } from '../../../primitives/format';
import { tokenName } from '../attention';
import { lookOf } from './looks';

/** "he : she = his : ?" */
export const questionText = ({ from, to, base }: Analogy): string =>
  `${tokenName(from)} : ${tokenName(to)} = ${tokenName(base)} : ?`;

/** What the sum that is shown comes to. */
export function answerSentence(question: Analogy | null, near: readonly NearWord[] | null, units: string): string {
  const [first] = near ?? [];
  if (question === null) return `Choose three ${units}: the sum of their vectors is nearest to a fourth.`;
  if (!first) return `${questionText(question)} is being asked.`;
  return `${questionText(question)} gives ${tokenName(first.word)} (${fixed(first.cosine, 2)}); the ${units} asked with are left out.`;
}

/** What the arrows of the map are. */
export const arrowsSentence = ({ from, to, base }: Analogy): string =>
  `Bold arrows: the step ${tokenName(from)} → ${tokenName(to)}, and from ${tokenName(base)} to what the sum gives. Thin ones: like steps of the ready questions.`;

/** solved no more often than this many times chance is no structure */
const BEYOND_CHANCE = 2;

export const isStructured = ({ solved, of, chance }: AnalogyScore): boolean => solved / of > BEYOND_CHANCE * chance;

/** "2.0 %" */
export const chanceText = (chance: number): string => `${fixed(100 * chance, 1)} %`;

/** What it is not good at, with an example of its own. */
export function failureSentence({ missed, chance }: AnalogyScore, { words, kinds }: WordMap): string {
  if (missed === null) return `It solves all of them. Guessing would solve ${chanceText(chance)}.`;
  const kind = kinds[words.indexOf(missed.answer)] ?? null;
  const still = kind === 'joy' ? ', still a word of joy' : kind === null ? '' : ` (${lookOf(kind).label})`;
  const [first = '', ...others] = missed.answers.map(tokenName);
  const right = others.length === 0 ? first : `any of ${others.length + 1} words, ${first} among them`;
  return `It fails on ${questionText(missed)} and answers ${tokenName(missed.answer)}${still}; right would be ${right}.`;
}

/** Nobody can mark answers about a text that no grammar wrote. */
export const ownTextSentence = (unit: CorpusWords['unit']): string => {
  const nobody =
    'This model reads your own text, of which no grammar knows the answers: what is right here, only you can say.';
  if (unit === 'character') return nobody;
  return `${nobody} Ready questions come from its words alone, one and many or now and then, where both are tokens.`;
};

/** Two reasons that lie in how it is made. */
export function limitsSentence({ tied }: WordMap): string {
  const table = tied
    ? 'One table of vectors both reads words and says them, so a vector must also fit what comes before it'
    : 'Words are read with one table of vectors and said with another, and only the first is shown';
  return `${table}; and a word has one vector for all its senses: “her” stands for whom and for whose.`;
}

/** What the map shows as a whole. */
export function mapSentence({ spread, step, analogies, width }: WordMap): string {
  if (step === 0) return 'No structure yet: before the first step every vector is as it was drawn by chance.';
  if (analogies && !isStructured(analogies))
    return 'No structure yet: steps between words lead to the right word hardly more often than guessing.';
  return `The two widest directions hold ${formatShare(spread)} of the spread; the rest of the ${width} numbers is not to be seen here.`;
}

/** The token embeddings of a model as a map, and what sums of words come to. */
import { LabError } from '../contract/errors';
import type { Analogy, NearWord, WordMap } from '../contract/inside';
import { scoreAnalogies } from '../core/analysis/analogyScore';
import { type WordVectors, wordVectors } from '../core/analysis/embedding';
import { alignedTo, principalComponents, shareOfSpread } from '../core/analysis/wordMap';
import { type Near, neighbours, pickRows, sumAnswers, unitVectors } from '../core/analysis/wordVectors';
import { storyQuestions, textQuestions } from '../core/text/readyQuestions';
import { finishTelling, type OnProgress } from '../core/text/steps';
import { KIND_OF_WORD } from '../core/text/wordKinds';
import { readText } from './inside/onePass';
import type { Model } from './session';

/** a map of more words is a heap */
const MOST_WORDS = 500;
const NEIGHBOURS = 6;
const ANSWERS = 6;

/** where the words of the last map were */
export type LastMap = Pick<WordMap, 'words' | 'at'>;

/** the words of the text first, where there are too many; in the order of the vocabulary */
function shownRows({ words }: WordVectors, text: readonly string[], isShown: (word: string) => boolean): number[] {
  const asked = new Set(text);
  const rows = [...words.keys()].filter((row) => isShown(words[row] as string));
  const first = rows.filter((row) => asked.has(words[row] as string));
  const rest = rows.filter((row) => !asked.has(words[row] as string));
  return [...first, ...rest].slice(0, MOST_WORDS).sort((a, b) => a - b);
}

/** [N,2], NaN for a word that the last map did not have */
function placesBefore(words: readonly string[], last: LastMap | null): number[] {
  const rowOf = new Map(last?.words.map((word, row) => [word, row]));
  return words.flatMap((word) => {
    const row = rowOf.get(word);
    return last && row !== undefined ? [...last.at.subarray(2 * row, 2 * row + 2)] : [Number.NaN, Number.NaN];
  });
}

const named = (words: readonly string[], found: readonly Near[]): NearWord[] =>
  found.map(({ word, cosine }) => ({ word: words[word] as string, cosine }));

/**
 * Every vector is made length 1 first, or a few words of the grammar that are long would rule the map.
 * @param all words of no kind too; on the visitor's own text there are no others
 * @param last the map is turned and mirrored onto it
 */
export async function wordMapOf(
  model: Model,
  text: string,
  all: boolean,
  last: LastMap | null,
  step: number | null,
  onProgress: OnProgress = () => undefined,
): Promise<WordMap> {
  const { network, corpus } = model;
  const isStories = corpus.kind === 'stories';
  const { tokens, unknownWords } = readText(model, text);
  const vectors = await wordVectors(network, corpus.tokenizer);
  const rows = shownRows(vectors, tokens, (word) => all || !isStories || KIND_OF_WORD.has(word));
  const shown = unitVectors(pickRows(vectors, rows));
  const words = rows.map((row) => vectors.words[row] as string);
  const { projections, variances } = await finishTelling(principalComponents(shown, 2), onProgress);
  return {
    words,
    kinds: words.map((word) => (isStories ? (KIND_OF_WORD.get(word) ?? null) : null)),
    at: Float32Array.from(alignedTo(projections, placesBefore(words, last))),
    spread: shareOfSpread(variances, 2),
    width: vectors.width,
    tied: network.config.tiedHead,
    known: vectors.rows,
    near: neighbours(shown, NEIGHBOURS).map((found) => named(words, found)),
    questions: (isStories ? storyQuestions : textQuestions)(vectors.words, tokens),
    analogies: isStories ? scoreAnalogies(vectors.words, vectors) : null,
    unknownWords,
    step,
  };
}

/**
 * What to − from + base is nearest to, of all words that the model knows but these three.
 * @throws LabError when it does not know one of them
 */
export async function wordSumOf({ network, corpus }: Model, { from, to, base }: Analogy): Promise<NearWord[]> {
  const vectors = await wordVectors(network, corpus.tokenizer);
  const row = (word: string): number => {
    const found = vectors.words.indexOf(word);
    if (found < 0) throw new LabError('run/missingInput', `The model does not know “${word}”.`);
    return found;
  };
  const sum = { from: row(from), to: row(to), base: row(base) };
  return named(vectors.words, sumAnswers(unitVectors(vectors), sum, ANSWERS));
}

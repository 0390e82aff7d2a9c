/**
 * Whether a model can learn from texts that somebody typed, opened or voted on, and if not, why: said before anything
 * is lost.
 */

import { inWords, shortened } from '../../contract/limits';
import { countOf } from '../../contract/numbers';
import type { Corpus } from './corpus';
import type { TrainingProgress } from './steps';

const SHOWN_WORDS = 5;

/** A prompt with what may follow it. */
export interface AskedTexts {
  prompt: string;
  completions: readonly string[];
}

/** How much of a text a model takes. */
export interface Room {
  /** tokens of a prompt */
  prompt: number;
  /** tokens of a completion, <eos> not counted */
  completion: number;
  /** whether a completion may have no token of its own */
  mayBeEmpty: boolean;
  /** of a text that is encoded to so many tokens, how many it has to have */
  tokensOf(completion: string, encoded: number): number;
}

/**
 * For texts that are opened or typed: they are something. A demonstration has to show how a text ends; one of several
 * that were compared may have been cut where the room ended.
 */
export const roomToShow = ({ tokenizer, promptLength, completionLength }: Corpus, completions = 1): Room => ({
  prompt: promptLength,
  completion: completionLength - (tokenizer.eosId !== null && completions === 1 ? 1 : 0),
  mayBeEmpty: false,
  tokensOf: (_, encoded) => encoded,
});

/**
 * For texts that are compared: whatever a model wrote fits it. It may have ended at once, or not at all, and byte pairs
 * that it chose itself may be more once the text is encoded anew.
 * @param whole the same corpus before it was fitted to a short context: the model read the end of its prompts
 */
export const roomToCompare = ({ tokenizer, completionLength }: Corpus, whole: Corpus): Room => ({
  prompt: whole.promptLength,
  completion: completionLength,
  mayBeEmpty: tokenizer.eosId !== null,
  tokensOf: (completion, encoded) =>
    encoded > completionLength ? (tokenizer.fewestTokens?.(completion) ?? encoded) : encoded,
});

const quoted = (words: readonly string[]): string => {
  const shown = words.slice(0, SHOWN_WORDS).map((word) => `“${shortened(word)}”`);
  return `${shown.join(', ')}${words.length > SHOWN_WORDS ? ` and ${inWords(words.length - SHOWN_WORDS)} more` : ''}`;
};

/** What is said about one completion among several, or about the only one. */
const nameOf = (index: number, count: number): string => (count === 1 ? 'the completion' : `completion ${index + 1}`);

function whatIsUnknown({ tokenizer }: Corpus, texts: readonly string[]): string | null {
  const unknown = [...new Set(texts.flatMap((text) => tokenizer.unknownWords(text)))];
  return unknown.length > 0 ? `the model does not know ${quoted(unknown)}` : null;
}

function whatIsTooLong(
  { encodePrompt }: Corpus,
  { prompt, completions }: AskedTexts,
  encoded: number[][],
  room: Room,
): string | null {
  const promptTokens = encodePrompt(prompt).length;
  if (promptTokens > room.prompt)
    return `the prompt is ${countOf(promptTokens, 'token')} long; this model reads at most ${room.prompt}`;
  for (const [i, completion] of completions.entries()) {
    const [name, tokens] = [nameOf(i, completions.length), room.tokensOf(completion, encoded[i]!.length)];
    if (tokens === 0 && !room.mayBeEmpty) return `${name} is empty`;
    if (tokens > room.completion)
      return `${name} is ${countOf(tokens, 'token')} long; at most ${countOf(room.completion, 'fits', 'fit')}`;
  }
  return null;
}

function whatIsTheSame(encoded: readonly number[][]): string | null {
  const keys = encoded.map((ids) => ids.join());
  const again = keys.findIndex((key, i) => keys.indexOf(key) !== i);
  return again < 0 ? null : `completions ${keys.indexOf(keys[again]!) + 1} and ${again + 1} are the same`;
}

/**
 * @param corpus fitted to the model that is to learn
 * @returns the first thing that is wrong, as half a sentence; null when nothing is
 */
export function whatDoesNotFit(
  corpus: Corpus,
  prompt: string,
  completions: readonly string[],
  room?: Room,
): string | null {
  const unknown = whatIsUnknown(corpus, [prompt, ...completions]);
  if (unknown) return unknown;
  const encoded = completions.map((completion) => corpus.tokenizer.encode(completion));
  const given = room ?? roomToShow(corpus, completions.length);
  return whatIsTooLong(corpus, { prompt, completions }, encoded, given) ?? whatIsTheSame(encoded);
}

/** texts looked at in one step */
const LOOKED_AT = 500;

/**
 * In steps: there may be a hundred thousand.
 * @param name of one of them, "Vote"
 * @param texts null for one that nothing is learned from
 * @returns "Vote 3 of 18: the model does not know “zebra”", the first that does not fit; null when all do
 */
export function* lookingForMisfit(
  corpus: Corpus,
  name: string,
  texts: readonly (AskedTexts | null)[],
  room: Room,
): Generator<TrainingProgress, string | null> {
  for (const [i, asked] of texts.entries()) {
    if (i > 0 && i % LOOKED_AT === 0) yield { done: i, total: texts.length, label: 'checking texts' };
    const trouble = asked && whatDoesNotFit(corpus, asked.prompt, asked.completions, room);
    if (trouble) return `${name} ${i + 1} of ${texts.length}: ${trouble}`;
  }
  return null;
}

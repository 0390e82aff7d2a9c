/** Whether a model can learn from texts that somebody typed or opened, and if not, why: said before anything is lost. */
import type { Corpus } from './corpus';

const SHOWN_WORDS = 5;

const quoted = (words: readonly string[]): string => {
  const shown = words.slice(0, SHOWN_WORDS).map((word) => `“${word}”`);
  return `${shown.join(', ')}${words.length > SHOWN_WORDS ? ` and ${words.length - SHOWN_WORDS} more` : ''}`;
};

/** What is said about one completion among several, or about the only one. */
const nameOf = (index: number, count: number): string => (count === 1 ? 'the completion' : `completion ${index + 1}`);

/**
 * @param corpus fitted to the model that is to learn
 * @returns the first thing that is wrong, as half a sentence; null when nothing is
 */
export function whatDoesNotFit(
  { tokenizer, encodePrompt, promptLength, completionLength }: Corpus,
  prompt: string,
  completions: readonly string[],
): string | null {
  const unknown = [...new Set([prompt, ...completions].flatMap((text) => tokenizer.unknownWords(text)))];
  if (unknown.length > 0) return `the model does not know ${quoted(unknown)}`;
  const promptTokens = encodePrompt(prompt).length;
  if (promptTokens > promptLength) return `the prompt is ${promptTokens} tokens long; this model reads at most ${promptLength}`;
  // a demonstration has to show how a text ends; one of several that were compared may have been cut where the room ended
  const room = completionLength - (tokenizer.eosId !== null && completions.length === 1 ? 1 : 0);
  const encoded = completions.map((completion) => tokenizer.encode(completion));
  for (const [i, { length }] of encoded.entries()) {
    const name = nameOf(i, completions.length);
    if (length === 0) return `${name} is empty`;
    if (length > room) return `${name} is ${length} tokens long; at most ${room} fit`;
  }
  const keys = encoded.map((ids) => ids.join());
  const again = keys.findIndex((key, i) => keys.indexOf(key) !== i);
  return again < 0 ? null : `completions ${keys.indexOf(keys[again]!) + 1} and ${again + 1} are the same`;
}

/** Signs that follow a word without a space. */
const CLOSING = /\s+([.,!?;:])/g;
const SENTENCE_START = /(^|[.!?]\s+)(\p{Ll})/gu;

/**
 * Word tokens as a person would print them: "the owl sang . she was glad ." → "The owl sang. She was glad."
 * Only spaces and capitals change; no word is added, dropped or moved.
 * @param continues true when the text goes on in the middle of a sentence, so that its first word stays as it is
 */
export function readable(text: string, continues = false): string {
  const joined = text.trim().replace(/\s+/g, ' ').replace(CLOSING, '$1');
  return joined.replace(SENTENCE_START, (match, before: string, letter: string) =>
    continues && before === '' ? match : before + letter.toUpperCase(),
  );
}

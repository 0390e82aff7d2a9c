/** Where the elements of a JSON list stand, found without reading them, so that a large one is read piece by piece. */

const [QUOTE, COMMA, BACKSLASH] = ['"', ',', '\\'].map((sign) => sign.charCodeAt(0)) as [number, number, number];
const OPENING = new Set(['[', '{'].map((sign) => sign.charCodeAt(0)));
const CLOSING = new Set([']', '}'].map((sign) => sign.charCodeAt(0)));

/** characters that are passed over at most before a pause */
const PAUSE = 2 ** 20;

/** @returns behind the string that begins at `from`; the end of the text where it is not closed */
function behindString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign === BACKSLASH) at++;
    else if (sign === QUOTE) return at + 1;
  }
  return text.length;
}

/**
 * Yields one element after the other as it is written, and null for a pause in a long one.
 * @returns whether the text was a list and nothing else
 */
export function* elementsIn(text: string): Generator<string | null, boolean> {
  const start = text.search(/\S/);
  if (text[start] !== '[') return false;
  let [depth, from, rested] = [1, start + 1, start];
  for (let at = start + 1; at < text.length; ) {
    if (at - rested > PAUSE) {
      rested = at;
      yield null;
    }
    const sign = text.charCodeAt(at);
    if (sign === QUOTE) {
      at = behindString(text, at);
      continue;
    }
    if (OPENING.has(sign)) depth++;
    else if (CLOSING.has(sign)) depth--;
    if (depth === 0 || (depth === 1 && sign === COMMA)) {
      const element = text.slice(from, at);
      const isLast = depth === 0;
      if (isLast && text[at] !== ']') return false;
      // of an empty list nothing stands before its end
      if (!isLast || element.trim() !== '' || text.slice(start + 1, at).trim() !== '') yield element;
      if (isLast) return text.slice(at + 1).trim() === '';
      from = at + 1;
    }
    at++;
  }
  return false;
}

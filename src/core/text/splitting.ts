/**
 * How texts are cut into pieces before anything is learned from them. A file may be one word of twenty megabytes, and a
 * regular expression that steps back (`\p{L}+`) keeps a place on the engine's stack for every letter it took. So
 * GPT-2's expression is spelled out as a scanner, and that of the words bounds what it takes at once.
 */

// kinds of characters, one bit each; every code point is of exactly one
const LETTER = 1;
const NUMBER = 2;
const MARK = 4;
const SPACE = 8;
const OTHER = 16;

/** by code point, 0 where nobody asked yet */
const kinds = new Uint8Array(0x110000);

function classify(code: number): number {
  const character = String.fromCodePoint(code);
  if (/\p{L}/u.test(character)) return LETTER;
  if (/\p{N}/u.test(character)) return NUMBER;
  if (/\p{M}/u.test(character)) return MARK;
  return /\s/.test(character) ? SPACE : OTHER;
}

function kindOf(code: number): number {
  if (kinds[code] === 0) kinds[code] = classify(code);
  return kinds[code] as number;
}

const kindAt = (text: string, at: number): number => kindOf(text.codePointAt(at) as number);

/** @returns where the run of characters of these kinds ends that begins at `from` */
function runEnd(text: string, from: number, wanted: number): number {
  let at = from;
  while (at < text.length) {
    const code = text.codePointAt(at) as number;
    if ((kindOf(code) & wanted) === 0) break;
    at += code > 0xffff ? 2 : 1;
  }
  return at;
}

const CONTRACTION = /'(?:[sdmt]|ll|ve|re)/y;

function contractionEnd(text: string, at: number): number | null {
  if (text[at] !== "'") return null;
  CONTRACTION.lastIndex = at;
  return CONTRACTION.test(text) ? CONTRACTION.lastIndex : null;
}

/** a run of white space leaves its last character to the word that follows */
function spaceEnd(text: string, at: number): number {
  const end = runEnd(text, at, SPACE);
  return end === text.length || end === at + 1 ? end : end - 1;
}

function gpt2End(text: string, at: number): number {
  const contraction = contractionEnd(text, at);
  if (contraction !== null) return contraction;
  const hasSpace = text[at] === ' ' && at + 1 < text.length && kindAt(text, at + 1) !== SPACE;
  const start = hasSpace ? at + 1 : at;
  const kind = kindAt(text, start);
  if (kind === SPACE) return spaceEnd(text, at);
  return runEnd(text, start, kind === LETTER || kind === NUMBER ? kind : MARK | OTHER);
}

/**
 * GPT-2's pieces, each as long as it will: contractions, words, numbers and other signs with the space before them,
 * white space.
 *   '(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
 * Joined together they are the text.
 */
export function* gpt2Pieces(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const end = gpt2End(text, at);
    yield text.slice(at, end);
    at = end;
  }
}

/**
 * Words and numbers with the space before them, single signs, white space. A word of more than a hundred letters is cut
 * into several.
 */
const WORD_PIECES = / ?[\p{L}\p{M}\p{N}](?:['’-]?[\p{L}\p{M}\p{N}]){0,99}| ?[^\s\p{L}\p{M}\p{N}]|\s/gu;

/** Joined together they are the text. */
export function* wordPieces(text: string): Generator<string> {
  for (const match of text.matchAll(WORD_PIECES)) yield match[0];
}

/**
 * How a text is cut before the model sees it, piece by piece, so that a long one can be given up on the way. An
 * expression that could try again for ever is followed state by state instead; one that cannot be followed so is refused.
 */
import { Tokenizer } from '@huggingface/tokenizers';
import { type Search, searchFor } from '../leftmost';
import { type Node, treeOf } from '../pattern';
import { NOTHING_ELSE, type Part, quoted, refuse, type Splitting } from './kinds';

/** A part of a pre-tokenizer: pieces of a piece in order; null for a chance to stop. */
export type Cut = (piece: string) => Iterable<string | null>;

/** reads the same number of characters in one way alone, so a repeat of it has nothing to try */
const isFixed = (node: Node): boolean =>
  node.kind === 'read' || node.kind === 'assertion' || (node.kind === 'all' && node.items.every(isFixed));

/** a repeat of what can be read in several ways may try them all, which doubles with every character */
function maySearchForEver(node: Node): boolean {
  if (node.kind === 'look') return maySearchForEver(node.inner);
  if (node.kind === 'all') return node.items.some(maySearchForEver);
  if (node.kind === 'any') return node.ways.some(maySearchForEver);
  if (node.kind !== 'repeat') return false;
  return (node.most > 3 && !isFixed(node.item)) || maySearchForEver(node.item);
}

/** an endless repeat before something that may be missing is tried from each of its characters, unless another way takes them */
const mayGoBack = (node: Node): boolean =>
  node.kind === 'all' &&
  node.items.some(
    (one, i) =>
      one.kind === 'repeat' && one.most === Infinity && node.items.slice(i + 1).some((later) => !isLoose(later)),
  );
const isLoose = (node: Node): boolean => node.kind === 'repeat' && node.least === 0;

const GOES_BACK = 'may be tried for ever on a long text, and cannot be followed in another way';

/** a pattern as the library reads it */
function compiled(pattern: string): RegExp {
  const split: Part = { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false };
  const { pre_tokenizer: part } = new Tokenizer({ ...NOTHING_ELSE, pre_tokenizer: split }, {});
  return (part as unknown as { pattern: RegExp }).pattern;
}

function read(pattern: string): { tree: Node; isEndless: boolean } {
  const tree = treeOf(compiled(pattern).source);
  if (!tree) return refuse(`the pattern ${quoted(pattern)} ${GOES_BACK}`);
  return { tree, isEndless: maySearchForEver(tree) };
}

/** @throws LabError that names a pattern whose search by the language may never end */
export function checkEnds(pattern: string): void {
  if (read(pattern).isEndless) refuse(`the pattern ${quoted(pattern)} may be tried for ever on a long text`);
}

/** @returns how a pattern is followed state by state; null where the language's own search ends by itself */
function searchOf(pattern: string): Search | null {
  const { tree, isEndless } = read(pattern);
  if (!isEndless && !mayGoBack(tree)) return null;
  const search = searchFor(tree);
  return search || !isEndless ? search : refuse(`the pattern ${quoted(pattern)} ${GOES_BACK}`);
}

type Found = { start: number; end: number } | null;

/** where matches lie, in units of the text */
type Matches = (text: string) => Iterable<Found>;

function matchesOf(pattern: string): Matches {
  const search = searchOf(pattern);
  const own = compiled(pattern);
  if (!search)
    return function* native(text) {
      for (const { 0: found, index } of text.matchAll(own)) yield { start: index, end: index + found.length };
    };
  return function* followed(text) {
    const signs = Array.from(text);
    let [sign, unit] = [0, 0];
    const unitOf = (to: number): number => {
      for (; sign < to; sign++) unit += signs[sign]!.length;
      return unit;
    };
    for (const span of search(signs)) yield span && { start: unitOf(span.start), end: unitOf(span.end) };
  };
}

function* joined(found: Iterable<Found>): Generator<Found> {
  let last: Found = null;
  for (const one of found) {
    if (one === null) yield null;
    else if (last && one.start === last.end) last = { start: last.start, end: one.end };
    else {
      if (last) yield last;
      last = one;
    }
  }
  if (last) yield last;
}

/** @throws LabError where its expression can be followed in no way that ends */
export function cutOf({ pattern, keeps, joins }: Splitting): Cut {
  const matches = matchesOf(pattern);
  return function* cut(text) {
    let from = 0;
    for (const found of joins ? joined(matches(text)) : matches(text)) {
      if (found === null) {
        yield null;
        continue;
      }
      if (keeps !== 'matches' && from < found.start) yield text.slice(from, found.start);
      if (keeps !== 'others' && found.start < found.end) yield text.slice(found.start, found.end);
      from = found.end;
    }
    if (keeps !== 'matches' && from < text.length) yield text.slice(from);
  };
}

/** a long piece in slices that end between characters */
export function* slicesOf(text: string, length: number): Generator<string> {
  for (let from = 0; from < text.length; ) {
    let end = Math.min(text.length, from + length);
    if (end < text.length && (text.charCodeAt(end) & 0xfc00) === 0xdc00) end++;
    yield text.slice(from, end);
    from = end;
  }
}

/** signs written between two chances to stop */
const SIGNS_PER_STEP = 50_000;

/** @returns every piece with each of its signs written otherwise, a long one in slices */
export function bySign(write: (piece: string) => string): Cut {
  return function* cut(text) {
    if (text.length <= SIGNS_PER_STEP) return yield write(text);
    let written = '';
    for (const slice of slicesOf(text, SIGNS_PER_STEP)) {
      written += write(slice);
      yield null;
    }
    yield written;
  };
}

/** one part after the other, each on every piece of the one before */
export function* through(cuts: readonly Cut[], text: string, index = 0): Generator<string | null> {
  const cut = cuts[index];
  if (!cut) return yield text;
  for (const piece of cut(text)) {
    if (piece === null || piece === '') yield null;
    else yield* through(cuts, piece, index + 1);
  }
}

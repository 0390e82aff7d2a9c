/** The model of a `tokenizer.json`: byte-pair merges, or words and their numbers. */
import { LabError } from '../../../contract/errors';
import { inWords } from '../../../contract/limits';
import { isNumber, isPart, type Part, quoted, refuse } from './kinds';

function vocabularyOf({ vocab }: Part): ReadonlyMap<string, number> {
  if (!isPart(vocab)) return refuse('its model has no vocab');
  const entries = Object.entries(vocab);
  const ids = new Map<unknown, string>();
  for (const [token, id] of entries) {
    if (!isNumber(id)) refuse(`the token ${quoted(token)} has the number ${quoted(id)}`);
    if (ids.has(id)) refuse(`the tokens ${quoted(ids.get(id))} and ${quoted(token)} have one number, ${quoted(id)}`);
    ids.set(id, token);
  }
  return new Map(entries as [string, number][]);
}

/** in both spellings: a list of two, or two words */
function pairOf(merge: unknown): [string, string] {
  const pair = typeof merge === 'string' ? merge.split(' ') : merge;
  return Array.isArray(pair) && pair.length === 2 && pair.every((one) => typeof one === 'string')
    ? (pair as [string, string])
    : refuse(`${quoted(merge)} is no merge of two tokens`);
}

function mergesOf({ merges }: Part, vocabulary: ReadonlyMap<string, number>): [string, string][] {
  if (!Array.isArray(merges)) return refuse('its model has no merges');
  return merges.map((merge) => {
    const pair = pairOf(merge);
    for (const token of [...pair, pair.join('')])
      if (!vocabulary.has(token))
        refuse(`the merge ${quoted(pair.join(' '))} needs ${quoted(token)}, which is no token`);
    return pair;
  });
}

const BYTES = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);

/** an unknown sign is told late there, behind signs that are written in bytes */
function checkFallback(vocabulary: ReadonlyMap<string, number>): void {
  const known = BYTES.filter((byte) => vocabulary.has(byte)).length;
  if (known > 0 && known < BYTES.length)
    refuse(`byte_fallback with ${known} of ${BYTES.length} tokens of bytes, beside an unk_token`);
}

/** what changes the ids, and is not computed here */
function checkSwitches({
  dropout,
  continuing_subword_prefix: prefix,
  end_of_word_suffix: suffix,
  unk_token: unknown,
}: Part): void {
  if (typeof dropout === 'number' && dropout > 0) refuse('dropout of merges gives other tokens every time');
  if (typeof prefix === 'string' && prefix !== '')
    refuse('continuing_subword_prefix is not among what the lab computes');
  if (typeof suffix === 'string' && suffix !== '' && typeof unknown !== 'string')
    refuse('end_of_word_suffix without an unk_token is not among what the lab computes');
}

/**
 * Where there is no token for unknown signs the original leaves them out before it merges, so that their neighbours
 * may meet.
 * @returns what is left of a piece of text
 */
export function knownSigns({ type, unk_token: unknown, byte_fallback: falls, vocab }: Part): (piece: string) => string {
  if (type !== 'BPE' || typeof unknown === 'string') return (piece) => piece;
  const known = vocab as Part;
  const isByte = (byte: number) => Object.hasOwn(known, BYTES[byte]!);
  const encoder = new TextEncoder();
  const isKnown = (sign: string): boolean =>
    Object.hasOwn(known, sign) || (falls === true && [...encoder.encode(sign)].every(isByte));
  return (piece) => Array.from(piece).filter(isKnown).join('');
}

/** a piece that is no longer is never cut */
const LONG_PIECE = 2000;
/** signs that merges may join to one another; more would fill the memory */
const LONGEST_ISLAND = 1_000_000;

/**
 * Merges join neighbours, and a merge across a place needs a left token that ends with the sign before it and a right one
 * that begins with the sign behind it: where no merge has such, what stands on both sides is the same apart as together.
 * @returns a function that cuts long pieces there, and nowhere else
 */
export function islandsIn(model: Part): (piece: string) => Iterable<string> {
  const whole = model.type !== 'BPE' || model.ignore_merges === true || Boolean(model.end_of_word_suffix);
  if (whole) return (piece) => [piece];
  let bridges: Set<string> | null = null;
  const bridged = (): Set<string> =>
    new Set((model.merges as [string, string][]).map(([left, right]) => [...left].at(-1)! + [...right][0]!));
  return function* islands(piece) {
    let [from, at, before] = [0, 0, ''];
    if (piece.length > LONG_PIECE) {
      bridges ??= bridged();
      for (const sign of piece) {
        if (at - from >= LONG_PIECE && !bridges.has(before + sign)) {
          yield piece.slice(from, at);
          from = at;
        }
        if (at - from > LONGEST_ISLAND)
          throw new LabError(
            'run/missingInput',
            `${inWords(LONGEST_ISLAND)} signs that its merges may join, from ${quoted(piece.slice(from, from + 20))} on, are more than the lab reads at once`,
          );
        at += sign.length;
        before = sign;
      }
    }
    yield piece.slice(from);
  };
}

/** @returns the model as the library takes it */
export function modelOf(model: unknown): Part {
  if (!isPart(model)) return refuse('there is no model in it');
  if (model.type !== 'BPE' && model.type !== 'WordLevel')
    return refuse(`its model is ${quoted(model.type)}, and the lab reads BPE and WordLevel`);
  const vocabulary = vocabularyOf(model);
  const unknown = model.unk_token ?? null;
  if (model.type === 'WordLevel') {
    if (typeof unknown !== 'string') refuse('its model has no unk_token for words that it does not know');
    return model;
  }
  checkSwitches(model);
  if (typeof unknown === 'string' && !vocabulary.has(unknown)) refuse(`unk_token ${quoted(unknown)} is no token`);
  if (typeof unknown === 'string' && model.byte_fallback === true) checkFallback(vocabulary);
  return { ...model, merges: mergesOf(model, vocabulary) };
}

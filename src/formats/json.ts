/**
 * What JSON.parse passes over in silence: a key that stands twice in one object, of which it keeps the last; and more
 * values, or deeper ones, than anything here reads. Whoever reads names from a file wants to know.
 */
import { inWords, LIMITS } from '../contract/limits';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const SPACE = 0x20;
const OPENING = 0x7b;
const CLOSING = 0x7d;
/** makes of a square bracket the curly one, which differs from it in this bit */
const CURLY = 0x20;

/** @returns where the string that begins at `start` ends: its closing quotation mark */
function stringEnd(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json.charCodeAt(at) !== QUOTE) at += json.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}

/** @returns whether the string that ends at `end` is followed by a colon; JSON knows no white space above U+0020 */
function isKey(json: string, end: number): boolean {
  let at = end + 1;
  while (json.charCodeAt(at) <= SPACE) at++;
  return json.charCodeAt(at) === COLON;
}

/** @returns what a string of JSON means, without its quotation marks */
function meaningOf(json: string, start: number, end: number): string {
  const key = json.slice(start + 1, end);
  return key.includes('\\') ? (JSON.parse(json.slice(start, end + 1)) as string) : key;
}

/** values inside one another, far more than any row has: what writes them out again calls itself for each */
const DEEPEST = 100;

/**
 * Looked at before JSON.parse, which takes seconds for millions of empty objects and hands on lists of any depth.
 * @returns what is too much in a text that may be JSON, as half a sentence; null where nothing is
 */
export function excessIn(json: string, values: number = LIMITS.rowValues): string | null {
  if (json.length <= DEEPEST) return null;
  let [depth, commas] = [0, 0];
  for (let at = 0; at < json.length; at++) {
    const sign = json.charCodeAt(at);
    if (sign === QUOTE) at = stringEnd(json, at);
    else if (sign === COMMA && ++commas >= values) return `it holds more than ${inWords(values)} values`;
    else if ((sign | CURLY) === OPENING && ++depth > DEEPEST) return 'too many brackets stand inside one another';
    else if ((sign | CURLY) === CLOSING) depth--;
  }
  return null;
}

/**
 * objects inside one another that are looked into: more than anything that the lab reads, and a hostile file may have
 * millions
 */
const DEPTH = 8;

/**
 * @param json that JSON.parse has taken
 * @returns the first key that stands twice in one object, however it is escaped; null when none does
 */
export function duplicateKey(json: string): string | null {
  const open: Set<string>[] = [];
  let deeper = 0;
  for (let at = 0; at < json.length; at++) {
    const sign = json.charCodeAt(at);
    if (sign === OPENING) {
      if (open.length < DEPTH) open.push(new Set());
      else deeper++;
    } else if (sign === CLOSING) {
      if (deeper > 0) deeper--;
      else open.pop();
    } else if (sign === QUOTE) {
      const end = stringEnd(json, at);
      const keys = deeper > 0 ? undefined : open.at(-1);
      if (keys && isKey(json, end)) {
        const key = meaningOf(json, at, end);
        if (keys.has(key)) return key;
        keys.add(key);
      }
      at = end;
    }
  }
  return null;
}

/** @returns the object that a file of JSON holds; null when it holds none, or is no JSON */
export function objectIn(bytes: Uint8Array): Record<string, unknown> | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (excessIn(text, LIMITS.fileValues) !== null) return null;
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

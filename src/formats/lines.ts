/** JSON Lines: one object a line, each read on its own. */
import type * as v from 'valibot';
import { getDotPath } from 'valibot';
import { inWords, LIMITS } from '../contract/limits';
import { duplicateKey, excessIn } from './json';
import { isMessages, oneValueOf, whyNotJson } from './otherForms';

/** 1 is the first */
export interface BadLine {
  line: number;
  reason: string;
}

/** An object of a line. Its absent values are gone: null is how a table writes that there is nothing. */
export type Row = Record<string, unknown>;

export interface ReadLines<T> {
  good: T[];
  /** of each good one */
  lines: number[];
  badLines: BadLine[];
}

/** Work in steps; what it returns is what was read. */
export type Reading<T> = Generator<void, T>;

/** a line may end as on any system; files joined by `cat` have byte order marks at the start of inner lines */
const LINE_END = /\r\n|\n|\r/g;
const MARKS = /^\uFEFF+/;

/** @returns the lines that hold something, with their numbers from 1 */
export function* filledLines(text: string): Generator<{ line: number; content: string }> {
  let [line, start] = [1, 0];
  const take = (end: number) => ({ line, content: text.slice(start, end).replace(MARKS, '') });
  for (const { 0: end, index } of text.matchAll(LINE_END)) {
    const found = take(index);
    if (found.content.trim() !== '') yield found;
    start = index + end.length;
    line++;
  }
  const last = take(text.length);
  if (last.content.trim() !== '') yield last;
}

/** @returns the object of a line, or why there is none */
function rowIn(line: string): Row | string {
  if (line.startsWith('[')) return 'not a JSON object'; // or not even JSON: a file may be millions of brackets
  const excess = excessIn(line);
  if (excess !== null) return excess;
  let data: unknown;
  try {
    data = JSON.parse(line);
  } catch {
    return whyNotJson(line);
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return 'not a JSON object';
  const twice = duplicateKey(line);
  return twice === null ? withoutNulls(data as Row) : `"${twice}" stands twice`;
}

function withoutNulls(row: Row): Row {
  const all = Object.entries(row);
  return all.some(([, value]) => value === null) ? Object.fromEntries(all.filter(([, value]) => value !== null)) : row;
}

/** @returns the first line of a file that is one value of JSON, with what it is; null where it is none such */
function wholeValueIn(text: string): BadLine | null {
  const [first] = filledLines(text);
  const reason = first ? oneValueOf(text, first.content) : null;
  return first && reason !== null ? { line: first.line, reason } : null;
}

/** lines that are looked at to tell rows from prose */
const SAMPLED_LINES = 200;

/** @returns whether most of the first lines are rows; prose may begin with a brace */
export function looksLikeRows(text: string): boolean {
  let [rows, others] = [0, 0];
  if (wholeValueIn(text) !== null) return true;
  for (const { content } of filledLines(text)) {
    if (typeof rowIn(content) === 'string') others++;
    else rows++;
    if (rows + others === SAMPLED_LINES) break;
  }
  return rows > others;
}

/** @returns whether one of the first lines is such a row, good or bad */
export function hasRow(text: string, isSuch: (row: Row) => boolean): boolean {
  let looked = 0;
  for (const { content } of filledLines(text)) {
    const row = rowIn(content);
    if (typeof row !== 'string' && isSuch(row)) return true;
    if (++looked === SAMPLED_LINES) return false;
  }
  return false;
}

/** lines, or votes that are looked through, between two steps: a few milliseconds of work */
export const LINES_A_STEP = 500;

function whyNoMore({ good, badLines }: ReadLines<unknown>): string | null {
  if (badLines.length === LIMITS.badLines) return `${inWords(LIMITS.badLines)} lines before it are bad`;
  return good.length + badLines.length === LIMITS.tableRows
    ? `${inWords(LIMITS.tableRows)} lines stand before it`
    : null;
}

/**
 * Reads line by line, and stops now and then so that a page can do something else.
 * @param read what the row of a line means, or why the line is bad; `line` counts from 1
 * @returns what was read with the lines it stands in, and the bad lines with their reasons
 */
export function* eachLine<T extends object>(
  text: string,
  read: (row: Row, line: number) => T | string,
): Reading<ReadLines<T>> {
  const result: ReadLines<T> = { good: [], lines: [], badLines: [] };
  const whole = wholeValueIn(text);
  if (whole) return { ...result, badLines: [whole] };
  for (const { line, content } of filledLines(text)) {
    if ((result.good.length + result.badLines.length) % LINES_A_STEP === 0) yield;
    const why = whyNoMore(result);
    if (why !== null) {
      result.badLines.push({ line, reason: `${why}, so nothing was read from here on` });
      break;
    }
    const row = rowIn(content);
    const found = typeof row === 'string' ? row : read(row, line);
    if (typeof found === 'string') {
      result.badLines.push({ line, reason: found });
      continue;
    }
    result.good.push(found);
    result.lines.push(line);
  }
  return result;
}

/** messages that are ours begin so; valibot's are for developers */
const OWN_WORDS = ['empty', 'longer than', 'fewer than', 'more than'];

/** as valibot writes them: `("a" | "b")` */
const listed = (options: string): string => options.replace(/[()"]/g, '').replaceAll(' | ', ', ');

const BELONGS: Record<string, string> = { string: 'text', number: 'number', Array: 'list' };

function kindOfValue(value: unknown): string {
  if (Array.isArray(value)) return isMessages(value) ? 'list of messages' : 'list';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return `${value}`;
  return typeof value === 'number' ? 'number' : 'JSON object';
}

/** @returns why a number does not fit, ready to stand after "is"; null where it is something else */
function whyNoSuchNumber({ type, requirement, input }: v.BaseIssue<unknown>): string | null {
  if (type === 'finite') return 'beyond all numbers';
  if (type === 'integer' && typeof input === 'number') return `${input}, and no whole number`;
  if (type === 'min_value') return `${input}, and at least ${inWords(requirement as number)} belongs there`;
  return type === 'max_value' ? `larger than ${inWords(requirement as number)}` : null;
}

/** why a line is bad, by its first trouble; `nothing` when it is not such a thing at all */
export function reasonOf([issue]: [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]], nothing: string): string {
  const field = getDotPath(issue);
  if (!field) return nothing;
  if (issue.received === 'undefined') return `"${field}" is missing`;
  if (issue.type === 'picklist' && issue.expected) return `"${field}" is none of ${listed(issue.expected)}`;
  if (isMessages(issue.input)) return `"${field}" is a list of messages, and the lab reads plain text`;
  const wanted = issue.kind === 'schema' && !Number.isNaN(issue.input) ? BELONGS[issue.expected ?? ''] : undefined;
  if (wanted) return `"${field}" is ${aOrNot(kindOfValue(issue.input))} where a ${wanted} belongs`;
  if (issue.expected === 'boolean') return `"${field}" is neither true nor false`;
  if (OWN_WORDS.some((words) => issue.message.startsWith(words))) return `"${field}" is ${issue.message}`;
  return `"${field}" is ${whyNoSuchNumber(issue) ?? 'not usable'}`;
}

const aOrNot = (what: string): string => (what === 'true' || what === 'false' ? what : `a ${what}`);

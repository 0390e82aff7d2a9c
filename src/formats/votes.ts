import * as v from 'valibot';
import { RATERS, roundOf, type Vote } from '../contract/preferences';

/** 1 is the first */
export interface BadLine {
  line: number;
  reason: string;
}

/**
 * Votes as JSON Lines in TRL's preference form, `{prompt, chosen, rejected}`, with what the lab knows beside it.
 * A tie or "both bad" has no chosen side, so `completions` holds both in the order of the screen and `choice` says what was pressed.
 */
/** Many times what a model here writes: beyond it, a line is a mistake. */
const LONGEST_TEXT = 2000;
const LENGTH = 'longer than 2,000 characters';
/** messages that are ours begin so; valibot's are for developers */
const OWN_WORDS = ['empty', LENGTH, 'fewer than', 'more than'];
/** a prompt or a completion: something, and not too much of it */
export const TEXT = v.pipe(
  v.string(),
  v.check((text) => text.trim() !== '', 'empty'),
  v.maxLength(LONGEST_TEXT, LENGTH),
);
const SAME = 'both completions are the same';
const CHOICE = v.picklist(['a', 'b', 'tie', 'bothBad']);
const RATER = v.object({ name: v.picklist(RATERS), animal: v.optional(v.pipe(v.string(), v.maxLength(100))) });
const ID = v.pipe(v.string(), v.minLength(1), v.maxLength(100));
const count = (most: number) => v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(most));

/** What TRL reads, and what any other tool may have written. */
const PREFERENCE = v.object({ prompt: TEXT, chosen: TEXT, rejected: TEXT, margin: v.exactOptional(count(100)) });
const LAB_FIELDS = v.object({
  prompt: TEXT,
  completions: v.tuple([TEXT, TEXT]),
  choice: CHOICE,
  source: v.optional(v.picklist(['human', 'simulated', 'imported']), 'imported'),
  rater: v.optional(v.nullable(RATER), null),
  swapped: v.optional(v.boolean(), false),
  voteId: v.optional(ID),
  pairId: v.optional(ID),
  repeatOf: v.optional(v.nullable(ID), null),
  policyId: v.optional(v.pipe(v.string(), v.maxLength(200)), ''),
  againstId: v.exactOptional(v.pipe(v.string(), v.maxLength(200))),
  round: v.optional(v.pipe(count(10_000), v.integer(), v.minValue(1)), 1),
  strength: v.exactOptional(count(100)),
  seconds: v.optional(count(1e9), 0),
  at: v.optional(count(1e15), 0),
});

export function votesToJsonl(votes: readonly Vote[]): string {
  return votes.map((vote) => `${JSON.stringify(toLine(vote))}\n`).join('');
}

function toLine({ a, b, choice, prompt, ...rest }: Vote) {
  const sides = choice === 'a' ? { chosen: a, rejected: b } : choice === 'b' ? { chosen: b, rejected: a } : {};
  return { prompt, ...sides, choice, completions: [a, b], ...rest, round: roundOf(rest) };
}

/**
 * Reads one line of a votes file. It is marked as imported, whoever cast it first: only votes cast here are human.
 * @param newId makes ids for lines that have none
 * @returns the vote, or why the line is none
 */
export const readVote = (data: object, newId: () => string): Vote | string =>
  'completions' in data ? fromLab(data, newId) : fromPreference(data, newId);

/**
 * Reads JSON Lines, each on its own; empty lines are passed over.
 * @param read what the object of a line means, or why the line is bad; `line` counts from 1
 * @returns what was read with the lines it stands in, and the bad lines with their reasons
 */
export function eachLine<T extends object>(
  text: string,
  read: (data: object, line: number) => T | string,
): { good: T[]; lines: number[]; badLines: BadLine[] } {
  const result = { good: [] as T[], lines: [] as number[], badLines: [] as BadLine[] };
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  for (const [index, content] of lines.entries()) {
    if (content.trim() === '') continue;
    const line = index + 1;
    const data = objectIn(content);
    const found = typeof data === 'string' ? data : read(data, line);
    if (typeof found === 'string') {
      result.badLines.push({ line, reason: found });
      continue;
    }
    result.good.push(found);
    result.lines.push(line);
  }
  return result;
}

/** @returns the object, or why there is none */
function objectIn(line: string): object | string {
  let data: unknown;
  try {
    data = JSON.parse(line);
  } catch {
    return 'not JSON';
  }
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? data : 'not a JSON object';
}

function fromLab(data: object, newId: () => string): Vote | string {
  const read = v.safeParse(LAB_FIELDS, data);
  if (!read.success) return reasonOf(read.issues);
  const { completions, rater, round, ...rest } = read.output;
  if (isSameText(...completions)) return SAME;
  const voteId = rest.voteId ?? newId();
  return {
    ...rest,
    ...(round > 1 && { round }),
    voteId,
    pairId: rest.pairId ?? voteId,
    a: completions[0],
    b: completions[1],
    source: rest.source === 'simulated' ? 'simulated' : 'imported',
    rater: rater === null ? null : { name: rater.name, ...(rater.animal === undefined ? {} : { animal: rater.animal }) },
  };
}

function fromPreference(data: object, newId: () => string): Vote | string {
  const read = v.safeParse(PREFERENCE, data);
  if (!read.success) return reasonOf(read.issues);
  const { prompt, chosen, rejected, margin } = read.output;
  if (isSameText(chosen, rejected)) return SAME;
  const voteId = newId();
  const plain = { swapped: false, repeatOf: null, rater: null, policyId: '', seconds: 0, at: 0 };
  const strength = margin === undefined ? {} : { strength: margin };
  return { ...plain, ...strength, voteId, pairId: voteId, prompt, a: chosen, b: rejected, choice: 'a', source: 'imported' };
}

/** Nothing was chosen between two texts that differ in nothing but the space around them. */
export const isSameText = (one: string, other: string): boolean => one.trim() === other.trim();

/** why a line is bad, by its first trouble; `nothing` when it is not such a thing at all */
export function reasonOf([issue]: [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]], nothing = 'not a vote'): string {
  const place = v.getDotPath(issue);
  if (!place) return nothing;
  if (issue.received === 'undefined') return `"${place}" is missing`;
  return `"${place}" is ${OWN_WORDS.some((words) => issue.message.startsWith(words)) ? issue.message : 'not usable'}`;
}

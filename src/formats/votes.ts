/**
 * Votes as JSON Lines in TRL's preference form, `{prompt, chosen, rejected}`, with what the lab knows beside it. A tie
 * or "both bad" has no chosen side, so `completions` holds both in the order of the screen and `choice` says what was
 * pressed.
 */
import * as v from 'valibot';
import { choiceOf, roundOf, type Vote, type VoteChoice } from '../contract/preferences';
import { type SaidVote, voteOf } from './earlier';
import { type Row, reasonOf } from './lines';
import { ChoiceSchema, RoundSchema, SecondsSchema, StrengthSchema } from './opinionSchemas';
import {
  AtCell,
  BooleanCell,
  FilledText,
  IdCell,
  isSameText,
  RaterCell,
  says,
  WriterCell,
  withoutBlanks,
} from './rows';

const NOTHING = 'not a vote';
const SAME = 'both completions are the same';

/** What TRL reads, and what any other tool may have written. */
const PREFERENCE = v.object({
  prompt: FilledText,
  chosen: FilledText,
  rejected: FilledText,
  margin: v.exactOptional(StrengthSchema),
});

/** beside prompt, completions and choice; each may be left out */
const OPTIONAL = {
  source: v.optional(v.picklist(['human', 'simulated', 'imported']), 'imported'),
  rater: v.optional(RaterCell, null),
  swapped: v.optional(BooleanCell, false),
  voteId: v.exactOptional(IdCell),
  pairId: v.exactOptional(IdCell),
  repeatOf: v.optional(IdCell),
  policyId: v.optional(WriterCell, ''),
  againstId: v.exactOptional(IdCell),
  round: v.exactOptional(RoundSchema),
  strength: v.exactOptional(StrengthSchema),
  seconds: v.optional(SecondsSchema, 0),
  at: v.optional(AtCell, 0),
};
const LAB_FIELDS = v.object({
  prompt: FilledText,
  completions: v.array(FilledText),
  choice: ChoiceSchema,
  ...OPTIONAL,
});

/** round 1 is what a vote without one is of */
const laterRound = (round: number | undefined) => (round !== undefined && round > 1 ? { round } : {});

export function votesToJsonl(votes: readonly Vote[]): string {
  return votes.map((vote) => `${JSON.stringify(toLine(vote))}\n`).join('');
}

const sidesOf = (a: string, b: string, choice: VoteChoice) =>
  choice === 'a' ? { chosen: a, rejected: b } : choice === 'b' ? { chosen: b, rejected: a } : {};

/** what the head of a line says already */
const AT_THE_HEAD = ['prompt', 'completions', 'ranks', 'bothBad'];

function fieldsOf([key, value]: [string, unknown]): [string, unknown][] {
  if (AT_THE_HEAD.includes(key)) return [];
  if (key === 'strengths') return value === null ? [] : [['strength', (value as number[])[0]]];
  return [[key === 'rankingId' ? 'voteId' : key, value]];
}

/** what a line of a file says of a vote */
export function toLine(vote: Vote) {
  const { prompt, completions } = vote;
  const [a, b] = completions;
  const choice = choiceOf(vote);
  const rest = Object.fromEntries(Object.entries(vote).flatMap(fieldsOf));
  return { prompt, ...sidesOf(a, b, choice), choice, completions, ...rest, round: roundOf(vote) };
}

/**
 * Reads one row of a votes file. It is marked as imported, whoever cast it first: only votes cast here are human.
 * @param newId makes ids for rows that have none
 * @returns the vote, or why the row is none
 */
export function readVote(row: Row, newId: () => string): Vote | string {
  const isSaid = says(row, 'completions') || (Array.isArray(row.completions) && !says(row, 'chosen'));
  const isOurs = isSaid && (says(row, 'choice') || !says(row, 'chosen'));
  const said = isOurs ? fromLab(row, newId) : fromPreference(row, newId);
  return typeof said === 'string' ? said : voteOf(said);
}

/** what is said beside the choice must not speak against it */
function contradiction(row: Row, a: string, b: string, choice: VoteChoice): string | null {
  const said = sidesOf(a, b, choice);
  for (const side of ['chosen', 'rejected'] as const) {
    const text = row[side];
    if (typeof text !== 'string' || text.trim() === '') continue;
    const wanted = said[side];
    if (wanted === undefined || !isSameText(text, wanted))
      return `"choice" is "${choice}", and "${side}" says otherwise`;
  }
  return null;
}

function fromLab(row: Row, newId: () => string): SaidVote | string {
  const read = v.safeParse(LAB_FIELDS, withoutBlanks(row, Object.keys(OPTIONAL)));
  if (!read.success) return reasonOf(read.issues, NOTHING);
  const { completions, choice, round, repeatOf = null, ...rest } = read.output;
  const [a, b, ...more] = completions;
  if (a === undefined || b === undefined || more.length > 0)
    return `"choice" is between 2 completions, and there are ${completions.length}`;
  if (isSameText(a, b)) return SAME;
  const clash = contradiction(row, a, b, choice);
  if (clash) return clash;
  const voteId = rest.voteId ?? newId();
  const source = rest.source === 'simulated' ? 'simulated' : 'imported';
  return { ...rest, ...laterRound(round), voteId, pairId: rest.pairId ?? voteId, a, b, choice, repeatOf, source };
}

function fromPreference(row: Row, newId: () => string): SaidVote | string {
  const read = v.safeParse(PREFERENCE, withoutBlanks(row, ['margin']));
  if (!read.success) return reasonOf(read.issues, NOTHING);
  const { prompt, chosen, rejected, margin } = read.output;
  if (isSameText(chosen, rejected)) return SAME;
  const voteId = newId();
  const plain = { swapped: false, repeatOf: null, rater: null, policyId: '', seconds: 0, at: 0 };
  const strength = margin === undefined ? {} : { strength: margin };
  return {
    ...plain,
    ...strength,
    voteId,
    pairId: voteId,
    prompt,
    a: chosen,
    b: rejected,
    choice: 'a',
    source: 'imported',
  };
}

/** texts in the order that was chosen; where nothing was, in any one order */
function orderOf(vote: Vote): string[] {
  const choice = choiceOf(vote);
  const sides = vote.completions.map((text) => text.trim());
  if (choice === 'a' || choice === 'b') return ['chosen', ...(choice === 'a' ? sides : sides.reverse())];
  return [choice, ...sides.sort()];
}

/** some tools write ten digits of a number */
const roundly = (value: number): number => Number(value.toPrecision(6));

/**
 * What makes two votes one and the same opinion: the texts, whichever stood on the left, what was chosen, by whom,
 * when, how strongly. Ids do not count: a vote that came from elsewhere may have got another.
 */
export function voteKey(vote: Vote): string {
  const { prompt, rater, policyId, againstId, seconds, at, strengths, repeatOf } = vote;
  const measured = [roundly(seconds), at, strengths === null ? null : roundly(strengths[0] ?? 0)];
  const known = [
    rater?.name,
    rater?.animal,
    rater?.key,
    policyId,
    againstId,
    roundOf(vote),
    repeatOf !== null,
    ...measured,
  ];
  return JSON.stringify([prompt.trim(), ...orderOf(vote), ...known]);
}

/**
 * What earlier versions of the page stored. Until version 3 of the database a vote had a form of its own, which is
 * still how a line of a file says one, and votes and rankings were two lists.
 */
import * as v from 'valibot';
import { type Ranking, ranksOfChoice, type Vote, type VoteChoice } from '../contract/preferences';
import {
  AtSchema,
  ChoiceSchema,
  IdSchema,
  RaterSchema,
  RoundSchema,
  SecondsSchema,
  SourceSchema,
  StrengthSchema,
  TextOfOpinion,
  WriterSchema,
} from './opinionSchemas';

/** fields that may be absent; null or '' stood there where a table had written them */
const OPTIONAL = ['againstId', 'round', 'strength'];

export function withoutEmpty(one: unknown): unknown {
  if (typeof one !== 'object' || one === null) return one;
  return Object.fromEntries(
    Object.entries(one).filter(([key, value]) => !(OPTIONAL.includes(key) && (value ?? '') === '')),
  );
}

/** A vote as it is said: `a` on the left, `b` on the right, and what was pressed. */
export interface SaidVote extends Omit<Vote, 'rankingId' | 'completions' | 'ranks' | 'bothBad' | 'strengths'> {
  voteId: string;
  a: string;
  b: string;
  choice: VoteChoice;
  /** absent when nobody asked */
  strength?: number;
}

const SaidVoteSchema = v.looseObject({
  voteId: IdSchema,
  pairId: IdSchema,
  prompt: TextOfOpinion,
  a: TextOfOpinion,
  b: TextOfOpinion,
  choice: ChoiceSchema,
  source: SourceSchema,
  rater: v.nullable(RaterSchema),
  swapped: v.boolean(),
  repeatOf: v.nullable(IdSchema),
  policyId: WriterSchema,
  againstId: v.exactOptional(IdSchema),
  round: v.exactOptional(RoundSchema),
  seconds: SecondsSchema,
  at: AtSchema,
  strength: v.exactOptional(StrengthSchema),
});

/**
 * @returns the same as a ranking of two; its fields stay in their order, for that is the order in which a file says
 * them
 */
export function voteOf(said: SaidVote): Vote {
  const vote: Record<string, unknown> = {}; // a hundred thousand come in a file: lists of fields would be made of each
  for (const [key, value] of Object.entries(said)) {
    if (key === 'voteId') vote.rankingId = value;
    else if (key === 'a') vote.completions = [said.a, said.b];
    else if (key === 'choice') Object.assign(vote, ranksOfChoice(said.choice));
    else if (key === 'strength') vote.strengths = [value];
    else if (key !== 'b') vote[key] = value;
  }
  if (said.strength === undefined) vote.strengths = null;
  return vote as unknown as Vote;
}

/** @returns what cannot be read as it is: whoever opens it says so */
function voteOfStored(stored: unknown): unknown {
  const said = withoutEmpty(stored);
  return v.is(SaidVoteSchema, said) ? voteOf(said as SaidVote) : stored;
}

const idOf = (one: unknown): unknown => (one as Partial<Ranking> | null)?.rankingId;

/** @returns both lists as one, in which no id stands twice */
export function opinionsOfEarlier(votes: readonly unknown[], rankings: readonly unknown[]): unknown[] {
  const cast = votes.map(voteOfStored);
  const taken = new Set(cast.map(idOf));
  const ownId = (one: unknown): unknown =>
    taken.has(idOf(one)) ? { ...(one as Ranking), rankingId: `${idOf(one)}/ranked` } : one;
  return [...cast, ...rankings.map(ownId)];
}

type Field = [string, unknown];

/** @returns what a run was made from, as it is said now; anything that is in no earlier form as it is */
export function specOfEarlier(spec: unknown): unknown {
  const { votes, rankings = [] } = (spec ?? {}) as { votes?: unknown; rankings?: unknown };
  if (!Array.isArray(votes) || !Array.isArray(rankings)) return spec;
  const fieldsOf = ([key, value]: Field): Field[] => {
    if (key === 'votes') return [['opinions', opinionsOfEarlier(votes, rankings)]];
    return key === 'rankings' ? [] : [[key, value]];
  };
  return Object.fromEntries(Object.entries(spec as object).flatMap(fieldsOf));
}

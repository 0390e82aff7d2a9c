/** Votes, rankings and demonstrations as they are kept: the files' readers make nothing else, and the thread takes nothing else. */

import * as v from 'valibot';
import { hasAtMost, inWords, LIMITS } from '../contract/limits';
import { countOf } from '../contract/numbers';
import { RANKING_SIZES, RATERS } from '../contract/preferences';
import { count, number } from './schemas';

const SOURCES = ['human', 'simulated', 'imported'] as const;

/** @param most code points */
export const text = (most: number) =>
  v.pipe(
    v.string(),
    v.check((value) => hasAtMost(value, most), `longer than ${inWords(most)} characters`),
  );
/** a prompt or a completion; a model may have written nothing */
export const TextOfOpinion = text(LIMITS.text);
export const IdSchema = v.pipe(
  text(LIMITS.id),
  v.check((id) => id !== '', 'empty'),
);
/** '' where nobody knows who wrote it */
export const WriterSchema = text(LIMITS.id);
export const RaterSchema = v.object({ name: v.picklist(RATERS), animal: v.optional(text(LIMITS.animal)) });
/** of votes, from 1 */
export const RoundSchema = count(1, LIMITS.rounds);
export const StrengthSchema = number(0, LIMITS.strength);
export const SecondsSchema = number(0, LIMITS.seconds);
export const AtSchema = number(0, LIMITS.at);
export const ChoiceSchema = v.picklist(['a', 'b', 'tie', 'bothBad']);

export const VoteSchema = v.object({
  voteId: IdSchema,
  pairId: IdSchema,
  prompt: TextOfOpinion,
  a: TextOfOpinion,
  b: TextOfOpinion,
  choice: ChoiceSchema,
  source: v.picklist(SOURCES),
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

const { least, most } = RANKING_SIZES;
/** @param completion what one of them may be */
export const completionsOf = (completion: v.GenericSchema<string>) =>
  v.pipe(v.array(completion), v.minLength(least, `fewer than ${least}`), v.maxLength(most, `more than ${most}`));
export const RanksSchema = v.array(count(1, most));
export const StrengthsSchema = v.nullable(v.array(StrengthSchema));

interface Ranked {
  completions: readonly string[];
  ranks: readonly number[];
  strengths: readonly number[] | null;
}

/** @returns why completions, ranks and strengths do not go together; null when they do */
export function clashIn({ completions, ranks, strengths }: Ranked): string | null {
  const used = new Set(ranks).size;
  if (ranks.length !== completions.length) return `${countOf(ranks.length, 'rank')} for ${countOf(completions.length, 'completion')}`;
  if (!ranks.includes(used) || ranks.some((rank) => rank > used)) return '"ranks" must count from 1 and leave no place out';
  if (strengths !== null && strengths.length !== used - 1) return '"strengths" must be one between every two places';
  if (new Set(completions).size !== completions.length) return 'two completions are the same';
  return null;
}

export const RankingSchema = v.pipe(
  v.object({
    rankingId: IdSchema,
    prompt: TextOfOpinion,
    completions: completionsOf(TextOfOpinion),
    ranks: RanksSchema,
    strengths: StrengthsSchema,
    source: v.picklist(SOURCES),
    rater: v.nullable(RaterSchema),
    policyId: WriterSchema,
    round: v.exactOptional(RoundSchema),
    seconds: SecondsSchema,
    at: AtSchema,
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    const clash = dataset.typed ? clashIn(dataset.value) : null;
    if (clash) addIssue({ message: clash });
  }),
);

export const DemonstrationSchema = v.object({
  demonstrationId: IdSchema,
  prompt: TextOfOpinion,
  completion: TextOfOpinion,
  source: v.picklist(['grammar', 'human', 'imported']),
});

const listOf = <T extends v.GenericSchema>(schema: T, longest: number) =>
  v.pipe(v.array(schema), v.maxLength(longest, `more than ${inWords(longest)}`));
export const VotesSchema = listOf(VoteSchema, LIMITS.votes);
export const RankingsSchema = listOf(RankingSchema, LIMITS.rankings);
export const DemonstrationsSchema = listOf(DemonstrationSchema, LIMITS.demonstrations);

/**
 * Votes, rankings and demonstrations as they are kept: the files' readers make nothing else, and the thread takes
 * nothing else.
 */

import * as v from 'valibot';
import { hasAtMost, inWords, LIMITS } from '../contract/limits';
import { countOf } from '../contract/numbers';
import { TASTE_LIMITS } from '../contract/ownTaste';
import { RANKING_SIZES, RATERS } from '../contract/preferences';
import { count, number } from './schemas';

export const SourceSchema = v.picklist(['human', 'simulated', 'imported']);

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
const { phrase, phrases, pattern, length, weight, patternWeight } = TASTE_LIMITS;
const PhrasesSchema = v.pipe(
  v.array(
    v.pipe(
      text(phrase),
      v.check((said) => said.trim() !== '', 'empty'),
    ),
  ),
  v.maxLength(phrases, `more than ${phrases}`),
);
const WeightSchema = number(weight.min, weight.max);
export const OwnTasteSchema = v.object({
  liked: PhrasesSchema,
  disliked: PhrasesSchema,
  length: count(length.min, length.max),
  pattern: text(pattern),
  weights: v.object({
    liked: WeightSchema,
    disliked: WeightSchema,
    length: WeightSchema,
    repetition: WeightSchema,
    ends: WeightSchema,
    pattern: number(patternWeight.min, patternWeight.max),
  }),
});
export const RaterSchema = v.object({
  name: v.picklist([...RATERS, 'own']),
  animal: v.optional(text(LIMITS.animal)),
  taste: v.exactOptional(OwnTasteSchema),
  key: v.exactOptional(text(LIMITS.id)),
});
/** of votes, from 1 */
export const RoundSchema = count(1, LIMITS.rounds);
export const StrengthSchema = number(0, LIMITS.strength);
export const SecondsSchema = number(0, LIMITS.seconds);
export const AtSchema = number(0, LIMITS.at);
export const ChoiceSchema = v.picklist(['a', 'b', 'tie', 'bothBad']);

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
  if (ranks.length !== completions.length)
    return `${countOf(ranks.length, 'rank')} for ${countOf(completions.length, 'completion')}`;
  if (!ranks.includes(used) || ranks.some((rank) => rank > used))
    return '"ranks" must count from 1 and leave no place out';
  if (strengths !== null && strengths.length !== used - 1) return '"strengths" must be one between every two places';
  if (new Set(completions).size !== completions.length) return 'two completions are the same';
  return null;
}

/** what votes and other rankings have */
const RANKED = {
  rankingId: IdSchema,
  prompt: TextOfOpinion,
  source: SourceSchema,
  rater: v.nullable(RaterSchema),
  policyId: WriterSchema,
  round: v.exactOptional(RoundSchema),
  seconds: SecondsSchema,
  at: AtSchema,
};

export const RankingSchema = v.pipe(
  v.object({ ...RANKED, completions: completionsOf(TextOfOpinion), ranks: RanksSchema, strengths: StrengthsSchema }),
  v.rawCheck(({ dataset, addIssue }) => {
    const clash = dataset.typed ? clashIn(dataset.value) : null;
    if (clash) addIssue({ message: clash });
  }),
);

const PlaceOfTwo = v.picklist([1, 2]);
/** a file may say how strongly a tie was meant; that teaches nothing, and is kept */
export const VoteSchema = v.object({
  ...RANKED,
  completions: v.strictTuple([TextOfOpinion, TextOfOpinion]),
  ranks: v.pipe(
    v.strictTuple([PlaceOfTwo, PlaceOfTwo]),
    v.check((ranks) => ranks.includes(1), '"ranks" must count from 1'),
  ),
  strengths: v.nullable(v.strictTuple([StrengthSchema])),
  pairId: IdSchema,
  swapped: v.boolean(),
  repeatOf: v.nullable(IdSchema),
  againstId: v.exactOptional(IdSchema),
  bothBad: v.exactOptional(v.literal(true)),
});

/** of the arena: two models that are known by their ids */
export const DuelSchema = v.pipe(
  v.object({ ...VoteSchema.entries, policyId: IdSchema, againstId: IdSchema }),
  v.check(({ policyId, againstId }) => policyId !== againstId, 'a model against itself'),
);

/** whether it is meant to be a vote, sound or not; those of earlier versions have a choice */
export const isMeantAsVote = (one: unknown): boolean =>
  typeof one === 'object' && one !== null && ['pairId', 'choice', 'voteId'].some((key) => key in one);

export const DemonstrationSchema = v.object({
  demonstrationId: IdSchema,
  prompt: TextOfOpinion,
  completion: TextOfOpinion,
  source: v.picklist(['grammar', 'human', 'imported']),
});

const OpinionSchema = v.lazy((one) => (isMeantAsVote(one) ? VoteSchema : RankingSchema));
const tooMany = (kind: 'votes' | 'rankings') => `more than ${inWords(LIMITS[kind])} ${kind}`;
export const OpinionsSchema = v.pipe(
  v.array(OpinionSchema),
  v.check((all) => all.filter(isMeantAsVote).length <= LIMITS.votes, tooMany('votes')),
  v.check((all) => all.filter((one) => !isMeantAsVote(one)).length <= LIMITS.rankings, tooMany('rankings')),
);
export const DemonstrationsSchema = v.pipe(
  v.array(DemonstrationSchema),
  v.maxLength(LIMITS.demonstrations, `more than ${inWords(LIMITS.demonstrations)}`),
);

/** texts that a model wrote may be of any length */
export const RulePairSchema = v.object({
  prompt: v.string(),
  chosen: v.string(),
  rejected: v.string(),
  source: v.literal('rule'),
});

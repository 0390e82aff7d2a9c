/** Rankings as JSON Lines: `{prompt, completions, ranks}`, with what the lab knows beside it. */
import * as v from 'valibot';
import type { Ranking } from '../contract/preferences';
import { type Row, reasonOf } from './lines';
import { clashIn, completionsOf, RanksSchema, RoundSchema, SecondsSchema, StrengthsSchema } from './opinionSchemas';
import { AtCell, FilledText, IdCell, isSameText, RaterCell, says, WriterCell, withoutBlanks } from './rows';

/** beside prompt, completions and ranks; each may be left out */
const OPTIONAL = {
  strengths: v.optional(StrengthsSchema, null),
  source: v.optional(v.picklist(['human', 'simulated', 'imported']), 'imported'),
  rater: v.optional(RaterCell, null),
  policyId: v.optional(WriterCell, ''),
  round: v.exactOptional(RoundSchema),
  seconds: v.optional(SecondsSchema, 0),
  at: v.optional(AtCell, 0),
  rankingId: v.exactOptional(IdCell),
};
const FIELDS = v.object({
  prompt: FilledText,
  completions: completionsOf(FilledText),
  ranks: RanksSchema,
  ...OPTIONAL,
});

export const rankingsToJsonl = (rankings: readonly Ranking[]): string =>
  rankings.map((one) => `${JSON.stringify(one)}\n`).join('');

/** a choice between two completions says the same as their ranks, or the row says two things */
function contradicts(row: Row, ranks: readonly number[]): boolean {
  if (!says(row, 'choice')) return false;
  const [a = 0, b = 0] = ranks;
  const agreeing = a === b ? ['tie', 'bothBad'] : [a < b ? 'a' : 'b'];
  return ranks.length !== 2 || !agreeing.includes(row.choice as string);
}

/**
 * Reads one row. It is marked as imported, unless a simulated rater made it.
 * @param newId makes ids for rows that have none
 * @returns the ranking, or why the row is none
 */
export function readRanking(row: Row, newId: () => string): Ranking | string {
  const read = v.safeParse(FIELDS, withoutBlanks(row, Object.keys(OPTIONAL)));
  if (!read.success) return reasonOf(read.issues, 'not a ranking');
  const { rankingId = newId(), source, ...rest } = read.output;
  const clash = clashIn(rest);
  if (clash) return clash;
  if (rest.completions.some((one, i) => rest.completions.slice(0, i).some((other) => isSameText(one, other))))
    return 'two completions are the same';
  if (contradicts(row, rest.ranks)) return '"ranks" say one thing and "choice" another';
  return { ...rest, rankingId, source: source === 'simulated' ? 'simulated' : 'imported' };
}

/** the same texts in the same order, however they stood on the screen */
export const rankingKey = ({ prompt, completions, ranks }: Pick<Ranking, 'prompt' | 'completions' | 'ranks'>): string =>
  JSON.stringify([
    prompt.trim(),
    completions.map((text, i) => [ranks[i], text.trim()]).sort((one, other) => (`${one}` < `${other}` ? -1 : 1)),
  ]);

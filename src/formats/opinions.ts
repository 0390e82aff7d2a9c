import * as v from 'valibot';
import { maxOf } from '../contract/many';
import { type Demonstration, RANKING_SIZES, RATERS, type Ranking, type Vote } from '../contract/preferences';
import { type BadLine, eachLine, isSameText, readVote, reasonOf, TEXT } from './votes';

/**
 * Demonstrations and rankings as JSON Lines. Demonstrations are TRL's prompt and completion. A ranking has `completions` and
 * `ranks`, and may stand in one file with votes and preferences. What only a model can say (unknown words, too long a prompt) the
 * call 'texts/check' says afterwards.
 */
const ID = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const RATER = v.object({ name: v.picklist(RATERS), animal: v.exactOptional(v.pipe(v.string(), v.maxLength(100))) });
const count = (most: number) => v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(most));
const { least, most } = RANKING_SIZES;

/** a demonstration as stored */
export const DEMONSTRATION = v.object({
  demonstrationId: ID,
  prompt: TEXT,
  completion: TEXT,
  source: v.picklist(['grammar', 'human', 'imported']),
});

const RANKED = v.object({
  prompt: TEXT,
  completions: v.pipe(v.array(TEXT), v.minLength(least, `fewer than ${least}`), v.maxLength(most, `more than ${most}`)),
  ranks: v.array(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most))),
  strengths: v.optional(v.nullable(v.array(count(100))), null),
  source: v.optional(v.picklist(['human', 'simulated', 'imported']), 'imported'),
  rater: v.optional(v.nullable(RATER), null),
  policyId: v.optional(v.pipe(v.string(), v.maxLength(200)), ''),
  round: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000))),
  seconds: v.optional(count(1e9), 0),
  at: v.optional(count(1e15), 0),
  rankingId: v.optional(ID),
});
type Ranked = v.InferOutput<typeof RANKED>;

/** what the schema cannot say about completions, ranks and strengths; null when they go together */
function clashIn({ completions, ranks, strengths }: Ranked): string | null {
  if (ranks.length !== completions.length) return `${ranks.length} ranks for ${completions.length} completions`;
  if (new Set(ranks).size !== maxOf(ranks)) return '"ranks" must count from 1 and leave no place out';
  if (strengths !== null && strengths.length !== maxOf(ranks) - 1) return '"strengths" must be one between every two places';
  if (completions.some((one, i) => completions.slice(0, i).some((other) => isSameText(one, other)))) return 'two completions are the same';
  return null;
}

export function demonstrationsToJsonl(demonstrations: readonly Demonstration[]): string {
  return demonstrations.map(({ prompt, completion, ...rest }) => `${JSON.stringify({ prompt, completion, ...rest })}\n`).join('');
}

export const rankingsToJsonl = (rankings: readonly Ranking[]): string => rankings.map((one) => `${JSON.stringify(one)}\n`).join('');

const keyOf = ({ prompt, completion }: Pick<Demonstration, 'prompt' | 'completion'>): string =>
  JSON.stringify([prompt.trim(), completion.trim()]);

/**
 * Reads a file of demonstrations line by line; everything read is marked as imported.
 * @param here those the page has already: a second time teaches nothing
 * @returns the good ones, and the bad lines by number (1 is the first) with the reason
 */
export function parseDemonstrations(
  text: string,
  newId: () => string,
  here: readonly Demonstration[] = [],
): { demonstrations: Demonstration[]; lines: number[]; badLines: BadLine[] } {
  const seen = new Map<string, string>(here.map((one) => [keyOf(one), 'one that is here']));
  const fields = v.object({ prompt: TEXT, completion: TEXT });
  const { good, lines, badLines } = eachLine(text, (data, line): Demonstration | string => {
    const read = v.safeParse(fields, data);
    if (!read.success) return reasonOf(read.issues, 'not a demonstration');
    const key = keyOf(read.output);
    const first = seen.get(key);
    if (first) return `the same as ${first}`;
    seen.set(key, `line ${line}`);
    return { demonstrationId: newId(), ...read.output, source: 'imported' };
  });
  return { demonstrations: good, lines, badLines };
}

/** the same texts in the same order, however they stood on the screen */
const rankedKey = ({ prompt, completions, ranks }: Pick<Ranking, 'prompt' | 'completions' | 'ranks'>): string =>
  JSON.stringify([
    prompt.trim(),
    completions.map((text, i) => [ranks[i], text.trim()]).sort((one, other) => (`${one}` < `${other}` ? -1 : 1)),
  ]);

/** the first of each ranking that was seen, in words */
type Seen = Map<string, string>;

/** Reads one line. It is marked as imported, unless a simulated rater made it. @returns the ranking, or why the line is none */
function readRanking(data: object, line: number, newId: () => string, seen: Seen): Ranking | string {
  const read = v.safeParse(RANKED, data);
  if (!read.success) return reasonOf(read.issues, 'not a ranking');
  const clash = clashIn(read.output);
  if (clash) return clash;
  const key = rankedKey(read.output);
  const first = seen.get(key);
  if (first) return `the same ranking as ${first}`;
  seen.set(key, `line ${line}`);
  const { rankingId = newId(), source, ...rest } = read.output;
  return { ...rest, rankingId, source: source === 'simulated' ? 'simulated' : 'imported' };
}

/** completions with a `choice` between them are a vote; without, their ranks are asked for */
const isRanking = (data: object): boolean => 'ranks' in data || ('completions' in data && !('choice' in data));

/**
 * Reads a file of votes, preferences and rankings line by line.
 * @param newId makes ids for lines that have none
 * @param here rankings that the page has already: a second time they would count twice
 * @returns the good ones with the lines they stand in, and the bad lines by number (1 is the first) with the reason
 */
export function parseOpinions(
  text: string,
  newId: () => string,
  here: readonly Ranking[] = [],
): { opinions: (Vote | Ranking)[]; lines: number[]; badLines: BadLine[] } {
  const seen: Seen = new Map(here.map((one) => [rankedKey(one), 'one that is here']));
  const { good, lines, badLines } = eachLine<Vote | Ranking>(text, (data, line) =>
    isRanking(data) ? readRanking(data, line, newId, seen) : readVote(data, newId),
  );
  return { opinions: good, lines, badLines };
}

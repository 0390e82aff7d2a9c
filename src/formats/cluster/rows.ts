/** Rows as TRL trains on them unchanged: pairs only, each column whole or absent. */
import type { Demonstration, Ranking, Vote } from '../../contract/preferences';
import { isVote } from '../../contract/preferences';

interface Pair {
  prompt: string;
  chosen: string;
  rejected: string;
  /** null where nobody said how strongly */
  margin: number | null;
}

/** a hidden repeat tells how consistent its voter is, and is learned from once */
const isRepeat = (one: Ranking): boolean => isVote(one) && (one as Vote).repeatOf !== null;

/** @returns by how much rank `better` should win over rank `worse` */
const marginOf = ({ strengths }: Ranking, better: number, worse: number, unit: number): number | null =>
  strengths && unit * strengths.slice(better - 1, worse - 1).reduce((sum, one) => sum + one, 0);

/** what is ranked apart; ties have no chosen one */
function pairsOf(one: Ranking, unit: number): Pair[] {
  const { prompt, completions, ranks } = one;
  return ranks.flatMap((better, i) =>
    ranks.flatMap((worse, j) =>
      better < worse
        ? [{ prompt, chosen: completions[i]!, rejected: completions[j]!, margin: marginOf(one, better, worse, unit) }]
        : [],
    ),
  );
}

const lines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** TRL joins prompt and completion as they are; words of the stories need the space between */
const after = (text: string): string => (/^\s/.test(text) ? text : ` ${text}`);

/** @param unit of strength, in score */
export function preferenceLines(opinions: readonly Ranking[], unit: number): string {
  const pairs = opinions.filter((one) => !isRepeat(one)).flatMap((one) => pairsOf(one, unit));
  const isWhole = pairs.every(({ margin }) => margin !== null);
  return lines(
    pairs.map(({ prompt, chosen, rejected, margin }) => ({
      prompt,
      chosen: after(chosen),
      rejected: after(rejected),
      ...(isWhole && { margin }), // a null in it is an error to TRL
    })),
  );
}

export const demonstrationLines = (demonstrations: readonly Demonstration[]): string =>
  lines(demonstrations.map(({ prompt, completion }) => ({ prompt, completion: after(completion) })));

export const promptLines = (prompts: readonly string[]): string =>
  lines([...new Set(prompts)].map((prompt) => ({ prompt })));

/**
 * Rows as `datasets` loads and TRL trains on them unchanged: every column is whole or absent, since a null in `margin`
 * or `chosen` is an error there. Ties have no chosen one, and a hidden repeat is learned from once.
 */
import type { Demonstration, Ranking, Vote } from '../../contract/preferences';
import { isVote } from '../../contract/preferences';

/** TRL's names for the three ways to write a text down: `joined` is its implicit prompt, `messages` its conversations */
export const ROW_FORMS = ['apart', 'joined', 'messages'] as const;
export type RowForm = (typeof ROW_FORMS)[number];

/** One turn of a conversation, as chat templates read it. */
export interface Turn {
  role: string;
  content: string;
}
/** what a cell holds */
export type OutCell = string | number | readonly string[] | readonly number[] | readonly Turn[];
export type OutRow = Readonly<Record<string, OutCell>>;

/** A prompt as the lab has it, and its turns where it was a conversation. */
interface Asked {
  prompt: string;
  messages?: readonly Turn[];
}
export interface OutPair extends Asked {
  chosen: string;
  rejected: string;
  /** null where nobody said how strongly */
  margin: number | null;
}
export interface OutDemonstration extends Asked {
  completion: string;
}
export interface OutRanking extends Asked {
  completions: readonly string[];
  /** of each: 1 is best, equal ones tie */
  ranks: readonly number[];
}

/** a hidden repeat tells how consistent its voter is, and is learned from once */
const isRepeat = (one: Ranking): boolean => isVote(one) && (one as Vote).repeatOf !== null;

/** @returns how many of its comparisons tell two texts apart; a repeat is of its first vote */
export const pairCount = (one: Ranking): number =>
  isRepeat(one) ? 0 : one.ranks.reduce((sum, rank) => sum + one.ranks.filter((other) => rank < other).length, 0);

/** @returns by how much rank `better` should win over rank `worse` */
const marginOf = ({ strengths }: Ranking, better: number, worse: number, unit: number): number | null =>
  strengths && unit * strengths.slice(better - 1, worse - 1).reduce((sum, one) => sum + one, 0);

/** what is ranked apart */
function pairsOf(one: Ranking, unit: number): OutPair[] {
  const { prompt, completions, ranks } = one;
  return ranks.flatMap((better, i) =>
    ranks.flatMap((worse, j) =>
      better < worse
        ? [{ prompt, chosen: completions[i]!, rejected: completions[j]!, margin: marginOf(one, better, worse, unit) }]
        : [],
    ),
  );
}

/** @param unit of strength, in score; @returns all comparisons that tell two texts apart, repeats left out */
export const pairsIn = (opinions: readonly Ranking[], unit: number): OutPair[] =>
  opinions.filter((one) => !isRepeat(one)).flatMap((one) => pairsOf(one, unit));

/** trainers join prompt and completion as they are: words of stories need the space between, texts of one's own do not */
export type Joint = '' | ' ';
const after = (prompt: string, text: string, joint: Joint): string =>
  /^\s/.test(text) || /\s$/.test(prompt) ? text : joint + text;

const turnsOf = ({ prompt, messages }: Asked): readonly Turn[] => messages ?? [{ role: 'user', content: prompt }];
const answer = (content: string): readonly Turn[] => [{ role: 'assistant', content: content.trim() }];

export const haveMargins = (pairs: readonly OutPair[]): boolean => pairs.every(({ margin }) => margin !== null);

/**
 * @param withMargins only where every pair of the file has one
 * @returns rows of `prompt`, `chosen`, `rejected`, and perhaps `margin`
 */
export function preferenceRows(pairs: readonly OutPair[], form: RowForm, joint: Joint, withMargins: boolean): OutRow[] {
  return pairs.map((pair) => {
    const { prompt, margin } = pair;
    const [chosen, rejected] = [pair.chosen, pair.rejected].map((text) => after(prompt, text, joint)) as [
      string,
      string,
    ];
    const texts: Record<RowForm, OutRow> = {
      apart: { prompt, chosen, rejected },
      joined: { chosen: prompt + chosen, rejected: prompt + rejected },
      messages: { prompt: turnsOf(pair), chosen: answer(pair.chosen), rejected: answer(pair.rejected) },
    };
    return withMargins ? { ...texts[form], margin: margin! } : texts[form];
  });
}

/** @returns rows of `prompt` and `completion`; joined, one `text` */
export const demonstrationRows = (given: readonly OutDemonstration[], form: RowForm, joint: Joint): OutRow[] =>
  given.map((one) => {
    const completion = after(one.prompt, one.completion, joint);
    const texts: Record<RowForm, OutRow> = {
      apart: { prompt: one.prompt, completion },
      joined: { text: one.prompt + completion },
      messages: { prompt: turnsOf(one), completion: answer(one.completion) },
    };
    return texts[form];
  });

/** @returns a row for each prompt that is not there yet */
export function promptRows(given: readonly Asked[], form: RowForm): OutRow[] {
  const once = new Map(given.map((one) => [one.prompt, one]));
  return [...once.values()].map((one) => ({ prompt: form === 'messages' ? turnsOf(one) : one.prompt }));
}

/** @returns rows of `prompt`, `completions` and `ranks`, which no trainer of TRL reads: they are for your own scripts */
export const rankingRows = (given: readonly OutRanking[]): OutRow[] =>
  given.map(({ prompt, completions, ranks }) => ({ prompt, completions, ranks }));

export const asDemonstrations = (given: readonly Demonstration[]): OutDemonstration[] =>
  given.map(({ prompt, completion }) => ({ prompt, completion }));

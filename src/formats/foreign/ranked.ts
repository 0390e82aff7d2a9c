/** Rows with several answers to one prompt: with a rank or a score each, or with a choice between two. */
import { RANKING_SIZES } from '../../contract/preferences';
import { type ForeignPair, numberIn, promptIn, withMeasures } from './pairs';
import { refuse, textIn } from './refuse';
import { type Cells, isObject } from './table';

export interface ForeignRanking {
  prompt: string;
  completions: string[];
  /** 1 is best; equal ones tie */
  ranks: number[];
}

/** lists of numbers beside a list of answers, of which a higher one is better; labels beside completions are of steps */
const scoresBeside = ({ scores, ratings, rewards, labels, completions }: Cells): unknown[] | undefined =>
  [scores, ratings, rewards, completions === undefined ? labels : undefined].find((one) => Array.isArray(one)) as
    | unknown[]
    | undefined;

const areTexts = (list: unknown): list is string[] =>
  Array.isArray(list) && list.length > 0 && list.every((one) => typeof one === 'string');

/** a better answer and several worse ones, or the other way about */
const isOneOfMany = ({ chosen, rejected }: Cells): boolean => areTexts(chosen) && areTexts(rejected);

/** what others call a list of completions */
const LISTS = ['responses', 'generations', 'outputs', 'candidates', 'samples'];

/** Nectar calls them answers, and gives each its rank (Zhu et al. 2023) */
const listIn = (cells: Cells): unknown[] | null => {
  const { completions, answers, chosen, rejected, ranks } = cells;
  if (Array.isArray(completions)) return completions;
  if (completions !== undefined) return null;
  const list = LISTS.map((name) => cells[name]).find((one) => Array.isArray(one)) as unknown[] | undefined;
  if (list && chosen === undefined && (Array.isArray(ranks) || scoresBeside(cells))) return list;
  if (isOneOfMany(cells)) return [...(chosen as string[]), ...(rejected as string[])];
  return Array.isArray(answers) && answers.length > 0 && answers.every(isObject) ? answers : null;
};

export const hasCompletions = (cells: Cells): boolean => listIn(cells) !== null;

const TEXTS = ['text', 'response', 'completion', 'content', 'answer'];
const SCORES = ['overall_score', 'score', 'pm_score', 'rating', 'rank'];

const fieldOf = (one: unknown, names: readonly string[]): unknown =>
  isObject(one) ? one[names.find((name) => one[name] !== undefined) ?? ''] : undefined;

function completionsIn(list: readonly unknown[]): string[] {
  return rankable(list.map((one) => textIn(typeof one === 'string' ? one : fieldOf(one, TEXTS), 'completions')));
}

/** @returns texts of which none is another one, and as many as the lab ranks */
export function rankable(texts: string[]): string[] {
  const { least, most } = RANKING_SIZES;
  if (texts.length < least || texts.length > most)
    return refuse(`${texts.length} completions, and the lab ranks ${least} to ${most}`);
  return new Set(texts.map((text) => text.trim())).size === texts.length
    ? texts
    : refuse('two completions are the same');
}

/** @returns how many different scores are better, plus 1: the lab's ranks leave no place out behind a tie */
export const ranksOf = (scores: readonly number[]): number[] =>
  scores.map((score) => 1 + new Set(scores.filter((other) => other > score)).size);

/** ranks stand in a list of their own, or each completion has a score or a rank */
function judgedIn(cells: Cells, list: readonly unknown[]): number[] {
  if (isOneOfMany(cells) && !Array.isArray(cells.completions))
    return list.map((_, i) => (i < (cells.chosen as string[]).length ? 1 : 2));
  const own = cells.ranks ?? scoresBeside(cells) ?? list.map((one) => fieldOf(one, SCORES));
  const numbers = Array.isArray(own)
    ? own.map((one) => numberIn(typeof one === 'boolean' ? Number(one) : one, 'ranks'))
    : [];
  if (numbers.length !== list.length || numbers.includes(undefined))
    return refuse('each completion wants a rank or a score');
  const isRank = cells.ranks !== undefined || list.every((one) => isObject(one) && one.rank !== undefined);
  return ranksOf((numbers as number[]).map((number) => (isRank ? -number : number)));
}

export function readRanked(cells: Cells): ForeignPair | ForeignRanking {
  const before = promptIn(cells.prompt ?? cells.instruction);
  const list = listIn(cells)!;
  const completions = completionsIn(list);
  if (cells.choice === undefined || cells.choice === null)
    return { prompt: before.prompt, completions, ranks: judgedIn(cells, list) };
  const side = ['a', 'b'].indexOf(String(cells.choice));
  if (side < 0) return refuse(`a tie: no side was chosen (${String(cells.choice).slice(0, 60)})`);
  return withMeasures({ ...before, chosen: completions[side]!, rejected: completions[1 - side]! }, cells);
}

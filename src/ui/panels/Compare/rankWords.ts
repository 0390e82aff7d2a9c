import { type Arrangement, comparisonsIn, isTied, tierOf } from '../../../store/opinions/arrangement';
import { comparisonWords } from '../../../store/opinions/counts';

/** Completions are called by the letters under which they were drawn, wherever they stand. */
export const letterOf = (item: number): string => String.fromCharCode('A'.charCodeAt(0) + item);

/** "2", "2=" where several share it, "=" while nothing is told apart */
export function placeSign(arrangement: Arrangement, item: number): string {
  if (arrangement.tiers.length === 1) return '=';
  return `${tierOf(arrangement, item) + 1}${isTied(arrangement, item) ? '=' : ''}`;
}

/** "place 2 of 3, tied with D" */
export function placeWords(arrangement: Arrangement, item: number): string {
  const { tiers } = arrangement;
  const tier = tierOf(arrangement, item);
  const others = (tiers[tier] ?? []).filter((other) => other !== item).map(letterOf);
  if (tiers.length === 1) return 'tied with all others';
  return `place ${tier + 1} of ${tiers.length}${others.length > 0 ? `, tied with ${others.join(' and ')}` : ''}`;
}

/** what is said when a completion was moved */
export const movedWords = (before: Arrangement, after: Arrangement, item: number): string =>
  before === after
    ? `${letterOf(item)} stays: ${placeWords(after, item)}.`
    : `${letterOf(item)}: ${placeWords(after, item)}.`;

/** What saving would give, and why nothing can be saved yet. */
export function worthSentence(arrangement: Arrangement, size: number): string {
  const most = (size * (size - 1)) / 2;
  const given = comparisonsIn(arrangement);
  if (given === 0) return `All tie: nothing to learn yet. In order, these ${size} give ${comparisonWords(most)}.`;
  const tied = given < most ? ` of ${most}: what ties is not compared` : '';
  return `Gives ${comparisonWords(given)}${tied}. They are learned together, since they share their texts.`;
}

/** what is said when a completion was picked up, or put down where it is */
export const pickedWords = (item: number, isUp: boolean): string =>
  isUp
    ? `${letterOf(item)} picked up. Up and down move it, Space puts it down, Escape puts it back.`
    : `${letterOf(item)} put down.`;

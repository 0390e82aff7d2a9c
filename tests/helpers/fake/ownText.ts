import { isMetricId, OF_A_RATER, OF_THE_GRAMMAR } from '../../../src/contract/labels';

/** parts of observations that only the grammar can fill in */
const OF_THE_GRAMMAR_SEEN = new Set(['grammatical', 'finished', 'attributes']);
/** and those of a rater that can tell */
const OF_A_RATER_SEEN = new Set(['gold', 'winRate']);

/**
 * The same news as of a text of the visitor: what only the grammar can compute is absent, or null.
 * @param gold whether a rater of the visitor's own says what texts are worth
 */
export function withoutGrammar<T>(news: T, gold: boolean): T {
  if (Array.isArray(news)) return news.map((one) => withoutGrammar(one, gold)) as T;
  if (typeof news !== 'object' || news === null || ArrayBuffer.isView(news)) return news;
  const isAbsent = (name: string): boolean =>
    isMetricId(name) && (OF_THE_GRAMMAR.has(name) || (!gold && OF_A_RATER.has(name)));
  const isNull = (name: string): boolean => OF_THE_GRAMMAR_SEEN.has(name) || (!gold && OF_A_RATER_SEEN.has(name));
  const kept = Object.entries(news).filter(([name]) => !isAbsent(name));
  return Object.fromEntries(
    kept.map(([name, value]) => [name, isNull(name) ? null : withoutGrammar(value, gold)]),
  ) as T;
}

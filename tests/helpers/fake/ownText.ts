import { isMetricId, OF_THE_GRAMMAR } from '../../../src/contract/labels';

/** parts of observations that only the grammar can fill in */
const OF_OBSERVATIONS = new Set(['gold', 'winRate', 'grammatical', 'finished', 'attributes']);

/** The same news as of a text of the visitor: what only the grammar can compute is absent, or null. */
export function withoutGrammar<T>(news: T): T {
  if (Array.isArray(news)) return news.map(withoutGrammar) as T;
  if (typeof news !== 'object' || news === null || ArrayBuffer.isView(news)) return news;
  const kept = Object.entries(news).filter(([name]) => !(isMetricId(name) && OF_THE_GRAMMAR.has(name)));
  return Object.fromEntries(
    kept.map(([name, value]) => [name, OF_OBSERVATIONS.has(name) ? null : withoutGrammar(value)]),
  ) as T;
}

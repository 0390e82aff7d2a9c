/** How much of what a model writes repeats itself: the first thing to look at when a reward rises. */

/**
 * Different n-grams ÷ all n-grams of the texts taken together (Li et al. 2016, "distinct-n"). Falls with the number of
 * texts, so only measurements of equally many texts compare.
 * @param rows ids of each text
 * @returns 0 … 1; 1 when no text has n tokens
 */
export function distinctNgrams(rows: readonly (readonly number[])[], n: number): number {
  const seen = new Set<string>();
  let all = 0;
  for (const ids of rows) {
    for (let from = 0; from + n <= ids.length; from++, all++) seen.add(ids.slice(from, from + n).join(' '));
  }
  return all === 0 ? 1 : seen.size / all;
}

/** @returns share of texts that another one equals, 0 of none */
export function duplicateShare(texts: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return texts.filter((text) => counts.get(text)! > 1).length / Math.max(1, texts.length);
}

/** @returns different texts ÷ texts, 0 of none */
export const distinctShare = (texts: readonly string[]): number => new Set(texts).size / Math.max(1, texts.length);

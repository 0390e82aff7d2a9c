/** What somebody meant who wrote a word that is none of those known. */

/** letters to add, drop, change or swap with a neighbour (Damerau 1964, each place once) */
function editDistance(left: string, right: string): number {
  let [before, row]: [number[], number[]] = [[], Array.from({ length: right.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const change = row[j - 1]! + (left[i - 1] === right[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      next[j] = Math.min(change, row[j]! + 1, next[j - 1]! + 1, isSwap ? before[j - 2]! + 1 : change);
    }
    [before, row] = [row, next];
  }
  return row[right.length]!;
}

/** so many letters of a word may be wrong */
const SHARE = 0.4;
const LONGEST = 60;

/** @returns the known word that is most like it; null where none is */
export function nearestWord(word: string, known: readonly string[]): string | null {
  if (word.length > LONGEST) return null;
  const meant = word.toLowerCase();
  const near = known
    .map((one) => ({ one, distance: editDistance(meant, one.toLowerCase()) }))
    .filter(({ one, distance }) => distance <= Math.max(1, SHARE * Math.max(one.length, word.length)))
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.one ?? null;
}

/** ". Did you mean klCoef?", or nothing */
export function didYouMean(word: string, known: readonly string[]): string {
  const meant = nearestWord(word, known);
  return meant === null ? '' : `. Did you mean ${meant}?`;
}

/** A pair of neighbours and where it stands. */
export interface RankedPair {
  /** what the heap goes by: how often the pair was seen when it was put in, and where first */
  rankedCount: number;
  rankedAt: number;
}

const precedes = (one: RankedPair, other: RankedPair): boolean =>
  one.rankedCount > other.rankedCount || (one.rankedCount === other.rankedCount && one.rankedAt < other.rankedAt);

/** Gives out the most frequent pair first, and of equals the one met first in the text. */
export class PairHeap<P extends RankedPair> {
  /** both children of i, at 2i + 1 and 2i + 2, come after it */
  private readonly pairs: P[] = [];

  push(pair: P): void {
    let at = this.pairs.push(pair) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!precedes(pair, this.pairs[parent] as P)) break;
      this.pairs[at] = this.pairs[parent] as P;
      at = parent;
    }
    this.pairs[at] = pair;
  }

  pop(): P | null {
    const first = this.pairs[0] ?? null;
    const last = this.pairs.pop();
    if (last !== undefined && this.pairs.length > 0) this.sink(last);
    return first;
  }

  /** from the top down to where it belongs */
  private sink(pair: P): void {
    let at = 0;
    for (;;) {
      const child = this.earlierChild(at);
      if (child === null || !precedes(this.pairs[child] as P, pair)) break;
      this.pairs[at] = this.pairs[child] as P;
      at = child;
    }
    this.pairs[at] = pair;
  }

  private earlierChild(at: number): number | null {
    const left = 2 * at + 1;
    if (left >= this.pairs.length) return null;
    const right = left + 1;
    return right < this.pairs.length && precedes(this.pairs[right] as P, this.pairs[left] as P) ? right : left;
  }
}

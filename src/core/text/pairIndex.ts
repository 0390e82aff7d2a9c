/**
 * The pairs of neighbours in a text, kept up to date as tokens are merged.
 *
 * What makes it fast: two tokens become neighbours only when one of them is made. So a pair gets all its positions
 * during the merge that makes the younger of its two tokens, in the order of the text, and from then on only loses
 * some. Its count falls and its first position moves on, never back; so a pair at the top of the heap that stands there
 * by an older count or position is put in again, and one whose rank still holds is the best.
 */
import { BYTES, pairKey } from './bpeMerges';
import type { Chunks } from './chunks';
import { Int32List } from './int32List';
import { PairHeap, type RankedPair } from './pairHeap';
import { GAP, type TokenLine } from './tokenLine';

export interface Pair extends RankedPair {
  left: number;
  right: number;
  /** over the whole text: a chunk that occurs n times counts n times */
  count: number;
  /** where its left token begins, or once began, ascending */
  positions: Int32List;
  /** positions before this one are gone */
  gone: number;
}

/** positions merged between two chances to report */
const POSITIONS_PER_STEP = 100_000;
/** bytes read between two chances to report */
const BYTES_PER_STEP = 2_000_000;

export class PairIndex {
  private readonly line: TokenLine;
  private readonly pairs = new Map<number, Pair>();
  private readonly heap = new PairHeap<Pair>();

  constructor(
    private readonly chunks: Chunks,
    private readonly minCount: number,
    private readonly maxTokenBytes: number,
  ) {
    this.line = chunks.line;
  }

  /**
   * Finds the pairs of the bytes, before anything else; counts first and lists then, so that no list has to grow. Stops
   * now and then.
   */
  *findPairs(): Generator<void, void> {
    if (this.maxTokenBytes < 2) return;
    const totals = new Float64Array(BYTES * BYTES);
    const sizes = new Int32Array(BYTES * BYTES);
    yield* this.eachNeighbour((bytes, _, count) => {
      totals[bytes] = (totals[bytes] as number) + count;
      sizes[bytes] = (sizes[bytes] as number) + 1;
    });
    const found = Array.from(totals, (count, bytes) => this.pairOfBytes(bytes, count, sizes[bytes] as number));
    yield* this.eachNeighbour((bytes, at) => found[bytes]?.positions.push(at));
    for (const pair of found) if (pair) this.rank(pair);
  }

  /**
   * @returns the most frequent pair, the one met first among equals, out of the index; null when none is frequent
   * enough
   */
  takeBest(): Pair | null {
    for (let pair = this.heap.pop(); pair; pair = this.heap.pop()) {
      const isCurrent = pair.count === pair.rankedCount && this.firstPosition(pair) === pair.rankedAt;
      if (isCurrent || pair.count < this.minCount) this.pairs.delete(pairKey(pair.left, pair.right));
      if (isCurrent) return pair;
      if (pair.count >= this.minCount) this.rank(pair);
    }
    return null;
  }

  /** Every position of the pair becomes `id`, from left to right; stops now and then on long lists. */
  *merge({ left, right, positions }: Pair, id: number): Generator<void, void> {
    const made: Pair[] = [];
    let visited = 0;
    for (const at of positions.view()) {
      if (this.line.isPair(at, left, right)) this.mergeAt(at, id, made);
      if (++visited % POSITIONS_PER_STEP === 0) yield;
    }
    for (const pair of made) this.settle(pair);
  }

  private mergeAt(at: number, id: number, made: Pair[]): void {
    const { line } = this;
    const middle = line.after(at);
    const [before, left, right, behind] = [
      line.idBefore(at),
      line.idAt(at),
      line.idAt(middle),
      line.idAt(line.after(middle)),
    ];
    const weight = this.weightAt(at);
    this.lose(before, left, weight);
    this.lose(right, behind, weight);
    line.merge(at, id);
    if (before !== GAP) this.gain(before, id, at - line.lengthOf(before), weight, made);
    if (behind !== GAP) this.gain(id, behind, at, weight, made);
  }

  private lose(left: number, right: number, weight: number): void {
    const pair = this.pairs.get(pairKey(left, right)); // a gap is in no pair
    if (pair) pair.count -= weight;
  }

  private gain(left: number, right: number, at: number, weight: number, made: Pair[]): void {
    const { line, maxTokenBytes } = this;
    if (line.lengthOf(left) + line.lengthOf(right) > maxTokenBytes) return;
    const key = pairKey(left, right);
    let pair = this.pairs.get(key);
    if (!pair) {
      pair = { left, right, count: 0, positions: new Int32List(), gone: 0, rankedCount: 0, rankedAt: 0 };
      this.pairs.set(key, pair);
      made.push(pair);
    }
    pair.count += weight;
    pair.positions.push(at);
  }

  /** a pair has all the positions it will ever have: it may be the best one, or never will */
  private settle(pair: Pair): void {
    if (pair.count >= this.minCount) this.rank(pair);
    else this.pairs.delete(pairKey(pair.left, pair.right));
  }

  private rank(pair: Pair): void {
    pair.rankedCount = pair.count;
    pair.rankedAt = this.firstPosition(pair);
    this.heap.push(pair);
  }

  /** @returns where the pair is met first; behind the text when it is gone */
  private firstPosition(pair: Pair): number {
    const positions = pair.positions.view();
    while (pair.gone < positions.length && !this.line.isPair(positions[pair.gone] as number, pair.left, pair.right))
      pair.gone++;
    return positions[pair.gone] ?? this.line.ids.length;
  }

  /** @returns how often the chunk at `at` occurs in the text */
  private weightAt(at: number): number {
    const { starts, counts } = this.chunks;
    let [low, high] = [0, starts.length - 1]; // the last chunk that does not begin behind `at`
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= at) low = middle;
      else high = middle - 1;
    }
    return counts[low] as number;
  }

  /** null when it is too rare ever to be merged */
  private pairOfBytes(bytes: number, count: number, size: number): Pair | null {
    if (count === 0 || count < this.minCount) return null;
    const [left, right] = [Math.floor(bytes / BYTES), bytes % BYTES];
    const pair = { left, right, count, positions: new Int32List(size), gone: 0, rankedCount: 0, rankedAt: 0 };
    this.pairs.set(pairKey(left, right), pair);
    return pair;
  }

  /** @param visit gets both bytes as one number below 2¹⁶, where the first stands, and how often its chunk occurs */
  private *eachNeighbour(visit: (bytes: number, at: number, count: number) => void): Generator<void, void> {
    const { ids } = this.line;
    let count = 0;
    for (let at = 1; at + 1 < ids.length; at++) {
      const [first, second] = [ids[at] as number, ids[at + 1] as number];
      if (ids[at - 1] === GAP) count = this.weightAt(at);
      if (first !== GAP && second !== GAP) visit(first * BYTES + second, at, count);
      if (at % BYTES_PER_STEP === 0) yield;
    }
  }
}

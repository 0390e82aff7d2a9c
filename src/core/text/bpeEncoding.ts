/**
 * Carries learned merges out on one chunk of a text: of the pairs of neighbours the one that was learned first is
 * merged wherever it stands, until none is left. A word is short, and the rule can be followed to the letter. In a
 * chunk of a million bytes that would look at all of them for every merge; there each pair waits in a list for its
 * turn. A pair with a new token was learned after that token, so the turns come in the order of the ranks, once each.
 */
import { BYTES, type Merge, mergePair, pairKey } from './bpeMerges';
import { Int32List } from './int32List';
import { GAP, TokenLine } from './tokenLine';

export interface Merges {
  /** in the order learned */
  list: readonly Merge[];
  /** index in the list of merges, by `pairKey` */
  ranks: ReadonlyMap<number, number>;
}

/** @returns the pair of neighbours that was learned first, null when none was */
const earliestMerge = (ids: readonly number[], ranks: Merges['ranks']): number | null => {
  let best: number | null = null;
  for (let i = 0; i + 1 < ids.length; i++) {
    const rank = ranks.get(pairKey(ids[i] as number, ids[i + 1] as number));
    if (rank !== undefined && (best === null || rank < best)) best = rank;
  }
  return best;
};

/** the rule as it is written, for a chunk of a few letters */
export function encodeShort(bytes: Uint8Array, { list, ranks }: Merges): number[] {
  let ids = Array.from(bytes);
  for (let rank = earliestMerge(ids, ranks); rank !== null; rank = earliestMerge(ids, ranks)) {
    const [left, right] = list[rank] as Merge;
    ids = mergePair(ids, left, right, BYTES + rank);
  }
  return ids;
}

/** positions merged between two chances to report */
const POSITIONS_PER_STEP = 100_000;

/** The positions of each pair that will be merged, by its rank. */
class Queue {
  private readonly lists: (Int32List | undefined)[] = [];

  constructor(
    private readonly line: TokenLine,
    private readonly ranks: Merges['ranks'],
  ) {}

  /** the token at `at` and the next one wait for their turn, if they have one */
  add(at: number): void {
    const { line, ranks } = this;
    const rank = ranks.get(pairKey(line.idAt(at), line.idAt(line.after(at)))); // no pair holds a gap
    if (rank === undefined) return;
    this.lists[rank] ??= new Int32List();
    this.lists[rank].push(at);
  }

  /** @returns all positions of a rank, no longer kept */
  take(rank: number): Int32Array | null {
    const positions = this.lists[rank]?.view() ?? null;
    this.lists[rank] = undefined;
    return positions;
  }
}

const between = (bytes: Uint8Array): TokenLine => {
  const ids = new Int32Array(bytes.length + 2).fill(GAP);
  ids.set(bytes, 1);
  return new TokenLine(ids);
};

function tokensOf(line: TokenLine): Int32Array {
  const tokens = new Int32List();
  for (let at = 1; line.idAt(at) !== GAP; at = line.after(at)) tokens.push(line.idAt(at));
  return tokens.view();
}

/**
 * The same ids as `encodeShort`, with each position looked at once per merge that touches it.
 * @returns ids, stopping now and then with the share of the work that is done
 */
export function* encodeLong(bytes: Uint8Array, { list, ranks }: Merges): Generator<number, Int32Array> {
  const line = between(bytes);
  const queue = new Queue(line, ranks);
  let visited = 0;
  const isDue = () => ++visited % POSITIONS_PER_STEP === 0;
  for (let at = 1; at <= bytes.length; at++) {
    queue.add(at);
    if (isDue()) yield 0;
  }
  for (const [rank, [left, right]] of list.entries()) {
    for (const at of queue.take(rank) ?? []) {
      if (!line.isPair(at, left, right)) continue;
      line.merge(at, BYTES + rank);
      const before = line.idBefore(at);
      if (before !== GAP) queue.add(at - line.lengthOf(before));
      queue.add(at);
      if (isDue()) yield rank / list.length;
    }
  }
  return tokensOf(line);
}

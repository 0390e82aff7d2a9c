/**
 * What was read before: the same opinion a second time would count twice, whether it comes in lines, in a table or with
 * another file.
 */
import { type Demonstration, groupsIn, type Ranking, type Vote, votesIn } from '../contract/preferences';
import { demonstrationKey, readDemonstration } from './demonstrations';
import { LINES_A_STEP, type Reading, type Row } from './lines';
import { rankingKey, readRanking } from './rankings';
import { says } from './rows';
import { readVote, voteKey } from './votes';

/** What the page has already: a second time it would count twice. */
export interface Here {
  /** votes among them */
  opinions: readonly Ranking[];
  demonstrations: readonly Demonstration[];
}
export const NOTHING_HERE: Here = { opinions: [], demonstrations: [] };

/** how the reason of a line ends that says what is here already */
export const HERE = 'one that is here';

/** What was read before, of one kind: by its content, where it stands. */
class Seen<T> {
  private readonly first = new Map<string, string>();

  constructor(private readonly keyOf: (item: T) => string) {}

  remember(item: T): void {
    this.first.set(this.keyOf(item), HERE);
  }

  /** @returns where the same stands; null when this is the first */
  where(item: T, at: string): string | null {
    const key = this.keyOf(item);
    const first = this.first.get(key) ?? null;
    if (first === null) this.first.set(key, at);
    return first;
  }
}

/** Votes of one content that were read: where the first stood, and the ids they say; null where one says none. */
interface SameVotes {
  at: string;
  ids: Set<string> | null;
}

/**
 * Votes may say the same and still be two opinions: raters meet the same pair twice. So as many lines as there are such
 * votes here are those, and within a file two are one unless each says an id of its own.
 */
export class SeenVotes {
  private readonly here = new Map<string, number>();
  private readonly read = new Map<string, SameVotes>();

  remember(vote: Vote): void {
    const key = voteKey(vote);
    this.here.set(key, (this.here.get(key) ?? 0) + 1);
  }

  /** @param ownId that the line says */
  where(vote: Vote, ownId: string | null, at: string): string | null {
    const key = voteKey(vote);
    const same = this.read.get(key);
    if (same && (ownId === null || same.ids === null || same.ids.has(ownId))) return same.at;
    if (same) same.ids?.add(ownId as string);
    else this.read.set(key, { at, ids: ownId === null ? null : new Set([ownId]) });
    const left = this.here.get(key) ?? 0;
    if (left > 0) this.here.set(key, left - 1);
    return left > 0 ? HERE : null;
  }
}

/** @param at where it stands, as a sentence names it, `line 3` */
type ReadRow<T> = (row: Row, at: string) => T | string;

function* rememberAll<T>(seen: { remember(item: T): void }, items: readonly T[]): Reading<void> {
  for (const [i, item] of items.entries()) {
    if (i % LINES_A_STEP === 0) yield;
    seen.remember(item);
  }
}

/** @returns readers of rows of each kind, which remember what they read */
export function* rowReaders(newId: () => string, here: Here) {
  const seen = { votes: new SeenVotes(), rankings: new Seen(rankingKey), demonstrations: new Seen(demonstrationKey) };
  yield* rememberAll(seen.votes, votesIn(here.opinions));
  yield* rememberAll(seen.rankings, groupsIn(here.opinions));
  yield* rememberAll(seen.demonstrations, here.demonstrations);
  const votes: ReadRow<Vote> = (row, at) => {
    const vote = readVote(row, newId);
    if (typeof vote === 'string') return vote;
    const where = seen.votes.where(vote, says(row, 'voteId') ? String(row.voteId) : null, at);
    return where ? `the same vote as ${where}` : vote;
  };
  const rankings: ReadRow<Ranking> = (row, at) => {
    const ranking = readRanking(row, newId);
    if (typeof ranking === 'string') return ranking;
    const where = seen.rankings.where(ranking, at);
    return where ? `the same ranking as ${where}` : ranking;
  };
  const demonstrations: ReadRow<Demonstration> = (row, at) => {
    const demonstration = readDemonstration(row, newId);
    if (typeof demonstration === 'string') return demonstration;
    const where = seen.demonstrations.where(demonstration, at);
    return where ? `the same as ${where}` : demonstration;
  };
  return { votes, rankings, demonstrations };
}

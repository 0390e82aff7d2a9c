/**
 * Files of opinions. Votes, preferences and rankings may stand in one file; demonstrations have one of their own. What
 * only a model can say (unknown words, too long a prompt) the call 'texts/check' says afterwards.
 */
import { type Demonstration, groupsIn, type Ranking, type Vote, votesIn } from '../contract/preferences';
import { demonstrationKey, readDemonstration } from './demonstrations';
import { eachLine, hasRow, LINES_A_STEP, type Reading, type ReadLines, type Row } from './lines';
import { foreignForm } from './otherForms';
import { rankingKey, readRanking } from './rankings';
import { says } from './rows';
import { readVote, voteKey } from './votes';

export type OpinionKind = 'votes' | 'rankings' | 'demonstrations';

/** What the page has already: a second time it would count twice. */
export interface Here {
  /** votes among them */
  opinions: readonly Ranking[];
  demonstrations: readonly Demonstration[];
}
export const NOTHING_HERE: Here = { opinions: [], demonstrations: [] };

/** @returns what a row is meant to be, by what it says; null when by nothing */
export function kindOfRow(row: Row): OpinionKind | null {
  if (says(row, 'ranks')) return 'rankings';
  if (says(row, 'chosen') || says(row, 'rejected') || says(row, 'choice')) return 'votes';
  if (says(row, 'completions')) return 'rankings';
  return says(row, 'completion') ? 'demonstrations' : null;
}

/** @returns what a row would be if its cells were not blank */
function kindByName(row: Row): OpinionKind | null {
  const names = (...keys: string[]): boolean => keys.some((key) => Object.hasOwn(row, key));
  if (names('chosen', 'rejected', 'choice')) return 'votes';
  if (names('ranks', 'completions')) return 'rankings';
  return names('completion') ? 'demonstrations' : null;
}

const isText = (value: unknown): boolean => typeof value === 'string';
const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);

/** Votes and rankings as the lab writes them, whatever else is wrong with the line. */
const isOwnOpinion = ({ prompt, chosen, rejected, completions, choice, ranks }: Row): boolean =>
  isText(prompt) &&
  ((isText(chosen) && isText(rejected)) || (areTexts(completions) && (choice !== undefined || ranks !== undefined)));

/** Demonstrations as the lab writes them; a text that is called good or bad is another program's. */
const isOwnDemonstration = ({ prompt, completion, label }: Row): boolean =>
  isText(prompt) && isText(completion) && label === undefined;

/** @returns whether a file is told by what is wrong with its lines: some are the lab's own */
export const hasOwnRows = (text: string, kind: 'opinions' | 'demonstrations'): boolean =>
  hasRow(text, kind === 'opinions' ? isOwnOpinion : isOwnDemonstration);

/** how the reason of a line ends that says what is here already */
export const HERE = 'one that is here';

/** What was read before, of one kind: by its content, in words where it stands. */
class Seen<T> {
  private readonly first = new Map<string, string>();

  constructor(private readonly keyOf: (item: T) => string) {}

  remember(item: T): void {
    this.first.set(this.keyOf(item), HERE);
  }

  /** @returns where the same stands; null when this is the first */
  where(item: T, line: number): string | null {
    const key = this.keyOf(item);
    const first = this.first.get(key) ?? null;
    if (first === null) this.first.set(key, `line ${line}`);
    return first;
  }
}

/** Votes of one content that were read: the line of the first, and the ids they say; null where one says none. */
interface SameVotes {
  line: number;
  ids: Set<string> | null;
}

/**
 * Votes may say the same and still be two opinions: raters meet the same pair twice. So as many lines as there are such
 * votes here are those, and within a file two are one unless each says an id of its own.
 */
class SeenVotes {
  private readonly here = new Map<string, number>();
  private readonly read = new Map<string, SameVotes>();

  remember(vote: Vote): void {
    const key = voteKey(vote);
    this.here.set(key, (this.here.get(key) ?? 0) + 1);
  }

  /** @param ownId that the line says */
  where(vote: Vote, ownId: string | null, line: number): string | null {
    const key = voteKey(vote);
    const same = this.read.get(key);
    if (same && (ownId === null || same.ids === null || same.ids.has(ownId))) return `line ${same.line}`;
    if (same) same.ids?.add(ownId as string);
    else this.read.set(key, { line, ids: ownId === null ? null : new Set([ownId]) });
    const left = this.here.get(key) ?? 0;
    if (left > 0) this.here.set(key, left - 1);
    return left > 0 ? HERE : null;
  }
}

type ReadRow<T> = (row: Row, line: number) => T | string;

function* rememberAll<T>(seen: { remember(item: T): void }, items: readonly T[]): Reading<void> {
  for (const [i, item] of items.entries()) {
    if (i % LINES_A_STEP === 0) yield;
    seen.remember(item);
  }
}

/** @returns readers of rows of each kind, which remember what they read */
function* rowReaders(newId: () => string, here: Here) {
  const seen = { votes: new SeenVotes(), rankings: new Seen(rankingKey), demonstrations: new Seen(demonstrationKey) };
  yield* rememberAll(seen.votes, votesIn(here.opinions));
  yield* rememberAll(seen.rankings, groupsIn(here.opinions));
  yield* rememberAll(seen.demonstrations, here.demonstrations);
  const votes: ReadRow<Vote> = (row, line) => {
    const vote = readVote(row, newId);
    if (typeof vote === 'string') return vote;
    const where = seen.votes.where(vote, says(row, 'voteId') ? String(row.voteId) : null, line);
    return where ? `the same vote as ${where}` : vote;
  };
  const rankings: ReadRow<Ranking> = (row, line) => {
    const ranking = readRanking(row, newId);
    if (typeof ranking === 'string') return ranking;
    const where = seen.rankings.where(ranking, line);
    return where ? `the same ranking as ${where}` : ranking;
  };
  const demonstrations: ReadRow<Demonstration> = (row, line) => {
    const demonstration = readDemonstration(row, newId);
    if (typeof demonstration === 'string') return demonstration;
    const where = seen.demonstrations.where(demonstration, line);
    return where ? `the same as ${where}` : demonstration;
  };
  return { votes, rankings, demonstrations };
}

/**
 * Reads a file of votes, preferences and rankings line by line.
 * @param newId makes ids for lines that have none
 * @returns the good ones with the lines they stand in, and the bad lines by number (1 is the first) with the reason
 */
export function* readOpinions(
  text: string,
  newId: () => string,
  here: Partial<Here> = {},
): Reading<ReadLines<Ranking>> {
  const read = yield* rowReaders(newId, { ...NOTHING_HERE, ...here });
  return yield* eachLine<Ranking>(text, (row, line) => {
    const kind = kindOfRow(row);
    return (kind === null ? foreignForm(row) : null) ?? read[kind === 'rankings' ? 'rankings' : 'votes'](row, line);
  });
}

/** Reads a file of demonstrations line by line; everything read is marked as imported. */
export function* readDemonstrations(
  text: string,
  newId: () => string,
  here: readonly Demonstration[] = [],
): Reading<ReadLines<Demonstration>> {
  const read = yield* rowReaders(newId, { ...NOTHING_HERE, demonstrations: here });
  return yield* eachLine(
    text,
    (row, line) => (kindOfRow(row) === null ? foreignForm(row) : null) ?? read.demonstrations(row, line),
  );
}

export interface ReadRows extends ReadLines<Ranking | Demonstration> {
  /** of each good one */
  kinds: OpinionKind[];
  /** rows by what they are meant to be, bad ones too */
  meant: Record<OpinionKind, number>;
}

/** Reads a file of which nobody has said what it holds: each row is read as what it is meant to be. */
export function* readRows(text: string, newId: () => string): Reading<ReadRows> {
  const read = yield* rowReaders(newId, NOTHING_HERE);
  const meant = { votes: 0, rankings: 0, demonstrations: 0 };
  const kinds: OpinionKind[] = [];
  const lines = yield* eachLine<Ranking | Demonstration>(text, (row, line) => {
    const kind = kindOfRow(row) ?? kindByName(row);
    if (kind === null) return foreignForm(row) ?? 'neither "chosen", "choice" and "completions", nor "completion"';
    meant[kind]++;
    const found = read[kind](row, line);
    if (typeof found !== 'string') kinds.push(kind);
    return found;
  });
  return { ...lines, kinds, meant };
}

/**
 * Files of opinions. Votes, preferences and rankings may stand in one file; demonstrations have one of their own. What
 * only a model can say (unknown words, too long a prompt) the call 'texts/check' says afterwards.
 */
import type { Demonstration, Ranking } from '../contract/preferences';
import { eachLine, hasRow, type Reading, type ReadLines, type Row } from './lines';
import { foreignForm } from './otherForms';
import { says } from './rows';
import { type Here, NOTHING_HERE, rowReaders } from './seen';

export type OpinionKind = 'votes' | 'rankings' | 'demonstrations';

/** @returns what a row is meant to be, by what it says; null when by nothing */
export function kindOfRow(row: Row): OpinionKind | null {
  const isPair = says(row, 'chosen') && says(row, 'rejected') && !says(row, 'completions');
  if (says(row, 'ranks') && !isPair) return 'rankings';
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
    return (
      (kind === null ? foreignForm(row) : null) ?? read[kind === 'rankings' ? 'rankings' : 'votes'](row, `line ${line}`)
    );
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
    (row, line) => (kindOfRow(row) === null ? foreignForm(row) : null) ?? read.demonstrations(row, `line ${line}`),
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
    const found = read[kind](row, `line ${line}`);
    if (typeof found !== 'string') kinds.push(kind);
    return found;
  });
  return { ...lines, kinds, meant };
}

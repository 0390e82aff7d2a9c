/** A file of rows of another program: a table, one array, a conversation a line; read as the page reads what it opens. */
import { LIMITS } from '../contract/limits';
import { countOf } from '../contract/numbers';
import { groupsIn, votesIn } from '../contract/preferences';
import { finish } from '../contract/steps';
import { readTable, type TableReading } from '../formats/foreign/mapping';
import { type OpenedTable, openTable } from '../formats/foreign/opening';
import type { ForeignKind } from '../formats/foreign/rows';
import { filledLines } from '../formats/lines';
import type { OpinionKind } from '../formats/opinions';
import { KINDS, restOf } from './kinds';
import { type Refusal, refusalOf, type Verdict } from './verdict';

const KIND: Record<ForeignKind, OpinionKind | null> = {
  preferences: 'votes',
  rankings: 'rankings',
  demonstrations: 'demonstrations',
  prompts: null,
};

/** what the columns promise where no row keeps it */
function kindByRoles({ roles }: OpenedTable): OpinionKind | null {
  const has = (...names: string[]): boolean => Object.values(roles).some((role) => names.includes(role ?? ''));
  if (has('chosen', 'rejected')) return 'votes';
  if (has('completions', 'ranks')) return 'rankings';
  return has('completion') ? 'demonstrations' : null;
}

const countsOf = ({ opinions, demonstrations }: TableReading): Record<OpinionKind, number> => {
  const all = opinions.map(({ one }) => one);
  return { votes: votesIn(all).length, rankings: groupsIn(all).length, demonstrations: demonstrations.length };
};

/** columns that are not called what they are taken for */
function guessNote({ roles }: OpenedTable): string[] {
  const guessed = Object.entries(roles).flatMap(([name, role]) =>
    role !== null && role !== name ? [`“${name.slice(0, LIMITS.quoted)}” as ${role}`] : [],
  );
  return guessed.length > 0 ? [`Columns are guessed: ${guessed.join(', ')}; the page asks before it takes them.`] : [];
}

const ALONE = 'a prompt alone: Compare asks the model it, and nothing is learned from it here';
export const holdsPrompts = ({ refused }: Verdict): boolean => refused.some(({ why }) => why === ALONE);

/** @returns where each row of data stands: in a file of lines by its line, else by its number */
function placesOf(text: string | null, rows: number): (at: number) => number | string {
  const lines = text === null ? [] : [...filledLines(text)].map(({ line }) => line);
  const areLines = text !== null && /^\s*\{/.test(text) && lines.length === rows;
  return (at) => (areLines ? (lines[at] as number) : `row ${at + 1}`);
}

function verdictOf(opened: OpenedTable, reading: TableReading, text: string | null): Verdict {
  const rows = opened.table.rows.length;
  const counts = countsOf(reading);
  const kind = reading.kind === null ? kindByRoles(opened) : KIND[reading.kind];
  const placeOf = placesOf(text, rows);
  const alone = reading.prompts.map(({ at }) => ({ at, why: ALONE }));
  const refused = [...reading.refused, ...alone].sort((one, other) => one.at - other.at);
  const made = KINDS.reduce((sum, one) => sum + counts[one], 0);
  const kept = rows - refused.length;
  const what = kind === 'rankings' ? countOf(made, 'ranking') : `${countOf(made, 'pair')}, good against bad`;
  const pairs = kept === made ? [] : [`${countOf(kept, 'row makes', 'rows make')} ${what}.`];
  return {
    kind,
    rows,
    kept,
    notes: [...guessNote(opened), ...restOf(counts, kind), ...pairs, ...reading.notes],
    refused: refused.map(({ at, why }): Refusal => ({ at: placeOf(at), why })),
  };
}

/**
 * @param text null where the file is Parquet
 * @returns null where the page would see no table in it
 */
export async function judgeTable(bytes: Uint8Array, text: string | null): Promise<Verdict | null> {
  try {
    const opened = await openTable(bytes, 'the file');
    if (!opened) return null;
    let next = 0;
    return verdictOf(opened, finish(readTable(opened.table, opened.roles, () => `row-${next++}`)), text);
  } catch (error) {
    return refusalOf(null, error);
  }
}

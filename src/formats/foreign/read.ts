/**
 * What the rows of other programs say: preferences in the forms of TRL, HH, UltraFeedback, LLaMA-Factory, Argilla and
 * Label Studio, with labels, or good and bad alone; rankings, demonstrations and prompts likewise. Every row is read by
 * itself; one that means nothing is told with the reason.
 */
import { hasAtMost, inWords, LIMITS, shortened } from '../../contract/limits';
import { countOf } from '../../contract/numbers';
import { finish } from '../../contract/steps';
import {
  endOfName,
  isLabelStudio,
  labelledColumns,
  promptAmong,
  readLabelled,
  readLabelStudio,
  saysPrompt,
} from './annotated';
import { isArgilla, isArgillaTable, readArgilla, readArgillaTable } from './argilla';
import { isChat, messagesIn } from './chat';
import { type Columns, guessColumns, isOther, isSystem, orderNotes, renamed, roleOf } from './columns';
import { readGrouped } from './grouped';
import { headNotes } from './head';
import {
  demonstrationOf,
  isAlpaca,
  isOpenAi,
  isShareGpt,
  isTalk,
  readAlpaca,
  readOpenAi,
  readShareGpt,
  readTalk,
  saysMore,
} from './instructions';
import { promptIn, readPair } from './pairs';
import { publishedReader } from './published';
import { hasCompletions, readRanked } from './ranked';
import { RowRefusal, refuse, textIn } from './refuse';
import { type ForeignData, type ForeignKind, type ForeignRefusal, type ForeignRow, kindOf } from './rows';
import { scoredNotes } from './scored';
import type { Cells, Table } from './table';
import { isLabelled, isTagged, type Judged, pairUp, readJudged, readTagged } from './unpaired';
import { readWide, wideColumns } from './wide';

/** A row with its number in the file, from 0. */
export interface PlacedRow {
  at: number;
  row: ForeignRow;
}

type Reader = (cells: Cells) => ForeignRow | Judged;

function readPlain(cells: Cells): ForeignRow {
  const { prompt, completion, messages } = cells;
  if (completion !== undefined && completion !== null && !isChat(completion))
    return { ...promptIn(prompt), completion: textIn(completion, 'completion') };
  if (isChat(messages)) return demonstrationOf(messagesIn(messages, 'messages'), 'messages');
  if (isChat(completion) && isChat(prompt))
    return demonstrationOf([...messagesIn(prompt, 'prompt'), ...messagesIn(completion, 'completion')], 'completion');
  return promptIn(prompt);
}

const FORMS: readonly (readonly [(cells: Cells) => boolean, Reader])[] = [
  [isArgilla, readArgilla],
  [isArgillaTable, readArgillaTable],
  [isLabelStudio, readLabelStudio],
  [isTagged, readTagged],
];
const LATER_FORMS: typeof FORMS = [
  [isShareGpt, readShareGpt],
  [isOpenAi, readOpenAi],
  [isTalk, readTalk],
];

/** @returns how a row is read whose own names say what it is, whatever each of them would be taken for alone */
function formOf(table: Table): (given: Cells) => Reader | null {
  const labelled = labelledOf(table);
  const first = labelled && firstNumberOf(table, labelled);
  const wide = wideOf(table);
  const byWide: Reader | null = wide && ((given) => readWide(given, wide));
  const byLabel: Reader | null = labelled && ((given) => readLabelled(given, labelled, first!));
  const among = (forms: typeof FORMS, given: Cells): Reader | null => forms.find(([fits]) => fits(given))?.[1] ?? null;
  return (given) => among(FORMS, given) ?? byLabel ?? publishedReader(given) ?? byWide ?? among(LATER_FORMS, given);
}

const wideOf = ({ columns }: Table) => wideColumns(columns, promptAmong);

/** rows by which the form of a table is told */
const TRIED = 100;

/** @returns whether most rows say what they are by their own names, so that no column is to be guessed */
export function hasForm(table: Table): boolean {
  const form = formOf(table);
  const tried = table.rows.slice(0, TRIED).flatMap((row) => ('cells' in row ? [row.cells] : []));
  const isSuch = (cells: Cells): boolean =>
    form(cells) !== null || (isAlpaca(cells) && saysMore(cells) && !hasCompletions(cells));
  return 2 * tried.filter(isSuch).length > tried.length;
}

/** @returns how the rows of a table are read, row by row */
function readerOf(table: Table, columns: Columns): Reader {
  const all = new Set(table.columns.map((name) => roleOf(columns, name) ?? name));
  const form = formOf(table);
  return (given) => {
    const own = form(given);
    if (own) return own(given);
    const cells = renamed(given, columns);
    if (hasCompletions(cells)) return readRanked(cells);
    if (isAlpaca(given)) {
      const { chosen = given.chosen, rejected = given.rejected } = cells;
      return readAlpaca(chosen === undefined && rejected === undefined ? given : { ...given, chosen, rejected });
    }
    if (all.has('chosen') || all.has('rejected')) return readPair(cells, all.has('prompt'));
    return isLabelled(all) ? readJudged(cells) : readPlain(cells);
  };
}

type Labelled = NonNullable<ReturnType<typeof labelledColumns>>;

const numbersIn = ({ rows }: Table, label: string): number[] =>
  rows.flatMap((row) => {
    const said = 'cells' in row ? row.cells[label] : null;
    return said === null || said === undefined || said === '' || typeof said === 'object' ? [] : [Number(said)];
  });

/** labels that are numbers count from 0 where the names of the answers do, or a 0 is among them */
const firstNumberOf = (table: Table, { answers, label }: Labelled): 0 | 1 =>
  endOfName(answers[0]) === '0' || numbersIn(table, label).includes(0) ? 0 : 1;

/** what of a labelled table is a guess is told: its prompt, and which side a number alone means */
function labelNotes(table: Table): string[] {
  const labelled = labelledOf(table);
  if (!labelled) return [];
  const { answers, label } = labelled;
  const prompt = promptAmong(table.columns.filter((name) => name !== label && !answers.includes(name)));
  const guessed =
    prompt === undefined || saysPrompt(prompt) ? [] : [`“${shortened(prompt, 40)}” is taken for the prompt.`];
  const numbers = new Set(numbersIn(table, label));
  if (/\d$/.test(answers[0]) || numbers.size !== 1 || !numbers.has(1)) return guessed;
  const [named, first] = [shortened(label, 40), shortened(answers[0], 40)];
  return [...guessed, `“${named}” is 1 in every row: read as “${first}”, the first of two.`];
}

/** two answers and a label; of more a label names the best */
function labelledOf(table: Table): Labelled | null {
  const { columns } = table;
  return columns.includes('chosen') || (wideOf(table)?.answers.length ?? 0) > 2 ? null : labelledColumns(columns);
}

const textsOf = (row: ForeignRow | Judged): string[] =>
  Object.values(row).flatMap((value) => (typeof value === 'string' ? [value] : Array.isArray(value) ? value : []));

function checkLengths(row: ForeignRow | Judged): void {
  for (const text of textsOf(row))
    if (typeof text === 'string' && !hasAtMost(text, LIMITS.text))
      refuse(`a text is longer than ${inWords(LIMITS.text)} characters`);
}

const ROOM: Record<ForeignKind, number> = {
  preferences: LIMITS.votes,
  rankings: LIMITS.rankings,
  demonstrations: LIMITS.demonstrations,
  prompts: LIMITS.votes,
};

/** scores may stand against the choice, or say nothing: told, and nothing is made of them */
function scoreNotes(rows: readonly ForeignRow[]): string[] {
  const scored = rows.flatMap((row) => ('scores' in row && row.scores ? [row.scores] : []));
  if (scored.length === 0) return [];
  const both = scored.filter((scores): scores is [number, number] => scores.every((score) => score !== null));
  const against = both.filter(([chosen, rejected]) => chosen < rejected).length;
  const even = both.filter(([chosen, rejected]) => chosen === rejected).length;
  return [
    `${countOf(scored.length, 'row has', 'rows have')} scores; they make no margin unless you ask for it.`,
    ...(against > 0 ? [`${countOf(against, 'row has its', 'rows have their')} scores against the choice.`] : []),
    ...(even > 0 ? [`${countOf(even, 'row has', 'rows have')} equal scores on both sides.`] : []),
  ];
}

/** @returns what says of one row after the other why there is no room for it; null where there is */
export function roomOfRows(): (row: ForeignRow) => string | null {
  const taken: Record<ForeignKind, number> = { preferences: 0, rankings: 0, demonstrations: 0, prompts: 0 };
  return (row) => {
    const kind = kindOf(row);
    return ++taken[kind] <= ROOM[kind] ? null : `the lab keeps ${inWords(ROOM[kind])} ${kind}`;
  };
}

const READ_ALONE: readonly (readonly [ForeignKind, string, RegExp])[] = [
  ['prompts', 'Only prompts are', /^prompt$/],
  ['demonstrations', 'Only prompts and completions are', /^(?:prompt|completion)$/],
];

/**
 * Of a table of prompts the other columns are nothing; beside prompts and completions they may say that an answer is a
 * bad one: told, since they may hold answers or judgements under names of their own.
 */
function otherNotes(rows: readonly ForeignRow[], table: Table, roles: Columns): string[] {
  if (hasForm(table)) return [];
  const [kind, only, read] = READ_ALONE.find(([one]) => rows[0] && kindOf(rows[0]) === one) ?? [];
  const all = table.columns.map((name) => ({ name, role: roleOf(roles, name) ?? name }));
  if (!kind || !all.some(({ role }) => read!.test(role)) || !rows.every((row) => kindOf(row) === kind)) return [];
  const isNothing = (name: string) => kind === 'demonstrations' && (isOther(name) || isSystem(name) || isMost(name));
  const others = all.flatMap(({ name, role }) => (read!.test(role) || isNothing(name) ? [] : [name]));
  if (others.length === 0) return [];
  const named = others.slice(0, 4).map((name) => `“${shortened(name, 40)}”`);
  return [`${only} read: nothing is known of ${named.join(', ')}${others.length > 4 ? ' and more' : ''}.`];
}
/** of the lab's own demonstrations */
const isMost = (name: string): boolean => /^(?:demonstrationId|messages|label)$/.test(name);

/** what a system is told stands in messages, or is not read: told, since the answers may follow from it */
function systemNotes(placed: readonly PlacedRow[], { rows, columns }: Table): string[] {
  const name = columns.find(isSystem);
  if (name === undefined) return [];
  const left = placed.filter(({ at, row }) => {
    const given = rows[at]!;
    const text = 'cells' in given ? given.cells[name] : null;
    const isRead = 'messages' in row && row.messages?.some(({ role }) => role === 'system');
    return typeof text === 'string' && text.trim() !== '' && !isRead;
  });
  if (left.length === 0) return [];
  const rest = 'A message of the role system would be kept.';
  return [`What “${shortened(name, 40)}” says is left out of ${countOf(left.length, 'row', 'rows')}. ${rest}`];
}

function mostOf(rows: readonly ForeignRow[]): ForeignKind | null {
  const counts = new Map<ForeignKind, number>();
  for (const row of rows) counts.set(kindOf(row), (counts.get(kindOf(row)) ?? 0) + 1);
  const [most] = [...counts].sort(([, one], [, other]) => other - one);
  return most?.[0] ?? null;
}

export const inOrder = (refused: readonly ForeignRefusal[]): ForeignRefusal[] =>
  [...refused].sort((one, other) => one.at - other.at);

/** rows between two chances to do something else */
const STEP = 5000;

/** @returns what should be known of a file before anything is made of its rows */
export const fileNotes = (table: Table): string[] => [...headNotes(table, hasForm(table)), ...(table.notes ?? [])];

type PlacedData = Omit<ForeignData, 'rows'> & { placed: PlacedRow[] };

/**
 * @param columns what the names of the file mean, where somebody said so; guessed when left out
 * @returns everything that could be read, and why the rest could not
 */
export function readForeign(table: Table, columns?: Columns): ForeignData {
  const { placed, refused, ...data } = finish(readPlaced(table, columns));
  const beyond = roomOfRows();
  const guess = columns === undefined && !hasForm(table) ? orderNotes(table.columns) : [];
  const rows = placed.flatMap(({ at, row }) => {
    const why = beyond(row);
    if (why !== null) refused.push({ at, why });
    return why === null ? [row] : [];
  });
  return { ...data, notes: [...guess, ...data.notes], rows, refused: inOrder(refused) };
}

/** row by row, in steps */
function* readEach(table: Table, columns: Columns) {
  const read = readerOf(table, columns);
  const refused: ForeignRefusal[] = [];
  const found: { at: number; row: ForeignRow | Judged }[] = [];
  for (const [at, row] of table.rows.entries()) {
    if (at > 0 && at % STEP === 0) yield;
    try {
      if ('why' in row) refuse(row.why);
      else {
        const meant = read(row.cells);
        checkLengths(meant);
        found.push({ at, row: meant });
      }
    } catch (error) {
      if (!(error instanceof RowRefusal)) throw error;
      refused.push({ at, why: error.message });
    }
  }
  return { found, refused };
}

/** The same in steps, each row with the place where it stands. */
export function* readPlaced(
  table: Table,
  columns: Columns = guessColumns(table.columns),
): Generator<undefined, PlacedData> {
  const { found, refused } = (yield* readGrouped(table, columns, checkLengths)) ?? (yield* readEach(table, columns));
  const placed = yield* pairUp(found, refused);
  const rows = placed.map(({ row }) => row);
  return {
    kind: mostOf(rows),
    placed,
    refused: inOrder(refused),
    notes: [
      ...fileNotes(table),
      ...scoreNotes(rows),
      ...scoredNotes(table, columns, mostOf(rows) === 'rankings'),
      ...labelNotes(table),
      ...systemNotes(placed, table),
      ...otherNotes(rows, table, columns),
    ],
  };
}

/**
 * Rows that say something together: answers to one prompt, a row each, with a rank or a score; and messages that answer
 * one another, as a tree or each with the number of its parent (Köpf et al. 2023). All of it in steps.
 */
import { maxOf } from '../../contract/many';
import type { Message } from './chat';
import type { Columns } from './columns';
import { demonstrationOf } from './instructions';
import { numberIn, promptSides } from './pairs';
import { refuse, textIn } from './refuse';
import type { ForeignRefusal, ForeignRow } from './rows';
import { readScored, scoreOf } from './scored';
import { type Cells, isObject, type Table } from './table';
import { each, type Grouped, type PlacedCells, rankingOf, trying } from './together';

/** A message with those that answer it. */
interface Said {
  at: number;
  role: Message['role'];
  text: string;
  /** 0 is best; null where nobody ranked it */
  rank: number | null;
  replies: Said[];
}

const roleIn = (role: unknown): Message['role'] =>
  role === 'prompter' || role === 'user' ? 'user' : role === 'assistant' ? 'assistant' : refuse('role is unknown');

const saidIn = (at: number, cells: Cells): Said => ({
  at,
  role: roleIn(cells.role),
  text: textIn(cells.text, 'text'),
  rank: numberIn(cells.rank, 'rank') ?? null,
  replies: [],
});

const isNested = ({ prompt }: Cells): boolean => isObject(prompt) && Array.isArray(prompt.replies);

function nestedIn(at: number, cells: Cells): Said {
  const replies = (cells.replies as unknown[]).filter(isObject);
  return { ...saidIn(at, cells), replies: replies.map((one) => nestedIn(at, { replies: [], ...one })) };
}

/** Messages, and those of them that answer none. */
interface Forest {
  all: Said[];
  roots: Said[];
}

/** messages that stand in rows of their own */
function* forestOf(rows: readonly PlacedCells[], refused: ForeignRefusal[]): Generator<undefined, Forest> {
  const byId = new Map<unknown, Said>();
  yield* each(rows, ({ at, cells }) => {
    const said = trying(refused, at, () => saidIn(at, cells));
    if (said && byId.has(cells.message_id)) refused.push({ at, why: 'another message has its message_id' });
    else if (said) byId.set(cells.message_id, said);
  });
  const forest: Forest = { all: [], roots: [] };
  yield* each(rows, ({ at, cells }) => {
    const said = byId.get(cells.message_id);
    if (said?.at !== at) return;
    const isFirst = cells.parent_id === null || cells.parent_id === undefined || cells.parent_id === '';
    const parent = byId.get(cells.parent_id);
    if (!isFirst && !parent) {
      refused.push({ at, why: 'the message that it answers is not here' });
      return;
    }
    forest.all.push(said);
    if (isFirst) forest.roots.push(said);
    else parent!.replies.push(said);
  });
  return forest;
}

/** trees that stand in a row each */
function* nestedForest(rows: readonly PlacedCells[], refused: ForeignRefusal[]): Generator<undefined, Forest> {
  const roots: Said[] = [];
  yield* each(rows, ({ at, cells }) => {
    const root = trying(refused, at, () => nestedIn(at, cells.prompt as Cells));
    if (root) roots.push(root);
  });
  return { all: roots, roots };
}

/** messages above one, more than any conversation has: each is read with all of them, by a call in a call */
const DEEPEST = 100;
/** messages between two chances to do something else */
const TREES_A_STEP = 500;

/** @param before messages that stand above; what the replies to them say, and those below, goes to the rest */
function* readTree(
  said: Said,
  before: readonly Message[],
  reached: Set<Said>,
  grouped: Grouped,
): Generator<undefined, void> {
  if (before.length > DEEPEST) return;
  reached.add(said);
  const { found, refused } = grouped;
  const turns: Message[] = [...before, { role: said.role, content: said.text }];
  const answers = said.replies.filter(({ role }) => role === 'assistant');
  const ranked = answers.filter(({ rank }) => rank !== null);
  const at = maxOf([said, ...answers].map((one) => one.at));
  const rows =
    ranked.length > 1
      ? [() => rankingOf(promptSides(turns).prompt, ranked)]
      : answers.map(
          ({ text }) =>
            () =>
              demonstrationOf([...turns, { role: 'assistant', content: text }], 'text'),
        );
  yield* each(said.role === 'user' ? rows : [], (read) => {
    const row = trying<ForeignRow>(refused, at, read);
    if (row) found.push({ at, row });
  });
  if (reached.size % TREES_A_STEP === 0) yield;
  for (const reply of said.replies) yield* readTree(reply, turns, reached, grouped);
}

/** @param check throws what is wrong with a row; @returns null where every row says something by itself */
export function* readGrouped(
  table: Table,
  columns: Columns,
  check: (row: ForeignRow) => void,
): Generator<undefined, Grouped | null> {
  const grouped = yield* groupedIn(table, columns);
  if (!grouped) return null;
  const { refused } = grouped;
  const found: Grouped['found'] = [];
  yield* each(grouped.found, (one) => {
    const isFit = trying(refused, one.at, () => {
      check(one.row);
      return true;
    });
    if (isFit) found.push(one);
  });
  return { found, refused };
}

/** whether messages stand in rows of their own */
const isForest = ({ columns }: Table): boolean =>
  ['message_id', 'parent_id', 'text', 'role'].every((name) => columns.includes(name));

function* groupedIn(table: Table, columns: Columns): Generator<undefined, Grouped | null> {
  const score = scoreOf(table, columns);
  const first = table.rows.find((row) => 'cells' in row);
  const isTree = isForest(table);
  if (score === undefined && !isTree && !(first && isNested(first.cells))) return null;
  const rows = table.rows.flatMap((row, at) => ('cells' in row ? [{ at, cells: row.cells }] : []));
  const unread = table.rows.flatMap((row, at) => ('why' in row ? [{ at, why: row.why }] : []));
  const scored = score === undefined ? null : yield* readScored(rows, score, columns);
  if (scored) return { ...scored, refused: [...unread, ...scored.refused] };
  if (!isTree && !(first && isNested(first.cells))) return null;
  const grouped: Grouped = { found: [], refused: [...unread] };
  const { all, roots } = yield* (isTree ? forestOf : nestedForest)(rows, grouped.refused);
  const reached = new Set<Said>();
  for (const root of roots) yield* readTree(root, [], reached, grouped);
  for (const said of all)
    if (!reached.has(said)) grouped.refused.push({ at: said.at, why: 'no first message stands above it, or too far' });
  return grouped;
}

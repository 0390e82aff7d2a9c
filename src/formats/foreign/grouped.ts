/**
 * Rows that say something together: answers to one prompt, a row each, with a rank or a score; and messages that answer
 * one another, as a tree or each with the number of its parent (Köpf et al. 2023).
 */
import { maxOf } from '../../contract/many';
import type { Message } from './chat';
import { type Columns, renamed, roleOf } from './columns';
import { demonstrationOf } from './instructions';
import { numberIn, promptIn, promptSides } from './pairs';
import { rankable, ranksOf } from './ranked';
import { RowRefusal, refuse, textIn } from './refuse';
import type { ForeignRefusal, ForeignRow } from './rows';
import { type Cells, isObject, type Table } from './table';

interface Grouped {
  found: { at: number; row: ForeignRow }[];
  refused: ForeignRefusal[];
}

/** @returns what a row says; what it is refused for goes to the others */
function trying<T>(refused: ForeignRefusal[], at: number, read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RowRefusal)) throw error;
    refused.push({ at, why: error.message });
    return null;
  }
}

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
function forestOf(rows: readonly { at: number; cells: Cells }[], refused: ForeignRefusal[]): Forest {
  const byId = new Map<unknown, Said>();
  for (const { at, cells } of rows) {
    const said = trying(refused, at, () => saidIn(at, cells));
    if (said && byId.has(cells.message_id)) refused.push({ at, why: 'another message has its message_id' });
    else if (said) byId.set(cells.message_id, said);
  }
  const forest: Forest = { all: [], roots: [] };
  for (const { at, cells } of rows) {
    const said = byId.get(cells.message_id);
    if (said?.at !== at) continue;
    const isFirst = cells.parent_id === null || cells.parent_id === undefined || cells.parent_id === '';
    const parent = byId.get(cells.parent_id);
    if (!isFirst && !parent) {
      refused.push({ at, why: 'the message that it answers is not here' });
      continue;
    }
    forest.all.push(said);
    if (isFirst) forest.roots.push(said);
    else parent!.replies.push(said);
  }
  return forest;
}

/** trees that stand in a row each */
function nestedForest(rows: readonly { at: number; cells: Cells }[], refused: ForeignRefusal[]): Forest {
  const roots = rows.flatMap(({ at, cells }) => trying(refused, at, () => nestedIn(at, cells.prompt as Cells)) ?? []);
  return { all: roots, roots };
}

/** messages above one, more than any conversation has: each is read with all of them, by a call in a call */
const DEEPEST = 100;

/** @param before messages that stand above; @returns what the replies to them say, and those below */
function readTree(said: Said, before: readonly Message[], reached: Set<Said>, grouped: Grouped): void {
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
  for (const read of said.role === 'user' ? rows : []) {
    const row = trying<ForeignRow>(refused, at, read);
    if (row) found.push({ at, row });
  }
  for (const reply of said.replies) readTree(reply, turns, reached, grouped);
}

const rankingOf = (prompt: string, answers: readonly { text: string; rank: number | null }[]): ForeignRow => ({
  prompt,
  completions: rankable(answers.map(({ text }) => text)),
  ranks: ranksOf(answers.map(({ rank }) => -(rank ?? 0))),
});

const SCORES = ['rank', 'score', 'rating', 'reward', 'overall_score'];

/** @returns the name of a column that says how good the answer of a row is */
function scoreOf(table: Table, columns: Columns): string | undefined {
  const meant = table.columns.map((name) => roleOf(columns, name) ?? name);
  const isOne = ['prompt', 'completion'].every((name) => meant.includes(name));
  const isOther = ['chosen', 'rejected', 'label', 'completions', 'messages'].some((name) => meant.includes(name));
  return isOne && !isOther ? SCORES.find((name) => table.columns.includes(name)) : undefined;
}

interface Answered {
  at: number;
  prompt: string;
  text: string;
  rank: number;
}

/** answers to one prompt, a row each; null where most prompts have but one */
function readScored(rows: readonly { at: number; cells: Cells }[], score: string, columns: Columns): Grouped | null {
  const refused: ForeignRefusal[] = [];
  const byPrompt = new Map<string, Answered[]>();
  for (const { at, cells } of rows) {
    const { prompt: asked, completion } = renamed(cells, columns);
    const one = trying(refused, at, () => {
      const said = numberIn(cells[score], score) ?? refuse(`${score} is missing`);
      const { prompt } = promptIn(asked);
      return { at, prompt, text: textIn(completion, 'completion'), rank: score === 'rank' ? said : -said };
    });
    if (!one) continue;
    const others = byPrompt.get(one.prompt);
    if (others) others.push(one);
    else byPrompt.set(one.prompt, [one]);
  }
  const groups = [...byPrompt.values()];
  if (2 * groups.filter((group) => group.length > 1).length < groups.length || groups.length === 0) return null;
  const found = groups.flatMap((group) => {
    const { at, prompt } = group.at(-1)!;
    const why = 'no other answer to its prompt is here to rank it against';
    const row = trying(refused, at, () => (group.length > 1 ? rankingOf(prompt, group) : refuse(why)));
    return row ? [{ at, row }] : [];
  });
  return { found, refused };
}

/** @param check throws what is wrong with a row; @returns null where every row says something by itself */
export function readGrouped(table: Table, columns: Columns, check: (row: ForeignRow) => void): Grouped | null {
  const grouped = groupedIn(table, columns);
  if (!grouped) return null;
  const { found, refused } = grouped;
  const checked = (row: ForeignRow): true => {
    check(row);
    return true;
  };
  return { found: found.filter(({ at, row }) => trying(refused, at, () => checked(row)) ?? false), refused };
}

function groupedIn(table: Table, columns: Columns): Grouped | null {
  const rows = table.rows.flatMap((row, at) => ('cells' in row ? [{ at, cells: row.cells }] : []));
  const unread = table.rows.flatMap((row, at) => ('why' in row ? [{ at, why: row.why }] : []));
  const score = scoreOf(table, columns);
  const scored = score === undefined ? null : readScored(rows, score, columns);
  if (scored) return { ...scored, refused: [...unread, ...scored.refused] };
  const isTree = ['message_id', 'parent_id', 'text', 'role'].every((name) => table.columns.includes(name));
  if (!isTree && !(rows[0] && isNested(rows[0].cells))) return null;
  const grouped: Grouped = { found: [], refused: [...unread] };
  const { all, roots } = (isTree ? forestOf : nestedForest)(rows, grouped.refused);
  const reached = new Set<Said>();
  for (const root of roots) readTree(root, [], reached, grouped);
  for (const said of all)
    if (!reached.has(said)) grouped.refused.push({ at: said.at, why: 'no first message stands above it, or too far' });
  return grouped;
}

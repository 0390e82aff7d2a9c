/** Answers to one prompt, a row each, with a rank or a score: HelpSteer (Wang et al. 2024), PRISM (Kirk et al. 2024). */
import { type Columns, renamed, roleOf } from './columns';
import { numberIn, promptIn } from './pairs';
import { refuse, textIn } from './refuse';
import type { ForeignRefusal } from './rows';
import type { Cells, Table } from './table';
import { each, type Grouped, type PlacedCells, rankingOf, trying } from './together';

/** the first that a table has; of all but a rank more is better */
const SCORES = ['rank', 'score', 'rating', 'reward', 'overall_score', 'helpfulness'];

/** @returns the name of a column that says how good the answer of a row is */
export function scoreOf(table: Table, columns: Columns): string | undefined {
  const meant = table.columns.map((name) => roleOf(columns, name) ?? name);
  const isOne = ['prompt', 'completion'].every((name) => meant.includes(name));
  const isOther = ['chosen', 'rejected', 'label', 'completions', 'messages'].some((name) => meant.includes(name));
  return isOne && !isOther ? SCORES.find((name) => table.columns.includes(name)) : undefined;
}

/** @param found whether rankings came of them; @returns how the answers of a prompt were put in order */
export function scoredNotes(table: Table, columns: Columns, found: boolean): string[] {
  const score = found ? scoreOf(table, columns) : undefined;
  if (score === undefined) return [];
  return [`Answers to one prompt are ranked by “${score}”: ${score === 'rank' ? '1 is best' : 'more is better'}.`];
}

interface Answered {
  at: number;
  prompt: string;
  text: string;
  rank: number;
}

/** PRISM's later turns follow a talk that stands in other rows */
function checkTurn({ within_turn_id: within, turn }: Cells): void {
  if (within !== undefined && Number(turn) > 0) refuse(`it answers turn ${turn} of a talk that its row does not hold`);
}

/** answers to one prompt, a row each; null where most prompts have but one */
export function* readScored(
  rows: readonly PlacedCells[],
  score: string,
  columns: Columns,
): Generator<undefined, Grouped | null> {
  const refused: ForeignRefusal[] = [];
  const byPrompt = new Map<string, Answered[]>();
  yield* each(rows, ({ at, cells }) => {
    const { prompt: asked, completion } = renamed(cells, columns);
    const one = trying(refused, at, () => {
      checkTurn(cells);
      const said = numberIn(cells[score], score) ?? refuse(`${score} is missing`);
      const { prompt } = promptIn(asked);
      return { at, prompt, text: textIn(completion, 'completion'), rank: score === 'rank' ? said : -said };
    });
    const others = one && byPrompt.get(one.prompt);
    if (others) others.push(one);
    else if (one) byPrompt.set(one.prompt, [one]);
  });
  const groups = [...byPrompt.values()];
  if (2 * groups.filter((group) => group.length > 1).length < groups.length || groups.length === 0) return null;
  const found: Grouped['found'] = [];
  yield* each(groups, (group) => {
    const { at, prompt } = group.at(-1)!;
    const why = 'no other answer to its prompt is here to rank it against';
    const row = trying(refused, at, () => (group.length > 1 ? rankingOf(prompt, group) : refuse(why)));
    if (row) found.push({ at, row });
  });
  return { found, refused };
}

/**
 * Argilla's exports: records of its second version (answers by question), of its first (answers by person), and the
 * table that its `to_datasets` makes (a column of answers for each question).
 */
import { minOf } from '../../contract/many';
import { asked, pairOf } from './annotated';
import type { ForeignPair } from './pairs';
import { refuse } from './refuse';
import { type Cells, isObject } from './table';

/** What one person said to one question. */
interface Answer {
  value: unknown;
  status: unknown;
}

/** a ranking's best, or a tie; a label as it is */
function voteIn(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  const ranked = value.filter(isObject).map((one) => ({ name: String(one.value), rank: Number(one.rank) }));
  const best = minOf(ranked.map(({ rank }) => rank));
  const firsts = ranked.filter(({ rank }) => rank === best);
  return firsts.length === 1 ? firsts[0]!.name : 'tie';
}

const isDone = ({ status }: Answer): boolean => status === undefined || status === null || status === 'submitted';

/** @param questions answers to each; @returns what the first question that anybody answered says of the two */
function pairFrom(fields: Cells, questions: readonly (readonly Answer[])[]): ForeignPair {
  const answered = questions.map((answers) => answers.filter(isDone)).find((answers) => answers.length > 0);
  if (!answered) return refuse('no response: a suggestion is no vote');
  return pairOf(
    asked(fields),
    answered.map(({ value }) => voteIn(value)),
    (vote) => `the answer names no field: ${vote.slice(0, 60)}`,
  );
}

/** @returns answers by question, whichever way they were written */
function questionsIn(responses: unknown): Answer[][] {
  if (!Array.isArray(responses))
    return Object.values(isObject(responses) ? responses : {}).map((answers) =>
      (Array.isArray(answers) ? answers : []).filter(isObject).map(({ value, status }) => ({ value, status })),
    );
  const byQuestion = new Map<string, Answer[]>();
  for (const { values, status } of responses.filter(isObject))
    for (const [question, said] of Object.entries(isObject(values) ? values : {})) {
      const value = isObject(said) ? said.value : said;
      byQuestion.set(question, [...(byQuestion.get(question) ?? []), { value, status }]);
    }
  return [...byQuestion.values()];
}

export const isArgilla = ({ fields, responses }: Cells): boolean => isObject(fields) && responses !== undefined;

export const readArgilla = ({ fields, responses }: Cells): ForeignPair =>
  pairFrom(fields as Cells, questionsIn(responses));

const ANSWERS = '.responses';
/** columns of the table that are no field of the record */
const isApart = (name: string): boolean =>
  name.includes('.') || /^(?:id|_server_id|status|metadata|vectors)$/.test(name);

export const isArgillaTable = (cells: Cells): boolean => Object.keys(cells).some((name) => name.endsWith(ANSWERS));

const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export function readArgillaTable(cells: Cells): ForeignPair {
  const fields = Object.fromEntries(Object.entries(cells).filter(([name]) => !isApart(name)));
  const questions = Object.keys(cells).filter((name) => name.endsWith(ANSWERS));
  return pairFrom(
    fields,
    questions.map((name) => {
      const statuses = listIn(cells[`${name}.status`]);
      return listIn(cells[name]).map((value, i) => ({ value, status: statuses[i] }));
    }),
  );
}

/**
 * Argilla's exports: records of its second version (answers by question), of its first (answers by person), and the
 * table that its `to_datasets` makes (a column of answers for each question).
 */
import { minOf } from '../../contract/many';
import { type Asked, asked, pairOf, type Ranked, rankingFrom, sideOf } from './annotated';
import type { ForeignPair } from './pairs';
import type { ForeignRanking } from './ranked';
import { refuse } from './refuse';
import { type Cells, isObject } from './table';

/** What one person said to one question. */
interface Answer {
  value: unknown;
  status: unknown;
}

/** @returns what a ranking says, with its ranks or as a list from the best on; null where it is no ranking */
function rankedIn(value: unknown): Ranked[] | null {
  if (!Array.isArray(value)) return null;
  if (value.every((one) => typeof one === 'string')) return value.map((name, i) => ({ name, rank: i + 1 }));
  return value.filter(isObject).map((one) => ({ name: String(one.value), rank: Number(one.rank) }));
}

/** a ranking's best, or a tie; a label as it is */
function voteIn(value: unknown): string {
  const ranked = rankedIn(value);
  if (typeof value === 'number') return refuse(`the answer is a rating, which names no field: ${value}`);
  if (ranked === null) return String(value);
  const best = minOf(ranked.map(({ rank }) => rank));
  const firsts = ranked.filter(({ rank }) => rank === best);
  return firsts.length === 1 ? firsts[0]!.name : 'tie';
}

const isDone = ({ status }: Answer): boolean => status === undefined || status === null || status === 'submitted';

/** whether an answer says which text is better, in a form that beside comments and ratings says nothing else */
const choosesOf = (about: Asked) => {
  const names = about.answers.map(([name]) => name);
  return ({ value }: Answer): boolean =>
    rankedIn(value) !== null || (typeof value === 'string' && sideOf(value, names) !== null);
};

/** @param questions answers to each; @returns what the first question says that anybody answered with one of the texts */
function pairFrom(fields: Cells, questions: readonly (readonly Answer[])[]): ForeignPair | ForeignRanking {
  const answered = questions.map((answers) => answers.filter(isDone)).filter((answers) => answers.length > 0);
  if (answered.length === 0) return refuse('no response: a suggestion is no vote');
  const about = asked(fields);
  const chosen = answered.find((answers) => answers.some(choosesOf(about))) ?? answered[0]!;
  const rankings = chosen.flatMap(({ value }) => rankedIn(value) ?? []);
  if (about.answers.length > 2 && rankings.length > 0)
    return rankingFrom(
      about,
      chosen.map(({ value }) => rankedIn(value) ?? []),
    );
  return pairOf(
    about,
    chosen.map(({ value }) => voteIn(value)),
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

export const readArgilla = ({ fields, responses }: Cells): ForeignPair | ForeignRanking =>
  pairFrom(fields as Cells, questionsIn(responses));

const ANSWERS = '.responses';
/** columns of the table that are no field of the record */
const isApart = (name: string): boolean =>
  name.includes('.') || /^(?:id|_server_id|external_id|status|metadata|vectors)$/.test(name);

/** the first version has a column of suggestions beside each question */
const SUGGESTION = '-suggestion';
const questionsBeside = (cells: Cells): string[] =>
  Object.keys(cells).filter((name) => `${name}${SUGGESTION}` in cells && isObjectOrList(cells[name]));
const isObjectOrList = (value: unknown): boolean => isObject(value) || Array.isArray(value);

export const isArgillaTable = (cells: Cells): boolean =>
  Object.keys(cells).some((name) => name.endsWith(ANSWERS)) || questionsBeside(cells).length > 0;

/** a list of answers; or, as some tables keep it, an answer of lists */
function answersIn(value: unknown): Answer[] {
  if (Array.isArray(value)) return value.filter(isObject).map(({ value: said, status }) => ({ value: said, status }));
  if (!isObject(value)) return [];
  const statuses = listIn(value.status);
  return listIn(value.value).map((said, i) => ({ value: said, status: statuses[i] }));
}

const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export function readArgillaTable(cells: Cells): ForeignPair | ForeignRanking {
  const beside = questionsBeside(cells);
  const isQuestion = (name: string) => beside.some((one) => name === one || name.startsWith(`${one}${SUGGESTION}`));
  const fields = Object.fromEntries(Object.entries(cells).filter(([name]) => !isApart(name) && !isQuestion(name)));
  if (beside.length > 0)
    return pairFrom(
      fields,
      beside.map((name) => answersIn(cells[name])),
    );
  const questions = Object.keys(cells).filter((name) => name.endsWith(ANSWERS));
  return pairFrom(
    fields,
    questions.map((name) => {
      const statuses = listIn(cells[`${name}.status`]);
      return listIn(cells[name]).map((value, i) => ({ value, status: statuses[i] }));
    }),
  );
}

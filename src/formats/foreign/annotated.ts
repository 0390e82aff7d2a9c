/**
 * Rows in which annotators say which of two texts is better: exports of Label Studio, and tables with two answers and a
 * label.
 */
import { isChat, messagesIn } from './chat';
import { isOther } from './columns';
import { chatSides, type ForeignPair, promptIn, type Sides, withMeasures } from './pairs';
import { type ForeignRanking, rankable, ranksOf } from './ranked';
import { refuse, textIn } from './refuse';
import { type Cells, isObject } from './table';

const PROMPT = /^(?:prompt|question|instruction|query|input|context|conversation)$/i;

/** Two answers by name, and the prompt. */
export interface Asked {
  prompt: unknown;
  /** [name, text], in the order in which they stand */
  answers: [string, unknown][];
}

/** beside the texts that are compared: what the lab knows nothing of */
const isBeside = (name: string): boolean => isOther(name) || /^(?:meta|metadata|url|category|domain)$/i.test(name);

/** whether a name says that it is the prompt's */
export const saysPrompt = (name: string): boolean => PROMPT.test(name);

/** @returns which of the names is the prompt's, or seems to be */
export const promptAmong = (names: readonly string[]): string | undefined =>
  names.find(saysPrompt) ?? names.find((name) => !isBeside(name)) ?? names[0];

/** @returns the fields of a record as a prompt and answers to it */
export function asked(fields: Cells): Asked {
  const names = Object.keys(fields);
  const prompt = promptAmong(names);
  const others = names.filter((name) => name !== prompt);
  const texts = others.filter((name) => !isBeside(name));
  const answers = others.length > 2 && texts.length > 1 ? texts : others;
  return { prompt: prompt && fields[prompt], answers: answers.map((name) => [name, fields[name]]) };
}

/** what both words and numbers of annotators mean; the first of two is 0 */
const SIDES: Readonly<Record<string, 0 | 1 | 'tie'>> = {
  a: 0,
  b: 1,
  model_a: 0,
  model_b: 1,
  left: 0,
  right: 1,
  tie: 'tie',
  both: 'tie',
  equal: 'tie',
  same: 'tie',
  draw: 'tie',
  'tie (bothbad)': 'tie',
  both_bad: 'tie',
};

/** `response_2` and `Answer B` end with what an annotator may call them */
export function endOfName(name: string): string {
  const [, letter, number] = /[ _.-]([a-z])$|(\d+)$/i.exec(name) ?? [];
  return letter?.toLowerCase() ?? number ?? '';
}

/** @returns which of two a vote names; null where it names neither */
export function sideOf(vote: string, [first = '', second = '']: readonly string[]): 0 | 1 | 'tie' | null {
  if (vote === first) return 0;
  if (vote === second) return 1;
  const word = vote.trim().toLowerCase();
  const ends = [first, second].map(endOfName);
  if (word !== '' && ends[0] !== ends[1] && ends.includes(word)) return word === ends[0] ? 0 : 1;
  const [, which] = /^(?:response|answer|model|option|text)?[ _-]?(a|b|1|2|left|right)\b.*\bbetter$/.exec(word) ?? [];
  return SIDES[which === undefined ? word : (FIRSTS[which] ?? which)] ?? null;
}
const FIRSTS: Readonly<Record<string, string>> = { 1: 'a', 2: 'b' };

/** more than half of those who chose, else nobody knows */
function majority(votes: readonly (0 | 1 | 'tie')[]): 0 | 1 {
  const [first, second] = [0, 1].map((side) => votes.filter((vote) => vote === side).length) as [number, number];
  if (first + second === 0) return refuse('a tie: no side was chosen');
  if (first === second)
    return refuse(first === 1 ? 'annotators disagree, one vote each' : `annotators disagree, ${first} votes each`);
  return first > second ? 0 : 1;
}

/** answers may be whole conversations: what they begin with alike is the prompt */
const isWhole = (value: unknown): boolean => Array.isArray(value) && value.length > 1 && isChat(value);

function sidesOf({ prompt, answers }: Asked, better: 0 | 1): Sides {
  if (answers.every(([, value]) => isWhole(value)))
    return chatSides({
      prompt: isChat(prompt) ? prompt : null,
      chosen: answers[better]![1],
      rejected: answers[1 - better]![1],
    });
  const texts = answers.map(([name, value]) =>
    textIn(isChat(value) ? messagesIn(value, name).at(-1)?.content : value, name),
  );
  return { ...promptIn(prompt), chosen: texts[better]!, rejected: texts[1 - better]! };
}

export function pairOf(about: Asked, votes: readonly string[], noField: (vote: string) => string): ForeignPair {
  const names = about.answers.map(([name]) => name);
  if (names.length !== 2) return refuse(`${names.length} answers, and two are compared`);
  const sides = votes.map((vote) => sideOf(vote, names) ?? refuse(noField(vote)));
  return withMeasures(sidesOf(about, majority(sides)), {});
}

/** Names with their ranks; 1 is best. */
export interface Ranked {
  name: string;
  rank: number;
}

/** more than two answers: as one person put them in order, or several who agree */
export function rankingFrom({ prompt, answers }: Asked, rankings: readonly (readonly Ranked[])[]): ForeignRanking {
  const orders = rankings.map((ranked) =>
    answers.map(([name]) => ranked.find((one) => one.name === name)?.rank ?? refuse(`the ranking leaves ${name} out`)),
  );
  const [ranks, ...more] = orders.map((order) => ranksOf(order.map((rank) => -rank)));
  if (more.some((other) => other.join() !== ranks!.join())) return refuse('annotators disagree');
  const completions = answers.map(([name, text]) => textIn(text, name));
  return { prompt: promptIn(prompt).prompt, completions: rankable(completions), ranks: ranks! };
}

export const isLabelStudio = ({ data, annotations }: Cells): boolean => isObject(data) && Array.isArray(annotations);

interface Labelled {
  /** as the tag of the labelling page names its two texts */
  names: string[];
  vote: string;
}

/** a page may ask for more than the better side: what names a side counts before what names none */
function resultOf(annotation: Cells, answers: readonly string[]): Labelled | null {
  const results = Array.isArray(annotation.result) ? annotation.result.filter(isObject) : [];
  const said = results.flatMap(({ value, to_name: of }): Labelled[] => {
    if (!isObject(value)) return [];
    const vote = value.selected ?? (Array.isArray(value.choices) ? value.choices[0] : undefined);
    return vote === undefined ? [] : [{ names: String(of ?? '').split(','), vote: String(vote) }];
  });
  return said.find(({ vote, names }) => sideOf(vote, names.length === 2 ? names : answers) !== null) ?? said[0] ?? null;
}

/** @returns ids from the best on. A list may be cut into buckets, of which nobody but their page knows the order */
function orderIn(ranker: unknown): string[] {
  if (Array.isArray(ranker)) return ranker.map(String);
  const filled = Object.entries(isObject(ranker) ? ranker : {}).filter(
    ([, ids]) => Array.isArray(ids) && ids.length > 0,
  );
  const [list, ...more] = filled;
  if (list === undefined) return refuse('the annotation is empty');
  return more.length > 0
    ? refuse(`the annotation sorts into ${filled.length} buckets, and the lab reads one list in order`)
    : (list[1] as unknown[]).map(String);
}

const ITEM_TEXTS = ['body', 'text', 'title', 'html'];

/** the page shows a list of the task: who stands in it under which id */
function itemsOf(list: readonly unknown[]): [string, unknown][] {
  return list.map((item, i) => {
    const name = isObject(item) ? ITEM_TEXTS.find((one) => typeof item[one] === 'string') : undefined;
    return isObject(item) ? [String(item.id ?? i), name && item[name]] : [String(i), item];
  });
}

/** @returns what annotators who ranked a list say of it; null where none did */
function rankedList(fields: Cells, done: readonly Cells[]): ForeignRanking | null {
  const orders = done.flatMap(({ result }) => {
    const of = (Array.isArray(result) ? result.filter(isObject) : []).find(
      ({ value }) => isObject(value) && value.ranker,
    );
    return of ? [orderIn((of.value as Cells).ranker)] : [];
  });
  if (orders.length === 0) return null;
  const name = Object.keys(fields).find((one) => Array.isArray(fields[one]) && !isChat(fields[one]));
  if (name === undefined) return refuse('the annotation ranks a list (Ranker), and the task has none');
  const others = Object.fromEntries(Object.entries(fields).filter(([one]) => one !== name));
  const about = { prompt: asked(others).prompt, answers: itemsOf(fields[name] as unknown[]) };
  return rankingFrom(
    about,
    orders.map((ids) => ids.map((id, i) => ({ name: id, rank: i + 1 }))),
  );
}

export function readLabelStudio({ data, annotations }: Cells): ForeignPair | ForeignRanking {
  const all = (annotations as unknown[]).filter(isObject);
  if (all.length === 0) return refuse('no annotation: a prediction is no vote');
  const done = all.filter((annotation) => annotation.was_cancelled !== true);
  if (done.length === 0) return refuse('the annotation was cancelled');
  const fields = data as Cells;
  const ranking = rankedList(fields, done);
  if (ranking) return ranking;
  const about = asked(fields);
  const order = about.answers.map(([name]) => name);
  const labelled = done.flatMap((annotation) => resultOf(annotation, order) ?? []);
  if (labelled.length === 0) return refuse('the annotation is empty');
  const { names } = labelled[0]!;
  const answers =
    names.length === 2 && names.every((name) => name in fields)
      ? names.map((name): [string, unknown] => [name, fields[name]])
      : about.answers;
  return pairOf(
    { ...about, answers },
    labelled.map(({ vote }) => vote),
    (vote) => `the annotation selects no side: ${vote.slice(0, 60)}`,
  );
}

const LABEL =
  /^(?:(?:human|user|gold|annotator)[ _-]?)?(?:label|winner|choice|preference|preferred|better|best|better_response_id|vote|verdict|comparison|answer)$/i;
const SIDE = /^(?:chosen|better|preferred|winning)[ _-]?side$/i;

/** @returns the column in which annotators say which answer is better */
export const labelOf = (columns: readonly string[]): string | undefined =>
  columns.find((name) => LABEL.test(name) || SIDE.test(name));

/** @returns the prompt of a row; an instruction goes on in its input */
export function promptBeside(cells: Cells, name: string): unknown {
  const { input } = cells;
  const asked = cells[name];
  const isMore = /^instruction$/i.test(name) && typeof asked === 'string' && typeof input === 'string';
  return isMore && input.trim() !== '' ? `${asked}\n${input}` : asked;
}

/** from 1 to 2, as models judge: below the middle the first is better */
function shareVote(number: number): string | null {
  if (!(number > 1 && number < 2)) return null;
  return number === 1.5 ? 'tie' : number < 1.5 ? 'a' : 'b';
}

/** names of two columns that differ in their last sign alone: `response_a`, `response_b`; `answer 1`, `answer 2` */
export function labelledColumns(columns: readonly string[]): { answers: [string, string]; label: string } | null {
  const label = labelOf(columns);
  const texts = columns.filter((name) => !isOther(name));
  const at = (ending: string): [name: string, stem: string][] => {
    const pattern = new RegExp(`^(.*?)[ _-]?${ending}$`, 'i');
    return texts.flatMap((name): [string, string][] => {
      const stem = name === label ? undefined : pattern.exec(name)?.[1];
      const isNumber = stem === '' && /^\d$/.test(ending); // counted columns are no two answers
      return stem === undefined || isNumber ? [] : [[name, stem]];
    });
  };
  if (label === undefined) return null;
  for (const [one, other] of [
    ['a', 'b'],
    ['1', '2'],
    ['0', '1'],
    ['left', 'right'],
  ] as const) {
    const others = new Map(
      at(other)
        .reverse()
        .map(([name, stem]) => [stem, name]),
    ); // the first of equals stays
    for (const [first, stem] of at(one)) {
      const second = others.get(stem);
      if (second !== undefined) return { answers: [first, second], label };
    }
  }
  return null;
}

/**
 * @param firstNumber what the first of two is called where labels are numbers
 */
export function readLabelled(
  cells: Cells,
  { answers, label }: { answers: [string, string]; label: string },
  firstNumber: 0 | 1,
): ForeignPair {
  const said = cells[label];
  const value = isObject(said) ? (said.selected ?? said.choice ?? said.value) : said;
  if (value === undefined || value === null || value === '') return refuse(`${label} is missing`);
  const number = typeof value === 'boolean' ? Number.NaN : Number(value);
  const share = firstNumber === 1 ? shareVote(number) : null;
  const vote =
    share ?? (Number.isInteger(number) ? (['a', 'b'][number - firstNumber] ?? String(value)) : String(value));
  const rest = Object.entries(cells).filter(([name]) => name !== label && !answers.includes(name)); // none is the prompt
  const name = promptAmong(rest.map(([one]) => one));
  const prompt = name === undefined ? undefined : promptBeside(cells, name);
  const about = { prompt, answers: answers.map((name): [string, unknown] => [name, cells[name]]) };
  return pairOf(about, [vote], (one) => `${label} names neither answer: ${one.slice(0, 60)}`);
}

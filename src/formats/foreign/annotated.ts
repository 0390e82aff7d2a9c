/**
 * Rows in which annotators say which of two texts is better: exports of Label Studio, and tables with two answers and a
 * label.
 */
import { isChat, messagesIn } from './chat';
import { isOther } from './columns';
import { chatSides, type ForeignPair, promptIn, type Sides, withMeasures } from './pairs';
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

/** @returns the fields of a record as a prompt and answers to it */
export function asked(fields: Cells): Asked {
  const names = Object.keys(fields);
  const prompt = names.find((name) => PROMPT.test(name)) ?? names.find((name) => !isBeside(name)) ?? names[0];
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
  return SIDES[word] ?? null;
}

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
    if (value.ranker !== undefined)
      return refuse('the annotation ranks a list (Ranker), and the lab reads what compares two (Pairwise, Choices)');
    const vote = value.selected ?? (Array.isArray(value.choices) ? value.choices[0] : undefined);
    return vote === undefined ? [] : [{ names: String(of ?? '').split(','), vote: String(vote) }];
  });
  return said.find(({ vote, names }) => sideOf(vote, names.length === 2 ? names : answers) !== null) ?? said[0] ?? null;
}

export function readLabelStudio({ data, annotations }: Cells): ForeignPair {
  const all = (annotations as unknown[]).filter(isObject);
  if (all.length === 0) return refuse('no annotation: a prediction is no vote');
  const done = all.filter((annotation) => annotation.was_cancelled !== true);
  if (done.length === 0) return refuse('the annotation was cancelled');
  const fields = data as Cells;
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

/** names of two columns that differ in their last sign alone: `response_a`, `response_b`; `answer 1`, `answer 2` */
export function labelledColumns(columns: readonly string[]): { answers: [string, string]; label: string } | null {
  const label = columns.find((name) =>
    /^(?:label|winner|choice|preference|preferred|better|better_response_id|vote|comparison|answer)$/i.test(name),
  );
  const texts = columns.filter((name) => !isOther(name));
  const at = (ending: string): [name: string, stem: string][] => {
    const pattern = new RegExp(`^(.*?)[ _-]?${ending}$`, 'i');
    return texts.flatMap((name): [string, string][] => {
      const stem = name === label ? undefined : pattern.exec(name)?.[1];
      return stem === undefined ? [] : [[name, stem]];
    });
  };
  if (label === undefined) return null;
  for (const [one, other] of [
    ['a', 'b'],
    ['1', '2'],
    ['0', '1'],
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
  const vote = Number.isInteger(number) ? (['a', 'b'][number - firstNumber] ?? String(value)) : String(value);
  const rest = Object.entries(cells).filter(([name]) => name !== label && !answers.includes(name)); // none is the prompt
  const { prompt } = asked(Object.fromEntries(rest));
  const about = { prompt, answers: answers.map((name): [string, unknown] => [name, cells[name]]) };
  return pairOf(about, [vote], (one) => `${label} names neither answer: ${one.slice(0, 60)}`);
}

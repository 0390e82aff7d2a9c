/** Several answers in columns of their own: `response_1` … with `rank_1` …, `score_1` …, or a label that names the best. */
import { labelOf, promptBeside } from './annotated';
import { type ForeignPair, numberIn, promptIn, withMeasures } from './pairs';
import { type ForeignRanking, rankable, ranksOf } from './ranked';
import { refuse, textIn } from './refuse';
import type { Cells } from './table';

interface Answer {
  name: string;
  /** what tells it from the others */
  end: string;
  /** the column that says how good it is */
  measure: string | null;
}

/** Columns of answers, as a table has them. */
export interface Wide {
  answers: Answer[];
  isRank: boolean;
  /** the column that names the best, where none says how good each is */
  label: string | undefined;
  prompt: string;
}

const ANSWER = /^(?:model[ _-]?)?(?:response|answer|completion|output|candidate|reply|generation|option|text)$/i;
const ENDED = /^(.*?)[ _-]?(\d{1,2}|(?<=[ _-])[a-z])$/i;
const MEASURES = ['rank', 'score', 'rating', 'reward'];

/** @returns the column that says how good an answer is: `rank_1`, `response_1_rank`, `rank_response_1` */
function measureOf(
  columns: readonly string[],
  { name, end }: { name: string; end: string },
  kind: string,
): string | null {
  const plain = (one: string): string => one.toLowerCase().replace(/[ _-]+/g, '');
  const wanted = [`${kind}${end}`, `${name}${kind}`, `${kind}${name}`, `${kind}s${end}`].map(plain);
  return columns.find((one) => wanted.includes(plain(one))) ?? null;
}

/** @param promptOf finds the name of the prompt among others; @returns null where no answers stand side by side */
export function wideColumns(
  columns: readonly string[],
  promptOf: (names: readonly string[]) => string | undefined,
): Wide | null {
  if (['chosen', 'rejected', 'completion', 'completions'].some((name) => columns.includes(name))) return null;
  const ends = columns.flatMap((name) => {
    const [, stem = '', end = ''] = ENDED.exec(name) ?? [];
    return ANSWER.test(stem) ? [{ name, stem: stem.toLowerCase(), end: end.toLowerCase() }] : [];
  });
  const some = ends.filter(({ stem }) => stem === ends[0]?.stem);
  if (some.length < 2) return null;
  const measured = MEASURES.flatMap((kind) => {
    const answers = some.map(
      (one): Answer => ({ name: one.name, end: one.end, measure: measureOf(columns, one, kind) }),
    );
    return answers.every(({ measure }) => measure !== null) ? [{ answers, isRank: kind === 'rank' }] : [];
  })[0];
  const { answers, isRank } = measured ?? { answers: some.map((one) => ({ ...one, measure: null })), isRank: false };
  const taken = new Set(answers.flatMap(({ name, measure }) => [name, measure]));
  const label = measured ? undefined : labelOf(columns);
  const prompt = promptOf(columns.filter((name) => !taken.has(name) && name !== label));
  return { answers, isRank, label, prompt: prompt ?? 'prompt' };
}

/** the best is named: the others lie behind it, and nobody says how */
function namedRanks({ answers, label }: Wide, cells: Cells): number[] {
  if (label === undefined)
    return refuse(
      `${answers.length} answers (${answers.map(({ name }) => name).join(', ')}), and no column says which is better: ` +
        'a rank or a score for each, or a label that names the best',
    );
  const said = cells[label];
  if (said === undefined || said === null || said === '') return refuse(`${label} is missing`);
  const vote = String(Number.isInteger(Number(said)) && said !== true ? Number(said) : said)
    .trim()
    .toLowerCase();
  const best = answers.findIndex(({ name, end }) => vote === end || vote === name.toLowerCase());
  if (best < 0) return refuse(`${label} names no answer: ${vote.slice(0, 60)}`);
  return answers.map((_, i) => (i === best ? 1 : 2));
}

const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

/** @returns two as a pair with its scores, more as a ranking; an answer that a row has not is left out */
export function readWide(cells: Cells, wide: Wide): ForeignPair | ForeignRanking {
  const here = { ...wide, answers: wide.answers.filter(({ name }) => !isNothing(cells[name])) };
  const { answers, isRank } = here;
  if (answers.length < 2)
    return refuse(`${answers.length === 1 ? 'one answer' : 'no answer'}, and at least two are compared`);
  const texts = answers.map(({ name }) => textIn(cells[name], name));
  const measures = answers.map(
    ({ measure }) => measure && (numberIn(cells[measure], measure) ?? refuse(`${measure} is missing`)),
  );
  const isNamed = measures.includes(null);
  const numbers = measures as number[];
  const ranks = isNamed ? namedRanks(here, cells) : ranksOf(isRank ? numbers.map((rank) => -rank) : numbers);
  const before = promptIn(promptBeside(cells, wide.prompt), wide.prompt);
  if (wide.answers.length > 2) return { prompt: before.prompt, completions: rankable(texts), ranks };
  if (ranks[0] === ranks[1]) return refuse('a tie: no side was chosen');
  const better = ranks[0] === 1 ? 0 : 1;
  const pair = withMeasures({ ...before, chosen: texts[better]!, rejected: texts[1 - better]! }, {});
  return isNamed || isRank ? pair : { ...pair, scores: [numbers[better]!, numbers[1 - better]!] };
}

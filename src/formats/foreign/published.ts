/**
 * Preferences as sets that the field publishes hold them, each with columns of its own: HelpSteer3 (Wang et al. 2025),
 * SHP (Ethayarajh et al. 2022), WebGPT (Nakano et al. 2021), summaries (Stiennon et al. 2020) and others.
 */
import { isGood } from '../goodBad';
import { isChat } from './chat';
import { type ForeignPair, numberIn, promptIn, withMeasures } from './pairs';
import { refuse, textIn } from './refuse';
import { type Cells, isObject } from './table';

type Reader = (cells: Cells) => ForeignPair;

const TIE = 'a tie: no side was chosen';

/** @param better which of the two names is of the better answer */
function pairIn(
  cells: Cells,
  before: ReturnType<typeof promptIn>,
  names: [string, string],
  better: 0 | 1,
): ForeignPair {
  const [chosen, rejected] = better === 0 ? names : [names[1], names[0]];
  const sides = { ...before, chosen: textIn(cells[chosen], chosen), rejected: textIn(cells[rejected], rejected) };
  return withMeasures(sides, {});
}

const needed = (cells: Cells, name: string): number => numberIn(cells[name], name) ?? refuse(`${name} is missing`);

/** −3 … 3: below 0 the first is better, and by how much */
const helpSteer: Reader = (cells) => {
  const preference = needed(cells, 'overall_preference');
  if (preference === 0) return refuse(TIE);
  const before = promptIn(cells.context, 'context');
  const pair = pairIn(cells, before, ['response1', 'response2'], preference < 0 ? 0 : 1);
  return { ...pair, margin: Math.abs(preference) };
};

/** of HelpSteer2, with names of its own (Wang et al. 2024) */
const strength: Reader = (cells) => {
  const preference = needed(cells, 'preference_strength');
  if (preference === 0) return refuse(TIE);
  const pair = pairIn(cells, promptIn(cells.prompt), ['response_1', 'response_2'], preference < 0 ? 0 : 1);
  return { ...pair, margin: Math.abs(preference) };
};

const SAFE = ['is_response_0_safe', 'is_response_1_safe'] as const;
/** where nobody says which answer is better, the one that is safe (Ji et al. 2023) */
const safe: Reader = (cells) => {
  const [first, second] = SAFE.map((name) => isGood(cells[name]) ?? refuse(`${name} is neither true nor false`));
  if (first === second) return refuse(`a tie: ${first ? 'both answers are' : 'neither answer is'} called safe`);
  return pairIn(cells, promptIn(cells.prompt), ['response_0', 'response_1'], first ? 0 : 1);
};

/** of answers of a forum, j has more votes than k (Beeching et al. 2023) */
const forum: Reader = (cells) =>
  pairIn(cells, promptIn(cells.question ?? cells.prompt, 'question'), ['response_j', 'response_k'], 0);

/** 1: A has more votes of readers, as far as both had the same time to get them; the scores are these votes */
const shp: Reader = (cells) => {
  const label = needed(cells, 'labels');
  if (label !== 0 && label !== 1) return refuse('labels is neither 0 nor 1');
  const before = promptIn(cells.history, 'history');
  const pair = pairIn(cells, before, ['human_ref_A', 'human_ref_B'], label === 1 ? 0 : 1);
  const [a, b] = ['score_A', 'score_B'].map((name) => numberIn(cells[name], name) ?? null) as [
    number | null,
    number | null,
  ];
  return a === null && b === null ? pair : { ...pair, scores: label === 1 ? [a, b] : [b, a] };
};

/** each answer's score stands on the side where it was given */
const webGpt: Reader = (cells) => {
  const scores = ['score_0', 'score_1'].map((name) => needed(cells, name)) as [number, number];
  if (scores[0] === scores[1]) return refuse(TIE);
  const { question } = cells;
  const before = promptIn(isObject(question) ? question.full_text : question, 'question');
  const better = scores[0] > scores[1] ? 0 : 1;
  return {
    ...pairIn(cells, before, ['answer_0', 'answer_1'], better),
    scores: better === 0 ? scores : [scores[1], scores[0]],
  };
};

/** 0 or 1 in a list of two */
const summaries: Reader = (cells) => {
  const [first, second] = (cells.summaries as unknown[]).map((one) => (isObject(one) ? one.text : one));
  const choice = needed(cells, 'choice');
  if (choice !== 0 && choice !== 1) return refuse('choice is neither 0 nor 1');
  const { post, article } = cells.info as Cells;
  const before = promptIn(post ?? article, 'info');
  return pairIn({ first, second }, before, ['first', 'second'], choice);
};

const WINNERS = ['winner_model_a', 'winner_model_b'] as const;
/** turns of one side may stand in a list, which a table holds as JSON; a question without an answer is null there */
function turnIn(value: unknown, name: string): unknown {
  const turns = typeof value === 'string' && /^\s*\[/.test(value) ? listOf(value) : value;
  if (!Array.isArray(turns) || isChat(turns)) return value;
  return turns.length === 1 ? turns[0] : refuse(`${name} goes on for ${turns.length} turns, and the lab compares one`);
}
function listOf(text: string): unknown {
  try {
    const list = JSON.parse(text) as unknown;
    return Array.isArray(list) && list.every((one) => one === null || typeof one === 'string') ? list : text;
  } catch {
    return text;
  }
}

/** battles of models as a column for each outcome (Chiang et al. 2024) */
const battles: Reader = (cells) => {
  const won = WINNERS.map((name) => needed(cells, name) > 0);
  if (won[0] === won[1]) return refuse(TIE);
  const [prompt, response_a, response_b] = ['prompt', 'response_a', 'response_b'].map((name) =>
    turnIn(cells[name], name),
  );
  return pairIn({ response_a, response_b }, promptIn(prompt), ['response_a', 'response_b'], won[0] ? 0 : 1);
};

const FORMS: readonly (readonly [(cells: Cells) => boolean, Reader])[] = [
  [(cells) => 'overall_preference' in cells && 'response1' in cells && 'response2' in cells, helpSteer],
  [(cells) => 'preference_strength' in cells && 'response_1' in cells && 'response_2' in cells, strength],
  [(cells) => SAFE.every((name) => name in cells) && !('better_response_id' in cells), safe],
  [(cells) => 'response_j' in cells && 'response_k' in cells, forum],
  [(cells) => 'human_ref_A' in cells && 'human_ref_B' in cells && 'labels' in cells, shp],
  [(cells) => 'answer_0' in cells && 'answer_1' in cells && 'score_0' in cells && 'score_1' in cells, webGpt],
  [(cells) => WINNERS.every((name) => name in cells) && 'response_a' in cells && 'response_b' in cells, battles],
  [({ info, summaries: both, choice }) => isObject(info) && Array.isArray(both) && choice !== undefined, summaries],
];

/** @returns what reads such a row; undefined where it is of none of these sets */
export const publishedReader = (cells: Cells): Reader | undefined => FORMS.find(([fits]) => fits(cells))?.[1];

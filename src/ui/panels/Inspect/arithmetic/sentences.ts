/** The question of each step, and the sentence that answers it with numbers that are on the page. */
import { fixed } from '../../../../contract/numbers';
import { ofStream, ranked, scoresOf, type View, weightsOf } from './view';

export const STEPS = ['Score', 'Mask', 'Softmax', 'Mix the values', 'Heads together'] as const;

export const FORMULAS = [
  's = q · k / √D',
  's = −∞ for later tokens',
  'w = e^(s − max) ÷ sum',
  'o = Σ w · v',
  'x + [o₁ … o_H] W_O + b',
] as const;

export function question({ names, row, arithmetic }: View, step: number): string {
  const name = `“${names[row]}”`;
  const { heads } = arithmetic.model;
  const questions = [
    `How well does each earlier token fit what ${name} looks for?`,
    `Which tokens may ${name} read?`,
    'From scores to shares of attention',
    `What ${name} takes home: every value, as strong as its weight`,
    `${heads === 1 ? 'One head' : `${heads} heads side by side`}, mixed, added`,
  ];
  return questions[step - 1] as string;
}

const list = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;

/** told from the words around it: a token may be a full stop */
const quoted = ({ names }: View): string[] => names.map((name) => `“${name}”`);

function laterWords(view: View): string {
  const later = quoted(view).slice(view.row + 1);
  if (later.length === 0) return 'Nothing comes later, so nothing is masked.';
  const [first] = later;
  const who = later.length === 1 ? first : `${first} and ${later.length - 1} more`;
  return `${who} ${later.length === 1 ? 'comes' : 'come'} later and ${later.length === 1 ? 'gets' : 'get'} exactly 0.`;
}

/** the largest number of the stream, by name */
const length = (x: Float32Array): number => Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));

export function sentence(view: View, step: number): string {
  const { row } = view;
  const names = quoted(view);
  const [scores, weights] = [scoresOf(view), weightsOf(view)];
  const best = ranked(view, weights).slice(0, 3);
  const [first] = best as [number];
  const named = (column: number, numbers: Float32Array, digits: number) =>
    `${names[column]} ${fixed(numbers[column] as number, digits)}`;
  switch (step) {
    case 1: {
      if (row === 0) return `${names[0]} is the first token: it can read only itself.`;
      const rest = best.slice(1).map((column) => named(column, scores, 2));
      return `To ${names[row]}, ${names[first]} fits best: ${fixed(scores[first] as number, 2)}. Then ${list(rest)}.`;
    }
    case 2:
      return `${names[row]} may read ${row === 0 ? 'itself' : `itself and the ${row === 1 ? 'token' : `${row} tokens`} before it`}. ${laterWords(view)}`;
    case 3:
      return row === 0
        ? `One token, weight 1. ${laterWords(view)}`
        : `${list(best.map((column) => named(column, weights, 3)))} of what ${names[row]} reads here. The row sums to 1. ${laterWords(view)}`;
    case 4:
      return `${fixed(weights[first] as number, 3)} of the sum is the value of ${names[first]}. Weights say how much is read; values say what.`;
    default:
      return `Attention adds to the stream, it replaces nothing: ${fixed(length(ofStream(view, 'before')), 1)} long before, ${fixed(length(ofStream(view, 'sum1')), 1)} after. The next sublayer reads x after.`;
  }
}

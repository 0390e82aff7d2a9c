/** What each number of the block was summed from. */
import { fixed } from '../../../../contract/numbers';
import { product, type Sum, summed, total } from './sum';
import { ACTIVATION_NAMES, ofHead, ofStream, readBy, scoresOf, type View, weightsOf } from './view';

/** A number that somebody points at; indices count from 0. */
export type Chosen =
  | { of: 'score' | 'mask' | 'weight'; column: number }
  | { of: 'q' | 'k' | 'v'; token: number; index: number }
  | { of: 'mixed'; head: number; index: number }
  | { of: 'attention' | 'before' | 'sum1'; index: number }
  | { of: 'norm1' | 'norm2' | 'inner' | 'active' | 'mlp' | 'sum2'; index: number };

function affineTerms(x: Float32Array, weight: Float32Array, bias: Float32Array, output: number) {
  const outputs = bias.length;
  const terms = Array.from(x, (value, i) => product(`${i + 1}`, value, weight[i * outputs + output] as number));
  return { terms, added: [{ label: 'b', value: bias[output] as number }] };
}

function scoreSum(view: View, column: number): Sum {
  const { row, names, size } = view;
  const [q, k] = [ofHead(view, 'q', row), ofHead(view, 'k', column)];
  const root = Math.sqrt(size);
  const terms = Array.from(q, (value, i) => product(`${i + 1}`, value, k[i] as number));
  const sum = summed({
    about: `score of ${names[column]} for ${names[row]}: ${size} products q × k`,
    columns: ['number', 'q', 'k', 'product'],
    terms,
    name: 'q · k',
    made: [{ label: `÷ √${size} = ${fixed(root, 3)}`, value: scoresOf(view)[column] as number }],
  });
  return { ...sum, products: Float32Array.from(terms, ({ value }) => value) };
}

function maskSum(view: View, column: number): Sum {
  const { row, names } = view;
  const isLater = column > row;
  const score = scoresOf(view)[column] as number;
  const value = isLater ? Number.NEGATIVE_INFINITY : score;
  return {
    value,
    digits: 2,
    about: `${names[column]} ${isLater ? 'comes after' : column === row ? 'is' : 'comes before'} ${names[row]}`,
    columns: [],
    parts: [
      { label: 'score', factors: [], value: score },
      { label: 'mask', factors: [], value: isLater ? Number.NEGATIVE_INFINITY : 0 },
    ],
    others: null,
    lines: [{ label: 'masked score', value }],
    isRounded: false,
  };
}

function weightSum(view: View, column: number): Sum {
  const { row, names } = view;
  const scores = scoresOf(view).subarray(0, row + 1);
  const max = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
  const power = (score: number) => Math.exp(score - max);
  const weight = weightsOf(view)[column] as number;
  const own = column > row ? 0 : power(scores[column] as number);
  const sum = total(Array.from(scores, power));
  return summed({
    about: `weight of ${names[column]} for ${names[row]}: e to the score, the largest taken off, as a share of the sum`,
    columns: ['token', 'score − max', 'exp'],
    terms: Array.from(scores, (score, i) => ({
      label: names[i] as string,
      factors: [fixed(score - max, 2)],
      value: power(score),
    })),
    name: 'sum',
    made: [{ label: `${fixed(own, 3)} ÷ ${fixed(sum, 3)}`, value: weight, digits: 3 }],
    digits: 3,
  });
}

const PARTS = { q: 0, k: 1, v: 2 } as const;

function headSum(view: View, part: 'q' | 'k' | 'v', token: number, index: number): Sum {
  const { arithmetic, width, size, head, names } = view;
  const output = PARTS[part] * width + head * size + index;
  const { wQkv, bQkv } = arithmetic.weights;
  return summed({
    about: `number ${index + 1} of ${part} of ${names[token]}: ${width} products and b`,
    columns: ['number', 'x̂', `W_${part}`, 'product'],
    ...affineTerms(readBy(view, token), wQkv, bQkv, output),
    name: `${part}, number ${index + 1}`,
  });
}

function mixedSum(view: View, head: number, index: number): Sum {
  const { names, row } = view;
  const own = { ...view, head };
  const weights = weightsOf(own);
  return summed({
    about: `number ${index + 1} of what ${names[row]} reads: ${row + 1} products w × v`,
    columns: ['token', 'w', 'v', 'product'],
    terms: Array.from({ length: row + 1 }, (_, token) =>
      product(names[token] as string, weights[token] as number, ofHead(own, 'v', token)[index] as number, 3),
    ),
    name: `o, number ${index + 1}`,
  });
}

/** the heads side by side, [C] */
export function headsTogether(view: View): Float32Array {
  const all = new Float32Array(view.width);
  for (let head = 0; head < view.arithmetic.model.heads; head++)
    all.set(ofHead(view, 'mixed', view.row, head), head * view.size);
  return all;
}

function attentionSum(view: View, index: number): Sum {
  const { arithmetic, width, size } = view;
  const { terms, added } = affineTerms(headsTogether(view), arithmetic.weights.wOut, arithmetic.weights.bOut, index);
  const before = ofStream(view, 'before')[index] as number;
  return summed({
    about: `number ${index + 1} of ${width}: ${width} products and b`,
    columns: ['head, number', 'o', 'W_O', 'product'],
    terms: terms.map((term, i) => ({ ...term, label: `${Math.floor(i / size) + 1}, ${(i % size) + 1}` })),
    added,
    name: 'mixed',
    made: [{ label: `+ x before ${fixed(before, 2)} = x after`, value: ofStream(view, 'sum1')[index] as number }],
  });
}

const addition = (about: string, name: string, parts: readonly [string, number][]): Sum =>
  summed({ about, columns: [], name, terms: parts.map(([label, value]) => ({ label, factors: [], value })) });

function beforeSum(view: View, index: number): Sum {
  const { arithmetic, names, row } = view;
  const at = (part: 'before' | 'tokenVectors' | 'positions') => ofStream(view, part)[index] as number;
  const name = `x before, number ${index + 1}`;
  if (arithmetic.layer > 0)
    return addition(`what block ${arithmetic.layer} left at ${names[row]}`, name, [
      [`after block ${arithmetic.layer}`, at('before')],
    ]);
  return addition(`${names[row]} enters the first block`, name, [
    [`vector of ${names[row]}`, at('tokenVectors')],
    [`position ${row + 1}`, at('positions')],
  ]);
}

/** what the MLP reads, and what its output is added to */
const thoughtAbout = ({ arithmetic: { model, numbers }, row, width }: View) => {
  const at = (all: Float32Array) => all.subarray(row * width, (row + 1) * width);
  return model.norm === 'pre'
    ? { read: at(numbers.norm2.out), base: at(numbers.sum1) }
    : { read: at(numbers.norm1.out), base: at(numbers.norm1.out) };
};

/** what a LayerNorm reads, by which one it is */
const normalisedFrom = (view: View, norm: 'norm1' | 'norm2'): Float32Array => {
  if (view.arithmetic.model.norm === 'pre') return ofStream(view, norm === 'norm1' ? 'before' : 'sum1');
  return ofStream(view, norm === 'norm1' ? 'sum1' : 'sum2');
};

function normSum(view: View, norm: 'norm1' | 'norm2', index: number): Sum {
  const { arithmetic, row, width } = view;
  const { mean, scale, out } = arithmetic.numbers[norm];
  const { gain1, gain2, bias1, bias2 } = arithmetic.weights;
  const [gain, bias] = norm === 'norm1' ? [gain1, bias1] : [gain2, bias2];
  const [m, s, g] = [mean[row] as number, scale[row] as number, gain[index] as number];
  const x = normalisedFrom(view, norm)[index] as number;
  return {
    ...addition(`number ${index + 1} of ${width}, by the mean and spread of all ${width}`, 'x − mean', [
      ['x', x],
      ['− mean', -m],
    ]),
    value: out[row * width + index] as number,
    lines: [
      { label: 'x − mean', value: x - m },
      { label: `÷ spread ${fixed(1 / s, 2)}`, value: (x - m) * s },
      {
        label: `× gain ${fixed(g, 2)} + bias ${fixed(bias[index] as number, 2)}`,
        value: out[row * width + index] as number,
      },
    ],
  };
}

function mlpSum(view: View, of: 'inner' | 'active' | 'mlp' | 'sum2', index: number): Sum {
  const { arithmetic, width, inner, row } = view;
  const { numbers, weights, model } = arithmetic;
  const inside = (all: Float32Array) => all.subarray(row * inner, (row + 1) * inner);
  const { read, base } = thoughtAbout(view);
  if (of === 'inner')
    return summed({
      about: `number ${index + 1} of ${inner}: ${width} products and b`,
      columns: ['number', 'x̂', 'W', 'product'],
      ...affineTerms(read, weights.wIn, weights.bIn, index),
      name: 'before the activation',
    });
  if (of === 'active') {
    const [from, to] = [inside(numbers.inner)[index] as number, inside(numbers.active)[index] as number];
    const name = ACTIVATION_NAMES[model.activation];
    return {
      ...addition(`number ${index + 1} of ${inner}`, 'x', [['x', from]]),
      value: to,
      lines: [{ label: `${name}(x)`, value: to }],
    };
  }
  const mlp = ofStream(view, 'mlp')[index] as number;
  if (of === 'sum2')
    return addition(`number ${index + 1} of ${width}`, 'x after', [
      ['x before', base[index] as number],
      ['MLP', mlp],
    ]);
  return summed({
    about: `number ${index + 1} of ${width}: ${inner} products and b`,
    columns: ['number', 'h', 'W', 'product'],
    ...affineTerms(inside(numbers.active), weights.wDown, weights.bDown, index),
    name: `MLP, number ${index + 1}`,
  });
}

/** @returns what the number was summed from */
export function sumOf(view: View, chosen: Chosen): Sum {
  switch (chosen.of) {
    case 'score':
      return scoreSum(view, chosen.column);
    case 'mask':
      return maskSum(view, chosen.column);
    case 'weight':
      return weightSum(view, chosen.column);
    case 'q':
    case 'k':
    case 'v':
      return headSum(view, chosen.of, chosen.token, chosen.index);
    case 'mixed':
      return mixedSum(view, chosen.head, chosen.index);
    case 'attention':
      return attentionSum(view, chosen.index);
    case 'before':
      return beforeSum(view, chosen.index);
    case 'sum1':
      return addition(`number ${chosen.index + 1} of ${view.width}`, 'x after', [
        ['x before', ofStream(view, 'before')[chosen.index] as number],
        ['mixed', ofStream(view, 'attention')[chosen.index] as number],
      ]);
    case 'norm1':
    case 'norm2':
      return normSum(view, chosen.of, chosen.index);
    default:
      return mlpSum(view, chosen.of, chosen.index);
  }
}

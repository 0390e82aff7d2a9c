import { describe, expect, it } from 'vitest';
import { type ModelConfig, presetConfig } from '../../src/contract/config';
import { type Chosen, sumOf } from '../../src/ui/panels/Inspect/arithmetic/sums';
import {
  ofHead,
  ofStream,
  scoresOf,
  shownColumns,
  type View,
  viewOf,
  weightsOf,
} from '../../src/ui/panels/Inspect/arithmetic/view';
import { arithmetic } from '../helpers/fake/inside';

const TEXT = 'the fox found a warm lamp . it was sad';
const MODEL = { ...presetConfig('tiny').model, vocabSize: 40 };
const WIDE = 8 * MODEL.heads;

const cases: [string, Partial<ModelConfig>, number][] = [
  ['GPT-2, first block', {}, 0],
  ['GPT-2, second block', {}, 1],
  ['2017', { norm: 'post', positions: 'sinusoidal', activation: 'relu' }, 0],
  ['an MLP of another width', { innerWidth: 4 * WIDE + 5, activation: 'silu' }, 1],
];

/** the number itself, wherever it stands */
function numberAt(view: View, chosen: Chosen): number {
  const { numbers } = view.arithmetic;
  const { row } = view;
  switch (chosen.of) {
    case 'score':
    case 'mask':
      return scoresOf(view)[chosen.column]!;
    case 'weight':
      return weightsOf(view)[chosen.column]!;
    case 'q':
    case 'k':
    case 'v':
      return ofHead(view, chosen.of, chosen.token)[chosen.index]!;
    case 'mixed':
      return ofHead(view, 'mixed', row, chosen.head)[chosen.index]!;
    case 'attention': // the card goes on to what it is added to
      return ofStream(view, 'sum1')[chosen.index]!;
    case 'norm1':
    case 'norm2':
      return numbers[chosen.of].out[row * WIDE + chosen.index]!;
    case 'inner':
    case 'active':
      return numbers[chosen.of][row * (view.arithmetic.model.innerWidth ?? 4 * WIDE) + chosen.index]!;
    default:
      return ofStream(view, chosen.of)[chosen.index]!;
  }
}

describe.each(cases)('what a number was summed from, %s', (_, changed, layer) => {
  const view = viewOf(arithmetic('a model', { ...MODEL, ...changed }, TEXT, layer, null), 1, 6);
  const chosen: Chosen[] = [
    { of: 'score', column: 3 },
    { of: 'mask', column: 2 },
    { of: 'weight', column: 5 },
    { of: 'q', token: 6, index: 1 },
    { of: 'k', token: 2, index: 7 },
    { of: 'v', token: 0, index: 4 },
    { of: 'mixed', head: 0, index: 3 },
    { of: 'mixed', head: 1, index: 0 },
    { of: 'attention', index: 9 },
    { of: 'before', index: 2 },
    { of: 'sum1', index: 15 },
    { of: 'norm1', index: 5 },
    { of: 'norm2', index: 0 },
    { of: 'inner', index: 60 },
    { of: 'active', index: 31 },
    { of: 'mlp', index: 8 },
    { of: 'sum2', index: 11 },
  ];

  it.each(chosen.map((one) => [JSON.stringify(one), one] as const))('is that number: %s', (_, one) => {
    expect(sumOf(view, one).value).toBeCloseTo(numberAt(view, one), 4);
  });

  it.each(
    chosen.filter(({ of }) => !['active', 'mask'].includes(of)).map((one) => [JSON.stringify(one), one] as const),
  )('has parts that add up to the sum: %s', (_, one) => {
    const { parts, others, lines } = sumOf(view, one);
    const added = lines[0]?.label === 'b' ? lines[0].value : 0;
    const sum = lines[lines[0]?.label === 'b' ? 1 : 0]!.value;
    expect(parts.reduce((total, { value }) => total + value, 0) + (others?.value ?? 0) + added).toBeCloseTo(sum, 4);
    const sizes = parts.map(({ value }) => Math.abs(value));
    if (others) expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  });

  it('says minus infinity of a later token, and weight 0', () => {
    expect(sumOf(view, { of: 'mask', column: 8 }).value).toBe(Number.NEGATIVE_INFINITY);
    expect(sumOf(view, { of: 'weight', column: 8 }).value).toBe(0);
  });
});

describe('the rows of a long text', () => {
  it('fold what is hardly read into one line, and show the first that comes later', () => {
    const long = arithmetic('a model', MODEL, `${TEXT} `.repeat(3), 0, null);
    const weights = new Float32Array(long.numbers.weights.length);
    const count = long.tokens.length;
    const row = 28;
    for (let column = 0; column <= row; column++) weights[row * count + column] = column < 20 ? 0.005 : 0.1;
    const view = viewOf({ ...long, numbers: { ...long.numbers, weights } }, 0, row);
    const { shown, others } = shownColumns(view);
    expect(others).toEqual(Array.from({ length: 20 }, (_, column) => column));
    expect(shown).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
  });
});

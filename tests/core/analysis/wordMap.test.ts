import { describe, expect, it } from 'vitest';
import { alignedTo, principalComponents, shareOfSpread } from '../../../src/core/analysis/wordMap';
import { neighbours, sumAnswers, unitVectors, type Vectors } from '../../../src/core/analysis/wordVectors';
import { Random } from '../../../src/core/tensor/random';
import { finish } from '../../../src/core/text/steps';
import { expectGolden, type Json, loadGolden, toleranceOf } from '../../helpers/golden';

const file = loadGolden('s_word_map');
const tolerance = toleranceOf(file, 'float64');

const vectorsOf = (rows: number[][]): Vectors => ({
  rows: rows.length,
  width: rows[0]!.length,
  data: Float64Array.from(rows.flat()),
});
const rowsOf = (flat: Float64Array, width: number): number[][] =>
  Array.from({ length: flat.length / width }, (_, i) => [...flat.subarray(i * width, (i + 1) * width)]);
const cases = file.cases.map(({ name, inputs, outputs }) => ({
  name,
  inputs: inputs as Record<string, Json> & { what: string; vectors: number[][]; words: string[] },
  outputs: outputs as Record<string, Json>,
}));
const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.hypot(...Array.from(a, (x, i) => x - (b[i] as number)));
const random = Random.fromSeed(7);
const numbers = (count: number) => Float64Array.from({ length: count }, () => random.normal());

describe('the map of words', () => {
  for (const { name, inputs, outputs } of cases.filter(({ inputs }) => inputs.what === 'pca')) {
    it(`finds mean, spread, directions and places: ${name}`, async () => {
      const components = inputs.components as number;
      const { width } = vectorsOf(inputs.vectors);
      const found = finish(principalComponents(vectorsOf(inputs.vectors), components));
      await expectGolden([...found.mean], outputs.mean!, tolerance);
      await expectGolden([...found.variances], outputs.explained_variance!, tolerance);
      const ratios = outputs.explained_variance_ratio as number[];
      const total = ratios.slice(0, components).reduce((sum, ratio) => sum + ratio, 0);
      expect(shareOfSpread(found.variances, components)).toBeCloseTo(total, 8);
      await expectGolden(rowsOf(found.loadings, width), outputs.loadings!, tolerance);
      await expectGolden(rowsOf(found.projections, components), outputs.projections!, tolerance);
    });
  }

  it('lies on the map before at least as well as by a rule of signs, where that turns it over too', () => {
    const beside = cases.filter(({ inputs }) => inputs.previous_projections);
    expect(beside).toHaveLength(2);
    for (const { inputs, outputs } of beside) {
      const two = (rows: number[][]) => rows.flatMap((row) => row.slice(0, 2));
      const before = two(inputs.previous_projections as number[][]);
      const { projections } = finish(principalComponents(vectorsOf(inputs.vectors), 2));
      const signed = two(outputs.projections_beside_previous as number[][]);
      const aligned = alignedTo(projections, before);
      expect(distance(aligned, before)).toBeLessThanOrEqual(distance(signed, before) + 1e-9);
      expect(distance(aligned, signed)).toBeLessThan(0.2 * Math.hypot(...signed));
    }
  });

  it('finds back what was turned and mirrored, whatever the angle, by the words that both know', () => {
    const points = numbers(24);
    for (const angle of [0, 1, 2, 4]) {
      for (const mirror of [1, -1]) {
        const turned = points.map((_, i) => {
          const [x, y] = [points[i - (i % 2)]!, mirror * points[i - (i % 2) + 1]!];
          return i % 2 === 0 ? Math.cos(angle) * x - Math.sin(angle) * y : Math.sin(angle) * x + Math.cos(angle) * y;
        });
        const known = points.map((x, i) => (i < 6 ? Number.NaN : x));
        expect(distance(alignedTo(turned, known), points)).toBeLessThan(1e-12);
      }
    }
    expect([
      ...alignedTo(
        points,
        points.map(() => Number.NaN),
      ),
    ]).toEqual([...points]);
  });

  it('keeps what has no spread in the middle, and one word alone', () => {
    const vector = [1, 2, 3];
    const same = finish(principalComponents(vectorsOf([vector, vector, vector]), 2));
    expect([...same.projections]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(shareOfSpread(same.variances, 2)).toBe(0);
    const alone = finish(principalComponents(vectorsOf([vector]), 2));
    expect([[...alone.projections], [...alone.variances]]).toEqual([[0, 0], []]);
  });

  it('stops between the rows of every sweep, so that a wide model can be given up', () => {
    const steps = [...principalComponents({ rows: 40, width: 12, data: numbers(480) }, 2)];
    expect(steps.length).toBeGreaterThanOrEqual(12);
    expect(steps.every(({ done, total }) => done < total)).toBe(true);
  });

  it('has directions at right angles, whose spreads add up to all of it', () => {
    const vectors = { rows: 40, width: 12, data: numbers(480) };
    const { loadings, variances, mean } = finish(principalComponents(vectors, 12));
    const rows = rowsOf(loadings, 12);
    rows.forEach((a, i) => {
      rows.forEach((b, j) => {
        expect(a.reduce((sum, x, k) => sum + x * b[k]!, 0)).toBeCloseTo(i === j ? 1 : 0, 12);
      });
    });
    const spread = vectors.data.reduce((sum, x, i) => sum + (x - mean[i % 12]!) ** 2, 0) / 39;
    expect(variances.reduce((sum, variance) => sum + variance, 0)).toBeCloseTo(spread, 12);
  });
});

describe('words that are near', () => {
  const named = (words: string[], found: { word: number; cosine: number }[]): Json =>
    found.map(({ word, cosine }) => [words[word]!, cosine]);

  it('are found by cosine in all numbers, without the word itself', async () => {
    const { inputs, outputs } = cases.find(({ inputs }) => inputs.what === 'neighbours')!;
    const { words } = inputs;
    const all = neighbours(unitVectors(vectorsOf(inputs.vectors)), inputs.top as number);
    const found = (inputs.queries as string[]).map((query) => named(words, all[words.indexOf(query)]!));
    await expectGolden(found, outputs.neighbours!, tolerance);
  });

  it('answer a − b + c, the question words left out, of vectors as they are and of length 1', async () => {
    const { inputs, outputs } = cases.find(({ inputs }) => inputs.what === 'word sums')!;
    const { words } = inputs;
    const answers = (vectors: Vectors) =>
      (inputs.questions as string[][]).map(([a, b, c]) => {
        const [to, from, base] = [a, b, c].map((word) => words.indexOf(word!)) as [number, number, number];
        return named(words, sumAnswers(vectors, { from, to, base }, inputs.top as number));
      });
    const vectors = vectorsOf(inputs.vectors);
    await expectGolden(answers(vectors), outputs.answers_of_vectors!, tolerance);
    await expectGolden(answers(unitVectors(vectors)), outputs.answers_of_unit_vectors!, tolerance);
  });

  it('answer a sum with a word twice: a − a + c is near c, and its own words stay left out', () => {
    const vectors = unitVectors({ rows: 20, width: 6, data: numbers(120) });
    const near = neighbours(vectors, 19);
    for (const [a, c] of [
      [3, 7],
      [0, 19],
      [5, 5],
    ] as const) {
      const answers = sumAnswers(vectors, { from: a, to: a, base: c }, 19);
      expect(answers.map(({ word }) => word)).toEqual(near[c]!.map(({ word }) => word).filter((word) => word !== a));
      // a − c + c is near a
      const back = sumAnswers(vectors, { from: c, to: a, base: c }, 19);
      expect(back.map(({ word }) => word)).toEqual(near[a]!.map(({ word }) => word).filter((word) => word !== c));
      // a − b + c is c − b + a
      const [one, other] = [
        sumAnswers(vectors, { from: 1, to: a, base: c }, 5),
        sumAnswers(vectors, { from: 1, to: c, base: a }, 5),
      ];
      expect(one.map(({ word }) => word)).toEqual(other.map(({ word }) => word));
    }
  });

  it('are none of a vector of zeros, which is nobody’s neighbour', () => {
    const vectors = unitVectors(
      vectorsOf([
        [0, 0],
        [3, 4],
        [1, 0],
      ]),
    );
    const [zero, first] = neighbours(vectors, 3);
    expect(zero).toEqual([]);
    expect(first).toEqual([{ word: 2, cosine: expect.closeTo(0.6, 12) }]);
  });
});

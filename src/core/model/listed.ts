/** The list of a network's weights: what shape each has and how it begins. */
import type { Random } from '../tensor/random';
import { sizeOf } from '../tensor/shapes';
import type { NamedTensors, Parameter } from './causalNetwork';

/** A weight and how it begins: at a constant, or drawn in one of the ways S that its network knows. */
export interface Listed<S extends string> extends Parameter {
  start: S | 'zero' | 'one';
}

export const matrix = <S extends string>(
  name: string,
  rows: number,
  columns: number,
  start: S | 'zero',
): Listed<S> => ({
  name,
  shape: [rows, columns],
  decay: true,
  start,
});
export const vector = (name: string, length: number, start: 'zero' | 'one' = 'zero'): Listed<never> => ({
  name,
  shape: [length],
  decay: false,
  start,
});
export const norm = (name: string, width: number): Listed<never>[] => [
  vector(`${name}/gain`, width, 'one'),
  vector(`${name}/bias`, width),
];

export const parametersOf = (list: readonly Listed<string>[]): Parameter[] =>
  list.map(({ name, shape, decay }) => ({ name, shape, decay }));

/** @returns how many numbers they are */
export const countOfAll = (list: readonly Listed<string>[]): number =>
  list.reduce((sum, { shape }) => sum + sizeOf(shape), 0);

/**
 * Every weight draws from a stream of its own name: another layer changes no number of the first.
 * @param deviation of a weight that is drawn from N(0, deviation²)
 */
export function beginAll<S extends string>(
  list: readonly Listed<S>[],
  seed: Random,
  deviation: (start: S, shape: readonly number[]) => number,
): NamedTensors {
  const weights: NamedTensors = {};
  for (const { name, shape, start } of list) {
    const data = new Float32Array(sizeOf(shape));
    if (start === 'one') data.fill(1);
    else if (start !== 'zero') {
      const random = seed.fork(name);
      const spread = deviation(start as S, shape);
      for (let i = 0; i < data.length; i++) data[i] = random.normal() * spread;
    }
    weights[name] = { shape, data };
  }
  return weights;
}

/**
 * The numbers of a step travel as one vector and under their names: whoever computes them hands over what it shows, and
 * nobody has to know in which order they arrive.
 */
import { tf } from '../tf';
import { readNumbers } from './readNumbers';

/** Scalars that stay on the device until they are read. Owned by whoever made it; reading frees it. */
export type NamedScalars<Name extends string> = {
  names: Name[];
  /** [names] */
  vector: tf.Tensor1D;
};

/** @param scalars borrowed */
export function nameScalars<Name extends string>(scalars: Readonly<Record<Name, tf.Scalar>>): NamedScalars<Name> {
  const names = Object.keys(scalars) as Name[];
  return { names, vector: tf.tidy(() => tf.stack(names.map((name) => scalars[name])) as tf.Tensor1D) };
}

/** The mean of each name over rows that all have the same. */
export const meansOf = <Name extends string>(rows: readonly Record<Name, number>[]): Record<Name, number> =>
  byName(
    Object.keys(rows[0]!) as Name[],
    (Object.keys(rows[0]!) as Name[]).map((name) => rows.reduce((sum, row) => sum + row[name], 0) / rows.length),
  );

const byName = <Name extends string>(names: readonly Name[], values: readonly number[]): Record<Name, number> =>
  Object.fromEntries(names.map((name, i) => [name, values[i]])) as Record<Name, number>;

/** @param scalars owned by this call */
export async function readNamed<Name extends string>({
  names,
  vector,
}: NamedScalars<Name>): Promise<Record<Name, number>> {
  return byName(names, await readNumbers(vector));
}

/** The same for many at once, all of the same names. */
export async function readManyNamed<Name extends string>(
  rows: readonly NamedScalars<Name>[],
): Promise<Record<Name, number>[]> {
  const vectors = rows.map(({ vector }) => vector);
  const table = tf.tidy(() => tf.stack(vectors)); // [rows,names]
  tf.dispose(vectors);
  const values = await readNumbers(table);
  return rows.map(({ names }, row) => byName(names, values.slice(row * names.length, (row + 1) * names.length)));
}

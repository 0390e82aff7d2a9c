/** Shape checks at the doors of `core`: cheap, and a mistake is named where it was made. */
import type { tf } from '../tf';

/** @returns `[8,24]` */
export const shapeText = (shape: readonly number[]): string => `[${shape.join(',')}]`;

export const isShape = (shape: readonly number[], wanted: readonly number[]): boolean =>
  shapeText(shape) === shapeText(wanted);

/** @returns numbers in a tensor of this shape */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

/**
 * @param tensors by the names a reader knows them by
 * @throws `refLogprobs is [8,24], logprobs is [8,32]`
 */
export function assertSameShape(tensors: Record<string, tf.Tensor>): void {
  const [first, ...others] = Object.entries(tensors);
  if (!first) return;
  for (const [name, tensor] of others)
    if (!isShape(tensor.shape, first[1].shape))
      throw new Error(`${first[0]} is ${shapeText(first[1].shape)}, ${name} is ${shapeText(tensor.shape)}`);
}

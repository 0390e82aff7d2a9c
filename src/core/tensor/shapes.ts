/** Shape checks at the doors of `core`: cheap, and a mistake is named where it was made. */
import type { tf } from '../tf';

/** @returns `[8,24]` */
export const shapeText = (shape: readonly number[]): string => `[${shape.join(',')}]`;

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
    if (shapeText(tensor.shape) !== shapeText(first[1].shape))
      throw new Error(`${first[0]} is ${shapeText(first[1].shape)}, ${name} is ${shapeText(tensor.shape)}`);
}

/** @throws `tokens is [2,5], logits without its last axis is [2,6]` */
export function assertLeadingShape(short: Record<string, tf.Tensor>, long: Record<string, tf.Tensor>): void {
  const [longName, longTensor] = Object.entries(long)[0]!;
  const leading = longTensor.shape.slice(0, -1);
  for (const [name, tensor] of Object.entries(short))
    if (shapeText(tensor.shape) !== shapeText(leading))
      throw new Error(`${name} is ${shapeText(tensor.shape)}, ${longName} without its last axis is ${shapeText(leading)}`);
}

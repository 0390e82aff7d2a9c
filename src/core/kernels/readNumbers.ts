/** Reading a few numbers back from the device, such as the losses of a step. */
import { tf } from '../tf';
import { currentGpu } from './gpu/device';
import { readbackOf } from './gpu/readback';

/**
 * @param numbers float32; owned by this call, which disposes of it
 * @returns its values, when the device has come that far
 */
export async function readNumbers(numbers: tf.Tensor): Promise<number[]> {
  const gpu = currentGpu();
  try {
    return Array.from(await (gpu ? readbackOf(gpu).read(numbers) : numbers.data()));
  } finally {
    tf.dispose(numbers);
  }
}

import { describe, expect, it } from 'vitest';
import { nameScalars, readManyNamed, readNamed } from '../../../src/core/kernels/namedScalars';
import { tf } from '../../../src/core/tf';
import { withBackend } from '../../helpers/backend';

withBackend('wasm');

describe('scalars by name', () => {
  it('come back under their names, many rows at once, and leave nothing on the device', async () => {
    const before = tf.memory().numTensors;
    const row = (loss: number, ratio: number) =>
      tf.tidy(() => nameScalars({ loss: tf.scalar(loss), ratio: tf.scalar(ratio) }));
    expect(await readNamed(row(0.5, 1))).toEqual({ loss: 0.5, ratio: 1 });
    expect(await readManyNamed([row(1, 2), row(3, 4), row(5, 6)])).toEqual([
      { loss: 1, ratio: 2 },
      { loss: 3, ratio: 4 },
      { loss: 5, ratio: 6 },
    ]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('are borrowed while they are put together', () => {
    const loss = tf.scalar(2);
    const { vector } = nameScalars({ loss });
    expect([loss.isDisposed, vector.shape]).toEqual([false, [1]]);
    tf.dispose([loss, vector]);
  });
});

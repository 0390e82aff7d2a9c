import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/tensor/random';
import { tf } from '../../../src/core/tf';
import { measurePolicy } from '../../../src/core/train/measure';
import { complete } from '../../../src/core/train/texts';
import { withBackend } from '../../helpers/backend';
import { corpus, untrained } from './tiny';

withBackend('wasm');

const SAMPLING = { temperature: 0.7, topK: 0, topP: 1 };
const PROMPTS = corpus.prompts(Random.fromSeed(4), 5);
/** after every eight of the columns, and before the last pass */
const STOPS = Math.ceil(corpus.completionLength / 8);

/** lets others have the thread, and counts */
function counting() {
  const breathe = async () => {
    counted.slices++;
    await new Promise((resolve) => setImmediate(resolve));
  };
  const counted = { slices: 0, breathe };
  return counted;
}

describe('writing that breathes', () => {
  it('writes what it writes in one piece', async () => {
    const [base, counted] = [untrained(), counting()];
    const write = (breathe?: () => Promise<void>) =>
      complete(base, corpus, PROMPTS, SAMPLING, Random.fromSeed(2), breathe);
    expect(await write(counted.breathe)).toEqual(await write());
    expect(counted.slices).toBe(STOPS);
  });

  it('measures what it measures in one piece', async () => {
    const [policy, reference, counted] = [untrained(1), untrained(2), counting()];
    const inputs = {
      policy,
      reference,
      rewardModel: null,
      rater: { name: 'happy' as const },
      corpus,
      prompts: PROMPTS,
      temperature: 1,
    };
    const expected = await measurePolicy({ ...inputs, random: Random.fromSeed(3) });
    expect(await measurePolicy({ ...inputs, random: Random.fromSeed(3), breathe: counted.breathe })).toEqual(expected);
    expect(counted.slices, 'the distance is one more').toBe(STOPS + 1);
  });

  it('ends where it is told to, and leaves nothing behind', async () => {
    const base = untrained();
    for (let last = 1; last <= STOPS; last++) {
      const { numTensors } = tf.memory();
      let slices = 0;
      const breathe = async () => {
        if (++slices === last) throw new Error('enough');
      };
      await expect(complete(base, corpus, PROMPTS, SAMPLING, Random.fromSeed(2), breathe)).rejects.toThrow('enough');
      expect([slices, tf.memory().numTensors - numTensors]).toEqual([last, 0]);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/tensor/random';
import { tf } from '../../../src/core/tf';
import { BestOfRun, bestOfN } from '../../../src/core/train/bestOfN';
import { measurePolicy } from '../../../src/core/train/measure';
import { ppo } from '../../../src/core/train/ppo';
import { PpoRun } from '../../../src/core/train/ppoRun';
import { complete } from '../../../src/core/train/texts';
import { withBackend } from '../../helpers/backend';
import { corpus, expectSameTensors, LAB, take, ticking, untrained } from './tiny';

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
    expect(counted.slices).toBe(STOPS);
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

describe('a run that breathes', () => {
  const judge = () => untrained(2).clone('rewardModel', { language: false, scalar: true });

  it('of PPO learns what it learns in one piece, and may be saved at every stop as it was before the iteration', async () => {
    const config = { ...LAB.ppo, iterations: 2, rollouts: 4, epochs: 1 };
    const inputs = {
      seed: 1,
      config,
      base: untrained(),
      rewardModel: judge(),
      pooling: 'last',
      corpus,
      rater: { name: 'happy' },
    } as const;
    const whole = new PpoRun(inputs);
    const expected = await take(ppo(whole), 99);
    const stops: { iteration: number; weights: number }[] = [];
    const run: PpoRun = new PpoRun({
      ...inputs,
      breathe: async () => {
        const { tensors, state } = await run.save();
        stops.push({ iteration: state.iteration, weights: Object.keys(tensors).length });
        if (state.iteration === 0) expectSameTensors(tensors, beginning);
      },
    });
    const beginning = (await run.save()).tensors;
    expect(await take(ppo(run), 99)).toEqual(expected);
    expectSameTensors((await run.save()).tensors, (await whole.save()).tensors);
    // the rollouts, and the reference's own texts to the same prompts
    expect(stops.map(({ iteration }) => iteration)).toEqual([...Array(2 * STOPS).fill(0), ...Array(2 * STOPS).fill(1)]);
  });

  it('of best of N draws what it draws in one piece, and may be saved at every stop as it was before the prompt', async () => {
    const config = { ...LAB.bestOf, samples: 6, prompts: 2 };
    const inputs = {
      seed: 1,
      config,
      policy: untrained(),
      rewardModel: judge(),
      pooling: 'last',
      corpus,
      rater: { name: 'happy' },
    } as const;
    const expected = await take(bestOfN(new BestOfRun(inputs), ticking()), 9);
    const stops: number[] = [];
    const run: BestOfRun = new BestOfRun({
      ...inputs,
      breathe: async () => void stops.push((await run.save()).state.done.length),
    });
    const reports = await take(bestOfN(run, ticking()), 9);
    expect(reports).toEqual(expected);
    expect(stops).toEqual([...Array(STOPS).fill(0), ...Array(STOPS).fill(1)]);
  });
});

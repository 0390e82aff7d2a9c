import { describe, expect, it } from 'vitest';
import type { OptimizerConfig } from '../../../src/contract/config';
import { adamWStep } from '../../../src/core/optim/adamW';
import { clipGradNorm } from '../../../src/core/optim/clipGradNorm';
import { AdamW, type Trained } from '../../../src/core/optim/optimizer';
import { learningRateAt, scheduledRate } from '../../../src/core/optim/schedule';
import { tf } from '../../../src/core/tf';
import { describeGoldenOptim } from './goldenOptim';

await tf.setBackend('cpu');

describeGoldenOptim();

const CONFIG: OptimizerConfig = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1, maxGradNorm: 1 };
const TRAINED: Trained[] = [
  { name: 'a/w', shape: [2, 2], decay: true, head: false },
  { name: 'a/b', shape: [2], decay: false, head: false },
  { name: 'score/w', shape: [2, 1], decay: true, head: true },
];
const RATES = { learningRate: 0.1, headLearningRate: 0.01 };
const weights = () => [tf.tensor([1, 2, 3, 4], [2, 2]), tf.tensor([1, -1]), tf.tensor([0.5, 0.25], [2, 1])];
const gradients = () => [tf.tensor([0.1, -0.2, 0.3, 0], [2, 2]), tf.tensor([0.2, 0.1]), tf.tensor([-0.1, 0.4], [2, 1])];
const numbers = (tensors: tf.Tensor[]) => tensors.map((tensor) => [...tensor.dataSync()]);

describe('adamWStep', () => {
  it('moves every weight by the learning rate on the first step, whatever the gradient’s size', () => {
    const zeros = tf.zeros([3]);
    const settings = { ...CONFIG, weightDecay: 0 };
    const { weights: moved } = adamWStep(
      tf.tensor([1, 1, 1]),
      tf.tensor([100, -0.001, 5]),
      { m: zeros, v: zeros },
      1,
      0.1,
      settings,
    );
    // m̂ = g and v̂ = g², so the step is lr·g/|g|
    for (const [i, value] of [0.9, 1.1, 0.9].entries()) expect(moved.dataSync()[i]).toBeCloseTo(value, 5);
  });

  it('shrinks weights by lr·decay beside the step when the gradient is zero', () => {
    const zeros = tf.zeros([1]);
    expect(adamWStep(tf.tensor([2]), zeros, { m: zeros, v: zeros }, 1, 0.1, CONFIG).weights.dataSync()[0]).toBeCloseTo(
      1.98,
      6,
    );
  });
});

describe('clipGradNorm', () => {
  it('scales all tensors by one factor and reports the norm before', () => {
    const { clipped, norm } = clipGradNorm([tf.tensor([3, 0]), tf.tensor([[4]])], 1); // norm 5
    expect(norm.dataSync()[0]).toBeCloseTo(5, 6);
    expect(
      numbers(clipped)
        .flat()
        .map((x) => Number(x.toFixed(5))),
    ).toEqual([0.6, 0, 0.8]);
  });

  it('leaves short gradients alone, and all when it is off', () => {
    expect(numbers(clipGradNorm([tf.tensor([0.3, 0.4])], 1).clipped)[0]![0]).toBeCloseTo(0.3, 6);
    expect(numbers(clipGradNorm([tf.tensor([30, 40])], 0).clipped)).toEqual([[30, 40]]);
  });
});

describe('learningRateAt', () => {
  it('warms up to the base rate, then follows the cosine down and stays', () => {
    const schedule = { type: 'cosine', warmupSteps: 4, totalSteps: 10, minLearningRate: 0.1 } as const;
    expect(learningRateAt(schedule, 1, 0)).toBeCloseTo(1 / 5);
    expect(learningRateAt(schedule, 1, 4)).toBeCloseTo(1);
    expect(learningRateAt(schedule, 1, 7)).toBeCloseTo(0.55);
    expect(learningRateAt(schedule, 1, 10)).toBeCloseTo(0.1);
    expect(learningRateAt(schedule, 1, 99)).toBeCloseTo(0.1);
  });

  it('reaches 0 on a line, also when the run has no steps after the warm-up', () => {
    expect(learningRateAt({ type: 'linear', warmupSteps: 0, totalSteps: 4 }, 1, 3)).toBeCloseTo(0.25);
    expect(learningRateAt({ type: 'linear', warmupSteps: 4, totalSteps: 4 }, 1, 4)).toBe(0);
    expect(learningRateAt({ type: 'constant', warmupSteps: 0 }, 1, 1000)).toBe(1);
  });
});

describe('scheduledRate', () => {
  const settings = { warmupSteps: 2, steps: 10, learningRate: 0.3 };

  it.each([
    ['constant', 0.3],
    ['linear', 0],
    ['cosine', 0.03], // a tenth
  ] as const)('warms up alike, and a %s run ends at %d', (schedule, end) => {
    const rate = (step: number) => scheduledRate({ ...settings, schedule }, step);
    for (const step of [0, 1, 2]) expect(rate(step)).toBeCloseTo((0.3 * (step + 1)) / 3, 12);
    expect(rate(10)).toBeCloseTo(end, 12);
  });
});

describe('AdamW over a list of tensors', () => {
  it('gives each tensor what a step of its own would, with its own decay and rate', () => {
    const config = { ...CONFIG, maxGradNorm: 0 };
    const next = new AdamW(TRAINED, config).apply(weights(), gradients(), RATES);
    TRAINED.forEach((entry, i) => {
      const zeros = tf.zeros([...entry.shape]);
      const settings = { ...config, weightDecay: entry.decay ? config.weightDecay : 0 };
      const alone = adamWStep(
        weights()[i]!,
        gradients()[i]!,
        { m: zeros, v: zeros },
        1,
        entry.head ? 0.01 : 0.1,
        settings,
      );
      expect([...next.weights[i]!.dataSync()]).toEqual([...alone.weights.dataSync()]);
      expect(next.weights[i]!.shape).toEqual(entry.shape);
    });
  });

  it('goes on to the same numbers after it was saved and loaded', async () => {
    const original = new AdamW(TRAINED, CONFIG);
    const once = original.apply(weights(), gradients(), RATES).weights;
    const restored = new AdamW(TRAINED, CONFIG);
    restored.load(await original.save());
    expect(numbers(restored.apply(once, gradients(), RATES).weights)).toEqual(
      numbers(original.apply(once, gradients(), RATES).weights),
    );
  });

  it('names the tensor that a saved state lacks, and changes nothing', async () => {
    const optimizer = new AdamW(TRAINED, CONFIG);
    const { 'v/a/b': _, ...incomplete } = await optimizer.save();
    expect(() => optimizer.load(incomplete)).toThrow('v/a/b');
    expect(optimizer.step).toBe(0);
  });

  it('keeps no tensors beyond its moments, and frees those', () => {
    const before = tf.memory().numTensors;
    const optimizer = new AdamW(TRAINED, CONFIG);
    const held = tf.memory().numTensors;
    for (let i = 0; i < 3; i++) {
      const inputs = [...weights(), ...gradients()];
      const { weights: next, gradNorm } = optimizer.apply(inputs.slice(0, 3), inputs.slice(3), RATES);
      tf.dispose([inputs, next, gradNorm]);
    }
    expect(tf.memory().numTensors).toBe(held);
    optimizer.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

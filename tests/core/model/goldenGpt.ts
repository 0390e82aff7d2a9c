/** The recorded GPT-2 of `k_tiny_gpt.json`, with our names and our [in,out] matrices. */
import { it } from 'vitest';
import type { CausalNetwork, TokenBatch } from '../../../src/core/model/causalNetwork';
import { restoreNetwork } from '../../../src/core/model/createNetwork';
import { oneHot } from '../../../src/core/tensor/oneHot';
import { Random } from '../../../src/core/tensor/random';
import { tf } from '../../../src/core/tf';
import { expectGolden, loadGolden, toleranceOf } from '../../helpers/golden';
import { configOf, type Nested, ourName, ours, type RecordedConfig, recordedWeights } from './recordedWeights';

const golden = loadGolden('k_tiny_gpt');
const tolerance = toleranceOf(golden, 'float32');
const [{ inputs, outputs }] = golden.cases as unknown as [{ inputs: GoldenInputs; outputs: GoldenOutputs }];

interface GoldenInputs {
  config: RecordedConfig;
  weights: Record<string, Nested[]>;
  tokens: number[][];
  targets: number[][];
  optimizer: {
    lr: number;
    betas: [number, number];
    eps: number;
    weight_decay: number;
    max_grad_norm: number;
    steps: number;
  };
  greedy_prompt: number[];
}
interface GoldenOutputs {
  logits: Nested[];
  attention: Nested[][];
  final_hidden: Nested[];
  loss: number;
  grad_norm: number;
  grads: Record<string, Nested[]>;
  greedy_continuation: number[];
  train_losses: number[];
  train_grad_norms: number[];
  loss_after_training: number;
  trained_param_sums: Record<string, [number, number]>;
}

const config = configOf(inputs.config);

const network = (): CausalNetwork =>
  restoreNetwork(config, { language: true, scalar: false }, recordedWeights(inputs.weights), 'golden');
const batchOf = (tokens: number[][]): TokenBatch => ({
  tokens: tf.tensor2d(tokens, undefined, 'int32'),
  leftPad: null,
});

/** mean cross-entropy from the logits of the file's own eight columns; the context holds no ninth */
function crossEntropy(model: CausalNetwork, tokens: TokenBatch, targets: tf.Tensor1D): tf.Scalar {
  const logits = model.logits(tokens);
  const flat = tf.reshape(logits, [-1, config.vocabSize]);
  const chosen = oneHot(targets, config.vocabSize);
  return tf.neg(tf.mean<tf.Scalar>(tf.sum(tf.mul(tf.logSoftmax(flat), chosen), 1)));
}

/** Registers the tests; the caller has started a backend. */
export function itIsTheRecordedGpt(): void {
  it('gives the recorded logits, hidden states and attention', async () => {
    const model = network();
    const batch = batchOf(inputs.tokens);
    await expectGolden(model.logits(batch), outputs.logits as never, tolerance, 'logits');
    await expectGolden(model.hidden(batch), outputs.final_hidden as never, tolerance, 'hidden');
    const maps = model.attention(batch);
    const ofFirstRow = outputs.attention.map((layer) => layer[0]);
    await expectGolden(maps as never, ofFirstRow as never, tolerance, 'attention');
  });

  it('gives the recorded log-probabilities', async () => {
    const model = network();
    const rows = inputs.tokens.map((row, b) =>
      row.slice(1).map((token, t) => logSoftmax((outputs.logits[b] as number[][])[t] ?? [])[token]),
    );
    const { logprobs } = model.logprobs(batchOf(inputs.tokens), 1, 1);
    await expectGolden(logprobs, rows as never, tolerance, 'logprobs');
  });

  it('gives the recorded loss and the gradient of every weight', async () => {
    const model = network();
    const batch = batchOf(inputs.tokens);
    const targets = tf.tensor1d(inputs.targets.flat(), 'int32');
    const gradients = await gradientsThroughAdam(model, () => crossEntropy(model, batch, targets));
    for (const [name, values] of Object.entries(outputs.grads)) {
      const gradient = gradients[ourName(name)];
      await expectGolden(gradient as never, ours(name, values) as never, tolerance, name);
    }
  });

  it('loses what the recorded training loses, ten steps of AdamW with clipping', async () => {
    const model = network();
    const { optimizer: o } = inputs;
    const settings = {
      beta1: o.betas[0],
      beta2: o.betas[1],
      epsilon: o.eps,
      weightDecay: o.weight_decay,
      maxGradNorm: o.max_grad_norm,
    };
    const optimizer = model.createOptimizer(settings);
    const batch = batchOf(inputs.tokens);
    const targets = tf.tensor1d(inputs.targets.flat(), 'int32');
    for (let step = 0; step < o.steps; step++) {
      const { loss, gradNorm } = optimizer.minimize(() => ({ loss: crossEntropy(model, batch, targets) }), o.lr);
      await expectGolden(loss, outputs.train_losses[step] as never, tolerance, `loss of step ${step}`);
      await expectGolden(gradNorm, outputs.train_grad_norms[step] as never, tolerance, `norm of step ${step}`);
    }
    await expectGolden(
      crossEntropy(model, batch, targets),
      outputs.loss_after_training as never,
      tolerance,
      'loss after training',
    );
    const saved = await model.save();
    for (const [name, [sum, squares]] of Object.entries(outputs.trained_param_sums)) {
      const data = [...(saved[ourName(name)]?.data ?? [])];
      const sums = [data.reduce((total, x) => total + x, 0), data.reduce((total, x) => total + x * x, 0)];
      await expectGolden(sums, [sum, squares] as never, { abs: 5e-4, rel: 5e-4 }, name); // a sum of up to 1,024 entries
    }
  });

  it('continues the recorded prompt greedily', async () => {
    const rollout = network().generate(
      batchOf([inputs.greedy_prompt]),
      { sampling: { temperature: 0, topK: 0, topP: 1 }, completionLength: 5, eosId: null, padId: 0 },
      Random.fromSeed(1),
    );
    await expectGolden(rollout.batch.tokens, [outputs.greedy_continuation] as never, tolerance, 'tokens');
  });
}

const logSoftmax = (logits: number[]): number[] => {
  const largest = Math.max(...logits);
  const logSum = largest + Math.log(logits.reduce((sum, x) => sum + Math.exp(x - largest), 0));
  return logits.map((x) => x - logSum);
};

/**
 * Gradients read off one step of AdamW whose moments are fresh: the optimiser keeps m = (1−β₁)·g of every weight.
 * With β₁ = 0 the first moment is the gradient itself.
 */
async function gradientsThroughAdam(model: CausalNetwork, loss: () => tf.Scalar): Promise<Record<string, tf.Tensor>> {
  const optimizer = model.createOptimizer({ beta1: 0, beta2: 0.9, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 0 });
  const result = optimizer.minimize(() => ({ loss: loss() }), 0);
  await expectGolden(result.loss, outputs.loss as never, tolerance, 'loss');
  await expectGolden(result.gradNorm, outputs.grad_norm as never, tolerance, 'gradNorm');
  const moments = await optimizer.save();
  const named = model.parameters.map(
    ({ name, shape }) => [name, tf.tensor(moments[`m/${name}`]?.data ?? [], [...shape])] as const,
  );
  return Object.fromEntries(named);
}

/** The pieces of work that are timed and counted: one training step, one rollout, one iteration of PPO. */
import { type ModelConfig, presetConfig } from '../../src/contract/config';
import type { PpoPhase } from '../../src/contract/domain';
import { flushTf } from '../../src/core/kernels/gpu/tensors';
import { crossEntropy } from '../../src/core/losses/crossEntropy';
import type { CausalNetwork, GenerateOptions, Rollout, TokenBatch } from '../../src/core/model/causalNetwork';
import { createNetwork } from '../../src/core/model/createNetwork';
import { fusedEngine, preferExecutor, prepareExecutor } from '../../src/core/model/executor';
import type { FusedNetwork } from '../../src/core/model/fused/fusedNetwork';
import { initialWeights } from '../../src/core/model/layout';
import { Random } from '../../src/core/tensor/random';
import { createStoryCorpus } from '../../src/core/text/storyCorpus';
import { tf, type WebGPUBackend } from '../../src/core/tf';
import { disposeRollout } from '../../src/core/train/experience';
import { ppo } from '../../src/core/train/ppo';
import { PpoRun } from '../../src/core/train/ppoRun';
import { naiveModel } from './naive';
import { RowNetwork } from './rows/rolloutRows';

export type Executor = 'fused' | 'portable';
export interface Shape {
  config: ModelConfig;
  batch: number;
  length: number;
}
export interface Prompts {
  batch: number;
  length: number;
  completionLength: number;
}
/** One of two things that are compared; resolves when the card has finished it. */
export interface Work {
  run(): Promise<void>;
  dispose(): void;
}

const { model: medium } = presetConfig('medium');
/** 4 layers, width 128, context 64, batch 8, vocabulary 64 */
export const S: Shape = { config: { ...medium, contextLength: 64, vocabSize: 64 }, batch: 8, length: 64 };
/** 6 layers, width 192, context 64, batch 32, vocabulary 512 */
export const M: Shape = {
  config: { ...medium, layers: 6, width: 192, heads: 6, contextLength: 64, vocabSize: 512 },
  batch: 32,
  length: 64,
};
/** one pre-training step of the Tiny preset */
export const TINY: Shape = { config: { ...presetConfig('tiny').model, vocabSize: 300 }, batch: 64, length: 36 };
/** how a training step learns */
export const STEP = { optimizer: presetConfig('tiny').pretrain.optimizer, learningRate: 1e-3 };
export const TINY_PROMPTS: Prompts = { batch: 32, length: 11, completionLength: 24 };
export const S_PROMPTS: Prompts = { batch: 64, length: 9, completionLength: 24 };

function tokensOf(batch: number, length: number, vocabSize: number): tf.Tensor2D {
  const random = Random.fromSeed(3);
  return tf.tensor2d(
    Int32Array.from({ length: batch * length }, () => random.integer(vocabSize)),
    [batch, length],
    'int32',
  );
}

const languageModel = (config: ModelConfig, executor: Executor) => {
  preferExecutor(executor);
  return createNetwork(config, { language: true, scalar: false }, Random.fromSeed(1), 'policy');
};

/** A training step as a piece of work; what is learned from is always the same. */
export interface StepWork extends Work {
  /** [B,T] */
  tokens: tf.Tensor2D;
  /** @returns the loss before the step */
  step(): Promise<number>;
}

/** forward, loss, backward, clip and AdamW, as pre-training takes it */
export function trainingStep(
  { config, batch, length }: Shape,
  executor: Executor,
): StepWork & { network: CausalNetwork } {
  const network = languageModel(config, executor);
  const optimizer = network.createOptimizer(STEP.optimizer);
  const rows: TokenBatch = { tokens: tokensOf(batch, length, config.vocabSize), leftPad: null };
  const mask = tf.ones<tf.Rank.R2>([batch, length - 1]);
  const step = async (): Promise<number> => {
    const objective = () => ({ loss: crossEntropy(network.logprobs(rows, 1, 1).logprobs, mask) });
    const { loss, gradNorm } = optimizer.minimize(objective, STEP.learningRate);
    const [value] = await loss.data();
    tf.dispose([loss, gradNorm]);
    return value!;
  };
  return {
    network,
    tokens: rows.tokens,
    step,
    run: async () => void (await step()),
    dispose() {
      for (const owned of [optimizer, network, rows.tokens, mask]) owned.dispose();
    },
  };
}

export function naiveStep({ config, batch, length }: Shape): StepWork {
  const model = naiveModel(config);
  const tokens = tokensOf(batch, length, config.vocabSize);
  const step = async (): Promise<number> => {
    const loss = model.step(tokens);
    const [value] = await loss.data();
    loss.dispose();
    return value!;
  };
  return {
    tokens,
    step,
    run: async () => void (await step()),
    dispose() {
      model.dispose();
      tokens.dispose();
    },
  };
}

/** a network whose rollouts are written by one workgroup per row */
function rowWriter(config: ModelConfig): FusedNetwork {
  preferExecutor('fused');
  const heads = { language: true, scalar: false };
  const engine = fusedEngine(config);
  if (!engine) throw new Error('the fused executor cannot run here');
  return new RowNetwork(engine, 'policy', config, heads, initialWeights(config, heads, Random.fromSeed(1)));
}

/** A rollout as a piece of work; the same texts every time. */
export interface RolloutWork extends Work {
  network: CausalNetwork;
  /** [B,P] */
  prompts: tf.Tensor2D;
  /** @returns owned by the caller */
  write(): Rollout;
}

export const TEMPERATURE = 0.7;
/**
 * completions, then the one full pass that records their log-probabilities; nothing ends a text, so that all have their
 * length
 */
export function rollout(
  config: ModelConfig,
  { batch, length, completionLength }: Prompts,
  executor: Executor | 'rows',
): RolloutWork {
  const network = executor === 'rows' ? rowWriter(config) : languageModel(config, executor);
  const prompts: TokenBatch = { tokens: tokensOf(batch, length, config.vocabSize), leftPad: null };
  const sampling = { temperature: TEMPERATURE, topK: 0, topP: 1 };
  const options: GenerateOptions = { sampling, completionLength, eosId: null, padId: 0 };
  const write = () => network.generate(prompts, options, Random.fromSeed(1));
  return {
    network,
    prompts: prompts.tokens,
    write,
    async run() {
      const written = write();
      await written.logprobs.data();
      disposeRollout(written);
    },
    dispose() {
      network.dispose();
      prompts.tokens.dispose();
    },
  };
}

export function naiveGeneration(config: ModelConfig, { batch, length, completionLength }: Prompts): Work {
  const model = naiveModel(config);
  const prompts = tokensOf(batch, length, config.vocabSize);
  return {
    async run() {
      const tokens = model.generate(prompts, completionLength);
      await tokens.data();
      tokens.dispose();
    },
    dispose() {
      model.dispose();
      prompts.dispose();
    },
  };
}

/** milliseconds of the phases of one iteration */
export type Split = Record<PpoPhase, number>;

/** everything that was asked of the card is done */
async function finished(): Promise<void> {
  flushTf();
  await (tf.backend() as WebGPUBackend).device.queue.onSubmittedWorkDone();
}

/**
 * One iteration of the lab's own loop on its own stories: 64 rollouts of up to 24 tokens, 4 epochs, policy and value
 * model. The card is waited for after each phase, because otherwise the next one that reads a number pays for those
 * before it.
 * @param warmUp iterations before the one that is measured
 * @returns where its time went
 */
export async function ppoIteration(executor: Executor, warmUp: number): Promise<Split> {
  const preset = presetConfig('tiny', 1);
  const corpus = createStoryCorpus({ ...preset.stories, stories: 500 }, 1);
  const model = { ...S.config, vocabSize: corpus.tokenizer.vocabSize };
  const base = languageModel(model, executor);
  await prepareExecutor(model);
  const rewardModel = base.clone('rewardModel', { language: false, scalar: true });
  const config = {
    ...preset.ppo,
    iterations: 8,
    rollouts: 64,
    completionLength: 24,
    epochs: 4,
    minibatches: 1,
    klCeiling: 0,
  };
  const run = new PpoRun({ seed: 1, config, base, rewardModel, pooling: 'last', corpus, rater: { name: 'happy' } });
  run.iteration = 1; // after the first iteration the policy is looked at besides
  const split: Split = { rollout: 0, evaluation: 0, optimisation: 0 };
  let began = performance.now();
  for await (const { step, phase } of ppo(run)) {
    await finished();
    if (phase) split[phase] = performance.now() - began;
    if (step === 2 + warmUp) break;
    began = performance.now();
  }
  for (const owned of [run, base, rewardModel]) owned.dispose();
  return split;
}

/** bytes of the arena in which forward and backward pass of a training step live */
export async function trainingArena(shape: Shape): Promise<number> {
  const { network, run, dispose } = trainingStep(shape, 'fused');
  await run();
  const { bytes, layout } = network as FusedNetwork;
  dispose();
  return bytes - 2 * 4 * layout.elements; // weights and gradients lie outside
}

/**
 * Before a card is trusted with a run: two steps of learning and a few texts by both executors, from the same weights.
 * No two drivers compile a kernel alike, and a wrong number would only look like a model that learns badly.
 */
import type { ModelConfig } from '../../../contract/config';
import { readNumbers } from '../../kernels/readNumbers';
import { Random } from '../../tensor/random';
import { tf } from '../../tf';
import type { CausalNetwork, TokenBatch } from '../causalNetwork';
import { initialWeights, parameterCount } from '../layout';
import { PortableNetwork } from '../portableNetwork';
import type { Engine } from './engine';
import { FusedNetwork } from './fusedNetwork';

const ROWS = 4;
const COLUMNS = 12;
const HEADS = { language: true, scalar: false };
/** relative; sums of float32 in another order differ by less */
const TOLERANCE = 2e-3;
/** the two may draw different tokens where two are equally likely, but not in more than this share */
const MAX_OTHER_TOKENS = 0.25;
/** away from where initialisation leaves them, at this width and below: attention that is not even, activations that bend */
const SPREAD = { factor: 5, width: 64 };
/** epsilon: with the usual one the first step moves by a whole learning rate what has a gradient of mere rounding */
const OPTIMIZER = { beta1: 0.9, beta2: 0.999, epsilon: 1e-5, weightDecay: 0.01, maxGradNorm: 1 };
const LEARNING_RATE = 1e-3;

/** weights of which four copies fit beside each other everywhere, as both executors need them to learn */
const MOST_WEIGHTS = 2 ** 24;
const FEW = { layers: 1, vocabSize: 2048, contextLength: 128 };

/** @returns what is tried in the place of a model: itself, or where that is too large for it one as wide of fewer parts */
export function trialConfig(config: ModelConfig): ModelConfig {
  if (parameterCount(config) <= MOST_WEIGHTS) return config;
  const { layers, vocabSize, contextLength } = config;
  return {
    ...config,
    layers: Math.min(layers, FEW.layers),
    vocabSize: Math.min(vocabSize, FEW.vocabSize),
    contextLength: Math.min(contextLength, FEW.contextLength),
  };
}

/** What a network makes of the trial. */
interface Outcome {
  /** loss and gradient norm of two steps */
  numbers: number[];
  tokens: number[];
}

/** A sum over `width` inputs grows with its root: were the factor the same, a wide model would amplify its own rounding. */
const spreadOf = ({ width }: ModelConfig): number =>
  SPREAD.factor * Math.sqrt(SPREAD.width / Math.max(SPREAD.width, width));

function trialWeights(config: ModelConfig) {
  const spread = spreadOf(config);
  const weights = initialWeights(config, HEADS, Random.fromSeed(1));
  return Object.fromEntries(
    Object.entries(weights).map(([name, { shape, data }]) => [name, { shape, data: data.map((x) => spread * x) }]),
  );
}

function tokensOf(vocabSize: number, columns: number): tf.Tensor2D {
  const random = Random.fromSeed(2);
  const ids = Array.from({ length: ROWS * columns }, () => random.integer(vocabSize));
  return tf.tensor2d(ids, [ROWS, columns], 'int32');
}

async function learn(network: CausalNetwork, columns: number): Promise<number[]> {
  const optimizer = network.createOptimizer(OPTIMIZER);
  const batch: TokenBatch = {
    tokens: tokensOf(network.config.vocabSize, columns),
    leftPad: tf.tensor1d([0, 1, 0, 2], 'int32'),
  };
  const objective = () => ({ loss: tf.neg<tf.Scalar>(tf.mean(network.logprobs(batch, 3, 1).logprobs)) });
  const step = () => optimizer.minimize(objective, LEARNING_RATE);
  const scalars = [step(), step()].flatMap((taken) => [taken.loss, taken.gradNorm]);
  const numbers = await readNumbers(tf.stack(scalars));
  tf.dispose([...scalars, batch.tokens, batch.leftPad!]);
  optimizer.dispose();
  return numbers;
}

async function write(network: CausalNetwork, columns: number): Promise<number[]> {
  const prompts: TokenBatch = {
    tokens: tokensOf(network.config.vocabSize, columns >> 1),
    leftPad: tf.tensor1d([0, 1, 0, 2], 'int32'),
  };
  const options = {
    sampling: { temperature: 1, topK: 0, topP: 1 },
    completionLength: columns >> 1,
    eosId: null,
    padId: 0,
  };
  const { batch, completionMask, logprobs } = network.generate(prompts, options, Random.fromSeed(3));
  const tokens = Array.from(await batch.tokens.data());
  tf.dispose([
    batch.tokens,
    ...(batch.leftPad ? [batch.leftPad] : []),
    completionMask,
    logprobs,
    prompts.tokens,
    prompts.leftPad!,
  ]);
  return tokens;
}

async function outcomeOf(network: CausalNetwork, columns: number): Promise<Outcome> {
  try {
    return { tokens: await write(network, columns), numbers: await learn(network, columns) };
  } finally {
    network.dispose();
  }
}

const NAMES = ['loss', 'gradient norm', 'loss after a step', 'gradient norm after a step'];

function difference(fused: Outcome, portable: Outcome): string | null {
  const wrong = NAMES.findIndex((_, i) => {
    const [one, other] = [fused.numbers[i]!, portable.numbers[i]!];
    return !(Math.abs(one - other) <= TOLERANCE * Math.max(0.1, Math.abs(other))); // also where one is NaN
  });
  if (wrong >= 0)
    return `${NAMES[wrong]} ${fused.numbers[wrong]!.toPrecision(4)} instead of ${portable.numbers[wrong]!.toPrecision(4)}`;
  const others = fused.tokens.filter((token, i) => token !== portable.tokens[i]).length;
  return others > MAX_OTHER_TOKENS * fused.tokens.length ? 'other texts from the same random numbers' : null;
}

/** @returns what the fused executor computes otherwise than the portable one, in words; null when they agree */
export async function fusedDiffers(engine: Engine, config: ModelConfig): Promise<string | null> {
  const columns = Math.min(COLUMNS, config.contextLength);
  if (columns < 6) return null; // too short to pad, to read and to write
  const weights = trialWeights(config);
  const fused = await outcomeOf(new FusedNetwork(engine, 'trial', config, HEADS, weights), columns);
  const portable = await outcomeOf(new PortableNetwork('trial', config, HEADS, weights), columns);
  return difference(fused, portable);
}

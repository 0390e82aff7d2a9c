/** Only columns that a head reads are computed behind the last attention, and no bit of a gradient shows it. */
import { afterEach, describe, expect, it } from 'vitest';
import { type OptimizerConfig, presetConfig } from '../../../../src/contract/config';
import { startKernels, stopKernels, type WasmPlayer } from '../../../../src/core/kernels/wasm/player';
import { createNetwork } from '../../../../src/core/model/createNetwork';
import { preferExecutor } from '../../../../src/core/model/executor';
import { FusedNetwork } from '../../../../src/core/model/fused/fusedNetwork';
import { wasmEngine } from '../../../../src/core/model/fused/wasmEngine';
import { initialWeights } from '../../../../src/core/model/layout';
import { Random } from '../../../../src/core/tensor/random';
import { tf } from '../../../../src/core/tf';
import { withBackend } from '../../../helpers/backend';
import { kernelFiles } from '../../../helpers/kernels';
import { ODD_MODEL } from '../../../helpers/oddModel';
import { sharingThreads } from '../../../helpers/threads';

const CONFIG = ODD_MODEL;
const HEADS = { language: true, scalar: true };
const PLAIN: OptimizerConfig = { beta1: 0.9, beta2: 0.95, epsilon: 1e-6, weightDecay: 0, maxGradNorm: 0 };
const [ROWS, LENGTH] = [5, 19];

function networkOn(player: WasmPlayer): FusedNetwork {
  const weights = initialWeights(CONFIG, HEADS, Random.fromSeed(4));
  for (const { data } of Object.values(weights)) for (let i = 0; i < data.length; i++) data[i] = 5 * data[i]!;
  return new FusedNetwork({ ...wasmEngine(player, CONFIG), poison: true }, 'policy', CONFIG, HEADS, weights);
}

function batch() {
  const random = Random.fromSeed(2);
  const ids = Int32Array.from({ length: ROWS * LENGTH }, () => random.integer(CONFIG.vocabSize));
  return { tokens: tf.tensor2d(ids, [ROWS, LENGTH], 'int32'), leftPad: tf.tensor1d([0, 3, 1, 0, 5], 'int32') };
}

/** Σ over the columns that `from` predicts and later ones; @param read the first that is asked for */
const lossOf = (model: FusedNetwork, from: number, read: number) => () => {
  const { logprobs, entropy, values } = model.logprobsAndValues(batch(), read, 0.9);
  const counted = tf.concat([tf.zeros([ROWS, from - read]), tf.ones([ROWS, LENGTH - from])], 1);
  const each = tf.add(tf.sub(entropy, logprobs), tf.square(values));
  return { loss: tf.sum<tf.Scalar>(tf.mul(each, counted)) };
};

async function stepOf(player: WasmPlayer, from: number, read: number) {
  const model = networkOn(player);
  tf.dispose(model.createOptimizer(PLAIN).minimize(lossOf(model, from, read), 1e-2));
  const result = { weights: await model.save(), unwritten: await model.unwritten() };
  model.dispose();
  return result;
}

describe('the last block', () => {
  withBackend('wasm');
  afterEach(stopKernels);

  it.each([1, 2])('gives the bits of all columns when some are read, %i threads', async (threads) => {
    const player = await startKernels(await kernelFiles(), sharingThreads(threads));
    for (const from of [2, 9, LENGTH - 1])
      expect(await stepOf(player, from, from), `from ${from}`).toEqual(await stepOf(player, from, 1));
  });

  it.each(['fused', 'portable'] as const)(
    'leaves out logits that nobody reads, to the same bits: %s',
    async (executor) => {
      await startKernels(await kernelFiles(), null);
      preferExecutor(executor);
      for (const [batchSize, length, config] of [
        [32, 35, { ...presetConfig('tiny').model, vocabSize: 300 }],
        [ROWS, LENGTH, CONFIG],
      ] as const) {
        const model = createNetwork(config, { language: true, scalar: false }, Random.fromSeed(4), 'policy');
        expect(model.executor).toBe(executor);
        const random = Random.fromSeed(2);
        const ids = Int32Array.from({ length: batchSize * length }, () => random.integer(config.vocabSize));
        const texts = { tokens: tf.tensor2d(ids, [batchSize, length], 'int32'), leftPad: null };
        const all = tf.slice(model.logits(texts, 9), [0, 0, 0], [-1, length - 10, -1]);
        const read = model.logits(texts, 9, length - 10);
        expect(read.shape).toEqual(all.shape);
        expect(read.dataSync()).toEqual(all.dataSync());
        expect(() => model.logits(texts, 9, length)).toThrow('count is');
        model.dispose();
      }
      preferExecutor('auto');
    },
  );

  it('computes the multilayer perceptron of the columns that are read, and no others', async () => {
    const player = await startKernels(await kernelFiles(), null);
    const model = networkOn(player);
    const rows: number[] = [];
    const prepare = player.prepare.bind(player);
    player.prepare = (recording) => {
      for (const { launch, buffers, shape } of recording.dispatches)
        if (launch.kernel.name === 'matMul' && buffers.a?.name.endsWith('norm2')) rows.push(shape.rows!);
      return prepare(recording);
    };
    tf.dispose(model.createOptimizer(PLAIN).minimize(lossOf(model, 9, 9), 1e-2));
    const [all, read] = [ROWS * LENGTH, ROWS * (LENGTH - 9)];
    expect(rows, 'both ways').toEqual([all, read, read, all]);
    rows.length = 0;
    const options = { sampling: { temperature: 1, topK: 0, topP: 1 }, completionLength: 3, eosId: 3, padId: 0 };
    model.generate(batch(), options, Random.fromSeed(7));
    expect(rows, 'a prompt, then a column').toEqual([all, ROWS, ROWS, ROWS]);
    model.dispose();
  });
});

/** Texts on WebAssembly: what is noted while they are written has the bits of a pass over the whole of them. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { presetConfig } from '../../../../src/contract/config';
import { type KernelFiles, startKernels, stopKernels, type WasmPlayer } from '../../../../src/core/kernels/wasm/player';
import { FusedNetwork } from '../../../../src/core/model/fused/fusedNetwork';
import { wasmEngine } from '../../../../src/core/model/fused/wasmEngine';
import { initialWeights } from '../../../../src/core/model/layout';
import { scoringTemperature } from '../../../../src/core/sample/sampleTokens';
import { Random } from '../../../../src/core/tensor/random';
import { tf } from '../../../../src/core/tf';
import { withBackend } from '../../../helpers/backend';
import { kernelFiles } from '../../../helpers/kernels';
import { sharingThreads } from '../../../helpers/threads';

const HEADS = { language: true, scalar: false };
const TINY = presetConfig('tiny').model;
/** as it ships; heads that fours do not divide; one long row of products */
const MODELS = [
  { ...TINY, vocabSize: 61 },
  { ...TINY, width: 30, heads: 3, vocabSize: 37 },
  { ...TINY, width: 72, heads: 1, vocabSize: 130 },
];

function networkOn(player: WasmPlayer, config: (typeof MODELS)[number]): FusedNetwork {
  const weights = initialWeights(config, HEADS, Random.fromSeed(4));
  for (const { data } of Object.values(weights)) for (let i = 0; i < data.length; i++) data[i] = 5 * data[i]!;
  return new FusedNetwork(wasmEngine(player, config), 'policy', config, HEADS, weights);
}

function write(network: FusedNetwork, temperature: number) {
  const random = Random.fromSeed(2);
  const ids = Int32Array.from({ length: 6 * 11 }, () => random.integer(network.config.vocabSize));
  const prompts = { tokens: tf.tensor2d(ids, [6, 11], 'int32'), leftPad: tf.tensor1d([0, 3, 1, 10, 4, 0], 'int32') };
  const options = { sampling: { temperature, topK: 9, topP: 0.95 }, completionLength: 14, eosId: 3, padId: 0 };
  return network.generate(prompts, options, Random.fromSeed(7));
}

describe('texts that are written on WebAssembly', () => {
  let files: KernelFiles;
  withBackend('wasm');
  beforeAll(async () => {
    files = await kernelFiles();
  }, 120_000);
  afterEach(stopKernels);

  it.each([1, 2])('have the log-probabilities of a pass over all of them, to the bit: %i threads', async (threads) => {
    const player = await startKernels(files, sharingThreads(threads));
    for (const config of MODELS)
      for (const temperature of [1, 0.7, 0]) {
        const network = networkOn(player, config);
        const { batch, promptLength, logprobs, completionMask } = write(network, temperature);
        const scored = network.logprobs(batch, promptLength, scoringTemperature({ temperature, topK: 0, topP: 1 }));
        const expected = tf.mul(scored.logprobs, completionMask);
        expect([...(await logprobs.data())], `width ${config.width}, temperature ${temperature}`).toEqual([
          ...(await expected.data()),
        ]);
        network.dispose();
      }
  });

  it('take one section of kernels a turn and no pass besides', async () => {
    const player = await startKernels(files, null);
    const network = networkOn(player, MODELS[0]!);
    let sections = 0;
    const play = player.play.bind(player);
    player.play = (...asked) => {
      sections++;
      play(...asked);
    };
    write(network, 1);
    expect(sections, 'the prompt, 14 samples, 13 columns read').toBe(1 + 14 + 13);
    network.dispose();
  });
});

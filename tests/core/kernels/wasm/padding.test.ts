/** Padding is left out where a batch says where its texts end, and no bit of what is learned or written shows it. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Tuning } from '../../../../src/contract/adapters';
import type { ModelConfig, OptimizerConfig } from '../../../../src/contract/config';
import { startKernels, stopKernels, type WasmPlayer } from '../../../../src/core/kernels/wasm/player';
import type { Objective, TokenBatch } from '../../../../src/core/model/causalNetwork';
import { FusedNetwork } from '../../../../src/core/model/fused/fusedNetwork';
import { wasmEngine } from '../../../../src/core/model/fused/wasmEngine';
import { initialWeights } from '../../../../src/core/model/layout';
import { Random } from '../../../../src/core/tensor/random';
import { tf } from '../../../../src/core/tf';
import { withBackend } from '../../../helpers/backend';
import { kernelFiles } from '../../../helpers/kernels';
import { ODD_MODEL } from '../../../helpers/oddModel';
import { sharingThreads } from '../../../helpers/threads';

const CONFIG: ModelConfig = { ...ODD_MODEL, contextLength: 48 };
const HEADS = { language: true, scalar: true };
const ADAM: OptimizerConfig = { beta1: 0.9, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.1, maxGradNorm: 0.5 };
/** beside every matrix of both layers */
const ADAPTERS: Tuning = {
  changes: Object.fromEntries(
    [0, 1].flatMap((layer) =>
      ['attn/wQkv', 'attn/wOut', 'mlp/wIn', 'mlp/wOut'].map((name) => [
        `block${layer}/${name}`,
        { rank: 3, scaling: 2 },
      ]),
    ),
  ),
  whole: [],
};
/** a text of every kind: whole, padded on the left, on the right, on both sides, and one without a completion */
const [PADS, ENDS, LENGTH, PROMPT] = [[0, 5, 0, 3, 2, 0], [19, 19, 9, 12, 7, 8], 19, 7];

const maskOf = (from: number): tf.Tensor2D =>
  tf.tensor2d(ENDS.map((end) => Array.from({ length: LENGTH - from }, (_, g) => (from + g < end ? 1 : 0))));

function networkOn(player: WasmPlayer): FusedNetwork {
  const weights = initialWeights(CONFIG, HEADS, Random.fromSeed(4));
  for (const { data } of Object.values(weights)) for (let i = 0; i < data.length; i++) data[i] = 5 * data[i]!;
  // poisoned: whatever is computed from a row that was left out is no number
  return new FusedNetwork({ ...wasmEngine(player, CONFIG), poison: true }, 'policy', CONFIG, HEADS, weights);
}

/** @param told whether the batch says where its texts end */
function batchOf(told: boolean): TokenBatch {
  const random = Random.fromSeed(2);
  const ids = Int32Array.from({ length: ENDS.length * LENGTH }, () => random.integer(CONFIG.vocabSize));
  return {
    tokens: tf.tensor2d(ids, [ENDS.length, LENGTH], 'int32'),
    leftPad: tf.tensor1d(PADS, 'int32'),
    ends: told ? tf.tensor1d(ENDS, 'int32') : null,
  };
}

type Ask = (model: FusedNetwork, batch: TokenBatch) => tf.Scalar;

const OBJECTIVES: Record<string, Ask> = {
  'log-probabilities, entropy and values': (model, batch) => {
    const { logprobs, entropy, values } = model.logprobsAndValues(batch, PROMPT, 0.9);
    return tf.sum(tf.mul(tf.add(tf.sub(entropy, logprobs), tf.square(values)), maskOf(PROMPT)));
  },
  'log-probabilities of whole rows': (model, batch) =>
    tf.neg(tf.sum(tf.mul(model.logprobs(batch, 6, 1).logprobs, maskOf(6)))),
  'values alone': (model, batch) => tf.sum(tf.mul(tf.square(model.values(batch, PROMPT)), maskOf(PROMPT))),
  'scores of the last token': (model, batch) => tf.sum(tf.square(model.scores(batch, PROMPT, maskOf(PROMPT), 'last'))),
  'scores of all tokens': (model, batch) => tf.sum(tf.square(model.scores(batch, PROMPT, maskOf(PROMPT), 'mean'))),
};

/** two steps, and the loss before each */
async function learned(player: WasmPlayer, loss: Ask, told: boolean, adapters = false) {
  const trunk = networkOn(player);
  const model = adapters ? (trunk.tuned('tuned', HEADS, ADAPTERS, Random.fromSeed(3)) as FusedNetwork) : trunk;
  const optimizer = model.createOptimizer(ADAM);
  const losses: number[] = [];
  for (let i = 0; i < 2; i++) {
    const minimized = optimizer.minimize((): Objective => ({ loss: loss(model, batchOf(told)) }), 1e-2);
    losses.push(...(await minimized.loss.data()), ...(await minimized.gradNorm.data()));
  }
  const result = { losses, weights: await model.save() };
  model.dispose();
  return result;
}

/** the rows of every product of a pass that is asked for, counted at its lists */
function computedRows(player: WasmPlayer, ask: (model: FusedNetwork) => void): number[] {
  const model = networkOn(player);
  const counts: number[] = [];
  const prepare = player.prepare.bind(player);
  player.prepare = (recording) => {
    const plan = prepare(recording);
    const lists = recording.dispatches.find(({ launch }) => launch.kernel.name === 'listRows')?.buffers;
    const begin = plan.begin.bind(plan);
    plan.begin = () => {
      const run = begin();
      const play = run.play.bind(run);
      run.play = (section, set) => {
        play(section, set);
        if (lists)
          for (const list of [lists.trunk!, lists.head!])
            counts.push(firstOf(run.take(list, [list.bytes / 4], 'int32')));
      };
      return run;
    };
    return plan;
  };
  ask(model);
  model.dispose();
  return counts;
}

const firstOf = (tensor: tf.Tensor): number => tensor.dataSync()[0]!;

describe('padding', () => {
  withBackend('wasm');
  afterEach(stopKernels);

  it.each([1, 2, 4])('changes no bit of what is learned when it is left out, %i threads', async (threads) => {
    const player = await startKernels(await kernelFiles(), sharingThreads(threads));
    for (const [name, loss] of Object.entries(OBJECTIVES)) {
      const [told, whole] = [await learned(player, loss, true), await learned(player, loss, false)];
      expect(told.losses.every(Number.isFinite), name).toBe(true);
      expect(told, name).toEqual(whole);
    }
  });

  it('changes no bit of what adapters learn', async () => {
    const player = await startKernels(await kernelFiles(), null);
    for (const [name, loss] of Object.entries(OBJECTIVES))
      expect(await learned(player, loss, true, true), name).toEqual(await learned(player, loss, false, true));
  });

  it('is not computed, and of a score only the last token is', async () => {
    const player = await startKernels(await kernelFiles(), null);
    const rows = ENDS.reduce((sum, end, i) => sum + end - PADS[i]!, 0);
    const reading = computedRows(player, (model) => model.values(batchOf(true), PROMPT));
    // the state before each token of a completion, and the text's last, which nothing follows
    const states = ENDS.reduce((sum, end) => sum + Math.min(end, LENGTH - 1) - (PROMPT - 1), 0);
    expect(reading).toEqual([rows, states]);
    const scoring = computedRows(player, (model) => model.scores(batchOf(true), PROMPT, maskOf(PROMPT), 'last'));
    expect(scoring).toEqual([rows, ENDS.filter((end) => end > PROMPT).length]);
  });

  it('is answered by 0 where it was left out', async () => {
    const model = networkOn(await startKernels(await kernelFiles(), null));
    const { logprobs, entropy, values } = model.logprobsAndValues(batchOf(true), PROMPT, 0.9);
    const beyond = tf.sub(1, maskOf(PROMPT - 1).slice([0, 0], [-1, LENGTH - PROMPT]));
    for (const read of [logprobs, entropy, values])
      expect(Math.max(...tf.abs(tf.mul(read, beyond)).dataSync())).toBe(0);
    model.dispose();
  });

  it.each([1, 2])('is 0 in logits that are read, and all else in them has its bits, %i threads', async (threads) => {
    const model = networkOn(await startKernels(await kernelFiles(), sharingThreads(threads)));
    const [told, whole] = [true, false].map((ends) => model.logits(batchOf(ends), PROMPT));
    const counts = tf.expandDims(maskOf(PROMPT), 2);
    expect([...told!.dataSync()]).toEqual([...tf.where(tf.equal(counts, 1), whole!, 0).dataSync()]);
    model.dispose();
  });

  it.each([1, 2])('behind a text that is over costs no bit of the others, %i threads', async (threads) => {
    const model = networkOn(await startKernels(await kernelFiles(), sharingThreads(threads)));
    const prompts = () => {
      const random = Random.fromSeed(5);
      const ids = Int32Array.from({ length: 9 * 6 }, () => random.integer(CONFIG.vocabSize));
      return { tokens: tf.tensor2d(ids, [9, 6], 'int32'), leftPad: tf.tensor1d([0, 2, 0, 1, 0, 0, 3, 0, 5], 'int32') };
    };
    const sampling = { temperature: 1, topK: 0, topP: 1 };
    const write = (eosId: number | null) =>
      model.generate(prompts(), { sampling, completionLength: 30, eosId, padId: 0 }, Random.fromSeed(7));
    const [ending, endless] = [write(3), write(null)];
    const mask = [...ending.completionMask.dataSync()];
    const over = mask.filter((counts) => counts === 0).length;
    expect(over, 'some texts are over early').toBeGreaterThan(20);
    const [tokens, free] = [ending, endless].map(({ batch }) => [...batch.tokens.slice([0, 6], [-1, 30]).dataSync()]);
    expect(tokens).toEqual(free!.map((id, at) => (mask[at] ? id : 0)));
    const [own, all] = [ending, endless].map(({ logprobs }) => [...logprobs.dataSync()]);
    expect(own).toEqual(all!.map((value, at) => value * mask[at]!)); // the sign of 0 too
    expect([...ending.batch.ends!.dataSync()]).toEqual(
      Array.from({ length: 9 }, (_, row) => 6 + mask.slice(30 * row, 30 * row + 30).reduce((sum, one) => sum + one)),
    );
    model.dispose();
  });
});

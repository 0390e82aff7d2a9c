/** What a machine makes of products whose results are known to the last bit, and fast arithmetic where it has that. */
import { setFlagsFromString } from 'node:v8';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { presetConfig } from '../../../../src/contract/config';
import { ExecutorError } from '../../../../src/core/kernels/plan/player';
import {
  currentKernels,
  type KernelFiles,
  startKernels,
  stopKernels,
  type WasmPlayer,
} from '../../../../src/core/kernels/wasm/player';
import { roundingOf } from '../../../../src/core/kernels/wasm/rounding';
import { createNetwork } from '../../../../src/core/model/createNetwork';
import {
  arithmeticOf,
  fastArithmetic,
  keepingTo,
  preferExecutor,
  preferFast,
  prepareExecutor,
} from '../../../../src/core/model/executor';
import { Random } from '../../../../src/core/tensor/random';
import { tf } from '../../../../src/core/tf';
import { withBackend } from '../../../helpers/backend';
import { filesThatFuse, kernelFiles, mistakenModule } from '../../../helpers/kernels';
import { sharingThreads } from '../../../helpers/threads';

/** Node 20 knows the instruction, but asks for a flag */
setFlagsFromString('--experimental-wasm-relaxed-simd');

const MODEL = { ...presetConfig('tiny').model, width: 24, heads: 2, contextLength: 16, vocabSize: 29 };

/** weights after two steps */
async function learned() {
  const network = createNetwork(MODEL, { language: true, scalar: false }, Random.fromSeed(3), 'policy');
  const optimizer = network.createOptimizer(presetConfig('tiny').pretrain.optimizer);
  const random = Random.fromSeed(5);
  const ids = Int32Array.from({ length: 9 * 13 }, () => random.integer(MODEL.vocabSize));
  const batch = { tokens: tf.tensor2d(ids, [9, 13], 'int32'), leftPad: null };
  const objective = () => ({ loss: tf.neg<tf.Scalar>(tf.mean(network.logprobs(batch, 1, 1).logprobs)) });
  for (let step = 0; step < 2; step++) tf.dispose(optimizer.minimize(objective, 1e-2));
  const found = { arithmetic: arithmeticOf(network), weights: await network.save() };
  for (const owned of [optimizer, network, batch.tokens]) owned.dispose();
  return found;
}

describe('the rounding of products on WebAssembly', () => {
  let files: KernelFiles;
  /** those with which every machine has fast arithmetic */
  let fusing: KernelFiles;
  let mistaken: Uint8Array<ArrayBuffer>;
  withBackend('wasm');
  beforeAll(async () => {
    files = await kernelFiles();
    [fusing, mistaken] = await Promise.all([filesThatFuse(), mistakenModule()]);
  }, 120_000);
  afterEach(() => {
    preferFast(false);
    preferExecutor('auto');
    stopKernels();
  });
  const nowhere = new Uint8Array();
  const withoutFast = () => ({ ...files, fastPlayer: nowhere, fastTogether: nowhere });

  it('is plain single precision, with or without the module of fast arithmetic', async () => {
    for (const given of [files, withoutFast()]) {
      const player = await startKernels(given, null);
      expect(roundingOf(player).plain).toBe('twice');
    }
  });

  it('is fast only where it was computed that terms are added with one rounding', async () => {
    const player = await startKernels(files, null);
    expect(player.fuses).toBe(roundingOf(player).fast === 'once');
    expect((await startKernels(withoutFast(), null)).fuses).toBe(false);
    preferFast(true);
    expect(fastArithmetic(), 'cannot be had').toBeNull();
  });

  it('stops kernels that compute something else, and says so', async () => {
    const wrong = { ...withoutFast(), player: mistaken };
    await expect(startKernels(wrong, null)).rejects.toThrow(ExecutorError);
    await expect(startKernels(wrong, null)).rejects.toThrow('does not compute here what it should');
    expect(currentKernels()).toBeNull();
  });

  it('goes on without the module of fast arithmetic where that one alone is wrong', async () => {
    const player = await startKernels({ ...files, fastPlayer: mistaken }, null);
    expect(player.fuses).toBe(false);
    expect(roundingOf(player).plain).toBe('twice');
  });

  describe.each([
    ['of this machine', () => files],
    ['that every machine can do', () => fusing],
  ])('where it is fast, with instructions %s', (whose, given) => {
    const start = (threads: number): Promise<WasmPlayer> => startKernels(given(), sharingThreads(threads));
    /** said, and counted: a machine whose instruction rounds twice, or that has none, has nothing to show here */
    const orSkip = async (skip: (why: string) => never) => {
      const { fuses } = await start(1);
      if (whose === 'of this machine' && !fuses) skip('this machine has no fused multiply-add');
      expect(fuses).toBe(true);
    };

    it('is off until it is asked for, and nearly the same numbers then', async ({ skip }) => {
      await orSkip(skip);
      const plain = await learned();
      expect(plain.arithmetic).toBe('wasm');
      preferFast(true);
      const fast = await learned();
      expect(fast.arithmetic).toBe('wasmFast');
      const name = 'block0/mlp/wIn';
      const [one, other] = [fast.weights[name]!.data, plain.weights[name]!.data];
      expect(one).not.toEqual(other);
      one.forEach((value, i) => {
        expect(Math.abs(value - other[i]!)).toBeLessThan(1e-3);
      });
    });

    it('gives the same bits on one, two and four threads', async ({ skip }) => {
      await orSkip(skip);
      preferFast(true);
      const alone = await learned();
      for (const threads of [2, 4]) {
        await start(threads);
        expect(await learned(), `${threads} threads`).toEqual(alone);
      }
    });

    it('is kept apart: who keeps to plain arithmetic has the bits of a machine that knows no other', async ({
      skip,
    }) => {
      const plain = await startKernels(withoutFast(), null).then(learned);
      await orSkip(skip);
      preferFast(true);
      preferExecutor('fused');
      expect(await prepareExecutor(MODEL)).toEqual({ executor: 'fused', reason: null });
      const before = keepingTo({ fast: false }, () => fastArithmetic());
      expect([before, fastArithmetic()]).toEqual([false, true]);
      preferFast(false);
      expect(await learned()).toEqual(plain);
    });
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { presetConfig } from '../../../../src/contract/config';
import { startKernels, stopKernels } from '../../../../src/core/kernels/wasm/player';
import { preferExecutor, prepareExecutor } from '../../../../src/core/model/executor';
import { trialConfig } from '../../../../src/core/model/fused/trial';
import { parameterCount } from '../../../../src/core/model/layout';
import { withBackend } from '../../../helpers/backend';
import { GPT_2_SMALL } from '../../../helpers/gpt2Small';
import { kernelFiles } from '../../../helpers/kernels';

const MODEL = { ...presetConfig('tiny').model, layers: 1, width: 24, heads: 2, vocabSize: 31 };

describe('the fused executor on WebAssembly, before it is trusted', () => {
  withBackend('wasm');
  afterEach(stopKernels);

  const prepared = async (change: (player: Awaited<ReturnType<typeof startKernels>>) => void = () => {}) => {
    preferExecutor('auto');
    change(await startKernels(await kernelFiles(), null));
    return prepareExecutor(MODEL);
  };
  /** the last kernel of every section is skipped, as if it computed nothing */
  const spoil = (player: Awaited<ReturnType<typeof startKernels>>) => {
    const play = player.play.bind(player);
    player.play = (plan, first, end, ...rest) => play(plan, first, Math.max(first, end - 1), ...rest);
  };

  it('is what networks get where it computes what tf.js computes', async () => {
    expect(await prepared()).toEqual({ executor: 'fused', reason: null });
  });

  it('is left alone where it computes something else, and the reason says what', async () => {
    const choice = await prepared(spoil);
    expect(choice.executor).toBe('portable');
    expect(choice.reason).toMatch(/here its numbers are not those of the portable executor: .*(loss|texts|norm)/);
  });

  it('writes before it is tried, for the first texts need not wait, and is tried before it learns', async () => {
    preferExecutor('auto');
    spoil(await startKernels(await kernelFiles(), null));
    expect((await prepareExecutor(MODEL, { learns: false })).executor).toBe('fused');
    expect((await prepareExecutor(MODEL)).executor).toBe('portable');
    expect((await prepareExecutor(MODEL, { learns: false })).executor).toBe('portable');
  });

  it('is tried on a part of a model that is too large to learn twice beside itself', () => {
    expect(trialConfig(MODEL)).toBe(MODEL);
    const large = { ...MODEL, layers: 12, width: 768, heads: 12, vocabSize: 50_257, contextLength: 1024 };
    const tried = trialConfig(large);
    expect(tried).toMatchObject({ width: 768, heads: 12, layers: 1 });
    expect(parameterCount(tried)).toBeLessThan(2 ** 24);
    expect(trialConfig(tried)).toBe(tried);
  });

  it('is what a model of GPT-2 small’s size gets', async () => {
    await startKernels(await kernelFiles(), null);
    preferExecutor('auto');
    expect(await prepareExecutor(GPT_2_SMALL)).toEqual({ executor: 'fused', reason: null });
  }, 60_000);

  it.each([
    [256, 4, 6],
    [512, 8, 3],
    [1024, 16, 1],
  ])(
    'is what a model of width %i gets, whose gradients would amplify rounding',
    async (width, heads, layers) => {
      await startKernels(await kernelFiles(), null);
      preferExecutor('auto');
      const config = { ...GPT_2_SMALL, width, heads, layers, vocabSize: 500, contextLength: 64 };
      expect(await prepareExecutor(config)).toEqual({ executor: 'fused', reason: null });
    },
    60_000,
  );

  it('knows nothing of the shapes of 2017, which tf.js composes', async () => {
    await startKernels(await kernelFiles(), null);
    expect((await prepareExecutor({ ...MODEL, norm: 'post' })).executor).toBe('portable');
  });
});

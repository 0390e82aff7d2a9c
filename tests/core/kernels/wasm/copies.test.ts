/**
 * What passes through JavaScript while the kernels play: ids and a few numbers per token in, log-probabilities, values and
 * losses out. Never an activation, a weight or a gradient; and no memory is taken. Counted at everything that makes or fills
 * an array of numbers, whoever does it: the executor, tf.js beside it, the loops.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { presetConfig } from '../../../../src/contract/config';
import { readNamed } from '../../../../src/core/kernels/namedScalars';
import { startKernels, stopKernels, type WasmPlayer } from '../../../../src/core/kernels/wasm/player';
import { createNetwork } from '../../../../src/core/model/createNetwork';
import { Random } from '../../../../src/core/tensor/random';
import { tf } from '../../../../src/core/tf';
import { descend } from '../../../../src/core/train/descend';
import { disposeExperience, disposeRollout } from '../../../../src/core/train/experience';
import { demonstrationLoss } from '../../../../src/core/train/fineTune';
import { exactKlPerToken } from '../../../../src/core/train/measure';
import { evaluate, optimise, rollOut } from '../../../../src/core/train/ppo';
import { drawPrompts } from '../../../../src/core/train/ppoRelatives';
import { PpoRun } from '../../../../src/core/train/ppoRun';
import { disposeTexts, encodeTexts } from '../../../../src/core/train/texts';
import { withBackend } from '../../../helpers/backend';
import { kernelFiles } from '../../../helpers/kernels';
import { sharingThreads } from '../../../helpers/threads';
import { corpus, LAB } from '../../train/tiny';

const ROWS = 16;
const COLUMNS = corpus.promptLength + corpus.completionLength;
const MODEL = { ...presetConfig('tiny').model, vocabSize: corpus.tokenizer.vocabSize, contextLength: COLUMNS };
/** bytes of one number for every token */
const TABLE = 4 * ROWS * COLUMNS;

type Numbers = Float32Array | Int32Array | Uint32Array | Uint8Array;
const KINDS = ['Float32Array', 'Int32Array', 'Uint32Array', 'Uint8Array'] as const;
type Constructor = new (...args: unknown[]) => Numbers;

/** bytes of every array that is made or filled from now on, until it is let go */
function watchArrays(): { bytes: number[]; letGo(): void } {
  const bytes: number[] = [];
  const undo: (() => void)[] = [];
  const host = globalThis as unknown as Record<string, Constructor>;
  for (const kind of KINDS) {
    const stock = host[kind]!;
    host[kind] = new Proxy(stock, {
      construct(target, args: unknown[]) {
        const made = Reflect.construct(target, args) as Numbers;
        const isView = args[0] instanceof ArrayBuffer || args[0] instanceof SharedArrayBuffer;
        if (!isView) bytes.push(made.byteLength);
        return made;
      },
    });
    undo.push(() => {
      host[kind] = stock;
    });
  }
  const shared = Object.getPrototypeOf(Float32Array.prototype) as Numbers;
  const count = (
    name: 'set' | 'slice' | 'fill' | 'copyWithin',
    of: (self: Numbers, args: unknown[], result: unknown) => number,
  ) => {
    const stock = shared[name] as (...args: unknown[]) => unknown;
    Object.defineProperty(shared, name, {
      configurable: true,
      writable: true,
      value(this: Numbers, ...args: unknown[]) {
        const result = Reflect.apply(stock, this, args);
        bytes.push(of(this, args, result));
        return result;
      },
    });
    undo.push(() => Object.defineProperty(shared, name, { configurable: true, writable: true, value: stock }));
  };
  count('set', (self, [source]) => self.BYTES_PER_ELEMENT * (source as ArrayLike<number>).length);
  count('slice', (_self, _args, result) => (result as Numbers).byteLength);
  count('fill', (self, [, from = 0, to = self.length]) => self.BYTES_PER_ELEMENT * ((to as number) - (from as number)));
  count('copyWithin', (self) => self.byteLength);
  return {
    bytes,
    letGo() {
      for (const one of undo) one();
    },
  };
}

describe.each([1, 2])('a step on the kernels of WebAssembly, %i threads', (threads) => {
  withBackend('wasm', { executor: 'fused' });
  let player: WasmPlayer;
  beforeAll(async () => {
    player = await startKernels(await kernelFiles(), threads > 1 ? sharingThreads(threads) : null);
  });
  afterAll(stopKernels);

  /** what a step copies once there was one of its shape; and it takes no memory */
  async function copied(step: () => Promise<void>): Promise<number[]> {
    for (let i = 0; i < 3; i++) await step();
    const held = () => [player.heap.bytes, player.heap.memory.buffer.byteLength, tf.memory().numTensors];
    const before = held();
    const allocate = vi.spyOn(player.heap, 'allocate');
    const watched = watchArrays();
    try {
      await step();
    } finally {
      watched.letGo();
    }
    expect(allocate).not.toHaveBeenCalled();
    allocate.mockRestore();
    expect(held()).toEqual(before);
    return watched.bytes;
  }
  /** what passes is ids and numbers per token, a few times; all of it together is less than half of one activation */
  const expectFew = (bytes: readonly number[], steps = 1) => {
    expect(Math.max(...bytes), 'largest').toBeLessThanOrEqual(TABLE + 2 * 4 * ROWS);
    expect(bytes.reduce((sum, one) => sum + one, 0) / TABLE / steps, 'tables in all').toBeLessThan(MODEL.width / 2);
    expect(Math.max(...bytes), 'something was seen').toBeGreaterThanOrEqual(TABLE);
  };

  const made = (name: string, scalar = false) =>
    createNetwork(MODEL, { language: true, scalar }, Random.fromSeed(1), name);

  it('of fine-tuning takes ids in and losses out, and no memory', async () => {
    const network = made('policy');
    const optimizer = network.createOptimizer(LAB.finetune.optimizer);
    const demonstrations = corpus.samples(Random.fromSeed(2), ROWS);
    expectFew(
      await copied(async () => {
        const texts = encodeTexts(corpus, demonstrations);
        await readNamed(descend(optimizer, () => ({ loss: demonstrationLoss(network, texts).loss }), 1e-3));
        disposeTexts(texts);
      }),
    );
    optimizer.dispose();
    network.dispose();
  });

  it.each(['separate', 'shared'] as const)('of PPO neither, in any of its phases: critic %s', async (valueModel) => {
    const base = made('base');
    const rewardModel = base.clone('rewardModel', { language: false, scalar: true });
    const config = { ...LAB.ppo, iterations: 9, rollouts: ROWS, epochs: 2, valueModel };
    const run = new PpoRun({ seed: 1, config, base, rewardModel, pooling: 'last', corpus, rater: { name: 'happy' } });
    const prompts = drawPrompts(run);
    // texts are written: every token is drawn, embedded and read in the memory of the kernels
    expectFew(await copied(async () => disposeRollout(await rollOut(run, prompts))));
    const rollout = await rollOut(run, prompts);
    // the reference's logits are handed out for the exact KL, once
    const logits = 4 * ROWS * corpus.completionLength * MODEL.vocabSize;
    const evaluated = await copied(async () => disposeExperience(await evaluate(run, prompts, rollout, run.knobs)));
    expect(evaluated.filter((bytes) => bytes === logits).length).toBe(1);
    expectFew(evaluated.filter((bytes) => bytes !== logits));
    const experience = await evaluate(run, prompts, rollout, run.knobs);
    const networks = valueModel === 'separate' ? 2 : 1;
    const learn = async () => void (await optimise(run, experience, run.knobs));
    expectFew(await copied(learn), config.epochs * config.minibatches * networks);
    disposeExperience(experience);
    disposeRollout(rollout);
    for (const one of [run, base, rewardModel]) one.dispose();
  });

  it('hands the logits of both models out for the exact KL, once each, and nothing else that large', async () => {
    const [policy, reference] = [made('policy'), made('reference')];
    const completionMask = tf.ones<tf.Rank.R2>([ROWS, corpus.completionLength]);
    const batch = { tokens: tf.zeros<tf.Rank.R2>([ROWS, COLUMNS], 'int32'), leftPad: null };
    const rollout = { batch, promptLength: corpus.promptLength, completionMask };
    const bytes = await copied(async () => exactKlPerToken(policy, reference, rollout, 0.7).dispose());
    const logits = 4 * ROWS * corpus.completionLength * MODEL.vocabSize;
    expect(bytes.filter((one) => one === logits).length).toBe(2);
    expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThan(2 * logits + 16 * TABLE);
    for (const one of [batch.tokens, completionMask, policy, reference]) one.dispose();
  });

  it('is seen when it hands out what it should not', async () => {
    const network = made('policy');
    const tokens = tf.zeros<tf.Rank.R2>([ROWS, COLUMNS], 'int32');
    const bytes = await copied(async () => network.hidden({ tokens, leftPad: null }).dispose());
    expect(bytes).toContain(MODEL.width * TABLE);
    tf.dispose(tokens);
    network.dispose();
  });
});

import { afterEach, describe, expect, it, vi } from 'vitest';
import { type OptimizerConfig, presetConfig } from '../../../../src/contract/config';
import { ExecutorError } from '../../../../src/core/kernels/plan/player';
import { Heap } from '../../../../src/core/kernels/wasm/heap';
import { startKernels, stopKernels, WasmPlayer } from '../../../../src/core/kernels/wasm/player';
import { stepTimes } from '../../../../src/core/kernels/wasm/probe';
import { FusedNetwork } from '../../../../src/core/model/fused/fusedNetwork';
import { wasmEngine } from '../../../../src/core/model/fused/wasmEngine';
import { initialWeights } from '../../../../src/core/model/layout';
import { Random } from '../../../../src/core/tensor/random';
import { tf } from '../../../../src/core/tf';
import { withBackend } from '../../../helpers/backend';
import { kernelFiles } from '../../../helpers/kernels';
import { ODD_MODEL } from '../../../helpers/oddModel';
import { NodeThreads, sharingThreads } from '../../../helpers/threads';

const CONFIG = ODD_MODEL;
const HEADS = { language: true, scalar: true };
const ADAM: OptimizerConfig = { beta1: 0.9, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.1, maxGradNorm: 0.5 };

const networkOn = (player: WasmPlayer): FusedNetwork => {
  const weights = initialWeights(CONFIG, HEADS, Random.fromSeed(4));
  for (const { data } of Object.values(weights)) for (let i = 0; i < data.length; i++) data[i] = 5 * data[i]!;
  return new FusedNetwork({ ...wasmEngine(player, CONFIG), poison: true }, 'policy', CONFIG, HEADS, weights);
};

const tokensOf = (rows: number, columns: number): tf.Tensor2D => {
  const random = Random.fromSeed(2);
  return tf.tensor2d(
    Int32Array.from({ length: rows * columns }, () => random.integer(CONFIG.vocabSize)),
    [rows, columns],
    'int32',
  );
};

function step(model: FusedNetwork, optimizer: ReturnType<FusedNetwork['createOptimizer']>): void {
  const batch = { tokens: tokensOf(7, 19), leftPad: tf.tensor1d([0, 3, 1, 0, 18, 5, 2], 'int32') };
  const objective = () => {
    const { logprobs, entropy, values } = model.logprobsAndValues(batch, 1, 0.9);
    return { loss: tf.add<tf.Scalar>(tf.sub(tf.mean(entropy), tf.mean(logprobs)), tf.mean(tf.square(values))) };
  };
  tf.dispose(optimizer.minimize(objective, 1e-2));
}

function write(model: FusedNetwork) {
  const prompts = { tokens: tokensOf(5, 9), leftPad: tf.tensor1d([0, 2, 0, 8, 1], 'int32') };
  const options = { sampling: { temperature: 0.9, topK: 20, topP: 0.95 }, completionLength: 11, eosId: 3, padId: 0 };
  return model.generate(prompts, options, Random.fromSeed(7));
}

/** weights after three steps, and a text */
async function workOf(player: WasmPlayer) {
  const model = networkOn(player);
  const optimizer = model.createOptimizer(ADAM);
  for (let i = 0; i < 3; i++) step(model, optimizer);
  const { batch, logprobs } = write(model);
  const result = {
    weights: await model.save(),
    tokens: [...(await batch.tokens.data())],
    logprobs: [...(await logprobs.data())],
  };
  model.dispose();
  return result;
}

describe('threads that play plans together', () => {
  withBackend('wasm');
  afterEach(stopKernels);

  it('give the same bits, whether they are one, two or four', async () => {
    const files = await kernelFiles();
    const alone = await workOf(await startKernels(files, null));
    for (const threads of [2, 4]) {
      const player = await startKernels(files, sharingThreads(threads));
      expect(player.threads).toBe(threads);
      expect(await workOf(player), `${threads} threads`).toEqual(alone);
    }
  });

  it.each([1, 2])(
    'give the same bits above 2 GiB of memory, where an address is no signed number: %i threads',
    async (threads) => {
      const files = await kernelFiles();
      const below = await workOf(await startKernels(files, null));
      const player = await startKernels(files, sharingThreads(threads));
      expect(player.threads).toBe(threads);
      expect(player.heap.allocate(2 ** 31)).toBeLessThan(2 ** 31); // asked for and never touched
      expect(player.heap.allocate(4 * 2 ** 20)).toBeGreaterThan(2 ** 31);
      expect(await workOf(player)).toEqual(below);
    },
  );

  it('take no memory in a step or a text once there was one of its shape', async () => {
    const player = await startKernels(await kernelFiles(), sharingThreads(2));
    const model = networkOn(player);
    const optimizer = model.createOptimizer(ADAM);
    const once = async () => {
      step(model, optimizer);
      const { batch, logprobs } = write(model);
      await logprobs.data();
      tf.dispose([batch.tokens, logprobs]);
    };
    await once();
    const [held, all] = [player.heap.bytes, player.heap.memory.buffer.byteLength];
    const allocate = vi.spyOn(player.heap, 'allocate');
    for (let i = 0; i < 3; i++) await once();
    expect(allocate).not.toHaveBeenCalled();
    expect([player.heap.bytes, player.heap.memory.buffer.byteLength]).toEqual([held, all]);
    model.dispose();
  });

  it('are one where no other comes up', async () => {
    const pool = new NodeThreads(2);
    pool.post = () => Promise.reject(new Error('none may be started'));
    expect((await startKernels(await kernelFiles(), { most: 2, pool: () => pool })).threads).toBe(1);
    expect(pool.isDisposed).toBe(true);
  });

  it('are one where another comes up and never plays', async () => {
    const pool = new NodeThreads(2);
    pool.post = async ({ module, memory, control }) => {
      const { exports } = new WebAssembly.Instance(module, { env: { memory } });
      (exports as unknown as { join(control: number): number }).join(control);
    };
    const player = await startKernels(await kernelFiles(), { most: 2, pool: () => pool });
    expect(player.threads).toBe(1);
    expect(pool.isDisposed).toBe(true);
    await workOf(player);
  });

  it('are those that came up where some of them did not', async () => {
    const pool = new NodeThreads(4);
    const post = pool.post.bind(pool);
    const come = [true, false, true];
    pool.post = (asked) => (come.shift() ? post(asked) : Promise.reject(new Error('this one may not be started')));
    const alone = await workOf(await startKernels(await kernelFiles(), null));
    const player = await startKernels(await kernelFiles(), { most: 4, pool: () => pool, worthSharing: 0 });
    expect([player.threads, player.threadsUp]).toEqual([3, 3]);
    expect(await workOf(player)).toEqual(alone);
  });

  it.each([
    [4, { 1: 9, 2: 6, 4: 7.3 }, 2],
    [4, { 1: 9, 2: 6, 4: 5 }, 4],
    [2, { 1: 5, 2: 6.1 }, 1],
    [2, { 1: 5, 2: 5.9 }, 2],
    [1, {}, 1],
  ])(
    'are as many as are the swiftest, or nearly so: of %i that take %o, %i',
    async (most, times: Record<number, number>, expected) => {
      const player = await startKernels(await kernelFiles(), sharingThreads(most), (_, choices) =>
        choices.map((threads) => times[threads]!),
      );
      expect(player.threads).toBe(expected);
    },
  );

  it('are chosen anew when they are asked for, and give the same bits however often they change', async () => {
    const alone = await workOf(await startKernels(await kernelFiles(), null));
    const pools: NodeThreads[] = [];
    let swiftest = 1;
    const player = await startKernels(await kernelFiles(), sharingThreads(4, pools), (_, choices) =>
      choices.map((one) => Math.abs(one - swiftest)),
    );
    const model = networkOn(player);
    const optimizer = model.createOptimizer(ADAM);
    for (swiftest of [1, 4, 2]) {
      player.tune();
      expect(player.threads).toBe(swiftest);
      step(model, optimizer);
    }
    expect(await model.save()).toEqual(alone.weights);
    model.dispose();
    for (swiftest of [4, 1, 2, 4]) {
      player.tune();
      expect(await workOf(player), `${swiftest} threads`).toEqual(alone);
    }
    expect(pools.length, 'one team, whoever of it plays').toBe(1);
  });

  it('are measured in turns, each by the best of its tries, and then as many play as before', async () => {
    const player = await startKernels(await kernelFiles(), sharingThreads(2));
    const played: number[] = [];
    let time = 0;
    vi.spyOn(player, 'play').mockImplementation(() => {
      played.push(player.threads);
      time += (played.length === 3 ? 5 : 20) / player.threads; // the others are in the way at all times but one
    });
    expect(stepTimes(player, [1, 2], () => time)).toEqual([5, 10]);
    expect(played.slice(0, 4)).toEqual([1, 2, 1, 2]);
    expect(player.threads).toBe(2);
  });

  describe('on a machine whose cores are partly somebody else’s', () => {
    /** milliseconds that one thread needs on a core of its own, and that handing the work over costs */
    const [ALONE, HANDOVER] = [3, 0.3];
    /** what is left of each core for us at a time; shares are equal, so that all wait for the one with the slowest core */
    type Cores = (time: number) => number[];
    const machine = (cores: Cores) => {
      let time = 0;
      const take = (threads: number) => {
        const taken = [...cores(time)].sort((a, b) => b - a).slice(0, threads);
        time += ALONE / threads / taken.at(-1)! + (threads > 1 ? HANDOVER : 0);
      };
      return { now: () => time, take };
    };
    /** one player, probed by a clock of its own on one machine after another */
    async function chosenOn(most: number, machines: readonly Cores[]): Promise<number[]> {
      let here = machine(() => new Array<number>(most).fill(1));
      const player = await startKernels(await kernelFiles(), sharingThreads(most), (probed, choices) => {
        const play = vi.spyOn(probed, 'play').mockImplementation(() => here.take(probed.threads));
        const times = stepTimes(probed, choices, here.now);
        play.mockRestore();
        return times;
      });
      expect(player.threads, 'all of them where all cores are free').toBe(most);
      return machines.map((cores) => {
        here = machine(cores);
        player.tune();
        return player.threads;
      });
    }

    it('two play unless one is clearly swifter, and so whenever it is asked', async () => {
      const free: Cores = () => [1, 1];
      const halved: Cores = () => [1, 0.42]; // 3 ms alone, 3.9 together
      const slower: Cores = () => [1, 0.7]; // 2.4 together
      const shared: Cores = () => [1, 0.56]; // 3 alone, 2.98 together: they lose nothing by it
      const siblings: Cores = () => [1, 0.5]; // 3.3 together
      const cores = [free, halved, free, slower, halved, shared, siblings];
      expect(await chosenOn(2, cores)).toEqual([2, 1, 2, 2, 1, 2, 2]);
    });

    it('what is over within a tenth of a second takes no thread away, and what stays does', async () => {
      const passes: Cores = (time) => (time < 100 ? [1, 0.2] : [1, 1]);
      const comesAndGoes: Cores = (time) => (time % 20 < 12 ? [1, 0.1] : [1, 1]);
      const stays: Cores = () => [1, 0.1];
      expect(await chosenOn(2, [passes, comesAndGoes, passes, stays])).toEqual([2, 2, 2, 1]);
    });

    it('of four as many play as there are cores for them', async () => {
      const four: Cores = () => [1, 1, 1, 1];
      const two: Cores = () => [1, 1, 0.3, 0.3];
      const one: Cores = () => [1, 0.3, 0.3, 0.2];
      expect(await chosenOn(4, [four, two, one, four])).toEqual([4, 2, 1, 4]);
    });
  });

  it('share what is worth it, by what is counted: training, and not the columns of a few short texts', async () => {
    const [memory, pool] = [new WebAssembly.Memory({ initial: 64, maximum: 65_536 }), new NodeThreads(2)];
    const played: string[] = [];
    const kernels = {
      play: () => void played.push('alone'),
      playTogether: () => played.push('together'),
    };
    const player = new WasmPlayer(memory, kernels, { pool, control: new Heap(memory).allocate(1024), up: 2 });
    const config = { ...presetConfig('tiny').model, vocabSize: 300 };
    const model = new FusedNetwork(wasmEngine(player, config), 'policy', config, HEADS, null);
    const textsOf = (rows: number) => {
      const tokens = tf.zeros<tf.Rank.R2>([rows, 9], 'int32');
      const options = { sampling: { temperature: 1, topK: 0, topP: 1 }, completionLength: 5, eosId: null, padId: 0 };
      model.generate({ tokens, leftPad: null }, options, Random.fromSeed(7));
      return played.splice(0);
    };
    const column = ['alone', 'alone'];
    expect(textsOf(32), 'prompts are read at once').toEqual([
      'together',
      'alone',
      ...[1, 2, 3, 4].flatMap(() => column),
    ]);
    expect(textsOf(512).filter((how) => how === 'together').length).toBeGreaterThanOrEqual(5);
    const tokens = tf.zeros<tf.Rank.R2>([64, 36], 'int32');
    tf.tidy(() => model.differentiate(() => tf.mean(model.logprobs({ tokens, leftPad: null }, 1, 1).logprobs)));
    expect(played.splice(0)).toEqual(['together', 'together']);
    model.dispose();
  });

  it('are tried for longer, though not for ever, while fewer of them seem swifter', async () => {
    const player = await startKernels(await kernelFiles(), sharingThreads(2));
    const probed = (msOfTwo: (time: number) => number) => {
      let [time, tries] = [0, 0];
      const play = vi.spyOn(player, 'play').mockImplementation(() => {
        tries++;
        time += player.threads === 1 ? 2 : msOfTwo(time);
      });
      const times = stepTimes(player, [1, 2], () => time);
      play.mockRestore();
      return { times, tries, time };
    };
    expect(
      probed(() => 1),
      'nobody is in the way',
    ).toEqual({ times: [2, 1], tries: 12, time: 18 });
    const busyAtFirst = probed((time) => (time < 60 ? 5 : 1));
    expect(busyAtFirst.times, 'somebody is in the way at first').toEqual([2, 1]);
    const busyAlways = probed(() => 3);
    expect(busyAlways.times).toEqual([2, 3]);
    expect(busyAlways.time).toBeLessThan(200);
  });

  it('stop the run when one of them dies, and none waits for ever', async () => {
    const pools: NodeThreads[] = [];
    const model = networkOn(await startKernels(await kernelFiles(), sharingThreads(2, pools)));
    const optimizer = model.createOptimizer(ADAM);
    step(model, optimizer);
    await pools[0]!.lose();
    expect(() => step(model, optimizer)).toThrow(ExecutorError);
    expect(() => step(model, optimizer)).toThrow('a thread of WebAssembly has stopped');
    expect(Object.keys(await model.save())).toContain('tokenEmbedding'); // what was learned can still be read
  });
});

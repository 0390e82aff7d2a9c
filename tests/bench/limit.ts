/** What cores can do in plain 128-bit SIMD, and what a step asks of them. */
import { Worker } from 'node:worker_threads';
import { compileAssembly } from '../../build/kernels';
import { crossEntropy } from '../../src/core/losses/crossEntropy';
import { FusedNetwork } from '../../src/core/model/fused/fusedNetwork';
import { tf } from '../../src/core/tf';
import { CountingPlayer, countingEngine } from '../helpers/countingPlayer';
import { CHAINS, COUNT } from './loopSize';
import { type Shape, STEP, type Work } from './work';

const names = Array.from({ length: CHAINS }, (_, i) => `c${i}`);
/** twelve sums in registers, each four numbers wide: nothing is read, nothing waits for another */
const LOOP = `
export function run(at: usize, count: u32): void {
  const a = v128.load(at), b = v128.load(at, 16);
  ${names.map((name, i) => `let ${name} = v128.load(at, ${16 * i});`).join('\n  ')}
  for (let k: u32 = 0; k < count; k++) {
    ${names.map((name) => `${name} = f32x4.add(f32x4.mul(${name}, a), b);`).join('\n    ')}
  }
  ${names.map((name, i) => `v128.store(at, ${name}, ${16 * i});`).join('\n  ')}
}
`;
/** another thread: a message sets it going, and tells when it is done */
const SCRIPT = `
const { parentPort, workerData } = require('node:worker_threads');
const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
const { run } = new WebAssembly.Instance(workerData, { env: { memory } }).exports;
parentPort.on('message', (count) => { run(256, count); parentPort.postMessage('done'); });
`;

const done = (worker: Worker): Promise<void> => new Promise((resolve) => worker.once('message', () => resolve()));

/** bytes of a module whose `run(address, count)` is the plain multiply-add loop */
export const loopModule = (): Promise<Uint8Array<ArrayBuffer>> =>
  compileAssembly('limit.ts', new Map([['limit.ts', LOOP]]));

/** the plain multiply-add loop, by each of so many threads */
export async function multiplyAddLoop(threads = 1): Promise<Work> {
  const module = await WebAssembly.compile(await loopModule());
  const instance = await WebAssembly.instantiate(module, {
    env: { memory: new WebAssembly.Memory({ initial: 1, maximum: 65_536 }) },
  });
  const { run } = instance.exports as { run(at: number, count: number): void };
  const others = Array.from({ length: threads - 1 }, () => new Worker(SCRIPT, { eval: true, workerData: module }));
  return {
    async run() {
      const ends = others.map(done);
      for (const other of others) other.postMessage(COUNT);
      run(256, COUNT);
      await Promise.all(ends);
    },
    dispose() {
      for (const other of others) void other.terminate();
    },
  };
}

/** @returns bytes of all values that the kernels of a training step are given, each as often as one reads or writes it */
export function bytesOfStep({ config, batch, length }: Shape): number {
  const player = new CountingPlayer();
  const network = new FusedNetwork(
    countingEngine(player, config, true),
    'counted',
    config,
    { language: true, scalar: false },
    null,
  );
  const optimizer = network.createOptimizer(STEP.optimizer);
  const before = player.touched;
  tf.tidy(() => {
    const rows = { tokens: tf.zeros<tf.Rank.R2>([batch, length], 'int32'), leftPad: null };
    const mask = tf.ones<tf.Rank.R2>([batch, length - 1]);
    optimizer.minimize(() => ({ loss: crossEntropy(network.logprobs(rows, 1, 1).logprobs, mask) }), STEP.learningRate);
  });
  const touched = player.touched - before;
  for (const owned of [optimizer, network]) owned.dispose();
  return touched;
}

/** bytes that are read and written by a turn of `copying` */
export const COPIED_BYTES = 2 * 2 ** 26;

/** memory that no cache of a core holds, copied within WebAssembly's own */
export function copying(): Work {
  const bytes = new Uint8Array(new WebAssembly.Memory({ initial: 2 ** 11, maximum: 2 ** 11 }).buffer);
  return { run: async () => void bytes.copyWithin(2 ** 26, 0, 2 ** 26), dispose: () => undefined };
}

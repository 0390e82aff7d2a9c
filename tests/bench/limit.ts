/** What cores can do in plain 128-bit SIMD, and how near the matrix products of a step come to it. */
import { Worker } from 'node:worker_threads';
import { compileAssembly } from '../../build/kernels';
import { PlanBuilder } from '../../src/core/kernels/plan/planBuilder';
import { matMul } from '../../src/core/kernels/wasm/matMul';
import type { WasmPlayer } from '../../src/core/kernels/wasm/player';
import type { Work } from './work';

const CHAINS = 12;
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
/** some nine milliseconds: beside them it is nothing to wake a thread */
const COUNT = 4_000_000;
/** of one thread */
export const LOOP_FLOPS = 2 * 4 * CHAINS * COUNT;
/** another thread: a message sets it going, and tells when it is done */
const SCRIPT = `
const { parentPort, workerData } = require('node:worker_threads');
const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
const { run } = new WebAssembly.Instance(workerData, { env: { memory } }).exports;
parentPort.on('message', (count) => { run(256, count); parentPort.postMessage('done'); });
`;

const done = (worker: Worker): Promise<void> => new Promise((resolve) => worker.once('message', () => resolve()));

/** the plain multiply-add loop, by each of so many threads */
export async function multiplyAddLoop(threads = 1): Promise<Work> {
  const module = await WebAssembly.compile(await compileAssembly('limit.ts', new Map([['limit.ts', LOOP]])));
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

const [ROWS, INNER, COLUMNS, TIMES] = [512, 512, 128, 4] as const;
export const PRODUCTS_FLOPS = 2 * ROWS * INNER * COLUMNS * TIMES;

/** the second linear layer of S, four times as the four layers have it */
export function products(player: WasmPlayer): Work {
  const builder = new PlanBuilder(player, { name: 'products' });
  const sizes = { a: ROWS * INNER, b: INNER * COLUMNS, out: ROWS * COLUMNS };
  const memories = Object.entries(sizes).map(([name, size]) => ({
    name,
    size,
    memory: player.allocate(name, 4 * size),
  }));
  const slots = Object.fromEntries(
    memories.map(({ name, size, memory }) => [name, builder.outside(name, memory, 0, size)]),
  );
  builder.section('run');
  const launch = matMul({ name: 'product', form: 'nn', inner: INNER, columns: COLUMNS, epilogue: 'none' });
  for (let i = 0; i < TIMES; i++) builder.dispatch(launch, slots, { rows: ROWS });
  const plan = builder.build();
  return {
    run: async () => plan.begin().play('run'),
    dispose() {
      plan.dispose();
      for (const { memory } of memories) memory.dispose();
    },
  };
}

/**
 * How fast the portable executor is beside a naive composition of the same model, both measured in this one run.
 *
 *   npm run bench [-- --json FILE] [--filter ID]
 */

import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { type ModelConfig, presetConfig } from '../../src/contract/config';
import type { GenerateOptions, TokenBatch } from '../../src/core/model/causalNetwork';
import { createNetwork } from '../../src/core/model/createNetwork';
import { Random } from '../../src/core/tensor/random';
import { startBackend, tf } from '../../src/core/tf';
import { naiveModel } from './naive';
import { gpuCalls, nullGpu } from './nullGpu'; // first: tf.js looks for WebGPU when it is loaded

interface Row {
  id: string;
  value: number;
  unit: string;
  baseline: number;
  /** baseline ÷ value */
  ratio: number;
}
interface Shape {
  config: ModelConfig;
  batch: number;
  length: number;
}
/** One of two things that are compared: a piece of work to be timed. */
type Work = () => Promise<void>;

const tinyModel = presetConfig('tiny').model;
/** 4 layers, width 128, context 64, batch 8, vocabulary 64 */
const S: Shape = { config: { ...presetConfig('medium').model, contextLength: 64, vocabSize: 64 }, batch: 8, length: 64 };
/** one pre-training step of the Tiny preset */
const TINY: Shape = { config: { ...tinyModel, vocabSize: 300 }, batch: 64, length: 36 };
const PROMPTS = { batch: 32, length: 11, completionLength: 24 };
const RUNS = 9;

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] as number;
const rowOf = (id: string, value: number, unit: string, baseline: number): Row => ({ id, value, unit, baseline, ratio: baseline / value });

function tokensOf(batch: number, length: number, vocabSize: number): tf.Tensor2D {
  const random = Random.fromSeed(3);
  return tf.tensor2d(
    Int32Array.from({ length: batch * length }, () => random.integer(vocabSize)),
    [batch, length],
    'int32',
  );
}

function portableStep({ config, batch, length }: Shape): Work {
  const network = createNetwork(config, { language: true, scalar: false }, Random.fromSeed(1), 'policy');
  const optimizer = network.createOptimizer(presetConfig('tiny').pretrain.optimizer);
  const rows: TokenBatch = { tokens: tokensOf(batch, length, config.vocabSize), leftPad: null };
  return async () => {
    const { loss, gradNorm } = optimizer.minimize(() => tf.neg(tf.mean<tf.Scalar>(network.logprobs(rows, 1, 1).logprobs)), 1e-3);
    await loss.data();
    tf.dispose([loss, gradNorm]);
  };
}

function naiveStep({ config, batch, length }: Shape): Work {
  const model = naiveModel(config);
  const tokens = tokensOf(batch, length, config.vocabSize);
  return async () => {
    const loss = model.step(tokens);
    await loss.data();
    loss.dispose();
  };
}

function portableGeneration(): Work {
  const network = createNetwork(TINY.config, { language: true, scalar: false }, Random.fromSeed(1), 'policy');
  const prompts: TokenBatch = { tokens: tokensOf(PROMPTS.batch, PROMPTS.length, TINY.config.vocabSize), leftPad: null };
  const { completionLength } = PROMPTS;
  const options: GenerateOptions = { sampling: { temperature: 0.7, topK: 0, topP: 1 }, completionLength, eosId: 2, padId: 0 };
  return async () => {
    const rollout = network.generate(prompts, options, Random.fromSeed(1));
    await rollout.logprobs.data();
    tf.dispose([rollout.batch.tokens, rollout.completionMask, rollout.logprobs]);
  };
}

function naiveGeneration(): Work {
  const model = naiveModel(TINY.config);
  const prompts = tokensOf(PROMPTS.batch, PROMPTS.length, TINY.config.vocabSize);
  return async () => {
    const tokens = model.generate(prompts, PROMPTS.completionLength);
    await tokens.data();
    tokens.dispose();
  };
}

/** both in turn, so that a busy machine slows both; the first two rounds warm up */
async function milliseconds(work: Work, baseline: Work): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []];
  for (let run = -2; run < RUNS; run++) {
    for (const [i, part] of [work, baseline].entries()) {
      const start = performance.now();
      await part();
      if (run >= 0) times[i as 0 | 1].push(performance.now() - start);
    }
  }
  return [median(times[0]), median(times[1])];
}

/** after a warm step, which creates what later steps reuse */
async function dispatches(work: Work): Promise<number> {
  await work();
  const before = gpuCalls.dispatches;
  await work();
  return gpuCalls.dispatches - before;
}

/** tf.js kernels of one step, reshapes and clones among them: they cost JavaScript but no dispatch */
async function kernels(work: Work): Promise<number> {
  await work();
  const profile = await tf.profile(async () => {
    await work();
    return [];
  });
  return profile.kernels.length;
}

interface Benchmark {
  id: string;
  backend: 'wasm' | 'webgpu';
  run(id: string): Promise<Row>;
}
const timed = (backend: Benchmark['backend'], id: string, work: () => Work, baseline: () => Work): Benchmark => ({
  id,
  backend,
  run: async () => rowOf(id, ...withUnit(await milliseconds(work(), baseline()))),
});
const withUnit = ([value, baseline]: [number, number]): [number, string, number] => [value, 'ms', baseline];

const BENCHMARKS: Benchmark[] = [
  timed(
    'wasm',
    'portable.wasm.step.S',
    () => portableStep(S),
    () => naiveStep(S),
  ),
  timed(
    'wasm',
    'portable.wasm.step.tiny',
    () => portableStep(TINY),
    () => naiveStep(TINY),
  ),
  timed('wasm', 'portable.wasm.generate.tiny', portableGeneration, naiveGeneration),
  {
    id: 'portable.webgpu.dispatches.S',
    backend: 'webgpu',
    run: async (id) => rowOf(id, await dispatches(portableStep(S)), 'dispatches', await dispatches(naiveStep(S))),
  },
  {
    id: 'portable.webgpu.kernels.S',
    backend: 'webgpu',
    run: async (id) => rowOf(id, await kernels(portableStep(S)), 'kernels', await kernels(naiveStep(S))),
  },
  // nothing is computed on the null device: this is the JavaScript of a step
  timed(
    'webgpu',
    'portable.webgpu.javascript.S',
    () => portableStep(S),
    () => naiveStep(S),
  ),
];

function print(rows: Row[]): void {
  const table = rows.map(({ id, value, unit, baseline, ratio }) => [
    id,
    value.toFixed(1),
    unit,
    baseline.toFixed(1),
    `${ratio.toFixed(2)}×`,
  ]);
  const all = [['benchmark', 'portable', 'unit', 'naive', 'ratio'], ...table];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((cells) => (cells[column] as string).length))) ?? [];
  for (const cells of all) console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[i]!))).join('   '));
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'string' }, filter: { type: 'string', default: '' } } });
  const wasmPath = `${dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'))}/dist/`;
  const rows: Row[] = [];
  let adapter = 'none';
  for (const benchmark of BENCHMARKS.filter(({ id }) => id.includes(values.filter))) {
    const started = await startBackend(benchmark.backend, { wasmPath, gpu: nullGpu });
    adapter = started.adapter ?? adapter;
    rows.push(await benchmark.run(benchmark.id));
  }
  const [cpu] = cpus();
  const machine = `${cpu?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.versions.node}`;
  console.log(`${machine}; adapter: ${adapter}`);
  print(rows);
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ machine, adapter, rows }, null, 2)}\n`);
}

await main();
process.exit(0); // Dawn keeps Node alive

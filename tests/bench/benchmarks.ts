/** Every row of the benchmark: what is measured, on which card, against what. */
import { type Account, accountOf } from '../../src/core/kernels/gpu/account';
import { currentKernels } from '../../src/core/kernels/wasm/player';
import { runsOnSoftwareGpu, type StartedBackend, tf } from '../../src/core/tf';
import { largeAdapters, largeGeneration } from './large';
import { bytesOfStep, COPIED_BYTES, copying, multiplyAddLoop } from './limit';
import { LOOP_FLOPS } from './loopSize';
import { dispatches, elapsed, inRounds, javascript, median, milliseconds, type Rounds, replay } from './measure';
import { PRODUCTS_FLOPS, products } from './products';
import {
  M,
  naiveGeneration,
  naiveStep,
  ppoIteration,
  rollout,
  S,
  S_PROMPTS,
  type Split,
  TINY,
  TINY_PROMPTS,
  trainingArena,
  trainingStep,
  type Work,
} from './work';

export interface Row {
  id: string;
  value: number;
  unit: string;
  /** null where it is not measured: it would take too long here, or there is nothing to compare with */
  baseline: number | null;
  /** baseline ÷ value */
  ratio: number | null;
  /** what `baseline` is */
  against: 'naive' | 'portable' | 'products' | 'step' | 'PyTorch' | 'compiled PyTorch' | 'jax-js' | null;
  /** PPO: milliseconds of each phase */
  split?: Split;
  /** peers: every round, for a busy machine shows in their spread */
  rounds?: { value: readonly number[]; baseline: readonly number[] };
}
/** of a row that is measured alone */
export const NOTHING_BESIDE = { baseline: null, ratio: null, against: null } as const;

export interface Benchmark {
  id: string;
  /**
   * `wasm` has one thread, `wasmThreads` as many as cores; `card` computes; `null` only counts; `realCard` is no
   * emulated one
   */
  on: 'wasm' | 'wasmThreads' | 'null' | 'card' | 'realCard';
  run(place: Place): Promise<Omit<Row, 'id' | 'ratio'>>;
}

/** Where a benchmark runs. */
export class Place {
  constructor(private readonly started: StartedBackend) {}

  get account(): Account {
    return accountOf(this.started.device as GPUDevice, () => performance.now());
  }

  get isEmulated(): boolean {
    return runsOnSoftwareGpu();
  }

  /** an emulated card takes seconds for a step */
  get rounds(): Rounds {
    return this.isEmulated ? { warmUp: 1, runs: 3 } : { warmUp: 2, runs: 9 };
  }

  /** of work that takes an emulated card minutes */
  get fewRounds(): Rounds {
    return this.isEmulated ? { warmUp: 1, runs: 1 } : this.rounds;
  }
}

type Pair = readonly [value: number, baseline: number];
type Against = Exclude<Row['against'], null>;
const rowOf = (unit: string, [value, baseline]: Pair, against: Against) => ({ value, unit, baseline, against });

const timed = (
  id: string,
  on: Benchmark['on'],
  against: Against,
  work: () => Work,
  baseline: () => Work,
): Benchmark => ({
  id,
  on,
  run: async ({ rounds }) => rowOf('ms', await milliseconds(rounds, work(), baseline()), against),
});

/** @param share divides both counts, e.g. tokens of a rollout */
const counted = (id: string, against: Against, work: () => Work, baseline: () => Work, share = 1): Benchmark => ({
  id,
  on: 'null',
  run: async ({ account }) => {
    const pair = [
      (await dispatches(account, work())) / share,
      (await dispatches(account, baseline())) / share,
    ] as const;
    return rowOf('dispatches', pair, against);
  },
});

const scripted = (id: string, measure: typeof javascript, work: () => Work, baseline: () => Work): Benchmark => ({
  id,
  on: 'null',
  run: async ({ account, rounds }) => rowOf('ms', await measure(account, rounds, work(), baseline()), 'portable'),
});

/** tf.js kernels of one step, reshapes and clones among them: they cost JavaScript but no dispatch */
async function kernels({ run, dispose }: Work): Promise<number> {
  await run();
  const profile = await tf.profile(async () => {
    await run();
    return [];
  });
  dispose();
  return profile.kernels.length;
}

const sum = (split: Split): number => Object.values(split).reduce((total, ms) => total + ms, 0);

async function ppoRow({ isEmulated }: Place): Promise<Omit<Row, 'id' | 'ratio'>> {
  const warmUp = isEmulated ? 0 : 2;
  const split = await ppoIteration('fused', warmUp);
  const baseline = isEmulated ? null : sum(await ppoIteration('portable', warmUp)); // half an hour on an emulated card
  return { value: sum(split), unit: 'ms', baseline, against: baseline === null ? null : 'portable', split };
}

const fusedStep = () => trainingStep(S, 'fused');
const portableStep = () => trainingStep(S, 'portable');
const fusedRollout = () => rollout(S.config, S_PROMPTS, 'fused');
const rowsRollout = () => rollout(S.config, S_PROMPTS, 'rows');
const portableRollout = () => rollout(S.config, S_PROMPTS, 'portable');
const { completionLength } = S_PROMPTS;

/** GFLOP/s of the plain multiply-add loop; the ratio is the share of it that matrix products reach */
async function limitRow({ rounds }: Place): Promise<Omit<Row, 'id' | 'ratio'>> {
  const [products_, loop] = await milliseconds(rounds, products(currentKernels()!), await multiplyAddLoop());
  return rowOf('GFLOP/s', [LOOP_FLOPS / loop / 1e6, PRODUCTS_FLOPS / products_ / 1e6], 'products');
}

/** GB/s, what is read and what is written */
async function copyRow({ rounds }: Place): Promise<Omit<Row, 'id' | 'ratio'>> {
  const work = copying();
  const [ms] = await inRounds(rounds, [() => elapsed(work)]);
  return { value: COPIED_BYTES / median(ms!) / 1e6, unit: 'GB/s', baseline: null, against: null };
}

/** the same rows on one thread and on all */
const onKernels = (name: string, on: 'wasm' | 'wasmThreads'): Benchmark[] => [
  timed(`fused.${name}.step.S`, on, 'portable', fusedStep, portableStep),
  timed(
    `fused.${name}.step.tiny`,
    on,
    'portable',
    () => trainingStep(TINY, 'fused'),
    () => trainingStep(TINY, 'portable'),
  ),
  timed(
    `fused.${name}.generate.tiny`,
    on,
    'portable',
    () => rollout(TINY.config, TINY_PROMPTS, 'fused'),
    () => rollout(TINY.config, TINY_PROMPTS, 'portable'),
  ),
];

export const BENCHMARKS: readonly Benchmark[] = [
  timed('portable.wasm.step.S', 'wasm', 'naive', portableStep, () => naiveStep(S)),
  timed(
    'portable.wasm.step.tiny',
    'wasm',
    'naive',
    () => trainingStep(TINY, 'portable'),
    () => naiveStep(TINY),
  ),
  timed(
    'portable.wasm.generate.tiny',
    'wasm',
    'naive',
    () => rollout(TINY.config, TINY_PROMPTS, 'portable'),
    () => naiveGeneration(TINY.config, TINY_PROMPTS),
  ),
  counted('portable.webgpu.dispatches.S', 'naive', portableStep, () => naiveStep(S)),
  {
    id: 'portable.webgpu.kernels.S',
    on: 'null',
    run: async () => rowOf('kernels', [await kernels(portableStep()), await kernels(naiveStep(S))], 'naive'),
  },
  // nothing is computed on the null device: this is the JavaScript of a step
  timed('portable.webgpu.javascript.S', 'null', 'naive', portableStep, () => naiveStep(S)),

  { id: 'limit.wasm.gflops', on: 'wasm', run: limitRow },
  {
    id: 'limit.wasm.bytes.step.S',
    on: 'wasm',
    run: async () => ({ value: bytesOfStep(S) / 1e6, unit: 'MB', baseline: null, against: null }),
  },
  { id: 'limit.wasm.copy', on: 'wasm', run: copyRow },
  ...onKernels('wasm', 'wasm'),
  ...onKernels('wasm.threads', 'wasmThreads'),

  {
    id: 'large.wasm.threads.generate',
    on: 'wasmThreads',
    run: async () => ({ value: await largeGeneration(), unit: 'tokens/s', baseline: null, against: null }),
  },
  {
    id: 'large.wasm.threads.adapters',
    on: 'wasmThreads',
    run: async () => ({ value: await largeAdapters(), unit: 'ms', baseline: null, against: null }),
  },

  counted('fused.webgpu.dispatches.S', 'portable', fusedStep, portableStep),
  scripted('fused.webgpu.js.S', replay, fusedStep, portableStep),
  scripted('fused.webgpu.javascript.S', javascript, fusedStep, portableStep),
  counted('fused.webgpu.rollout.dispatches.S', 'portable', fusedRollout, portableRollout, completionLength),
  counted('fused.webgpu.rollout.rows.dispatches.S', 'portable', rowsRollout, portableRollout, completionLength),
  scripted('fused.webgpu.rollout.js.S', javascript, fusedRollout, portableRollout),
  {
    id: 'fused.webgpu.arena.M',
    on: 'null',
    run: async () => ({ value: (await trainingArena(M)) / 2 ** 20, unit: 'MB', baseline: null, against: null }),
  },
  timed('fused.webgpu.step.S', 'card', 'portable', fusedStep, portableStep),
  timed('fused.webgpu.step.S.naive', 'realCard', 'naive', fusedStep, () => naiveStep(S)),
  timed(
    'fused.webgpu.step.M',
    'realCard',
    'portable',
    () => trainingStep(M, 'fused'),
    () => trainingStep(M, 'portable'),
  ),
  {
    id: 'fused.webgpu.rollout.S',
    on: 'card',
    run: async ({ fewRounds }) =>
      rowOf('ms', await milliseconds(fewRounds, fusedRollout(), portableRollout()), 'portable'),
  },
  timed('fused.webgpu.rollout.rows.S', 'realCard', 'portable', rowsRollout, portableRollout),
  { id: 'fused.webgpu.ppo.S', on: 'card', run: ppoRow },
];

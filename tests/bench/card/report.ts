/**
 * What is found out about one graphics card: whether the kernels compute the right thing in each way of writing them, how
 * long a step and a rollout take, and which way the tuner takes. Runs in a page, see `bundle.ts`; the form is told in the
 * README beside the benchmark.
 */
import type { KernelStyleName } from '../../../src/contract/config';
import { currentGpu, type Gpu } from '../../../src/core/kernels/gpu/device';
import { keepingTo, preferExecutor, tuneKernels } from '../../../src/core/model/executor';
import { gpuEngine } from '../../../src/core/model/fused/gpuEngine';
import { fusedDiffers } from '../../../src/core/model/fused/trial';
import { runsOnSoftwareGpu, startBackend } from '../../../src/core/tf';
import { elapsed, inRounds, median, type Rounds } from '../measure';
import { M, rollout, S, S_PROMPTS, type Shape, trainingStep, type Work } from '../work';

export interface CardReport {
  format: 'rlhf-lab card';
  version: 1;
  browser: string;
  adapter: {
    name: string;
    isEmulated: boolean;
    features: string[];
    /** null where there are no subgroups */
    subgroup: number | null;
  };
  trials: Trial[];
  /** null where there is no choice, as on an emulated card */
  tuner: { style: KernelStyleName; ms: number } | null;
  rows: CardRow[];
}

/** Both executors on the same weights and texts. */
export interface Trial {
  shape: 'S' | 'M';
  style: KernelStyleName;
  compileMs: number;
  /** null when they agree, otherwise how they differ, or what went wrong */
  difference: string | null;
}

/** One piece of work, by the executor and the kernels named. */
export interface CardRow {
  /** `card.<work>.<shape>.<style or portable>` */
  id: string;
  /** median */
  value: number;
  unit: 'ms';
  rounds: number[];
}

const SHAPES = { S, M } as const;
type ShapeName = keyof typeof SHAPES;

interface CardWork {
  id: string;
  shape: ShapeName;
  make(executor: 'fused' | 'portable'): Work;
}
/** what is measured of each way; an emulated card would need minutes for M, and the portable executor gigabytes */
const WORKS: readonly CardWork[] = [
  { id: 'card.step.S', shape: 'S', make: (executor) => trainingStep(S, executor) },
  { id: 'card.rollout.S', shape: 'S', make: (executor) => rollout(S.config, S_PROMPTS, executor) },
  { id: 'card.step.M', shape: 'M', make: (executor) => trainingStep(M, executor) },
];

export interface CardOptions {
  /** of trials and rows, those whose id has this in it; of a trial it is `trial.<shape>.<style>` */
  filter: string;
  tell(what: string): void;
}

async function trialOf(gpu: Gpu, shape: ShapeName, style: KernelStyleName): Promise<Trial> {
  const { config }: Shape = SHAPES[shape];
  const began = performance.now();
  let compileMs = Number.NaN;
  try {
    const engine = gpuEngine(gpu, config, style);
    await engine.compile();
    compileMs = performance.now() - began;
    return { shape, style, compileMs, difference: await fusedDiffers(engine, config) };
  } catch (error) {
    return { shape, style, compileMs, difference: (error as Error).message };
  }
}

async function tunerOf(shape: Shape): Promise<CardReport['tuner']> {
  await startBackend('webgpu');
  const began = performance.now();
  const style = await tuneKernels(shape.config, () => performance.now());
  return style && { style, ms: performance.now() - began };
}

/** one after the other, so that the card holds one at a time */
async function rowOf(id: string, work: Work, rounds: Rounds): Promise<CardRow> {
  try {
    const [times] = await inRounds(rounds, [() => elapsed(work)]);
    return { id, value: median(times!), unit: 'ms', rounds: times! };
  } finally {
    work.dispose();
  }
}

async function rowsOf({ id, shape, make }: CardWork, styles: readonly KernelStyleName[]): Promise<CardRow[]> {
  const rounds = runsOnSoftwareGpu() ? { warmUp: 1, runs: 1 } : { warmUp: 2, runs: 9 };
  const rows: CardRow[] = [];
  for (const style of styles)
    rows.push(
      await rowOf(
        `${id}.${style}`,
        keepingTo({ style }, () => make('fused')),
        rounds,
      ),
    );
  if (shape === 'S' && !runsOnSoftwareGpu()) rows.push(await rowOf(`${id}.portable`, make('portable'), rounds));
  preferExecutor('auto');
  return rows;
}

/** @throws LabError when there is no graphics card at all */
export async function measureCard({ filter, tell }: CardOptions): Promise<CardReport> {
  const { adapter, device } = await startBackend('webgpu');
  const gpu = currentGpu()!;
  const isEmulated = runsOnSoftwareGpu();
  const styles = gpu.styles.map(({ name }) => name);
  const shapes: ShapeName[] = isEmulated ? ['S'] : ['S', 'M'];
  const report: CardReport = {
    format: 'rlhf-lab card',
    version: 1,
    browser: navigator.userAgent,
    adapter: {
      name: adapter!,
      isEmulated,
      features: [...device!.features].sort(),
      subgroup: gpu.styled('subgroups').subgroup > 1 ? gpu.styled('subgroups').subgroup : null,
    },
    trials: [],
    tuner: null,
    rows: [],
  };
  for (const shape of shapes)
    for (const style of styles.filter((name) => `trial.${shape}.${name}`.includes(filter))) {
      tell(`trial of ${style}, ${shape}`);
      report.trials.push(await trialOf(gpu, shape, style));
    }
  const agree = (style: KernelStyleName): boolean =>
    report.trials.every((trial) => trial.style !== style || trial.difference === null);
  for (const work of WORKS.filter(({ id, shape }) => shapes.includes(shape) && id.includes(filter))) {
    tell(work.id);
    await startBackend('webgpu'); // tf.js keeps what it has had of a card's memory until its device is closed
    report.rows.push(...(await rowsOf(work, styles.filter(agree))));
  }
  tell('tuner');
  report.tuner = await tunerOf(S);
  return report;
}

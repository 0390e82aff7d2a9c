/**
 * Long runs of a miniature: what they hold levels off once they are warm. In Node on WebAssembly, with the loops of the
 * page.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { presetConfig } from '../../src/contract/config';
import { createNetwork } from '../../src/core/model/createNetwork';
import { Random } from '../../src/core/tensor/random';
import { createStoryCorpus } from '../../src/core/text/storyCorpus';
import { tf } from '../../src/core/tf';
import { ppo } from '../../src/core/train/ppo';
import { PpoRun } from '../../src/core/train/ppoRun';
import { pretrain } from '../../src/core/train/pretrain';
import { PretrainRun } from '../../src/core/train/pretrainRun';
import { startPortable } from '../helpers/wasm';
import type { Options, Part, Row } from './row';

const PRETRAINING = 'endurance: steps of pretraining';
const PPO = 'endurance: iterations of PPO';

const STEPS = 10_000;
const ITERATIONS = 1000;
/** looks at the memory, evenly over the run */
const LOOKS = 20;
/** of the looks: pools fill and code is compiled meanwhile */
const WARM_UP = 4;
/** the compiler goes on collecting what it learns about the code */
const HEAP_SLACK_MB = 2;

const lab = presetConfig('tiny', 1);
const corpus = createStoryCorpus({ ...lab.stories, stories: 400 }, 1);
const MODEL = { ...lab.model, vocabSize: corpus.tokenizer.vocabSize, layers: 1, width: 8, heads: 2 };
const now = () => performance.now();

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

interface Look {
  tensors: number;
  bytes: number;
  heapMb: number;
}

function look(): Look {
  collectGarbage();
  collectGarbage();
  const { numTensors: tensors, numBytes: bytes } = tf.memory();
  return { tensors, bytes, heapMb: process.memoryUsage().heapUsed / 2 ** 20 };
}

/** the mean of a few looks, which a single collection at an odd moment does not move */
const meanHeap = (looks: readonly Look[]): number => looks.reduce((sum, { heapMb }) => sum + heapMb, 0) / looks.length;

/** What is watched. */
interface Long<Report> {
  what: string;
  loop: AsyncGenerator<Report>;
  steps: number;
  isStep(report: Report): boolean;
}

/** runs a loop to its end, or until time is up; @returns a row that says whether memory levelled off */
async function watch<Report>({ what, loop, steps, isStep }: Long<Report>, isOver: Options['isOver']): Promise<Row> {
  const looks: Look[] = [];
  let step = 0;
  for await (const report of loop) {
    if (!isStep(report)) continue;
    step++;
    if (step % Math.max(1, Math.floor(steps / LOOKS)) === 0) looks.push(look());
    if (isOver() && looks.length > WARM_UP) break;
  }
  const warm = looks.slice(WARM_UP);
  const [first, last] = [warm[0]!, warm.at(-1)!];
  const half = Math.ceil(warm.length / 2);
  const growth = meanHeap(warm.slice(-half)) - meanHeap(warm.slice(0, half));
  const failures = [
    step !== steps && !isOver() && `${step} steps of ${steps} were taken`,
    warm.some(({ tensors }) => tensors !== first.tensors) && `tensors: ${warm.map(({ tensors }) => tensors).join(' ')}`,
    warm.some(({ bytes }) => bytes !== first.bytes) && `bytes: ${warm.map(({ bytes }) => bytes).join(' ')}`,
    growth > HEAP_SLACK_MB && `heap in MB: ${warm.map(({ heapMb }) => heapMb.toFixed(1)).join(' ')}`,
  ].filter((failure) => typeof failure === 'string');
  const heap = `heap ${first.heapMb.toFixed(1)} → ${last.heapMb.toFixed(1)} MB`;
  return {
    what,
    tries: step,
    failures,
    figures: `${last.tensors} tensors, ${last.bytes.toLocaleString('en')} bytes, ${heap}`,
  };
}

async function longPretraining(steps: number, { seed, isOver }: Options): Promise<Row> {
  const config = { ...lab.pretrain, steps, batchSize: 4, warmupSteps: 2, evalEvery: Math.ceil(steps / 40) };
  const run = new PretrainRun({ seed, config, model: MODEL, corpus, fixedPrompt: 'the fox found a kite .' });
  const row = await watch({ what: PRETRAINING, loop: pretrain(run, now), steps, isStep: () => true }, isOver);
  run.dispose();
  return row;
}

async function longPpo(iterations: number, { seed, isOver }: Options): Promise<Row> {
  const config = { ...lab.ppo, iterations, rollouts: 4, epochs: 2, klCeiling: 0 };
  const base = createNetwork(MODEL, { language: true, scalar: false }, Random.fromSeed(seed), 'base');
  const rewardModel = createNetwork(MODEL, { language: false, scalar: true }, Random.fromSeed(seed + 1), 'rewardModel');
  const run = new PpoRun({ seed, config, corpus, base, rewardModel, pooling: 'last', rater: { name: 'happy' } });
  const row = await watch(
    { what: PPO, loop: ppo(run), steps: iterations, isStep: (report) => report.phase === null },
    isOver,
  );
  for (const owner of [run, base, rewardModel]) owner.dispose();
  return row;
}

export const endurance: Part = async function* (options) {
  const { count, wants } = options;
  await startPortable();
  if (wants(PRETRAINING)) yield await longPretraining(count ?? STEPS, options);
  if (wants(PPO)) yield await longPpo(count ?? ITERATIONS, options);
};

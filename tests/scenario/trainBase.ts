/**
 * Trains a checkpoint that ships with the page, with the same loop as the page, headless on the WebAssembly
 * of tf.js, whose rounding the shipped files have:
 *
 *   npx tsx tests/scenario/trainBase.ts --preset tiny --seed 1
 *
 * Writes public/checkpoints/<preset>.safetensors (F16) and <preset>.json with seed, configuration and final numbers,
 * and prints what the model writes, to be read. Fails when too few of its texts are coherent.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type LabConfig, type PresetName, presetConfig } from '../../src/contract/config';
import type { MetricValues } from '../../src/contract/metrics';
import { openCheckpoint, saveCheckpoint } from '../../src/core/model/checkpoint';
import type { Corpus } from '../../src/core/text/corpus';
import { createStoryCorpus } from '../../src/core/text/storyCorpus';
import { pretrain } from '../../src/core/train/pretrain';
import { PretrainRun } from '../../src/core/train/pretrainRun';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/formats/checkpoint';
import { startPortable } from '../helpers/wasm';
import { asText, type Judgement, writeAndJudge } from './judge';

/** longer than a visitor's own run: what is shipped has learned to agree with its prompt */
const STEPS: Record<PresetName, number> = { tiny: 2500, small: 3000, medium: 3000 };
/** more than the page writes, so that no story is read often */
const STORIES = 100_000;
const WANTED_COHERENT: Record<PresetName, number> = { tiny: 0.8, small: 0.7, medium: 0.7 };
const JUDGED_TEXTS = 1000;
const FOLDER = 'public/checkpoints';

interface Options {
  preset: PresetName;
  seed: number;
  steps: number;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: { preset: { type: 'string' }, seed: { type: 'string' }, steps: { type: 'string' } },
  });
  const preset = (values.preset ?? 'tiny') as PresetName;
  return { preset, seed: Number(values.seed ?? 1), steps: Number(values.steps ?? STEPS[preset]) };
}

async function train(
  lab: LabConfig,
  corpus: Corpus,
  { seed, steps }: Options,
): Promise<{ run: PretrainRun; metrics: MetricValues }> {
  const model = { ...lab.model, vocabSize: corpus.tokenizer.vocabSize };
  const fixedPrompt = corpus.summary.samples[0]?.prompt ?? '';
  const run = new PretrainRun({ seed, config: { ...lab.pretrain, steps, evalEvery: 100 }, model, corpus, fixedPrompt });
  let metrics: MetricValues = {};
  for await (const report of pretrain(run, () => performance.now())) {
    metrics = { ...metrics, ...report.metrics };
    if (!report.sample) continue;
    const {
      'eval/loss': loss,
      'eval/grammatical': grammatical,
      'eval/coherent': coherent,
      'perf/stepMs': stepMs,
    } = report.metrics;
    console.log(
      `${report.step}: held-out ${loss?.toFixed(3)}, parse ${grammatical}, coherent ${coherent}, ${stepMs?.toFixed(0)} ms | ${report.sample.completion}`,
    );
  }
  return { run, metrics };
}

const rounded = (numbers: object): object =>
  Object.fromEntries(
    Object.entries(numbers).flatMap(([name, x]) => (typeof x === 'number' ? [[name, Number(x.toFixed(4))]] : [])),
  );

function show(temperature: number, judgement: Judgement): void {
  console.log(`\ntemperature ${temperature}: ${JSON.stringify(rounded(judgement))}`);
  for (const text of judgement.texts.slice(0, 24))
    console.log(`  ${text.attributes?.coherent ? ' ' : '✗'} ${asText(text)}`);
}

async function main(): Promise<void> {
  const options = readOptions();
  const { preset, seed, steps } = options;
  await startPortable();
  const lab = presetConfig(preset, seed);
  const corpus = createStoryCorpus({ ...lab.stories, stories: STORIES }, seed);
  const { run, metrics } = await train(lab, corpus, options);
  const saved = await saveCheckpoint(run.network, {
    name: `${preset[0]?.toUpperCase()}${preset.slice(1)}, trained`,
    kind: 'base',
    pooling: null,
    tokenizer: corpus.tokenizer.save(),
    corpus: { kind: 'stories', config: lab.stories, seed },
    step: steps,
    metrics,
    parents: [],
  });
  const bytes = encodeCheckpoint(saved, 'F16');
  // judged as it is stored: half precision and all
  const network = openCheckpoint(decodeCheckpoint(bytes)).createNetwork('shipped');
  const judged = {
    temperature1: await writeAndJudge(network, corpus, JUDGED_TEXTS, 1, 1000 + seed),
    temperature07: await writeAndJudge(network, corpus, JUDGED_TEXTS, 0.7, 2000 + seed),
  };
  show(1, judged.temperature1);
  show(0.7, judged.temperature07);
  const { entropy } = corpus.summary;
  const summary = {
    preset,
    seed,
    command: `npx tsx tests/scenario/trainBase.ts --preset ${preset} --seed ${seed}`,
    model: network.config,
    pretrain: { ...lab.pretrain, steps },
    stories: { ...lab.stories, stories: STORIES },
    final: {
      heldOutLoss: metrics['eval/loss'],
      entropyFloor: entropy?.natsPerToken,
      trainLoss: metrics['train/loss'],
      judgedTexts: JUDGED_TEXTS,
      temperature1: rounded(judged.temperature1),
      temperature07: rounded(judged.temperature07),
    },
    bytes: bytes.length,
  };
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}/${preset}.safetensors`, bytes);
  writeFileSync(`${FOLDER}/${preset}.json`, `${JSON.stringify(summary, null, 2)}\n`);
  console.log(
    `\n${preset}: ${bytes.length} bytes, coherent ${judged.temperature1.coherent.toFixed(3)} at temperature 1`,
  );
  if (judged.temperature1.coherent < WANTED_COHERENT[preset])
    throw new Error(`coherent share is below ${WANTED_COHERENT[preset]}`);
}

await main();

/**
 * How many demonstrations, read how often, make a wish come true: the table of the README. About ten minutes on two
 * cores.
 *
 *   npx tsx tests/scenario/demonstrations.ts [--seeds 1,2,3] [--counts 24,60,200] [--epochs 4,8,12]
 */
import { parseArgs } from 'node:util';
import { Random } from '../../src/core/tensor/random';
import { grants, storiesAsWished } from '../../src/core/text/wishes';
import { fineTune } from '../../src/core/train/fineTune';
import { FineTuneRun } from '../../src/core/train/fineTuneRun';
import { complete, shareOf } from '../../src/core/train/texts';
import { startEngine } from './engine';
import { type Lab, noWait, openLab } from './lab';

const WISH = { happy: false, polite: true, short: true, animal: null };
const TEXTS = 128;
const SAMPLING = { temperature: 0.7, topK: 0, topP: 1 };
const numbers = (list: string): number[] => list.split(',').map(Number);

interface Tuned {
  /** share of fresh texts that are as wished */
  granted: number;
  /** the epoch whose model was kept */
  kept: number;
}

async function tune({ seed, base, corpus, config }: Lab, count: number, epochs: number): Promise<Tuned> {
  const random = Random.fromSeed(seed);
  const stories = await storiesAsWished(corpus, WISH, count, random.fork('wish'), noWait);
  const demonstrations = stories.map((story, i) => ({ ...story, demonstrationId: `${i}`, source: 'grammar' as const }));
  const settings = { ...config.finetune, epochs, evalSamples: 1 };
  const run = new FineTuneRun({
    seed,
    config: settings,
    base,
    corpus,
    demonstrations,
    wish: WISH,
    rater: null,
    rewardModel: null,
  });
  let kept = epochs;
  for await (const { metrics } of fineTune(run, () => 0)) kept = metrics['train/keptEpoch'] ?? kept;
  const prompts = corpus.prompts(random.fork('prompts'), TEXTS);
  const texts = await complete(run.network, corpus, prompts, SAMPLING, random.fork('samples'));
  run.dispose();
  return { granted: shareOf(texts, (attributes) => grants(WISH, attributes)), kept };
}

const options = {
  seeds: { type: 'string', default: '1,2,3' },
  counts: { type: 'string', default: '24,60,200' },
  epochs: { type: 'string', default: '4,8,12' },
} as const;
const { values } = parseArgs({ options });
await startEngine();
for (const count of numbers(values.counts)) {
  for (const epochs of numbers(values.epochs)) {
    const tuned: Tuned[] = [];
    for (const seed of numbers(values.seeds)) tuned.push(await tune(openLab(seed), count, epochs));
    const mean = tuned.reduce((sum, { granted }) => sum + granted, 0) / tuned.length;
    const each = tuned.map(({ granted, kept }) => `${(100 * granted).toFixed(0)} % of epoch ${kept}`).join(', ');
    console.log(`${count} demonstrations, ${epochs} epochs: ${(100 * mean).toFixed(0)} % as wished (${each})`);
  }
}

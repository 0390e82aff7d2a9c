/**
 * Words as vectors in the two larger sizes: how many of the grammar's analogies a model solves that was trained as on
 * the page. Tiny is measured where it is pretrained anyway.
 */
import { presetConfig } from '../../src/contract/config';
import type { PresetName } from '../../src/contract/settings/setting';
import { pretrain } from '../../src/core/train/pretrain';
import { PretrainRun } from '../../src/core/train/pretrainRun';
import { analogiesRow, type Row } from './checks';
import type { Lab } from './lab';

/** From nothing, on the corpus of the page. Looks come ten times, so that the way there can be read. */
export async function analogies(preset: PresetName, { corpus, seed }: Lab): Promise<Row[]> {
  const config = presetConfig(preset, seed);
  const { steps } = config.pretrain;
  const run = new PretrainRun({
    seed,
    config: { ...config.pretrain, evalEvery: Math.ceil(steps / 10) },
    model: { ...config.model, vocabSize: corpus.tokenizer.vocabSize },
    corpus,
    fixedPrompt: corpus.summary.samples[0]?.prompt ?? '',
  });
  const looks: string[] = [];
  let solved = Number.NaN;
  for await (const { step, metrics } of pretrain(run, () => performance.now())) {
    if (metrics['eval/analogies'] === undefined) continue;
    solved = metrics['eval/analogies'];
    looks.push(`${step}: ${solved.toFixed(2)}`);
  }
  run.dispose();
  console.log(`  ${preset}, analogies solved at step ${looks.join(', ')}`);
  return [analogiesRow(preset, steps, solved)];
}

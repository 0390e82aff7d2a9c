/** Words as vectors, at three sizes: how many of the grammar's analogies a model solves that was trained as on the page. */
import { presetConfig } from '../../src/contract/config';
import { ANALOGIES_CHANCE } from '../../src/contract/inside';
import { PRESETS, type PresetName } from '../../src/contract/settings/setting';
import { PretrainRun, pretrain } from '../../src/core/train/pretrain';
import { atLeast, type Row } from './checks';
import type { Lab } from './lab';

/** so many times chance is no accident: over six draws of vectors guessing stays below twice */
const BEYOND_CHANCE = 5;

/** From nothing, on the corpus of the page. Looks come ten times, so that the way there can be read. */
async function solvedBy(preset: PresetName, { corpus, seed }: Lab): Promise<{ steps: number; solved: number }> {
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
  return { steps, solved };
}

/** the sizes one after the other: they share a process, and the largest takes longest */
export async function analogies(lab: Lab): Promise<Row[]> {
  const rows: Row[] = [];
  for (const preset of PRESETS) {
    const { steps, solved } = await solvedBy(preset, lab);
    const chance = `chance ${ANALOGIES_CHANCE.toFixed(3)}`;
    const label = `words: analogies solved, ${preset} after ${steps} steps (${chance})`;
    rows.push(atLeast(`words.${preset}`, label, solved, BEYOND_CHANCE * ANALOGIES_CHANCE));
  }
  return rows;
}

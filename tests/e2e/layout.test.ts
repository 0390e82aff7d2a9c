import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { openStage, pressVotes, simulateVotes, startTrained, trainUntil, useLab } from './lab';
import { expectReadable, faultsInAllSizes, TRAINED, VIEWS } from './views';

const SMALL =
  'backend=wasm&seed=4&stories=400&batch=4&evalEvery=3&rewardBatch=8&ruleLabels=8&normalizeSamples=8&rollouts=4&completionLength=12&epochs=1&dpoSamples=8&tuneSamples=8';
const SHORT = `${SMALL}&steps=6&tuneEpochs=2&rewardSteps=4&iterations=2&dpoSteps=4&bestOfSamples=4&bestOfPrompts=2`;
/** the same runs, so long that they do not end while somebody looks */
const LONG = `${SMALL}&steps=100000&tuneEpochs=1000&rewardSteps=100000&iterations=10000&dpoSteps=100000&bestOfSamples=256&bestOfPrompts=256`;

const ENDS: Record<string, RegExp> = {
  Pretrain: /6 of 6/,
  'Fine-tune': /(\d+) of \1\b/,
  'Reward model': /4 of 4/,
  PPO: /2 of 2/,
  DPO: /4 of 4/,
  'Best of N': /2 of 2/,
};

/** votes of both kinds, and every run there is, to its end */
async function fill(page: Page): Promise<void> {
  await startTrained(page);
  await pressVotes(page, [...'12t1221121221112']); // enough for habits, a hidden repeat and the rule
  await simulateVotes(page, 40);
  await openStage(page, 'Fine-tune');
  await page.getByRole('button', { name: 'Add from the stories' }).click();
  for (const view of TRAINED) {
    await view.open(page);
    await train(page).waitFor();
    await trainUntil(page, ENDS[view.name]!);
  }
}

const train = (page: Page) =>
  page.getByRole('toolbar', { name: 'Transport' }).getByRole('button', { name: 'Train', exact: true, disabled: false });

async function run(page: Page): Promise<void> {
  await train(page).click();
  const again = page.getByRole('alertdialog').getByRole('button').last();
  const pause = page.getByRole('button', { name: 'Pause' });
  await again.or(pause).first().waitFor();
  if (await again.isVisible()) await again.click();
  await pause.waitFor();
  await page
    .getByText(/(step|iteration|prompt) [1-9]\d* of/)
    .first()
    .waitFor();
}

describe('the layout at every width and both sizes of type', () => {
  const { visit } = useLab();

  it('cuts no text and squeezes no card before anything is there', async () => {
    const { page } = await visit('?backend=wasm&stories=400');
    await page.getByRole('button', { name: 'Engine: WebAssembly' }).waitFor();
    await expectReadable(page, VIEWS);
  });

  it('cuts no text and squeezes no card when all is trained, and while it is trained again', async () => {
    const { page } = await visit(`?${SHORT}`);
    await fill(page);
    await openStage(page, 'Optimise');
    await page.getByRole('button', { name: 'DPO overdose' }).click();
    await expectReadable(page, VIEWS);

    await page.goto(`${inject('pageUrl')}?${LONG}`);
    await page.getByRole('button', { name: 'Engine: WebAssembly' }).waitFor();
    const faults: string[] = [];
    for (const view of TRAINED) {
      await view.open(page);
      await run(page);
      faults.push(...(await faultsInAllSizes(page, view)));
      await page.getByRole('button', { name: 'Pause' }).click();
      await train(page).waitFor();
    }
    expect(faults).toEqual([]);
  });
});

import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectAccessible, openStage, useLab } from './lab';

type Control = readonly [role: Parameters<Page['getByRole']>[0], name: string];

const TRANSPORT: Control[] = [
  ['button', 'Train'],
  ['button', 'Step'],
  ['button', 'Reset'],
];

/** what teachers' scripts and tests call the controls, by stage */
const CONTROLS: Record<string, Control[]> = {
  Data: [['button', 'Generate']],
  Pretrain: TRANSPORT,
  'Fine-tune': [...TRANSPORT, ['button', 'Add from the stories']],
  Compare: [
    ['article', 'Completion A'],
    ['article', 'Completion B'],
    ...['A is better', 'B is better', 'Tie', 'Both bad', 'Skip', 'Undo', 'Add simulated votes'].map(
      (name) => ['button', name] as const,
    ),
    ['combobox', 'Rater'],
    ['spinbutton', 'Votes'],
  ],
  'Reward model': [...TRANSPORT, ['textbox', 'Score a text']],
  Optimise: [...TRANSPORT, ['tab', 'PPO'], ['tab', 'DPO'], ['tab', 'Best of N'], ['slider', 'KL coefficient']],
};

const VIEWS = ['Attention', 'Arithmetic', 'Layers', 'Words', 'Before and after'].map((name) => ['tab', name] as const);

/** the same of what looks inside, by address */
const BESIDE: Record<string, Control[]> = {
  '#/inspect?tab=attention': [...VIEWS, ['button', 'Narrow'], ['button', 'Teach']],
  '#/inspect?tab=arithmetic': [
    ...['Layer', 'Head', 'Token'].map((name) => ['combobox', name] as const),
    ...['Next step', 'Previous step', 'Play', 'Other sublayers'].map((name) => ['button', name] as const),
  ],
  '#/inspect?tab=layers': [
    ['region', 'Switch off a head'],
    ['button', 'Which heads matter'],
  ],
  '#/inspect?tab=words': [['button', 'he : she = his : ?']],
  '#/inspect?tab=before-after': [
    ['combobox', 'Before'],
    ['combobox', 'After'],
  ],
  '#/primer': [['heading', 'Grid world']],
  '#/translate': [
    ['heading', 'Translate'],
    ...TRANSPORT,
    ['textbox', 'Sentence'],
    ['radio', 'Greedy'],
    ['radio', 'Beam 4'],
    ['checkbox', 'Cross-attention'],
    ['tab', 'What a decoder alone leaves out'],
  ],
};

async function expectEach(page: Page, where: string, controls: readonly Control[]): Promise<void> {
  for (const [role, name] of controls) {
    const found = page.getByRole(role, { name, exact: true });
    await found.first().waitFor();
    expect(await found.count(), `${where}: ${role} ${name}`).toBe(1);
  }
}

describe('the names the page answers to', () => {
  const { visit } = useLab();

  it('are there once each, on every stage, and axe finds nothing to mend in either theme', async () => {
    const { page } = await visit('?backend=wasm');
    for (const preset of ['Tiny', 'Small', 'Medium'])
      await page.getByRole('button', { name: preset }).first().waitFor();
    await page.getByRole('button', { name: 'Start with the trained model' }).click();
    await page.getByRole('button', { name: 'A is better' }).waitFor();
    for (const [stage, controls] of Object.entries(CONTROLS)) {
      await openStage(page, stage);
      for (const [role, name] of controls) {
        await page.getByRole(role, { name }).first().waitFor();
        expect(await page.getByRole(role, { name }).count(), `${stage}: ${role} ${name}`).toBe(1);
      }
      await expectAccessible(page, stage);
    }
    await page.emulateMedia({ colorScheme: 'dark' });
    for (const stage of Object.keys(CONTROLS)) {
      await openStage(page, stage);
      await expectAccessible(page, `${stage}, dark`);
    }
  });

  it('are there on the pages beside the pipeline and in the numbers of a method', async () => {
    const { page } = await visit('?backend=wasm&seed=4&iterations=1&rollouts=4&epochs=1&ppoReward=rule');
    await page.getByRole('button', { name: 'Start with the trained model' }).click();
    await page.getByRole('button', { name: 'A is better' }).waitFor();
    for (const [address, controls] of Object.entries(BESIDE)) {
      await page.evaluate((hash) => location.assign(hash), address);
      await expectEach(page, address, controls);
    }
    await page.getByRole('radio', { name: 'Greedy' }).check();
    await page.getByRole('checkbox', { name: 'Cross-attention' }).uncheck();
    await openStage(page, 'Optimise');
    await expectEach(page, 'Optimise', [
      ['combobox', 'Reward'],
      ['button', 'Sweep'],
    ]);
    const rewards = page.getByRole('combobox', { name: 'Reward', exact: true }).locator('option');
    expect(await rewards.allTextContents()).toEqual(['model', 'rule', 'mix']);
    await page.getByRole('button', { name: 'In numbers' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Start training' }).click();
    const choices = ['Rollout', 'Token', 'Epoch'].map((name) => ['combobox', name] as const);
    await expectEach(page, 'PPO in numbers', [['heading', 'PPO in numbers'], ['button', 'Step'], ...choices]);
    await page.keyboard.press('Escape');
    for (const tab of ['DPO', 'Best of N']) {
      await page.getByRole('tab', { name: tab }).click();
      await expectEach(page, tab, [['button', 'In numbers']]);
    }
    for (const stage of ['Fine-tune', 'Reward model']) {
      await openStage(page, stage);
      await expectEach(page, stage, [['button', 'In numbers']]);
    }
  }, 120_000);

  it('let the Inspect drawer open over a stage, be walked with arrow keys, and close with Escape', async () => {
    const { page } = await visit('?backend=wasm');
    await page.getByRole('button', { name: 'Start with the trained model' }).click();
    await page.getByRole('button', { name: 'A is better' }).waitFor();
    await openStage(page, 'Pretrain');
    await page.getByRole('button', { name: 'Inspect' }).click();
    const drawer = page.getByRole('dialog', { name: 'Inspect' });
    await drawer.getByRole('textbox', { name: 'Text' }).fill('once a brave robin made a shiny key .');
    await drawer.getByText('robin').first().waitFor();
    await expectAccessible(page, 'Inspect');
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
  });
});

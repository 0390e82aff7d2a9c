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

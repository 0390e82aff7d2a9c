import { describe, expect, it } from 'vitest';
import { accessibleInBothThemes, openStage, useLab } from './lab';

describe('the function behind a number', () => {
  const { visit } = useLab();

  it('is read by keyboard from its explanation, without a network, and the focus comes back', async () => {
    const { page, context } = await visit('?backend=wasm&stories=400');
    await page.getByText('works: all of the page is here').waitFor({ timeout: 60_000 });
    await context.setOffline(true);
    await openStage(page, 'Reward model');
    const explain = page.getByRole('button', { name: 'Explain' }).first();
    await explain.focus();
    await page.keyboard.press('Enter');
    const link = page.getByRole('link', { name: 'Source' });
    await link.waitFor();
    for (let stop = 0; stop < 5 && !(await link.evaluate((element) => element === document.activeElement)); stop++)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');

    const sheet = page.getByRole('dialog', { name: 'Source' });
    await sheet.getByText('src/core/losses/rankingLoss.ts').waitFor();
    const marked = sheet.locator('[data-here]');
    expect(await marked.textContent()).toContain('export function rankingLoss(');
    await expect
      .poll(() => marked.evaluate((element) => Math.abs(element.getBoundingClientRect().top - 70) < 60))
      .toBe(true);
    expect(await sheet.getByRole('region').evaluate((element) => element === document.activeElement)).toBe(true);
    await accessibleInBothThemes(page, 'Source');

    const before = await marked.evaluate((element) => element.getBoundingClientRect().top);
    await page.keyboard.press('PageUp');
    await expect.poll(() => marked.evaluate((element) => element.getBoundingClientRect().top)).toBeGreaterThan(before);

    await marked.getByRole('link', { name: 'pairLosses' }).click();
    await sheet.getByText('src/core/losses/preferenceLoss.ts').waitFor();
    await page.goBack();
    await sheet.getByText('src/core/losses/rankingLoss.ts').waitFor();
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    await page.getByRole('heading', { level: 1, name: 'Reward model' }).waitFor();
    expect(await explain.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(new URL(page.url()).hash).toBe('#/reward');
  });

  it('prints as nothing but the file, whole', async () => {
    const { page } = await visit('#/source/core/text/entropy.ts?symbol=storyEntropy');
    const code = page.getByRole('region', { name: 'Lines of src/core/text/entropy.ts' });
    await code.waitFor();
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const printed = await code.evaluate((element) => ({
      cut: [...document.querySelectorAll('[role=dialog], [role=dialog] *')].some(
        (one) => getComputedStyle(one).overflowY !== 'visible' && one.scrollHeight > one.clientHeight + 1,
      ),
      stage: document.querySelector('main')?.checkVisibility() ?? false,
      ink: getComputedStyle(element.querySelector('[data-line]') as Element).color,
    }));
    expect(printed).toEqual({ cut: false, stage: false, ink: 'rgb(0, 0, 0)' });
  });
});

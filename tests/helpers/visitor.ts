/** What a visitor of the page does, for tests and benchmarks alike. */
import type { Locator, Page } from 'playwright-core';

/** goes to a stage through the pipeline's navigation, as a visitor would */
export async function openStage(page: Page, name: string): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Pipeline' })
    .getByRole('link', { name: new RegExp(`^${name}`) })
    .click();
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
}

/** from Start to the first pair of the trained model, by keyboard */
export async function startTrained(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Start with the trained model' }).press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Compare' }).waitFor();
  await pairShown(page);
}

/** waits for a pair to vote on: the buttons stand there before it, disabled */
export const pairShown = (page: Page): Promise<void> =>
  page.getByRole('button', { name: 'A is better', disabled: false }).waitFor({ timeout: 60_000 });

/** simulated votes, bulk */
export async function simulateVotes(page: Page, count: number): Promise<void> {
  await page.getByRole('spinbutton', { name: 'Votes' }).fill(String(count));
  await page.getByRole('combobox', { name: 'Rater' }).selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Add simulated votes' }).click();
  await page
    .getByText(new RegExp(`${count} simulated`))
    .first()
    .waitFor({ timeout: 150_000 });
}

/**
 * Presses Train and waits for what the transport bar says then.
 * @throws where a run is over already: the press asks then, and what is waited for may have been there before
 */
export async function trainUntil(page: Page, text: RegExp): Promise<void> {
  await page.getByRole('button', { name: 'Train' }).click({ trial: true });
  if (await progress(page, text).isVisible())
    throw new Error(`the transport bar said ${text} before Train was pressed`);
  await page.getByRole('button', { name: 'Train' }).click();
  const asked = page.getByRole('alertdialog', { name: /^Train again/ });
  await progress(page, text).or(asked).first().waitFor({ timeout: 150_000 });
  if (await asked.isVisible()) throw new Error('Train opened a question instead of a run: the one before was over');
}

/** what the transport bar says, e.g. "step 10 of 500" */
export const progress = (page: Page, text: RegExp | string): Locator =>
  page.getByRole('toolbar', { name: 'Transport' }).getByText(text).first();

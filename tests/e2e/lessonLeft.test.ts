/** A lesson that is left while something trains in it. */
import { describe, expect, it } from 'vitest';
import { stepOf, useLab } from './lab';

const LESSON = {
  format: 1,
  id: 'left',
  language: 'en',
  title: 'One that is left',
  minutes: 1,
  settings: { preset: 'tiny', stories: 400, steps: 4000 },
  begin: 'nothing',
  steps: [
    {
      id: 'learn',
      place: 'pretrain',
      text: { heading: 'Let it learn', body: 'Press Train, and go away.' },
      done: { metric: 'step', atLeast: 4000 },
    },
  ],
};

describe('a lesson', () => {
  const { visit } = useLab();

  it('that is left in the middle of a run goes on from where it was left', async () => {
    const { page } = await visit('?backend=wasm#/lessons');
    const [name, mimeType] = ['left.json', 'application/json'];
    const buffer = Buffer.from(JSON.stringify(LESSON, null, 1));
    await page.getByLabel('Open a lesson file, file').setInputFiles({ name, mimeType, buffer });
    const card = page.getByRole('article', { name: LESSON.title, exact: true });
    await card.getByRole('button', { name: 'Begin' }).press('Enter');
    const train = page.getByRole('button', { name: 'Train', exact: true, disabled: false });
    let reached = 0;
    for (const way of ['Escape', 'another page']) {
      await train.press('Enter');
      await expect.poll(() => stepOf(page), { timeout: 60_000 }).toBeGreaterThan(reached + 20);
      reached = await stepOf(page);
      if (way === 'Escape') {
        await page.getByRole('heading', { level: 2, name: 'Let it learn' }).focus();
        await page.keyboard.press('Escape');
        await page.getByRole('heading', { level: 1, name: 'Lessons', exact: true }).waitFor();
        await card.getByRole('button').first().press('Enter');
      } else {
        await page.getByRole('navigation', { name: 'Pipeline' }).getByRole('link', { name: /^Data/ }).press('Enter');
        await page.getByRole('heading', { level: 1, name: 'Data', exact: true }).waitFor();
        await page.goBack();
      }
      await train.waitFor();
      await expect.poll(() => stepOf(page)).toBeGreaterThanOrEqual(reached);
      reached = await stepOf(page);
    }
  });
});

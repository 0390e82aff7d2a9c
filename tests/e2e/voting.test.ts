import { describe, expect, it } from 'vitest';
import { downloaded, pairShown, pressVotes, startTrained, useLab, type Visit } from './lab';

/** on WebGPU (a software one), with the trained model that ships with the page: 2 layers, width 64 */
async function startVoting(visit: (address: string) => Promise<Visit>): Promise<Visit> {
  const found = await visit('?backend=webgpu&seed=5');
  await startTrained(found.page);
  return found;
}

describe('voting', () => {
  const { visit } = useLab();

  it('works by keyboard alone and survives closing the tab', async () => {
    const { page, context } = await startVoting(visit);
    const count = (votes: string) =>
      page
        .getByText(new RegExp(`^${votes}`))
        .first()
        .waitFor();
    expect(await page.getByRole('article', { name: 'Completion A' }).locator('h2 + *').textContent()).toMatch(
      /[a-z]+/i,
    );
    await pressVotes(page, ['1', '2', 'ArrowLeft', 'ArrowRight', 't', 'b']);
    await count('6 yours');
    await pressVotes(page, ['u']);
    await count('5 yours');
    await pressVotes(page, ['s']);
    await count('5 yours');
    await page.close({ runBeforeUnload: false });

    const again = await context.newPage();
    await again.goto(`${page.url().split('#')[0]}#/compare`);
    await again
      .getByText(/5 yours/)
      .first()
      .waitFor();
    await pairShown(again);
  });

  it('has no message over an answer or over a text that is judged, at any size', async () => {
    const { page } = await startVoting(visit);
    const covered = (): Promise<string[]> =>
      page.evaluate(() => {
        const boxes = [...document.querySelectorAll('[aria-label="Messages"] > *')].map((one) =>
          one.getBoundingClientRect(),
        );
        const under = ({ left, right, top, bottom }: DOMRect): boolean =>
          boxes.some(
            (box) => box.height > 0 && box.left < right && left < box.right && box.top < bottom && top < box.bottom,
          );
        const judged = [...document.querySelectorAll('main :is(button, article > span)')];
        return judged.filter((one) => under(one.getBoundingClientRect())).map((one) => one.textContent ?? '');
      });
    for (const [width, height] of [
      [1366, 768],
      [1000, 700],
      [911, 512],
      [400, 800],
    ] as const) {
      await page.setViewportSize({ width, height });
      await pressVotes(page, ['1', '2']);
      await page.getByRole('button', { name: 'Take it back' }).waitFor();
      expect(await covered(), `${width} × ${height}`).toEqual([]);
    }
  });

  it('exports votes as JSON Lines that come back in a fresh lab, bad lines named', async () => {
    const { page } = await startVoting(visit);
    await pressVotes(page, ['1', '2', '1']);
    await page
      .getByText(/3 yours/)
      .first()
      .waitFor();
    const text = (await downloaded(page, page.getByRole('button', { name: /Export/ }))).toString('utf8').trim();
    const rows = text
      .split('\n')
      .map((line) => JSON.parse(line) as { prompt: string; chosen: string; rejected: string });
    expect(rows).toHaveLength(3);
    for (const row of rows) expect(row.chosen).not.toBe(row.rejected);

    const fresh = await startVoting(visit);
    const file = {
      name: 'votes.jsonl',
      mimeType: 'application/x-ndjson',
      buffer: Buffer.from(`${text}\n{"prompt": 1}\n`),
    };
    await fresh.page.getByLabel('Votes file').setInputFiles(file);
    await fresh.page
      .getByText(/[Ll]ine 4/)
      .first()
      .waitFor();
    await fresh.page.getByRole('button', { name: /Keep/ }).first().click();
    await fresh.page
      .getByText(/3 imported/)
      .first()
      .waitFor();
  });
});

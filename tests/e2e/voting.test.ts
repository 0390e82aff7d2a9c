import { describe, expect, it } from 'vitest';
import { useLab, type Visit } from './lab';

/** the guard against a held key: a vote counts only when its pair has stood for 300 ms */
const GUARD_MS = 400;

async function startVoting(visit: (address: string) => Promise<Visit>): Promise<Visit> {
  const found = await visit('?backend=wasm&seed=5');
  await found.page.getByRole('button', { name: 'Start with the trained model' }).click();
  await found.page.getByRole('button', { name: 'A is better' }).waitFor();
  return found;
}

describe('voting', () => {
  const { visit } = useLab();

  it('works by keyboard alone and survives closing the tab', async () => {
    const { page, context } = await startVoting(visit);
    for (const key of ['1', '2', 'ArrowLeft', 'ArrowRight', 't', 'b']) {
      await page.waitForTimeout(GUARD_MS);
      await page.keyboard.press(key);
    }
    await page
      .getByText(/6 yours/)
      .first()
      .waitFor();
    await page.waitForTimeout(GUARD_MS);
    await page.keyboard.press('u');
    await page
      .getByText(/5 yours/)
      .first()
      .waitFor();
    await page.waitForTimeout(GUARD_MS);
    await page.keyboard.press('s');
    await page
      .getByText(/5 yours/)
      .first()
      .waitFor();
    await page.close({ runBeforeUnload: false });

    const again = await context.newPage();
    await again.goto(`${page.url().split('#')[0]}#/compare`);
    await again
      .getByText(/5 yours/)
      .first()
      .waitFor();
    await again.getByRole('button', { name: 'A is better' }).waitFor();
  });

  it('exports votes as JSON Lines that come back in a fresh lab, bad lines named', async () => {
    const { page } = await startVoting(visit);
    for (const key of ['1', '2', '1']) {
      await page.waitForTimeout(GUARD_MS);
      await page.keyboard.press(key);
    }
    await page
      .getByText(/3 yours/)
      .first()
      .waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page
        .getByRole('button', { name: /Export/ })
        .first()
        .click(),
    ]);
    const text = await streamText(await download.createReadStream());
    const rows = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { prompt: string; chosen: string; rejected: string });
    expect(rows).toHaveLength(3);
    for (const row of rows) expect(row.chosen).not.toBe(row.rejected);

    const fresh = await startVoting(visit);
    const file = { name: 'votes.jsonl', mimeType: 'application/x-ndjson', buffer: Buffer.from(`${text.trim()}\n{"prompt": 1}\n`) };
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

async function streamText(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString('utf8');
}

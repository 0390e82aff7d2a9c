import { describe, expect, it } from 'vitest';
import { downloaded, MINIATURE, metricUntil, openStage, pairShown, startTrained, trainUntil, useLab } from './lab';

/** a text of our own, long enough for a short context */
const OWN_TEXT = Array.from(
  { length: 120 },
  (_, i) => `Line ${i}: the kettle sang ${'la '.repeat(1 + (i % 5))}and the cat 🐈 slept.`,
).join('\n');

describe('files', () => {
  const { visit } = useLab();

  it('bring an own text, cut by BPE, that a model learns and completes', async () => {
    const { page } = await visit(
      `?backend=webgpu&seed=4&${MINIATURE}&evalEvery=6&context=16&steps=6&tokenizer=bpe&vocab=300#/data`,
    );
    await page.getByRole('tab', { name: 'Your own text' }).click();
    await page
      .locator('input[type="file"]')
      .first()
      .setInputFiles({ name: 'kettle.txt', mimeType: 'text/plain', buffer: Buffer.from(OWN_TEXT) });
    await page
      .getByText(/(2[6-9]\d|300) different tokens/)
      .first()
      .waitFor({ timeout: 60_000 });
    await openStage(page, 'Pretrain');
    await trainUntil(page, /step 6 of 6/);
    await metricUntil(page, 'eval/loss', Number.isFinite);
    await openStage(page, 'Compare');
    await pairShown(page);
  });

  it('that are broken are refused with a sentence and change nothing', async () => {
    const { page } = await visit('?backend=wasm#/data');
    await page.getByRole('button', { name: 'Generate' }).click();
    await page
      .getByText(/different tokens/)
      .first()
      .waitFor();
    await page.getByRole('tab', { name: 'Your own text' }).click();
    const input = page.locator('input[type="file"]').first();
    for (const [bytes, sentence] of [
      [Buffer.from(''), /empty/i],
      [Buffer.from('a'), /short/i],
      [Buffer.from([0x61, 0xff, 0xfe, 0x62]), /UTF-8/],
    ] as const) {
      await input.setInputFiles({ name: 'bad.txt', mimeType: 'text/plain', buffer: bytes });
      await page.getByText(sentence).first().waitFor();
    }
    await page
      .getByRole('link', { name: /^Start/ })
      .first()
      .click();
    await page
      .locator('input[type="file"]')
      .first()
      .setInputFiles({
        name: 'bad.safetensors',
        mimeType: 'application/octet-stream',
        buffer: Buffer.from('not a model at all'),
      });
    await page
      .getByText(/checkpoint cannot be read/i)
      .first()
      .waitFor();
  });

  it('carry a model out of the lab and back into a fresh one', async () => {
    const { page } = await visit('?backend=webgpu');
    await startTrained(page);
    await page
      .getByRole('link', { name: /^Start/ })
      .first()
      .click();
    const bytes = await downloaded(page, page.getByRole('button', { name: /as a file/ }));
    expect(bytes.length).toBeGreaterThan(100_000);

    const fresh = await visit('?backend=webgpu');
    await fresh.page
      .locator('input[type="file"]')
      .first()
      .setInputFiles({ name: 'mine.safetensors', mimeType: 'application/octet-stream', buffer: bytes });
    await fresh.page
      .getByRole('button', { name: /as a file/ })
      .first()
      .waitFor();
    await openStage(fresh.page, 'Compare');
    await pairShown(fresh.page);
  });
});

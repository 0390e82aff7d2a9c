/** What a visitor brings is text: HTML in it is shown as it is written, and no element comes of it. */
import type { Locator, Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { HEADERS } from '../../vite.config';
import { useLab } from './lab';

const MARKUP = '<img src=x onerror="hacked=1"><script>hacked=1</script>';
const file = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });

/** notes every element that is made of the markup, as it is put into the page */
async function watchElements(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const made: string[] = [];
    const isForeign = (element: Element) => element.matches('[onerror], img[src="x"], script:not([src])');
    new MutationObserver((changes) => {
      for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes]))
        if (node instanceof Element)
          made.push(...[node, ...node.querySelectorAll('*')].filter(isForeign).map(({ outerHTML }) => outerHTML));
    }).observe(document, { childList: true, subtree: true });
    Object.assign(globalThis, { madeOfMarkup: made });
  });
  await page.reload();
}

const found = (page: Page) =>
  page.evaluate(() => {
    const { madeOfMarkup, hacked } = globalThis as unknown as { madeOfMarkup: string[]; hacked?: number };
    return { elements: madeOfMarkup, hacked: hacked ?? 0 };
  });

/** in a text or in a field that can be typed into */
const shown = (page: Page): Locator =>
  page
    .getByText(/<img src=x/i)
    .filter({ visible: true })
    .first();

describe('markup in what a visitor brings', () => {
  const { visit } = useLab();

  it('stays text in the address and in files that are refused', async () => {
    const { page } = await visit(`?${encodeURIComponent(MARKUP)}=1&seed=${encodeURIComponent(MARKUP)}&rater=${encodeURIComponent(MARKUP)}`);
    await watchElements(page);
    await page.getByText(/No usable value for/).waitFor();
    await page.locator('input[type="file"]').first().setInputFiles(file('<img src=x onerror="hacked=1">.safetensors', MARKUP));
    await page
      .getByText(/checkpoint cannot be read/i)
      .first()
      .waitFor();
    await shown(page).waitFor();
    expect(await found(page)).toEqual({ elements: [], hacked: 0 });
  });
});

it('the server sends the headers of the recipe with the page, its scripts and its models', async () => {
  const page = await fetch(inject('pageUrl'));
  const script = /src="([^"]+\.js)"/.exec(await page.text())?.[1] ?? '';
  for (const path of ['', script, 'checkpoints/tiny.json', 'checkpoints/tiny.safetensors']) {
    const { headers, ok } = await fetch(new URL(path, inject('pageUrl')));
    expect(ok, path).toBe(true);
    expect(Object.fromEntries(Object.keys(HEADERS).map((name) => [name, headers.get(name)])), path).toEqual(HEADERS);
  }
});

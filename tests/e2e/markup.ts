/** Markup that a visitor brings, and what would come of it if it were more than text. */
import type { Locator, Page } from 'playwright-core';

export const MARKUP = '<img src=x onerror="hacked=1"><script>hacked=1</script>';

/** notes every element that is made of the markup, as it is put into the page */
export async function watchElements(page: Page): Promise<void> {
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

export const found = (page: Page) =>
  page.evaluate(() => {
    const { madeOfMarkup, hacked } = globalThis as unknown as { madeOfMarkup: string[]; hacked?: number };
    return { elements: madeOfMarkup, hacked: hacked ?? 0 };
  });

/** in a text or in a field that can be typed into */
export const shown = (page: Page): Locator =>
  page
    .getByText(/<img src=x/i)
    .filter({ visible: true })
    .first();

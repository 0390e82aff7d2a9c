/** Chromium over its own protocol, for what is compared between engines; the end-to-end tests have it to themselves. */
import { chromium } from 'playwright-core';
import { BROWSER_ARGS, requireBrowser } from '../helpers/browser';
import { makeHome } from './process';
import type { Tab } from './tab';

export async function openChromium(): Promise<Tab> {
  const home = makeHome();
  const browser = await chromium.launch({ executablePath: requireBrowser(), args: BROWSER_ARGS });
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('download', (download) => void download.saveAs(`${home.downloads}/${download.suggestedFilename()}`));
  return {
    version: `Chromium ${browser.version()}`,
    downloads: home.downloads,
    errors,
    open: async (address) => void (await page.goto(address)),
    reload: async () => void (await page.reload()),
    evaluate: (expression) => page.evaluate<string>(expression),
    press: (key) => page.keyboard.press(key),
    click: ({ x, y }) => page.mouse.click(x, y),
    chooseFile: (selector, path) => page.setInputFiles(selector, path),
    screenshot: () => page.screenshot(),
    async close() {
      await browser.close();
      home.remove();
    },
  };
}

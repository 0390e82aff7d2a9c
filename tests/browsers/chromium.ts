/** Chromium over its own protocol, for what is compared between engines and for the campaign. */
import { type Browser, chromium, type Page } from 'playwright-core';
import { BROWSER_ARGS, requireBrowser } from '../helpers/browser';
import { lineOf, makeHome, start } from './process';
import type { Tab } from './tab';

const SIZE = { width: 1366, height: 768 };

/** A page as a tab; `end` takes away what was started for it. */
export function tabOf(page: Page, browser: Browser, downloads: string, end: () => Promise<void>): Tab {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('download', (download) => void download.saveAs(`${downloads}/${download.suggestedFilename()}`));
  return {
    version: `Chromium ${browser.version()}`,
    downloads,
    errors,
    open: async (address) => void (await page.goto(address)),
    reload: async () => void (await page.reload()),
    evaluate: (expression) => page.evaluate<string>(expression),
    press: (key) => page.keyboard.press(key),
    click: ({ x, y }) => page.mouse.click(x, y),
    chooseFile: (selector, path) => page.setInputFiles(selector, path),
    screenshot: () => page.screenshot(),
    close: end,
  };
}

/** @param prepare told of the page before it loads anything */
export async function openChromium(prepare: (page: Page) => Promise<void> = async () => undefined): Promise<Tab> {
  const home = makeHome();
  const browser = await chromium.launch({ executablePath: requireBrowser(), args: BROWSER_ARGS });
  const page = await (await browser.newContext({ viewport: SIZE })).newPage();
  await prepare(page);
  return tabOf(page, browser, home.downloads, async () => {
    await browser.close();
    home.remove();
  });
}

/**
 * Chromium on a profile that outlives it; closing the tab kills the browser's process, which has no time to say
 * goodbye.
 */
export async function openToKill(profile: string): Promise<Tab> {
  const window = `--window-size=${SIZE.width},${SIZE.height + 100}`;
  const args = [
    ...BROWSER_ARGS,
    '--headless=new',
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
    window,
    'about:blank',
  ];
  const started = start(requireBrowser(), args, process.env);
  const [, address] = await lineOf(started, 2, /DevTools listening on (ws:\S+)/);
  const browser = await chromium.connectOverCDP(address as string);
  const page = browser.contexts()[0]!.pages()[0] ?? (await browser.contexts()[0]!.newPage());
  return tabOf(page, browser, profile, started.end);
}

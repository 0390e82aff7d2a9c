/** What a page is waited for: how long, with the longest task of its own thread and the most memory of its process. */
import { existsSync, readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { traceTasks } from './tasks';

const POLL_MS = 100;

/** @returns resident megabytes of the page's process: the largest of those that draw pages */
async function residentMb(browser: Browser): Promise<number> {
  const devtools = await browser.newBrowserCDPSession();
  const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
  await devtools.detach();
  const sizes = processInfo
    .filter(({ type, id }) => type === 'renderer' && existsSync(`/proc/${id}/status`))
    .map(({ id }) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0) / 1024);
  return Math.max(0, ...sizes);
}

/** waits for something, and tells what that took */
export async function told(browser: Browser, page: Page, what: string, wait: () => Promise<unknown>): Promise<void> {
  let [most, going] = [0, true];
  const poll = (async () => {
    while (going) {
      most = Math.max(most, await residentMb(browser));
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  })();
  const endTrace = await traceTasks(browser, page);
  const began = performance.now();
  await wait().finally(() => {
    going = false;
  });
  const ms = performance.now() - began;
  await poll;
  const tasks = await endTrace([]);
  const longest = (of: 'ms' | 'workMs') => `${Math.max(0, ...tasks.map((task) => task[of])).toFixed(0)} ms`;
  const seen = [
    `longest task ${longest('ms')}`,
    `most work of one ${longest('workMs')}`,
    `process ${most.toFixed(0)} MB`,
  ];
  const row = [`${(ms / 1000).toFixed(1)} s`, ...seen];
  process.stdout.write(`${what}: ${row.join(', ')}\n`);
}

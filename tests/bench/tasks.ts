/**
 * How long the tasks of the page's thread really worked: on a busy machine a task also waits for a core, which is not
 * the page's doing.
 */
import type { Browser, CDPSession, Page } from 'playwright-core';

/** the part of a trace event that is read here; times in microseconds */
export interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  /** processor time */
  tdur?: number;
}

/** a time span by the page's clock, in ms */
export interface Span {
  from: number;
  to: number;
}

export const ORIGIN = 'bench: tasks are traced';
const CATEGORIES = ['toplevel', 'blink.user_timing'];

/**
 * @param origin the page's clock when the mark of this name was set
 * @param apart spans in which something else than the page was at work
 * @returns processor time of the longest task, in ms
 */
export function longestWork(events: readonly TraceEvent[], origin: number, apart: readonly Span[]): number {
  const mark = events.find(({ name }) => name === ORIGIN);
  if (!mark) return Number.NaN;
  const isMain = ({ pid, tid }: TraceEvent) => pid === mark.pid && tid === mark.tid;
  const at = ({ ts }: TraceEvent) => origin + (ts - mark.ts) / 1000;
  const tasks = events.filter((event) => event.ph === 'X' && event.name.endsWith('RunTask') && isMain(event));
  const own = tasks.filter(
    (task) => !apart.some(({ from, to }) => at(task) <= to && at(task) + (task.dur ?? 0) / 1000 >= from),
  );
  return own.reduce((most, { tdur = 0 }) => Math.max(most, tdur / 1000), 0);
}

/**
 * Traces the page's tasks until it is called again. @returns what ends it and gives the longest work outside the spans
 */
export async function traceTasks(browser: Browser, page: Page): Promise<(apart: readonly Span[]) => Promise<number>> {
  const devtools: CDPSession = await browser.newBrowserCDPSession();
  const events: TraceEvent[] = [];
  devtools.on('Tracing.dataCollected', ({ value }) => {
    for (const event of value) events.push(event as unknown as TraceEvent);
  });
  const traceConfig = { includedCategories: CATEGORIES, excludedCategories: ['*'] };
  await devtools.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig });
  const origin = await page.evaluate((name) => performance.mark(name).startTime, ORIGIN);
  return async (apart) => {
    const complete = new Promise((resolve) => devtools.once('Tracing.tracingComplete', resolve));
    await devtools.send('Tracing.end');
    await complete;
    await devtools.detach();
    return longestWork(events, origin, apart);
  };
}

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

/** A task of the page's thread: when it began by the page's clock, how long it lasted, and its processor time; in ms. */
export interface Task {
  at: number;
  ms: number;
  workMs: number;
}

/**
 * @param origin the page's clock when the mark of this name was set
 * @param apart spans in which something else than the page was at work
 * @returns the tasks of the thread that set the mark, outside of those spans
 */
export function tasksOf(events: readonly TraceEvent[], origin: number, apart: readonly Span[]): Task[] {
  const mark = events.find(({ name }) => name === ORIGIN);
  if (!mark) throw new Error('the trace lacks its mark');
  const isMain = ({ pid, tid }: TraceEvent) => pid === mark.pid && tid === mark.tid;
  return events
    .filter((event) => event.ph === 'X' && event.name.endsWith('RunTask') && isMain(event))
    .map(({ ts, dur = 0, tdur = 0 }) => ({ at: origin + (ts - mark.ts) / 1000, ms: dur / 1000, workMs: tdur / 1000 }))
    .filter(({ at, ms }) => !apart.some(({ from, to }) => at <= to && at + ms >= from));
}

/**
 * Traces the page's tasks. @returns what ends that and gives those outside of the spans
 */
export async function traceTasks(browser: Browser, page: Page): Promise<(apart: readonly Span[]) => Promise<Task[]>> {
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
    return tasksOf(events, origin, apart);
  };
}

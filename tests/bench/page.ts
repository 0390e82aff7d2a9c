/**
 * How busy the page's own thread is while PPO runs: tasks over 50 ms, which a visitor feels, and JavaScript's heap. The
 * built page in a browser, on WebAssembly, the trained Tiny, 300 simulated votes, a reward model, then PPO.
 */
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core';
import { BROWSER_ARGS, browserVersion, requireBrowser } from '../helpers/browser';
import { servePage } from '../helpers/servePage';
import { openStage, progress, simulateVotes, startTrained, trainUntil } from '../helpers/visitor';
import { NOTHING_BESIDE, type Row } from './benchmarks';
import { heldBytes } from './heap';
import { median } from './measure';
import { type Task, traceTasks } from './tasks';

const ADDRESS = '?preset=tiny&seed=1&backend=wasm&iterations=10000';
const VOTES = 300;
/** PPO runs so long before anything is counted: compiled code and full lists are part of neither heap nor tasks */
const WARM_UP_MS = 15_000;
/** after the heap was copied for its numbers, which stops the page: what had piled up is drawn, and code is warm again */
const SETTLING_MS = 5000;
/** between two readings of the heap */
const READING_MS = 5000;
/** what a visitor feels, by the browsers' own measure of a long task */
const LONG_MS = 50;

export interface PageOptions {
  runs: number;
  seconds: number;
  /** a folder that `npm run build` left, of another commit for instance; built afresh when absent */
  built?: string;
}

/** What one run showed. */
interface Reading {
  /** those over LONG_MS, by the clock of the run */
  long: Task[];
  /** most processor time that one of all tasks took */
  longestWorkMs: number;
  /** after a forced collection, every READING_MS */
  heapMb: number[];
  iterations: number;
  /** bytes of data that an iteration left on the heap: the history, and what is drawn of it; compiled code apart */
  dataBytes: number;
  /** processor time of the page's thread for an iteration: other processes make it wait, but not work */
  workMs: number;
}

const pageTime = (page: Page): Promise<number> => page.evaluate(() => performance.now());

async function readHeap(page: Page, devtools: CDPSession): Promise<{ mb: number; from: number; to: number }> {
  const from = await pageTime(page);
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  return { mb: usedSize / 2 ** 20, from, to: await pageTime(page) };
}

/** @returns processor time that the tasks of the page's thread took so far */
async function workMs(devtools: CDPSession): Promise<number> {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
}

const iterationOf = async (page: Page): Promise<number> =>
  Number(
    /iteration ([\d,]+)/
      .exec((await progress(page, /iteration [\d,]+ of/).textContent()) ?? '')?.[1]
      ?.replaceAll(',', ''),
  );

async function watch(browser: Browser, page: Page, devtools: CDPSession, seconds: number): Promise<Reading> {
  const held = await heldBytes(devtools);
  const heldAt = await iterationOf(page);
  await page.waitForTimeout(SETTLING_MS);
  const first = await iterationOf(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const before = await workMs(devtools);
  const endTrace = await traceTasks(browser, page);
  const readings = [await readHeap(page, devtools)];
  for (let left = 1000 * seconds; left > 0; left -= READING_MS) {
    await page.waitForTimeout(Math.min(READING_MS, left));
    readings.push(await readHeap(page, devtools));
  }
  const iterations = (await iterationOf(page)) - first;
  const work = (await workMs(devtools)) - before;
  const [began, ended] = [readings[0]!.from, readings.at(-1)!.to]; // outside of them the tracing itself starts and ends
  const tasks = (await endTrace(readings)).filter(({ at }) => at >= began && at <= ended);
  const gained = (await heldBytes(devtools)) - held; // last: it is a long task itself
  return {
    long: tasks.filter(({ ms }) => ms > LONG_MS).map((task) => ({ ...task, at: task.at - began })),
    longestWorkMs: tasks.reduce((most, task) => Math.max(most, task.workMs), 0),
    heapMb: readings.map(({ mb }) => mb),
    iterations,
    dataBytes: gained / ((await iterationOf(page)) - heldAt),
    workMs: work / iterations,
  };
}

async function oneRun(browser: Browser, url: string, seconds: number): Promise<Reading> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  try {
    const page = await context.newPage();
    await page.goto(url + ADDRESS);
    await startTrained(page);
    await simulateVotes(page, VOTES);
    await openStage(page, 'Reward model');
    await trainUntil(page, /step (\d+) of \1$/);
    await openStage(page, 'Optimise');
    await trainUntil(page, /iteration [1-9]/);
    await page.waitForTimeout(WARM_UP_MS);
    return await watch(browser, page, await context.newCDPSession(page), seconds);
  } finally {
    await context.close();
  }
}

/** growth of the heap over the second half of a run, so that what levels off counts as level */
const growth = ({ heapMb }: Reading): number => (heapMb.at(-1) as number) - (heapMb[heapMb.length >> 1] as number);

function rowsOf(readings: readonly Reading[]): Row[] {
  const row = (id: string, unit: string, of: (reading: Reading) => number): Row => ({
    id: `page.ppo.${id}`,
    value: median(readings.map(of)),
    unit,
    ...NOTHING_BESIDE,
  });
  return [
    row('longTasks', 'tasks', ({ long }) => long.length),
    row('longest', 'ms', ({ long }) => long.reduce((most, { ms }) => Math.max(most, ms), 0)),
    row('longestWork', 'ms', ({ longestWorkMs }) => longestWorkMs),
    row('total', 'ms', ({ long }) => long.reduce((sum, { ms }) => sum + ms, 0)),
    row('heap', 'MB', ({ heapMb }) => heapMb.at(-1) as number),
    row('heapGrowth', 'MB', growth),
    row('data', 'bytes/iteration', ({ dataBytes }) => dataBytes),
    row('work', 'ms/iteration', ({ workMs }) => workMs),
    row('iterations', 'iterations', ({ iterations }) => iterations),
  ];
}

/** @returns medians over the runs, and each run */
export async function measurePage({
  runs,
  seconds,
  built,
}: PageOptions): Promise<{ browser: string; rows: Row[]; readings: Reading[] }> {
  const executablePath = requireBrowser();
  const { url, close } = await servePage(built);
  const browser = await chromium.launch({ executablePath, args: BROWSER_ARGS });
  const readings: Reading[] = [];
  try {
    for (let run = 0; run < runs; run++) {
      readings.push(await oneRun(browser, url, seconds));
      console.error(`run ${run + 1} of ${runs}: ${JSON.stringify(readings.at(-1))}`);
    }
  } finally {
    await browser.close();
    await close();
  }
  return { browser: browserVersion(executablePath), rows: rowsOf(readings), readings };
}

/**
 * What a visitor waits for on WebAssembly, in seconds by the clock on the wall: the built page in a browser, pressed by
 * its role names, with the executor that it takes by itself.
 */
import { type Browser, chromium, type Page } from 'playwright-core';
import { presetConfig } from '../../src/contract/config';
import { createStoryCorpus } from '../../src/core/text/storyCorpus';
import { pretrain } from '../../src/core/train/pretrain';
import { PretrainRun } from '../../src/core/train/pretrainRun';
import { BROWSER_ARGS, browserVersion, requireBrowser } from '../helpers/browser';
import { servePage } from '../helpers/servePage';
import { openStage, pairShown, progress, trainUntil } from '../helpers/visitor';
import { startFused } from '../helpers/wasm';
import { writeAndJudge } from '../scenario/judge';
import { NOTHING_BESIDE, type Row } from './benchmarks';
import { median } from './measure';

const SEED = 1;
const ITERATIONS = 40;
const VOTES = 24;
const ADDRESS = `?preset=tiny&seed=${SEED}&backend=wasm&iterations=${ITERATIONS}`;
/** a vote counts only when its pair has stood for 300 ms */
const GUARD_MS = 400;
const COHERENT = { share: 0.7, temperature: 0.7, texts: 200 } as const;
const PATIENCE_MS = 240_000;

const WAITS = ['firstPair', 'reward', 'ppo', 'pretrain'] as const;
type Wait = (typeof WAITS)[number];
/** seconds of each that was asked for */
type Waits = Partial<Record<Wait, number>>;

const idOf = (wait: Wait): string => `page.wasm.${wait}`;

/** @returns seconds */
async function lasts(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/**
 * The page judges texts at temperature 1 alone. On WebAssembly the same run gives the same bits, so the step at which
 * it writes well enough at another temperature is found without it.
 */
async function coherentStep(): Promise<number> {
  await startFused(1);
  const lab = presetConfig('tiny', SEED);
  const corpus = createStoryCorpus(lab.stories, SEED);
  const model = { ...lab.model, vocabSize: corpus.tokenizer.vocabSize };
  const run = new PretrainRun({
    seed: SEED,
    config: lab.pretrain,
    model,
    corpus,
    fixedPrompt: corpus.summary.samples[0]?.prompt ?? '',
  });
  try {
    for await (const { step, sample, metrics } of pretrain(run, () => performance.now())) {
      if (!sample) continue;
      const { coherent } = await writeAndJudge(run.network, corpus, COHERENT.texts, COHERENT.temperature, SEED);
      console.error(
        `step ${step}: held-out loss ${metrics['eval/loss']?.toFixed(4)}, coherent ${coherent} at ${COHERENT.temperature}`,
      );
      if (coherent >= COHERENT.share) return step;
    }
    throw new Error(`${lab.pretrain.steps} steps are too few for a coherent share of ${COHERENT.share}`);
  } finally {
    run.dispose();
  }
}

/** always for the longer text, so that there is a rule to find */
async function vote(page: Page): Promise<void> {
  await pairShown(page);
  await page.waitForTimeout(GUARD_MS);
  const [a, b] = await Promise.all(
    ['A', 'B'].map((side) => page.getByRole('article', { name: `Completion ${side}` }).innerText()),
  );
  await page.keyboard.press(a!.length > b!.length ? 'ArrowLeft' : 'ArrowRight');
}

async function reached(page: Page, step: number): Promise<void> {
  const standing = progress(page, /step [\d,]+ of/);
  const stepOf = (words: string | null): number =>
    Number(/step ([\d,]+)/.exec(words ?? '')?.[1]?.replaceAll(',', '') ?? 0);
  while (stepOf(await standing.textContent()) < step) await page.waitForTimeout(50);
}

async function onNewPage<T>(browser: Browser, work: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  context.setDefaultTimeout(PATIENCE_MS);
  try {
    return await work(await context.newPage());
  } finally {
    await context.close();
  }
}

/** looks at every frame, where a locator looks again after half a second */
const pressable = (page: Page, label: string) =>
  page.waitForFunction(
    (text) => [...document.querySelectorAll('button')].some((one) => !one.disabled && one.textContent?.includes(text)),
    label,
    { polling: 'raf' },
  );

/** from the address to the first pair of the trained model, by keyboard */
async function openToPair(page: Page, url: string): Promise<void> {
  const start = 'Start with the trained model';
  await page.goto(url + ADDRESS, { waitUntil: 'commit' });
  await pressable(page, start);
  await page.getByRole('button', { name: start }).press('Enter');
  await pressable(page, 'A is better');
}

/** goes as far as somebody wants to know */
const fromTrained =
  (url: string, isWanted: (wait: Wait) => boolean) =>
  async (page: Page): Promise<Waits> => {
    const firstPair = await lasts(() => openToPair(page, url));
    if (!isWanted('reward') && !isWanted('ppo')) return { firstPair };
    for (let i = 0; i < VOTES; i++) await vote(page);
    await pairShown(page);
    await openStage(page, 'Reward model');
    const reward = await lasts(() => trainUntil(page, /step (\d+) of \1$/));
    if (!isWanted('ppo')) return { firstPair, reward };
    await openStage(page, 'Optimise');
    const ppo = await lasts(() => trainUntil(page, new RegExp(`iteration ${ITERATIONS} of ${ITERATIONS}`)));
    return { firstPair, reward, ppo };
  };

const fromScratch =
  (url: string, step: number) =>
  async (page: Page): Promise<number> => {
    await page.goto(`${url}${ADDRESS}#/pretrain`);
    const train = page.getByRole('button', { name: 'Train', disabled: false });
    await train.waitFor();
    return lasts(async () => {
      await train.click();
      await reached(page, step);
    });
  };

/**
 * @param filter part of the ids that are wanted
 * @returns medians over the runs, and each run
 */
export async function measureWaits({ runs, built, filter = '' }: { runs: number; built?: string; filter?: string }) {
  const wanted = WAITS.filter((wait) => idOf(wait).includes(filter));
  const isWanted = (wait: Wait): boolean => wanted.includes(wait);
  const step = isWanted('pretrain') ? await coherentStep() : 0;
  const executablePath = requireBrowser();
  const { url, close } = await servePage(built);
  const browser = await chromium.launch({ executablePath, args: BROWSER_ARGS });
  const readings: Waits[] = [];
  try {
    for (let run = 0; run < runs; run++) {
      const reading: Waits = {};
      if (wanted.some((wait) => wait !== 'pretrain'))
        Object.assign(reading, await onNewPage(browser, fromTrained(url, isWanted)));
      if (isWanted('pretrain')) reading.pretrain = await onNewPage(browser, fromScratch(url, step));
      readings.push(reading);
      console.error(`run ${run + 1} of ${runs}: ${JSON.stringify(reading)}`);
    }
  } finally {
    await browser.close();
    await close();
  }
  const row = (wait: Wait): Row => ({
    id: idOf(wait),
    value: median(readings.map((reading) => reading[wait]!)),
    unit: 's',
    ...NOTHING_BESIDE,
  });
  return { browser: browserVersion(executablePath), rows: wanted.map(row), readings };
}

/**
 * What a browser, a disk and a visitor may do to a lab that is at work: the page says it, nothing acknowledged is lost,
 * work goes on.
 */
import type { Page } from 'playwright-core';
import { openChromium } from '../browsers/chromium';
import { Visitor } from '../browsers/visitor';
import { servePage } from '../helpers/servePage';
import { bringInBoth, duel, voteInLesson } from './kills';
import { inShort, type Part } from './row';

const MINIATURE = 'layers=1&width=16&heads=2&batch=4&evalEvery=200';
const SHORT =
  'steps=60&rewardSteps=6&rewardBatch=8&normalizeSamples=8&rollouts=4&completionLength=12&epochs=1&iterations=6&stories=400' +
  '&tuneEpochs=4&tuneBatch=4&tuneSamples=4&dpoSteps=8&dpoBatch=4&dpoSamples=4&dpoEvalEvery=4&bestOfSamples=8&bestOfPrompts=6';

/** a visitor, and the page that Playwright sees behind it */
interface Scene {
  visitor: Visitor;
  page: Page;
  url: string;
}

/**
 * One thing that may go wrong: throws unless the lab takes it as it should; @returns a figure for the table, or nothing
 */
type Fault = (scene: Scene) => Promise<string | undefined>;

const expectThat = (holds: boolean, otherwise: string): void => {
  if (!holds) throw new Error(otherwise);
};

async function startTrained(visitor: Visitor): Promise<void> {
  await visitor.click('button', /^Start with the trained model/);
  await visitor.find('button', /^A is better/);
}

async function generate(visitor: Visitor): Promise<void> {
  await visitor.openStage('Data');
  await visitor.click('button', /^Generate/);
  await visitor.sees(/different tokens/);
}

const humanVotes = (visitor: Visitor): Promise<number> => visitor.metric('votes/human');

async function open({ visitor, url }: Scene, settings: string, stage = 'start'): Promise<void> {
  await visitor.open(`${url}?${settings}#/${stage}`);
}

async function killGpu({ page, visitor }: Scene): Promise<void> {
  const session = await page.context().browser()!.newBrowserCDPSession();
  await session.send('Browser.crashGpuProcess');
  await visitor.sees(/graphics device was lost/);
  await visitor.sees(/Engine:\s*WebAssembly/);
}

type Stage = 'Pretrain' | 'Fine-tune' | 'Compare' | 'Reward model' | 'Optimise';

/** so many that a pause comes between two slices of writing */
const LONG_ROLLOUTS = SHORT.replace('rollouts=4', 'rollouts=256');

/** Train, where what was trained stands still */
async function goOn(visitor: Visitor): Promise<void> {
  if (!/\bPause\b/.test(await visitor.text())) await visitor.click('button', /^Train\b/);
}

/** a miniature, ten votes of one's own and, where it is asked for, a reward model from them; all on WebGPU */
async function upTo(scene: Scene, stage: Stage, settings = SHORT): Promise<void> {
  const { visitor } = scene;
  await open(scene, `backend=webgpu&seed=3&${MINIATURE}&${settings}`);
  await generate(visitor);
  await visitor.openStage('Pretrain');
  if (stage === 'Pretrain') return;
  await visitor.train(/step 60 of 60/);
  if (stage === 'Fine-tune') {
    await visitor.openStage('Fine-tune');
    await visitor.click('button', /^Add from the stories/);
    await visitor.sees(/[1-9]\d* from the stories/);
    return;
  }
  await visitor.openStage('Compare');
  await visitor.vote(['1', '2', '1', '1', '2', '1', '1', '2', '1', '1']);
  if (stage === 'Compare') return;
  await visitor.openStage('Reward model');
  if (stage === 'Reward model') return;
  await visitor.train(/step 6 of 6/);
  await visitor.openStage('Optimise');
}

/** so many steps that a busy machine, too, sees a run before its end */
const LONG_REWARD = SHORT.replace('rewardSteps=6', 'rewardSteps=60');
const LONG_DPO = SHORT.replace('dpoSteps=8', 'dpoSteps=60').replace('bestOfPrompts=6', 'bestOfPrompts=24');

/** the device goes while a run plays; the run then goes on to its end */
const lostWhile =
  (
    stage: Stage,
    first: RegExp,
    end: RegExp,
    { method, settings }: { method?: RegExp; settings?: string } = {},
  ): Fault =>
  async (scene) => {
    const { visitor } = scene;
    await upTo(scene, stage, settings);
    if (method) await visitor.click('tab', method);
    await visitor.train(first);
    await killGpu(scene);
    await visitor.train(end);
    return undefined;
  };

const DEVICE_LOST: Record<string, Fault> = {
  async voting(scene) {
    await upTo(scene, 'Compare');
    await killGpu(scene);
    await scene.visitor.vote(['1', '2']);
    expectThat((await humanVotes(scene.visitor)) === 12, 'a vote is missing');
    return undefined;
  },
  pretraining: lostWhile('Pretrain', /step [1-9]\d? of/, /step 60 of 60/),
  'the reward model': lostWhile('Reward model', /step [1-9]\d? of/, /step 60 of 60/, { settings: LONG_REWARD }),
  PPO: lostWhile('Optimise', /iteration [1-4] of/, /iteration 6 of 6/),
  'fine-tuning': lostWhile('Fine-tune', /step [1-9]\d* of/, /step (\d+) of \1\b/),
  DPO: lostWhile('Optimise', /step [1-9]\d? of/, /step 60 of 60/, { method: /^DPO/, settings: LONG_DPO }),
  'best of N': lostWhile('Optimise', /prompt [1-9]\d? of/, /prompt 24 of 24/, {
    method: /^Best of N/,
    settings: LONG_DPO,
  }),
  async 'PPO, held in a rollout'(scene) {
    const { visitor } = scene;
    await upTo(scene, 'Optimise', LONG_ROLLOUTS);
    await visitor.click('button', /^Train\b/);
    await visitor.find('button', /^Pause/);
    await new Promise((resolve) => setTimeout(resolve, 1500)); // writing has begun
    await visitor.click('button', /^Pause/);
    await visitor.find('button', /^Train\b/);
    const held = /iteration \d+ of/.exec(await visitor.text())?.[0];
    await killGpu(scene);
    await visitor.train(/iteration 6 of 6/);
    return `held at ${held} 6`;
  },
  async 'a translator'(scene) {
    const { visitor } = scene;
    await open(scene, 'backend=webgpu&seed=3', 'translate');
    await visitor.train(/step [1-9]\d* of/);
    await killGpu(scene);
    const step = Number(/step (\d+) of/.exec(await visitor.text())?.[1]);
    await goOn(visitor);
    await visitor.until('a further step', async () => Number(/step (\d+) of/.exec(await visitor.text())?.[1]) > step);
    return undefined;
  },
  async 'an arena'(scene) {
    const { visitor } = scene;
    await open(scene, 'backend=webgpu&seed=3', 'arena');
    await bringInBoth(visitor);
    await duel(visitor, '1');
    await killGpu(scene);
    await duel(visitor, 't');
    await visitor.sees(/Pair 3\./);
    return undefined;
  },
  async 'a lesson'(scene) {
    const { visitor } = scene;
    await open(scene, 'backend=webgpu&seed=3');
    await startTrained(visitor);
    await visitor.vote(['1', '2', '1']);
    await visitor.openStage('Optimise');
    await visitor.click('button', /^DPO overdose/);
    await visitor.click('radio', /./);
    await visitor.click('button', /^Run both/);
    const grown = (than: number) =>
      visitor.until(
        `more than ${than} steps`,
        async () => ((await visitor.ask(stepOfLesson)) ?? 0) > than || null,
        150_000,
      );
    await grown(0);
    await killGpu(scene);
    await grown((await visitor.ask(stepOfLesson)) ?? 0);
    await visitor.openStage('Compare');
    expectThat((await humanVotes(visitor)) === 3, 'a vote is missing');
    return undefined;
  },
};

/** Runs in the page. @returns where the broken run stands */
function stepOfLesson(): number | null {
  const value = document.querySelector('[role=progressbar][aria-label="Broken run"]')?.getAttribute('aria-valuenow');
  return value ? Number(value) : null;
}

/** what is given on Compare is in one store */
const STORE_OF: Record<string, string> = {
  votes: 'opinions',
  rankings: 'opinions',
  translator: 'snapshots',
  'a class': 'settings',
  'votes in a lesson’s own lab': 'opinions',
};

/** what a store of the database is written by, once the lab stands on Compare */
const WRITES: Record<string, (visitor: Visitor) => Promise<void>> = {
  votes: (visitor) => visitor.vote(['1', '2', '1']),
  settings: (visitor) => generate(visitor),
  async rankings(visitor) {
    await visitor.click('button', /^Move B up/);
    await new Promise((resolve) => setTimeout(resolve, 500)); // the guard against a held key
    await visitor.click('button', /^Save ranking/);
  },
  async runs(visitor) {
    await generate(visitor);
    await visitor.openStage('Pretrain');
    await visitor.train(/step 60 of 60/);
  },
  async duels(visitor) {
    await visitor.openPage('arena', /^Arena/);
    await visitor.click('button', /^Bring in Small/);
    await duel(visitor, '1');
  },
  async translator(visitor) {
    await visitor.openPage('translate', /^Translate/);
    await visitor.click('button', /^Step\b/);
    await visitor.sees(/step 1 of/);
  },
  async 'votes in a lesson’s own lab'(visitor) {
    await voteInLesson(visitor);
    await visitor.vote(['1']);
  },
  async 'a class'(visitor) {
    await visitor.openPage('class', /^Class/);
    await visitor.click('button', /^Open a class/);
    await visitor.has('heading', /^Who is in/);
  },
  async texts(visitor) {
    await visitor.openStage('Data');
    await visitor.click('tab', /^Your own text/);
    await visitor.click('textbox', /^Or paste a text/);
    for (const letter of 'the kettle sang and the cat slept '.repeat(8))
      await visitor.tab.press(letter === ' ' ? 'Space' : letter);
    await visitor.click('button', /^Use this text/);
    await visitor.sees(/different tokens/);
  },
};
/** written along with a run, in the same manner */
const ALONG: Record<string, string> = { points: 'runs', snapshots: 'runs', checkpoints: 'runs', specs: 'runs' };

/** From now on a store of the database refuses what is put into it, as a browser without room does; 'none' lets go. */
function fill(store: string): void {
  const patched = globalThis as unknown as { fullStore?: string };
  if (patched.fullStore === undefined) {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...values: Parameters<typeof put>) {
      if (this.name === patched.fullStore) throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
      return put.apply(this, values);
    };
  }
  patched.fullStore = store;
}

const fullAt =
  (store: string): Fault =>
  async (scene) => {
    const { visitor } = scene;
    const task = store === 'rankings' ? 'rankings&rankingSize=3' : 'pairs';
    await open(scene, `backend=wasm&seed=3&${SHORT}&compare=${task}&tokenizer=char&context=36`);
    await visitor.click('button', /^Start with the trained model/);
    await visitor.find('button', store === 'rankings' ? /^Move B up/ : /^A is better/);
    await visitor.ask(fill, STORE_OF[store] ?? store);
    const write = WRITES[ALONG[store] ?? store] as (visitor: Visitor) => Promise<void>;
    await write(visitor);
    await visitor.sees(/The browser has no room left/);
    expectThat(!/mistake in the lab|thread stopped/.test(await visitor.text()), 'the page calls it a mistake');
    if (store !== 'votes') return undefined;
    await visitor.ask(fill, 'none');
    await visitor.vote(['1']);
    await visitor.reload();
    await visitor.find('button', /^A is better/);
    expectThat((await humanVotes(visitor)) === 4, `${await humanVotes(visitor)} votes of 4 after there was room again`);
    return 'what waited was written with the next vote';
  };

/** a second tab of the same browser on the same lab */
async function secondTab({ page, visitor }: Scene, address: string): Promise<Visitor> {
  const other = await page.context().newPage();
  const tab = {
    ...visitor.tab,
    open: async (url: string) => void (await other.goto(url)),
    reload: async () => void (await other.reload()),
    evaluate: (expression: string) => other.evaluate<string>(expression),
    press: (key: string) => other.keyboard.press(key),
    click: ({ x, y }: { x: number; y: number }) => other.mouse.click(x, y),
  };
  const second = new Visitor(tab);
  await second.open(address);
  return second;
}

const OTHERS: Record<string, Fault> = {
  async 'two tabs'(scene) {
    const { visitor, page, url } = scene;
    await open(scene, 'backend=wasm&seed=3');
    await startTrained(visitor);
    await visitor.vote(['1', '2']);
    const second = await secondTab(scene, `${url}?backend=wasm&seed=3#/compare`);
    await second.sees(/open in another tab/);
    await visitor.vote(['1']);
    await second.click('button', /^Take over here/);
    await second.find('button', /^A is better/);
    await second.until('3 votes in the second tab', async () => (await humanVotes(second)) === 3 || null);
    await second.vote(['2']);
    await visitor.sees(/open in another tab|another tab/);
    await page.close();
    await second.reload();
    await second.find('button', /^A is better/);
    expectThat((await humanVotes(second)) === 4, `${await humanVotes(second)} votes of 4`);
    return undefined;
  },
  async 'storage cleared while voting'(scene) {
    const { visitor } = scene;
    await open(scene, 'backend=wasm&seed=3');
    await startTrained(visitor);
    await visitor.vote(['1', '2']);
    await clearStorage(scene);
    await visitor.vote(['1', '2']);
    const here = await humanVotes(visitor);
    expectThat(here === 4, `${here} votes of 4 on the page`);
    const warned = /Nothing can be stored/.test(await visitor.text());
    await visitor.reload();
    await visitor.has('heading', /^(Start|Compare)$/);
    await visitor.find('button', /^Engine: WebAssembly/);
    const stored = await visitor.ask(storedVotes);
    expectThat(
      stored >= 2 || warned,
      `${stored} of the 2 votes cast after the clearing are stored, and the page said nothing`,
    );
    return `4 votes on the page; ${stored} are stored${warned ? ', and the page said that nothing can be' : ': those cast after the clearing'}`;
  },
  async 'storage cleared while a run plays'(scene) {
    const { visitor } = scene;
    await open(scene, `backend=wasm&seed=3&${MINIATURE}&${SHORT.replace('steps=60', 'steps=400')}`);
    await generate(visitor);
    await visitor.openStage('Pretrain');
    await visitor.train(/step [1-9]\d* of/);
    await clearStorage(scene);
    await visitor.sees(/step 400 of 400/, 150_000);
    await visitor.reload();
    await visitor.has('heading', /^(Start|Pretrain)$/);
    return undefined;
  },
  async 'reload without a network'(scene) {
    const { visitor, page } = scene;
    await open(scene, 'backend=wasm&seed=3');
    await page.getByText('kept for the next visit').waitFor({ timeout: 120_000 });
    await startTrained(visitor);
    await visitor.vote(['1', '2', '1']);
    await page.context().setOffline(true);
    await visitor.reload();
    await visitor.find('button', /^A is better/);
    expectThat((await humanVotes(visitor)) === 3, 'a vote is missing');
    await page.context().setOffline(false);
    return 'the page opens without a network, and all is there';
  },
};

/** Runs in the page. @returns how many votes are on disk */
function storedVotes(): Promise<number> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('rlhf-lab');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      if (!database.objectStoreNames.contains('opinions')) return resolve(0);
      const counting = database.transaction('opinions').objectStore('opinions').count();
      counting.onsuccess = () => {
        database.close();
        resolve(counting.result);
      };
    };
  });
}

async function clearStorage({ page }: Scene): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.clearDataForOrigin', { origin: new URL(page.url()).origin, storageTypes: 'indexeddb' });
}

/** @returns what went wrong, or null; and the fault's figure */
async function suffer(fault: Fault, url: string): Promise<{ failure: string | null; figure: string | undefined }> {
  let page: Page | undefined;
  const tab = await openChromium(async (made) => {
    page = made;
  });
  try {
    const figure = await fault({ visitor: new Visitor(tab), page: page!, url });
    return { failure: null, figure };
  } catch (error) {
    return { failure: inShort((error as Error).message), figure: undefined };
  } finally {
    await tab.close();
  }
}

const partOf = (what: string, faults: Record<string, Fault>): Part =>
  async function* ({ count, built, wants, isOver }) {
    const { url, close } = await servePage(built);
    for (const [name, fault] of Object.entries(faults)) {
      if (!wants(`${what}${name}`)) continue;
      const failures: string[] = [];
      let [tries, figures] = [0, ''];
      for (; tries < (count ?? 1) && !isOver(); tries++) {
        const { failure, figure } = await suffer(fault, url);
        if (failure) failures.push(failure);
        figures = figure ?? figures;
      }
      if (tries > 0) yield { what: `${what}${name}`, tries, failures, figures };
    }
    await close();
  };

export const device = partOf('device lost: ', DEVICE_LOST);
const STORES = [...Object.keys(WRITES), ...Object.keys(ALONG)];
export const quota = partOf('no room: ', Object.fromEntries(STORES.map((store) => [store, fullAt(store)])));
export const tabs = partOf('', OTHERS);

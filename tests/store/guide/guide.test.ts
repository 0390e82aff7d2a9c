import { beforeEach, describe, expect, it, vi } from 'vitest';
import { presetConfig } from '../../../src/contract/config';
import type { Lesson } from '../../../src/contract/lesson';
import type { VoteChoice } from '../../../src/contract/preferences';
import { guideOf, lessonLabOf } from '../../../src/store/guide/guide';
import { phaseOf } from '../../../src/store/guide/progress';
import { planOf } from '../../../src/store/guide/twin';
import { watchedStage } from '../../../src/store/guide/watch';
import { idbStorage } from '../../../src/store/persistence/idbStorage';
import { FakeClient } from '../../helpers/fakeClient';
import { freshDisk, openPage, openVoting, type Page, settle, vote } from '../openLab';
import { lessonOf, WAY } from './lesson';

const LESSON = lessonOf(WAY, { settings: { rewardSteps: 6 } });
const clients: FakeClient[] = [];
const connect = () => {
  clients.push(new FakeClient());
  return clients.at(-1)!;
};
const storageBeside = (name: string) => idbStorage(`test-${name}`);
const beside = { connect, storageBeside };
const guide = (page: Page) => guideOf(page.lab).getState();
const progress = (page: Page, lesson: Lesson = LESSON) => page.lab.getState().guide.progress[lesson.id]!;
const stage = (page: Page) => lessonLabOf(page.lab)!.getState();

async function opened(page?: Page): Promise<Page> {
  const mine = page ?? (await openPage(beside));
  await guide(mine).open(LESSON);
  await settle();
  return mine;
}

/** votes three times in the lesson's lab */
async function voted(page: Page): Promise<void> {
  await guide(page).next();
  for (let i = 0; i < 3; i++) {
    await stage(page).pairs.prepare();
    await settle(50);
    page.wait(1000);
    await stage(page).pairs.vote('a');
  }
  await settle();
  expect(stage(page).opinions.all).toHaveLength(3);
}

/** trains the reward model of the lesson's lab to its end */
async function trained(page: Page): Promise<void> {
  await guide(page).next();
  guide(page).answer('up');
  await guide(page).next();
  guide(page).answer('down');
  await stage(page).opinions.simulate(30);
  await stage(page).runs.play('reward');
  for (let turn = 0; turn < 20; turn++) {
    clients.at(-1)!.advance(1);
    await settle(20);
  }
}

async function runTwin(page: Page): Promise<void> {
  void guide(page).runBoth();
  await vi.dynamicImportSettled(); // what runs two runs comes when it is needed
  for (let turn = 0; turn < 200 && phaseOf(LESSON, progress(page)) === 'act'; turn++) {
    page.client.advance(1);
    await settle(10);
  }
}

describe('a lesson on the page', () => {
  beforeEach(() => {
    freshDisk();
    clients.length = 0;
  });

  it('goes from votes to a reward model to a run with its twin, by the numbers of its own lab', async () => {
    const page = await opened();
    expect(guide(page)).toMatchObject({ stage: 'ready', trouble: null });
    expect(stage(page).config.value).toMatchObject({ seed: 3, reward: { steps: 6 } });
    await voted(page);
    expect(phaseOf(LESSON, progress(page))).toBe('told');
    await trained(page);
    expect(progress(page)).toMatchObject({
      at: 'train',
      guesses: { guess: 'up', train: 'down' },
      came: { guess: '', train: '' },
    });
    expect(progress(page).kept['train/votes']).toBe(33);
    expect(progress(page).kept['train/accuracy.end']).toBeGreaterThan(0);
    await guide(page).next();
    guide(page).answer('up');
    await runTwin(page);
    expect(progress(page)).toMatchObject({ at: 'twin', came: { twin: 'up' }, kept: { 'twin/seed': 3 } });
    await guide(page).next();
    await guide(page).next();
    expect(progress(page).isDone).toBe(true);
    page.kill();
  });

  it('counts the votes that choose a side alone: twelve ties would leave nothing to train on', async () => {
    const page = await opened();
    await guide(page).next();
    const press = async (choice: VoteChoice) => {
      await stage(page).pairs.prepare();
      await settle(50);
      page.wait(1000);
      await stage(page).pairs.vote(choice);
    };
    for (let i = 0; i < 3; i++) await press(i === 1 ? 'bothBad' : 'tie');
    await settle();
    expect(stage(page).opinions.all).toHaveLength(3);
    expect(phaseOf(LESSON, progress(page))).toBe('act');
    for (let i = 0; i < 3; i++) await press('b');
    await settle();
    expect(phaseOf(LESSON, progress(page))).toBe('told');
    await guide(page).leave();
    page.kill();
  });

  it('opens one lab, however fast its steps are turned, and stands where the lesson then is', async () => {
    const page = await openPage(beside);
    const opening = guide(page).open(LESSON);
    await guide(page).next();
    expect(guide(page).stage).toBe('opening');
    await opening;
    await settle();
    expect(clients).toHaveLength(1);
    expect(progress(page).at).toBe('vote');
    await stage(page).opinions.simulate(3);
    await settle();
    expect(phaseOf(LESSON, progress(page))).toBe('told');
    await guide(page).leave();
    page.kill();
  });

  it('counts no run that was made from other votes than stand now', async () => {
    const page = await opened();
    await voted(page);
    await trained(page);
    const train = LESSON.steps.find(({ id }) => id === 'train')!;
    expect(watchedStage(stage(page), LESSON, train).step).toBeGreaterThan(0);
    await stage(page).opinions.simulate(5);
    await settle();
    expect(watchedStage(stage(page), LESSON, train)).toMatchObject({ step: 0, history: [], pressed: [] });
    await guide(page).leave();
    page.kill();
  });

  it('leaves all that is the visitor’s as it was, and gives the threads back', async () => {
    const page = await openVoting(beside);
    await vote(page, 'a');
    const belongings = () => {
      const { opinions, shelf, config, runs, corpus, taste } = page.lab.getState();
      return {
        opinions: opinions.all,
        shelf: shelf.checkpoints,
        slots: shelf.slots,
        config: config.value,
        runs,
        corpus,
        taste,
      };
    };
    const inThread = () => [[...page.client.lab.shelf.keys()], [...page.client.lab.runs.keys()]];
    const before = [belongings(), inThread()];
    await opened(page);
    await voted(page);
    await trained(page);
    await guide(page).next();
    guide(page).answer('up');
    await runTwin(page);
    await guide(page).leave();
    await settle();
    expect([belongings(), inThread()]).toEqual(before);
    expect(lessonLabOf(page.lab)).toBeNull();
    await expect(clients.at(-1)!.call('engine/info' as never, {} as never)).rejects.toThrow();
    page.kill();
  });

  it('is resumed where it was left, after a reload too, with its votes and settings', async () => {
    const page = await opened();
    await voted(page);
    stage(page).config.change('ppo', { klCoef: 0.3 });
    await settle();
    await guide(page).leave();
    await opened(page);
    expect(progress(page).at).toBe('vote');
    expect(stage(page).opinions.all).toHaveLength(3);
    await guide(page).leave();
    await settle();
    page.kill();

    const again = await openPage(beside);
    await settle();
    await opened(again);
    expect(progress(again)).toMatchObject({ at: 'vote', came: { vote: '' } });
    expect(stage(again).opinions.all).toHaveLength(3);
    expect(stage(again).config.value.ppo.klCoef).toBe(0.3);
    await guide(again).leave();
    again.kill();
  });

  /** the reward model of the lesson's lab, after so many steps of its six */
  async function training(page: Page, steps: number): Promise<void> {
    await voted(page);
    await stage(page).opinions.simulate(30);
    await stage(page).runs.play('reward');
    for (let turn = 0; turn < steps; turn++) {
      clients.at(-1)!.advance(1);
      await settle(20);
    }
  }

  it('keeps a run that goes on while it is left up to its last step, and the next visit goes on from there', async () => {
    const page = await opened();
    await training(page, 3);
    expect(stage(page).runs.reward.state).toMatchObject({ status: 'running', step: 3 });
    expect(page.lab.getState().session.beside).toBe(1);
    const leaving = guide(page).leave();
    const coming = opened(page); // before all of it is stored
    await Promise.all([leaving, coming]);
    await settle();
    expect(clients).toHaveLength(2);
    expect(stage(page).runs.reward.state).toMatchObject({ status: 'paused', step: 3 });
    expect(stage(page).runs.reward.history.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(page.lab.getState().session.beside).toBe(0);
    await guide(page).leave();
    page.kill();
  });

  it('is left within seconds where its thread does not answer, with what was stored last', async () => {
    const page = await opened();
    await training(page, 3);
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    clients.at(-1)!.hold('run/snapshot');
    const leaving = guide(page).leave();
    await vi.advanceTimersByTimeAsync(5000);
    await leaving;
    vi.useRealTimers();
    expect(lessonLabOf(page.lab)).toBeNull();
    page.kill();
  });

  it('is stored with the visitor’s lab when the page is hidden, and no newer version comes under its run', async () => {
    const take = vi.fn(() => true);
    const page = await opened(await openPage({ ...beside, versions: async () => ({ keep: async () => true, take }) }));
    await training(page, 4);
    await page.lab.getState().session.takeNewVersion();
    expect(take).not.toHaveBeenCalled();
    expect(page.lab.getState().notices.toasts.at(-1)?.text).toMatch(/^Something runs/);
    await page.lab.getState().session.saveNow();
    const { runId } = stage(page).runs.reward;
    const steps = (await idbStorage(`test-lesson-${LESSON.id}`).snapshots(runId!)).map(({ step }) => step);
    expect(Math.max(...steps)).toBe(4);
    await stage(page).runs.pause('reward');
    await page.lab.getState().session.takeNewVersion();
    expect(take).toHaveBeenCalledOnce();
    await guide(page).leave();
    page.kill();
  });

  it('begins again in an empty lab', async () => {
    const page = await opened();
    await voted(page);
    await guide(page).again(LESSON);
    await settle();
    expect(progress(page)).toMatchObject({ at: 'read', came: {}, guesses: {} });
    expect(stage(page).opinions.all).toHaveLength(0);
    await guide(page).leave();
    page.kill();
  });

  it('stops a run and its twin when their step or the lesson is left, and asks again', async () => {
    const page = await openPage(beside);
    const lesson = lessonOf([WAY[0]!, WAY[4]!]);
    await guide(page).open(lesson);
    await guide(page).next();
    guide(page).answer('up');
    void guide(page).runBoth();
    await settle();
    expect(page.lab.getState().lesson.live?.lessonId).toBe('test/twin');
    await guide(page).back();
    expect(page.lab.getState().lesson.live).toBeNull();
    await guide(page).next();
    expect(phaseOf(lesson, progress(page, lesson))).toBe('act');
    void guide(page).runBoth();
    await settle();
    await guide(page).leave();
    expect(page.lab.getState().lesson.live).toBeNull();
    expect(page.lab.getState().lesson.records['test/twin']).toMatchObject({ status: 'cut' }); // and so it says
    page.kill();
  });

  it('says so where there is no second thread, and closes what comes after it was left', async () => {
    const page = await openPage();
    await guide(page).open(LESSON);
    expect(guide(page)).toMatchObject({ stage: 'failed', trouble: 'This page has no second thread for a lesson.' });
    page.kill();
    const other = await openPage(beside);
    void guide(other).open(LESSON);
    await guide(other).leave();
    await settle();
    expect(lessonLabOf(other.lab)).toBeNull();
    other.kill();
  });
});

describe('the plan of a run and its twin', () => {
  it('has the settings of the lesson under those of each arm, and turns in the fork what may be turned', () => {
    const hackable = { temperature: 1, ppoSchedule: 'constant', klCeiling: 0, pooling: 'sum' };
    const run = { forkAt: 12, set: { klCoef: 0 }, control: { klCoef: 0.1 }, until: 40 };
    const lesson = lessonOf([{ id: 'leashOff', place: 'optimise/ppo', run }], { settings: hackable });
    const { healthy, broken, ...shared } = planOf(lesson, lesson.steps[0]!);
    expect(shared).toEqual({
      lessonId: 'test/leashOff',
      seed: 3,
      rater: { name: 'happy' },
      noise: 0,
      sampling: { temperature: 1, topK: 0, topP: 1 },
    });
    expect(broken).toEqual({ forkAt: 12, knobs: { klCoef: 0 } });
    const { reward, ppo } = presetConfig('tiny');
    const config = { ...ppo, temperature: 1, schedule: 'constant', klCeiling: 0, klCoef: 0.1, iterations: 40 };
    expect(healthy).toEqual({ votes: 300, reward: { ...reward, pooling: 'sum' }, method: { kind: 'ppo', config } });
  });
});

describe('a lesson in two tabs', () => {
  beforeEach(freshDisk);
  const stored = async () => (await idbStorage(`test-lesson-${LESSON.id}`).load()).opinions.length;

  it('is kept by the one that owns the lab; the other has one of its own, which goes with it', async () => {
    await voted(await opened());
    const lock = { acquire: async () => false, takeOver: async () => undefined, release: () => undefined };
    const second = await opened(await openPage({ ...beside, lock }));
    expect(second.lab.getState().session.tab).toBe('aside');
    expect(stage(second).opinions.all).toEqual([]);
    await voted(second);
    await guide(second).again(LESSON);
    await settle();
    expect(await stored()).toBe(3);
  });

  it('goes on in memory alone where another tab takes the lab over', async () => {
    let lose = () => {};
    const lock = {
      acquire: async (onLost: () => void) => {
        lose = onLost;
        return true;
      },
      takeOver: async () => undefined,
      release: () => undefined,
    };
    const page = await opened(await openPage({ ...beside, lock }));
    await voted(page);
    lose();
    page.wait(1000);
    await stage(page).pairs.vote('b');
    await settle();
    expect(stage(page).opinions.all).toHaveLength(4);
    expect(await stored()).toBe(3);
  });
});

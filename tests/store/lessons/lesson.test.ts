import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { presetConfig } from '../../../src/contract/config';
import { LabError } from '../../../src/contract/errors';
import type { LessonPlan, LessonRecord } from '../../../src/store/lessons/lessonState';
import type { FakeClient } from '../../helpers/fakeClient';
import { freshDisk, openPage, openVoting, type Page, settle, vote } from '../openLab';

const { reward, ppo, dpo } = presetConfig('tiny');
const BASICS = {
  lessonId: 'test',
  seed: 5,
  rater: { name: 'happy' },
  noise: 0.1,
  sampling: { temperature: 1, topK: 0, topP: 1 },
} as const;
const ppoArm = (votes: number, klCoef: number) => ({
  votes,
  reward: { ...reward, steps: 6 },
  method: { kind: 'ppo', config: { ...ppo, iterations: 9, klCoef } } as const,
});
const APART: LessonPlan = { ...BASICS, healthy: ppoArm(40, 0.1), broken: ppoArm(12, 0) };
const FORKED: LessonPlan = { ...BASICS, healthy: ppoArm(40, 0.1), broken: { forkAt: 4, knobs: { klCoef: 0 } } };
const DIRECT: LessonPlan = {
  ...BASICS,
  healthy: { votes: 40, reward: null, method: { kind: 'dpo', config: { ...dpo, steps: 6 } } },
  broken: { votes: 40, reward: null, method: { kind: 'dpo', config: { ...dpo, steps: 12, beta: 0.1 } } },
};

const lesson = (page: Page) => page.lab.getState().lesson;
const specs = (client: FakeClient) =>
  client.calls.flatMap((call) => (call.kind === 'run/create' ? [call.params.spec] : []));
const kl = ({ history }: LessonRecord['arms']['broken']) => history.at(-1)?.values['objective/klExact'] ?? Number.NaN;

/** lets the scripted runs move until the lesson is over */
async function finish(page: Page): Promise<LessonRecord | undefined> {
  for (let turn = 0; turn < 200 && lesson(page).live; turn++) {
    page.client.advance(1);
    await settle(10);
  }
  expect(lesson(page).live).toBeNull();
  return lesson(page).records.test;
}

/** as far as the first points of both runs */
async function halfway(page: Page): Promise<void> {
  for (let turn = 0; turn < 100 && (lesson(page).live?.arms.broken.history.length ?? 0) < 2; turn++) {
    page.client.advance(1);
    await settle(10);
  }
  expect(lesson(page).live?.arms.healthy.history.length).toBeGreaterThan(0);
}

// it comes when it is needed, and a test waits for no module
beforeAll(() => import('../../../src/store/lessons/lessonRunner'));

describe('a lesson', () => {
  beforeEach(freshDisk);

  it('casts votes, trains a judge for each run, and lets both runs grow side by side to their ends', async () => {
    const page = await openPage();
    void lesson(page).start(APART, 'mine');
    await settle();
    expect(lesson(page).live).toMatchObject({ status: 'running', answer: 'mine', seed: 5 });
    expect(lesson(page).tasks.map(({ label }) => label)).toEqual([
      '40 simulated votes',
      'Reward model (last) from 40 votes',
      'Reward model (last) from 12 votes',
      'Healthy run',
      'Broken run',
    ]);
    const record = await finish(page);
    expect(record).toMatchObject({ status: 'done', base: 'Shipped tiny', forkAt: null });
    for (const arm of [record!.arms.healthy, record!.arms.broken]) {
      expect(arm.history.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(arm).toMatchObject({ totalSteps: 9, accuracy: expect.any(Number) });
      expect(arm.rows.length).toBeGreaterThan(0);
    }
    expect(kl(record!.arms.broken)).toBeGreaterThan(2 * kl(record!.arms.healthy));
    const judges = specs(page.client).flatMap((spec) => (spec.kind === 'reward' ? [spec] : []));
    expect(judges.map(({ opinions }) => opinions.length)).toEqual([40, 12]);
    expect(judges[1]!.opinions).toEqual(judges[0]!.opinions.slice(0, 12));
    expect(lesson(page)).toMatchObject({ tasks: [], halted: 'no', error: null });
    page.kill();
  });

  it('keeps both runs within a few steps of each other', async () => {
    const page = await openPage();
    void lesson(page).start(APART, 'mine');
    let apart = 0;
    for (let turn = 0; turn < 200 && (turn < 5 || lesson(page).live); turn++) {
      page.client.advance(1);
      await settle(10);
      const arms = lesson(page).live?.arms;
      if (arms) apart = Math.max(apart, Math.abs(arms.healthy.history.length - arms.broken.history.length));
    }
    expect(apart).toBeGreaterThan(0);
    expect(apart).toBeLessThanOrEqual(2);
    page.kill();
  });

  it('forks: until the fork both are one run, then only the broken one has its knobs turned', async () => {
    const page = await openPage();
    void lesson(page).start(FORKED, 'mine');
    const record = await finish(page);
    const { healthy, broken } = record!.arms;
    expect(broken.history.slice(0, 4)).toEqual(healthy.history.slice(0, 4));
    expect(broken.history).toHaveLength(9);
    expect(kl(broken)).toBeGreaterThan(2 * kl(healthy));
    const adjusted = page.client.calls.flatMap((call) => (call.kind === 'run/adjust' ? [call.params] : []));
    expect(adjusted).toEqual([{ runId: expect.any(String), knobs: { klCoef: 0 } }]);
    expect(specs(page.client).filter(({ kind }) => kind === 'ppo')).toHaveLength(1);
    page.kill();
  });

  it('gives two DPO runs of different length without any judge', async () => {
    const page = await openPage();
    void lesson(page).start(DIRECT, 'mine');
    const record = await finish(page);
    expect(specs(page.client).map(({ kind }) => kind)).toEqual(['dpo', 'dpo']);
    const steps = [record!.arms.healthy, record!.arms.broken].map(({ history }) => history.map(({ step }) => step));
    expect(steps.map((all) => [all[0], all.length])).toEqual([
      [0, 7], // the reference itself, then six steps
      [0, 13],
    ]);
    expect(record!.arms.broken.history[0]!.values['axis/kl'], 'measured with the settings of the run').toBe(
      record!.arms.healthy.history[0]!.values['axis/kl'],
    );
    expect(record!.arms.healthy.accuracy).toBeNull();
    page.kill();
  });

  it('takes the visitor’s own model when it is of the size that was measured, and the shipped one beside another text', async () => {
    const page = await openVoting();
    const { baseId } = page.lab.getState().shelf.slots;
    void lesson(page).start(DIRECT, 'mine');
    await finish(page);
    expect(specs(page.client)[0]).toMatchObject({ baseId });
    expect(page.client.calls.filter(({ kind }) => kind === 'shelf/shipped')).toHaveLength(1);
    await page.lab.getState().corpus.useText(new TextEncoder().encode('to be or not to be'), 'hamlet.txt');
    void lesson(page).start(DIRECT, 'mine');
    await finish(page);
    expect(page.client.calls.findLast(({ kind }) => kind === 'shelf/shipped')?.params).toEqual({
      preset: 'tiny',
      aside: true,
    });
    expect(page.lab.getState().corpus.summary?.kind).toBe('text');
    page.kill();
  });

  it('is one at a time', async () => {
    const page = await openPage();
    void lesson(page).start(APART, 'mine');
    await settle();
    await lesson(page).start({ ...DIRECT, lessonId: 'other' }, 'mine');
    expect(lesson(page).live?.lessonId).toBe('test');
    page.kill();
  });
});

describe('what is the visitor’s', () => {
  beforeEach(freshDisk);

  /** everything a lesson could tread on */
  const belongings = ({ lab }: Page) => {
    const { opinions, shelf, config, runs, corpus, taste } = lab.getState();
    const { value } = config;
    return {
      opinions: opinions.all,
      checkpoints: shelf.checkpoints.map(({ checkpointId }) => checkpointId).sort(),
      slots: shelf.slots,
      value,
      ppo: runs.ppo,
      reward: runs.reward,
      corpus,
      taste,
    };
  };
  const withWork = async (): Promise<Page> => {
    const page = await openVoting();
    await vote(page, 'a');
    await page.lab.getState().opinions.simulate(20);
    await page.lab.getState().runs.play('reward');
    page.client.advance(1000);
    await settle();
    await page.lab.getState().runs.play('ppo');
    page.client.advance(3);
    await page.lab.getState().runs.pause('ppo');
    await settle();
    return page;
  };

  it('is the same after a lesson as before it, on the page, in the thread and on disk', async () => {
    const page = await withWork();
    const before = belongings(page);
    const inThread = [[...page.client.lab.shelf.keys()], [...page.client.lab.runs.keys()]];
    void lesson(page).start(FORKED, 'mine');
    await finish(page);
    expect(belongings(page)).toEqual(before);
    expect([[...page.client.lab.shelf.keys()], [...page.client.lab.runs.keys()]]).toEqual(inThread);
    page.kill();
    const again = await openPage();
    await settle();
    const { opinions, checkpoints, slots } = belongings(again);
    expect({ opinions, checkpoints, slots }).toEqual({
      opinions: before.opinions,
      checkpoints: before.checkpoints,
      slots: before.slots,
    });
    again.kill();
  });

  it('is the same after a lesson that was cancelled, whose runs are gone from the thread', async () => {
    const page = await withWork();
    const before = belongings(page);
    const inThread = [[...page.client.lab.shelf.keys()], [...page.client.lab.runs.keys()]];
    const done = lesson(page).start(APART, 'mine');
    await halfway(page);
    await lesson(page).cancel();
    await done;
    expect(lesson(page)).toMatchObject({ live: null, tasks: [], records: {}, error: null });
    expect(belongings(page)).toEqual(before);
    expect([[...page.client.lab.shelf.keys()], [...page.client.lab.runs.keys()]]).toEqual(inThread);
    page.kill();
  });

  it('is the same after a tab that was killed within a lesson; the lesson is known to be cut short', async () => {
    const page = await withWork();
    const before = belongings(page);
    void lesson(page).start(APART, 'mine');
    await halfway(page);
    page.kill();
    const again = await openPage();
    await settle();
    expect(lesson(again).live).toBeNull();
    expect(lesson(again).records.test).toMatchObject({ status: 'cut', answer: 'mine' });
    const { opinions, checkpoints, slots, value } = belongings(again);
    expect({ opinions, checkpoints, slots, value }).toEqual({
      opinions: before.opinions,
      checkpoints: before.checkpoints,
      slots: before.slots,
      value: before.value,
    });
    again.kill();
  });
});

describe('a lesson under way', () => {
  beforeEach(freshDisk);

  it('stands still while it is paused and goes on where it was', async () => {
    const page = await openPage();
    void lesson(page).start(APART, 'mine');
    await halfway(page);
    await lesson(page).pause();
    await settle();
    expect(lesson(page).halted).toBe('yes');
    const stood = lesson(page).live?.arms;
    page.client.advance(5);
    await settle();
    expect(lesson(page).live?.arms).toEqual(stood);
    lesson(page).resume();
    await settle();
    expect(await finish(page)).toMatchObject({ status: 'done' });
    page.kill();
  });

  it('can be cancelled while it is paused', async () => {
    const page = await openPage();
    const done = lesson(page).start(APART, 'mine');
    await halfway(page);
    await lesson(page).pause();
    await lesson(page).cancel();
    await done;
    expect(lesson(page)).toMatchObject({ live: null, halted: 'no', records: {} });
    page.kill();
  });

  it('keeps an earlier result when a repetition is cancelled', async () => {
    const page = await openPage();
    void lesson(page).start(DIRECT, 'first');
    await finish(page);
    const done = lesson(page).start(DIRECT, 'second');
    await settle();
    await lesson(page).cancel();
    await done;
    expect(lesson(page).records.test).toMatchObject({ status: 'done', answer: 'first' });
    page.kill();
  });

  it('plays on when something else paused its run', async () => {
    const page = await openPage();
    void lesson(page).start(APART, 'mine');
    await halfway(page);
    const running = [...page.client.lab.runs].find(([, run]) => run.state.status === 'running')![0];
    await page.client.call('run/pause', { runId: running });
    await settle();
    expect(await finish(page)).toMatchObject({ status: 'done' });
    page.kill();
  });

  it('says what went wrong, gives everything back, and can be begun again', async () => {
    const page = await openPage();
    const done = lesson(page).start(APART, 'mine');
    await halfway(page);
    const running = [...page.client.lab.runs].find(([, run]) => run.state.status === 'running')![0];
    page.client.failRun(running, new LabError('run/nonFinite', 'loss/policy_avg became infinite.'));
    await done;
    expect(lesson(page)).toMatchObject({
      live: null,
      error: { code: 'run/nonFinite' },
      records: { test: { status: 'failed' } },
    });
    expect(page.lab.getState().notices.notices.map(({ code }) => code)).toEqual(['run/nonFinite']);
    expect([...page.client.lab.runs.keys()]).toEqual([]);
    void lesson(page).start(DIRECT, 'mine');
    expect(await finish(page)).toMatchObject({ status: 'done' });
    expect(lesson(page).error).toBeNull();
    page.kill();
  });

  it('ends when the thread dies', async () => {
    const page = await openPage();
    const done = lesson(page).start(APART, 'mine');
    await halfway(page);
    page.client.crash();
    await done;
    expect(lesson(page)).toMatchObject({
      live: null,
      error: { code: 'engine/crashed' },
      records: { test: { status: 'failed' } },
    });
    page.kill();
  });

  it('says so when there is no model to begin from', async () => {
    const page = await openPage();
    page.client.fail('shelf/shipped', new LabError('file/checkpoint', 'tiny.safetensors cannot be read.'));
    await lesson(page).start(APART, 'mine');
    expect(lesson(page)).toMatchObject({ live: null, error: { code: 'file/checkpoint' }, records: {} });
    page.kill();
  });
});

describe('what came of a lesson', () => {
  beforeEach(freshDisk);

  it('is there after a reload, every curve and text', async () => {
    const page = await openPage();
    void lesson(page).start(FORKED, 'mine');
    const record = await finish(page);
    await settle();
    page.kill();
    const again = await openPage();
    await settle();
    expect(lesson(again).records.test).toEqual(record);
    again.kill();
  });

  it('goes with everything else when the lab is cleared, a lesson under way included', async () => {
    const page = await openPage();
    void lesson(page).start(DIRECT, 'mine');
    await finish(page);
    void lesson(page).start({ ...APART, lessonId: 'other' }, 'mine');
    await settle();
    await page.lab.getState().session.clearAll();
    expect(lesson(page)).toMatchObject({ live: null, records: {} });
    expect([...page.client.lab.runs.keys()]).toEqual([]);
    page.kill();
  });

  it('is not taken from storage when it is nonsense', async () => {
    const page = await openPage({ boot: false });
    page.kill();
    const { idbStorage } = await import('../../../src/store/persistence/idbStorage');
    const storage = idbStorage();
    await storage.putSetting('lessons', { test: { lessonId: 7 } } as never);
    const again = await openPage({ storage });
    await settle();
    expect(lesson(again).records).toEqual({});
    again.kill();
  });
});

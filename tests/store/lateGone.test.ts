/** What goes while something is still being made for it: nothing comes back from the work that was under way. */
import { beforeEach, describe, expect, it } from 'vitest';
import { votesIn } from '../../src/contract/preferences';
import { gameOf } from '../../src/store/arena/game';
import { classroomOf } from '../../src/store/classroom/classroom';
import { classTrainingOf } from '../../src/store/classroom/training';
import { idbStorage } from '../../src/store/persistence/idbStorage';
import { createUsage } from '../../src/store/persistence/usage';
import { FakeClient } from '../helpers/fakeClient';
import { freshDisk, openPage, openVoting, type Page, settle, vote } from './openLab';

const HREF = '?preset=tiny&seed=3&steps=60&rewardSteps=4&dpoSteps=4';
const state = ({ lab }: Page) => lab.getState();

/** forgets everything while an answer of the thread is awaited, which then comes */
async function forgetBefore(page: Page, release: () => void, turns = 20): Promise<void> {
  const forgetting = state(page).session.clearAll();
  await settle(turns);
  release();
  await forgetting;
  await settle();
}

describe('everything, forgotten while it is being made', () => {
  beforeEach(freshDisk);

  it.each([0, 1, 2, 3, 5, 8, 20])('gets no votes of a simulated rater that answers %i turns later', async (turns) => {
    const page = await openVoting({ href: HREF });
    const release = page.client.hold('compare/simulate');
    const simulating = state(page).opinions.simulate(20);
    await settle(20);
    await forgetBefore(page, release, turns);
    await simulating;
    expect(votesIn(state(page).opinions.all)).toEqual([]);
    expect((await idbStorage().load()).opinions).toEqual([]);
    expect(state(page).work.underway).toEqual({});
  });

  it.each([0, 1, 2, 3, 5, 8, 20])('gets no vote, and no duel, that was cast %i turns before', async (turns) => {
    const page = await openVoting({ href: HREF });
    await state(page).shelf.bring('small');
    const game = () => gameOf(page.lab).getState();
    await game().open();
    page.wait(1000);
    const voting = [vote(page), game().vote('a')];
    await settle(turns);
    await Promise.all([state(page).session.clearAll(), ...voting]);
    await settle();
    expect(state(page).opinions.all).toEqual([]);
    expect(state(page).arena.duels).toEqual([]);
    const stored = await idbStorage().load();
    expect(stored).toMatchObject({ opinions: [], duels: [] });
  });

  it('gets no duels of the arena, and nothing is shown of those that went', async () => {
    const page = await openVoting({ href: HREF });
    await state(page).shelf.bring('small');
    const game = () => gameOf(page.lab).getState();
    await game().open();
    page.wait(1000);
    await game().vote('a');
    expect(game().last).not.toBeNull();
    const release = page.client.hold('compare/simulate');
    const simulating = game().simulate(20);
    await settle(20);
    await forgetBefore(page, release);
    await simulating;
    expect(state(page).arena.duels).toEqual([]);
    expect((await idbStorage().load()).duels).toEqual([]);
    expect(game()).toMatchObject({ shown: null, last: null, simulating: null });
  });

  it('gets no class', async () => {
    const beside = new FakeClient();
    const page = await openPage({ href: HREF, connect: () => beside });
    const release = beside.hold('class/write');
    const room = () => classroomOf(page.lab).getState();
    const opening = room().open(12, 30);
    await settle(20);
    await forgetBefore(page, release);
    await opening;
    expect(state(page).classroom).toMatchObject({ teacher: null, student: null });
  });
});

describe('a class that is deleted', () => {
  beforeEach(freshDisk);
  const openClass = async () => {
    const page = await openPage({ href: HREF, connect: () => new FakeClient() });
    const room = () => classroomOf(page.lab).getState();
    await room().open(12, 30);
    return { page, room };
  };

  it('leaves no standing behind that was being measured', async () => {
    const { page, room } = await openClass();
    const measuring = room().measure();
    room().deleteClass();
    await measuring;
    await settle();
    expect(room().standing).toBeNull();
    expect(state(page).classroom.teacher).toBeNull();
  });

  it('takes along what is being trained on its votes, and what was', async () => {
    const { page, room } = await openClass();
    const training = () => classTrainingOf(page.lab).getState();
    const before = {
      name: 'All',
      votes: 9,
      rewardId: 'r',
      policyId: 'p',
      heldOut: null,
      texts: ['he was glad .'],
    };
    training();
    classTrainingOf(page.lab).setState({ trained: [before], prompts: ['the fox'], before: ['it slept .'] });
    const release = page.client.hold('run/create');
    const working = training().train({ who: 'all' });
    await settle(20);
    room().deleteClass();
    release();
    await settle();
    await working;
    expect(training()).toMatchObject({ live: null, trained: [], prompts: [], before: [], trouble: null });
  });
});

describe('storage that is freed while its turn comes', () => {
  beforeEach(freshDisk);

  /** runs of two kinds that are over */
  async function twoOver(): Promise<Page> {
    const page = await openVoting({ href: HREF });
    await state(page).opinions.simulate(20);
    for (const kind of ['pretrain', 'reward'] as const) {
      await state(page).runs.play(kind);
      page.client.advance(99);
      await settle(20);
    }
    await settle();
    return page;
  }

  it('leaves a run that plays again by then alone', async () => {
    const page = await twoOver();
    const release = page.client.hold('run/dispose');
    const freeing = createUsage(page.lab, null).getState().free('runs');
    await settle(20);
    expect(state(page).runs.pretrain.runId, 'the first is gone').toBeNull();
    page.lab.setState(({ runs }) => ({
      runs: { ...runs, reward: { ...runs.reward, state: { ...runs.reward.state!, status: 'running' } } },
    }));
    release();
    await freeing;
    expect(state(page).runs.reward.runId).not.toBeNull();
  });
});

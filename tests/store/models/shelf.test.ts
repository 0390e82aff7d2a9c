import { beforeEach, describe, expect, it } from 'vitest';
import type { CheckpointInfo, CheckpointKind, RunKind } from '../../../src/contract/domain';
import type { LessonRecord } from '../../../src/store/lessons/lessonState';
import { checkpointById, rolesOf } from '../../../src/store/models/inUse';
import { misfit } from '../../../src/store/models/roles';
import { stageStatus } from '../../../src/store/page/stageStatus';
import { idbStorage } from '../../../src/store/persistence/idbStorage';
import type { LabState } from '../../../src/store/state';
import { checkpoint } from '../../helpers/fake/fakeLab';
import { FakeClient } from '../../helpers/fakeClient';
import { freshDisk, openPage, openVoting, type Page, type PageOptions, settle, vote } from '../openLab';

const state = (page: Page): LabState => page.lab.getState();
const shelf = (page: Page) => state(page).shelf;
const names = (page: Page) => shelf(page).checkpoints.map(({ name }) => name);
const codes = (page: Page) => state(page).notices.notices.map(({ code }) => code);
const toasts = (page: Page) => state(page).notices.toasts.map(({ text }) => text);
const specOf = (page: Page, kind: RunKind) => state(page).runs[kind].spec;

const RUNNING_LESSON = { status: 'running' } as LessonRecord;

async function finish(page: Page, kind: RunKind): Promise<string> {
  await state(page).runs.play(kind);
  page.client.advance(10_000);
  await settle();
  return state(page).runs[kind].state?.checkpointId ?? '';
}

/** what a page does later waits until the test says so */
function later(): { options: PageOptions; pass(): Promise<void> } {
  const tasks: (() => void)[] = [];
  const pass = async () => {
    for (const task of tasks.splice(0)) task();
    await settle();
  };
  return { options: { later: (task) => tasks.push(task) }, pass };
}

/** shipped base, reward model and policy, by runs of the scripted thread */
async function openFamily(options: PageOptions = {}) {
  const page = await openVoting({ href: '?preset=tiny&seed=1&rewardSteps=10&iterations=5', ...options });
  for (let i = 0; i < 10; i++) await vote(page, i % 2 ? 'a' : 'b');
  const rewardId = await finish(page, 'reward');
  const policyId = await finish(page, 'ppo');
  return { page, baseId: 'shipped-tiny', rewardId, policyId };
}

/** a checkpoint of the thread that comes with a file */
async function add(page: Page, id: string, kind: CheckpointKind, more: Partial<CheckpointInfo> = {}): Promise<void> {
  const bytes = new TextEncoder().encode(JSON.stringify(checkpoint(id, kind, more)));
  await shelf(page).importFile(bytes, `${id}.safetensors`);
}

describe('the checkpoint shelf', () => {
  beforeEach(freshDisk);

  it('remembers of every model how it was made, from whom, and from which texts', async () => {
    const { page, baseId, rewardId, policyId } = await openFamily();
    const reward = checkpointById(state(page), rewardId);
    expect(reward).toMatchObject({
      parents: [baseId],
      lineage: { recipe: { kind: 'reward', votes: 10 }, sources: { human: 10 } },
    });
    const policy = checkpointById(state(page), policyId);
    expect(policy?.parents).toEqual([baseId, rewardId]);
    expect(policy?.ancestors.map(({ checkpointId }) => checkpointId)).toEqual([baseId, rewardId]);
    expect(policy?.lineage?.recipe).toMatchObject({ kind: 'ppo', config: { iterations: 5 }, rewardId });
    page.kill();
    const again = await openPage();
    expect([baseId, rewardId, policyId].map((id) => checkpointById(state(again), id))).toEqual([
      checkpointById(state(page), baseId),
      reward,
      policy,
    ]);
  });

  it('reads checkpoints that were stored before any of this was recorded', async () => {
    const page = await openVoting();
    page.kill();
    const storage = idbStorage();
    const stored = (await storage.checkpoint('shipped-tiny'))!;
    const { ancestors: _a, lineage: _l, madeAt: _m, importedFrom: _i, tokenizerKey: _t, ...old } = stored.info;
    await storage.putCheckpoint({ ...stored, info: old as CheckpointInfo });
    await storage.putSetting('slots', {
      baseId: 'shipped-tiny',
      rewardId: null,
      policyId: null,
    } as LabState['shelf']['slots']);
    storage.close();
    const again = await openPage();
    expect(shelf(again).checkpoints[0]).toMatchObject({ shipped: true, lineage: null, ancestors: [], madeAt: null });
    expect(shelf(again).slots).toMatchObject({
      baseId: 'shipped-tiny',
      startId: null,
      referenceId: null,
      valueId: null,
    });
    expect(codes(again)).toEqual([]);
  });

  it('renames in the thread and on disk, and takes no empty name', async () => {
    const page = await openVoting();
    await shelf(page).rename('shipped-tiny', '  My base ');
    await shelf(page).rename('shipped-tiny', '   ');
    expect(page.client.lab.shelf.get('shipped-tiny')?.name).toBe('My base');
    page.kill();
    expect(names(await openPage())).toEqual(['My base']);
  });

  it('duplicates a model under a name of its own, and the copy outlives the first', async () => {
    const clock = later();
    const page = await openVoting(clock.options);
    await shelf(page).duplicate('shipped-tiny');
    await shelf(page).duplicate('shipped-tiny');
    expect(names(page)).toEqual(['Shipped tiny', 'Shipped tiny copy', 'Shipped tiny copy 2']);
    const [, copy] = shelf(page).checkpoints;
    expect(shelf(page).selectedId).toBe(shelf(page).checkpoints[2]?.checkpointId);
    await shelf(page).remove('shipped-tiny');
    await clock.pass();
    page.kill();
    const again = await openPage();
    expect(names(again)).toEqual(expect.arrayContaining(['Shipped tiny copy', 'Shipped tiny copy 2']));
    await shelf(again).assign('policy', copy!.checkpointId);
    expect(shelf(again).slots.baseId).toBe(copy!.checkpointId);
    expect(codes(again)).toEqual([]);
  });

  it('deletes with an undo: until it is too late thread and disk keep the model', async () => {
    const clock = later();
    const { page, baseId, rewardId, policyId } = await openFamily(clock.options);
    const before = shelf(page);
    await shelf(page).remove(rewardId);
    expect(shelf(page).checkpoints.map(({ checkpointId }) => checkpointId)).toEqual([baseId, policyId]);
    expect(shelf(page).slots.rewardId).toBeNull();
    expect(stageStatus(state(page), 'reward')).toBe('empty');
    expect(page.client.lab.shelf.has(rewardId)).toBe(true);
    const action = state(page)
      .notices.toasts.flatMap((toast) => toast.action ?? [])
      .at(-1);
    state(page).view.go('optimise'); // a model belongs to every stage: the undo stays
    expect(toasts(page).some((text) => text.endsWith('is deleted.'))).toBe(true);
    await state(page).notices.act(action!);
    expect(shelf(page).slots).toEqual(before.slots);
    expect(new Set(shelf(page).checkpoints)).toEqual(new Set(before.checkpoints));
    expect(stageStatus(state(page), 'reward')).toBe('done');
    await clock.pass();
    expect(page.client.lab.shelf.has(rewardId), 'what was put back is not taken away after all').toBe(true);
    page.kill();
    expect(checkpointById(state(await openPage()), rewardId)).not.toBeNull();
  });

  it('is gone everywhere once it is too late', async () => {
    const clock = later();
    const { page, policyId } = await openFamily(clock.options);
    await shelf(page).remove(policyId);
    await clock.pass();
    expect(page.client.lab.shelf.has(policyId)).toBe(false);
    shelf(page).putBack(policyId);
    expect(checkpointById(state(page), policyId)).toBeNull();
    expect(shelf(page).provenance[policyId]).toBeUndefined();
    page.kill();
    expect(checkpointById(state(await openPage()), policyId)).toBeNull();
  });

  it('can be taken back as long after the second deletion as after the first', async () => {
    const tasks: (() => void)[] = [];
    const { page, policyId } = await openFamily({ later: (task) => tasks.push(task) });
    await shelf(page).remove(policyId);
    shelf(page).putBack(policyId);
    await shelf(page).remove(policyId);
    tasks.shift()!(); // 20 seconds after the first
    await settle();
    shelf(page).putBack(policyId);
    expect(checkpointById(state(page), policyId)).not.toBeNull();
    expect(page.client.lab.shelf.has(policyId)).toBe(true);
    tasks.shift()!();
    await settle();
    expect(page.client.lab.shelf.has(policyId)).toBe(true);
  });

  it('comes back when the tab was closed before it was too late', async () => {
    const { page, policyId } = await openFamily(later().options);
    await shelf(page).remove(policyId);
    page.kill();
    expect(checkpointById(state(await openPage()), policyId)).not.toBeNull();
  });

  it('comes back with its parts and its corpus when the page is opened anew before it was too late', async () => {
    const { page, baseId, rewardId } = await openFamily(later().options);
    await shelf(page).assign('reference', baseId);
    const { slots } = shelf(page);
    const { origin } = state(page).corpus;
    for (const id of [baseId, rewardId]) await shelf(page).remove(id);
    await settle();
    page.kill();
    const again = await openPage();
    expect(shelf(again).slots).toEqual(slots);
    expect(state(again).corpus.origin).toEqual(origin);
    expect(stageStatus(state(again), 'pretrain')).toBe('done');
  });

  it('keeps no part of what is gone for good', async () => {
    const clock = later();
    const { page, rewardId } = await openFamily(clock.options);
    await shelf(page).remove(rewardId);
    await clock.pass();
    await settle();
    expect((await idbStorage().load()).settings.slots?.rewardId).toBeNull();
  });

  it('leaves nothing stale when it is put back', async () => {
    const { page, baseId, rewardId } = await openFamily(later().options);
    await shelf(page).remove(baseId);
    state(page).view.go('compare');
    await shelf(page).remove(rewardId);
    state(page).view.go('optimise');
    for (const id of [baseId, rewardId]) shelf(page).putBack(id);
    expect(stageStatus(state(page), 'pretrain')).toBe('done');
    expect(stageStatus(state(page), 'reward')).toBe('done');
  });

  it('stays deleted through a crash of the thread, and can still be put back after it', async () => {
    const { page, policyId } = await openFamily({ ...later().options, connect: () => new FakeClient() });
    await shelf(page).remove(policyId);
    page.client.crash();
    await state(page).engine.restart();
    expect(checkpointById(state(page), policyId)).toBeNull();
    shelf(page).putBack();
    expect(checkpointById(state(page), policyId)).not.toBeNull();
  });

  it('leaves a part to whoever took it while the model was gone', async () => {
    const { page, rewardId } = await openFamily(later().options);
    await shelf(page).duplicate(rewardId);
    const copy = shelf(page).selectedId!;
    await shelf(page).remove(rewardId);
    await shelf(page).assign('rewardModel', copy);
    shelf(page).putBack(rewardId);
    expect(shelf(page).slots.rewardId).toBe(copy);
  });

  it('does not take away what a run that is not over goes back to', async () => {
    const { page, rewardId, baseId } = await openFamily(later().options);
    await state(page).runs.reset('ppo');
    await state(page).runs.step('ppo');
    for (const id of [rewardId, baseId]) await shelf(page).remove(id);
    expect(codes(page)).toEqual(['shelf/inUse']);
    expect(state(page).notices.notices[0]?.message).toMatch(/^PPO rests on/);
    expect(shelf(page).checkpoints.map(({ checkpointId }) => checkpointId)).toEqual(
      expect.arrayContaining([rewardId, baseId]),
    );
    await state(page).runs.reset('ppo');
    await shelf(page).remove(rewardId);
    expect(codes(page)).toEqual([]);
    expect(checkpointById(state(page), rewardId)).toBeNull();
  });

  it('does not take away what a lesson was begun from while it runs', async () => {
    const page = await openVoting(later().options);
    const live = { ...RUNNING_LESSON, base: 'Shipped tiny' };
    page.lab.setState({ lesson: { ...state(page).lesson, live } });
    await shelf(page).remove('shipped-tiny');
    expect(state(page).notices.notices[0]?.message).toBe('The lesson rests on Shipped tiny');
    page.lab.setState({ lesson: { ...state(page).lesson, live: { ...live, status: 'done' } } });
    await shelf(page).remove('shipped-tiny');
    expect(shelf(page).checkpoints).toEqual([]);
  });

  it('keeps children usable when their parents are deleted: they write, judge and start runs, after a reload too', async () => {
    const clock = later();
    const { page, baseId, rewardId } = await openFamily(clock.options);
    await add(page, 'tuned', 'finetuned', { parents: [baseId] });
    await shelf(page).assign('policy', 'tuned');
    await shelf(page).remove(baseId);
    await clock.pass();
    page.kill();
    const again = await openPage();
    expect(codes(again)).toEqual([]);
    expect(state(again).corpus.summary?.kind, 'the corpus comes back by a child').toBe('stories');
    await state(again).pairs.prepare();
    expect(state(again).pairs.shown?.pair.policyId).toBe('tuned');
    await finish(again, 'ppo');
    expect(specOf(again, 'ppo')).toMatchObject({ baseId: 'tuned', rewardId });
    expect(codes(again)).toEqual([]);
  });

  it('says when the disk is full, and goes on with the model in this tab', async () => {
    const storage = idbStorage();
    const page = await openVoting({ storage });
    storage.putCheckpoint = () => Promise.reject(new DOMException('no room', 'QuotaExceededError'));
    await shelf(page).duplicate('shipped-tiny');
    expect(codes(page)).toEqual(['storage/full']);
    expect(names(page)).toContain('Shipped tiny copy');
  });

  it('knows a file that was opened before, and gives a newcomer only a part that nobody plays', async () => {
    const { page, rewardId } = await openFamily();
    await add(page, 'judge', 'reward');
    expect(shelf(page).slots.rewardId).toBe(rewardId);
    expect(checkpointById(state(page), 'judge')).toMatchObject({ importedFrom: 'judge.safetensors' });
    await add(page, 'judge', 'reward');
    expect(toasts(page).at(-1)).toBe('judge was in Checkpoints already.');
    await shelf(page).setSlot('rewardId', null);
    await add(page, 'other', 'reward');
    expect(shelf(page).slots.rewardId).toBe('other');
  });
});

describe('parts that are assigned on the shelf', () => {
  beforeEach(freshDisk);

  it('decide what the next PPO run is made from, and the pipeline says what is stale', async () => {
    const { page, baseId, rewardId, policyId } = await openFamily();
    expect(stageStatus(state(page), 'optimise')).toBe('done');
    await shelf(page).assign('policy', policyId);
    expect(rolesOf(state(page))).toEqual({
      policy: policyId,
      reference: baseId,
      rewardModel: rewardId,
      valueModel: rewardId,
    });
    expect(stageStatus(state(page), 'optimise')).toBe('stale');
    const second = await finish(page, 'ppo');
    expect(specOf(page, 'ppo')).toMatchObject({ baseId, rewardId, startId: policyId });
    expect(checkpointById(state(page), second)?.parents).toEqual([baseId, rewardId, policyId]);
    expect(stageStatus(state(page), 'optimise')).toBe('done');
    await shelf(page).assign('policy', null);
    expect(stageStatus(state(page), 'optimise')).toBe('stale');
  });

  it('let the base be the policy in a later round too', async () => {
    const { page, baseId, policyId } = await openFamily();
    state(page).rounds.start();
    expect(rolesOf(state(page)).policy).toBe(policyId);
    await shelf(page).assign('policy', baseId);
    expect(rolesOf(state(page)).policy).toBe(baseId);
  });

  it('choose the reference and the critic too, and outlive the tab', async () => {
    const { page, rewardId, policyId } = await openFamily();
    await shelf(page).duplicate(rewardId);
    const critic = shelf(page).selectedId!;
    await shelf(page).assign('reference', policyId);
    await shelf(page).assign('valueModel', critic);
    page.kill();
    const again = await openPage();
    await finish(again, 'ppo');
    expect(specOf(again, 'ppo')).toMatchObject({
      baseId: policyId,
      startId: 'shipped-tiny',
      rewardId,
      valueId: critic,
    });
    await finish(again, 'dpo');
    expect(specOf(again, 'dpo')).toMatchObject({ baseId: policyId, startId: 'shipped-tiny' });
    await shelf(again).assign('valueModel', rewardId);
    expect(shelf(again).slots.valueId, 'the reward model is where the critic begins anyway').toBeNull();
  });

  it('make Best of N sample the policy', async () => {
    const { page, rewardId, policyId } = await openFamily();
    await shelf(page).assign('policy', policyId);
    await state(page).runs.step('bestOf');
    expect(specOf(page, 'bestOf')).toMatchObject({ baseId: policyId, rewardId });
  });

  it('lead the whole pipeline from another base, with what is after it stale', async () => {
    const { page, rewardId } = await openFamily();
    await shelf(page).duplicate('shipped-tiny');
    const copy = shelf(page).selectedId!;
    await shelf(page).assign('policy', copy);
    expect(shelf(page).slots).toMatchObject({ baseId: copy, rewardId });
    expect(['compare', 'reward', 'optimise'].map((stage) => stageStatus(state(page), stage as 'compare'))).toEqual([
      'stale',
      'stale',
      'stale',
    ]);
  });

  it('go back to the model that writes when a new one is trained', async () => {
    const { page, policyId } = await openFamily();
    await shelf(page).assign('policy', policyId);
    await shelf(page).assign('reference', policyId);
    await finish(page, 'pretrain');
    expect(shelf(page).slots).toMatchObject({ startId: null, referenceId: null, valueId: null });
  });

  it('are refused in words to models that do not fit', async () => {
    const { page, rewardId, policyId } = await openFamily();
    const model = checkpointById(state(page), 'shipped-tiny')!.model;
    await add(page, 'wide', 'policy', { model: { ...model, width: 128 } });
    await add(page, 'foreign', 'reward', { tokenizerKey: 'char-9', model: { ...model, vocabSize: 9 } });
    const why = (role: 'policy' | 'reference' | 'rewardModel' | 'valueModel', id: string) =>
      misfit(state(page), role, checkpointById(state(page), id)!);
    expect(why('policy', rewardId)).toBe('it scores texts and writes none');
    expect(why('rewardModel', policyId)).toBe('it writes texts and scores none');
    expect(why('valueModel', policyId)).toBe('it writes texts and has no head for values');
    expect(why('policy', 'wide')).toMatch(/another shape than Shipped tiny \(2 × 128, .* against 2 × 64/);
    expect(why('reference', 'wide')).toMatch(/another shape/);
    expect(why('rewardModel', 'foreign')).toMatch(/other tokens than Shipped tiny \(9 against/);
    expect(why('valueModel', 'foreign')).toMatch(/other tokens/);
    await shelf(page).assign('policy', 'wide');
    expect(codes(page)).toEqual(['shelf/misfit']);
    expect(state(page).notices.notices[0]?.message).toMatch(/^wide cannot be the policy: it has another shape/);
    expect(shelf(page).slots.startId).toBeNull();
    await shelf(page).assign('policy', policyId);
    expect(codes(page)).toEqual([]);
  });

  it('are taken, aloud, from those who do not fit beside a new base', async () => {
    const { page, rewardId } = await openFamily();
    await add(page, 'letters', 'base', { tokenizerKey: 'char-9' });
    await shelf(page).assign('policy', 'letters');
    expect(shelf(page).slots).toMatchObject({ baseId: 'letters', rewardId: null });
    expect(toasts(page).at(-1)).toMatch(
      /letters is the policy of the next run\. .* is no longer the reward model: it reads other tokens/,
    );
    expect(checkpointById(state(page), rewardId)).not.toBeNull();
  });
});

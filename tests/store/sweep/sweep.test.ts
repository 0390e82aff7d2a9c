import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SWEEP_NAMES, type SweepName } from '../../../src/contract/domain';
import { LabError } from '../../../src/contract/errors';
import { NO_TASTE } from '../../../src/contract/ownTaste';
import { SWEEPS, sweepOf } from '../../../src/contract/sweeps';
import { sweepSpecs } from '../../../src/store/sweep/sweepRunner';
import type { FakeClient } from '../../helpers/fakeClient';
import { freshDisk, openPage, openVoting, type Page, settle, vote } from '../openLab';

const sweep = (page: Page) => page.lab.getState().sweep;
const specs = (client: FakeClient) =>
  client.calls.flatMap((call) => (call.kind === 'run/create' ? [call.params.spec] : []));
const SHORT = '?preset=tiny&seed=7&iterations=4&dpoSteps=4&ppoReward=rule';

/** lets the scripted runs move until the sweep is over, or something holds */
async function move(page: Page, until: () => boolean): Promise<void> {
  for (let turn = 0; turn < 200 && !until(); turn++) {
    page.client.advance(1);
    await settle(10);
  }
  expect(until()).toBe(true);
}
const finish = (page: Page) => move(page, () => sweep(page).live === null);

// it comes when it is needed, and a test waits for no module
beforeAll(() => import('../../../src/store/sweep/sweepRunner'));

describe('a sweep', () => {
  beforeEach(freshDisk);

  it('runs one setting at three values under one seed, one after the other, and touches nothing of the visitor’s', async () => {
    const page = await openVoting({ href: SHORT });
    const { lab, client } = page;
    const before = lab.getState();
    void sweep(page).start('ppoBeta', sweepOf('ppoBeta'));
    await settle();
    expect(specs(client)).toHaveLength(1);
    await finish(page);
    const made = specs(client).map((spec) => (spec.kind === 'ppo' ? [spec.config.klCoef, spec.seed] : []));
    expect(made).toEqual([
      [0.03, 7],
      [0.1, 7],
      [0.5, 7],
    ]);
    const record = sweep(page).records.ppoBeta!;
    expect(record).toMatchObject({ status: 'done', seed: 7 });
    expect(record.runs.map(({ value, status, history }) => [value, status, history.length])).toEqual([
      [0.03, 'done', 4],
      [0.1, 'done', 4],
      [0.5, 'done', 4],
    ]);
    const after = lab.getState();
    expect(after.config.value).toEqual(before.config.value);
    expect(after.runs.ppo.runId).toBeNull();
    expect(after.shelf.checkpoints).toEqual(before.shelf.checkpoints);
    const disposed = client.calls.filter(({ kind }) => kind === 'run/dispose');
    expect(disposed).toHaveLength(3);
    page.kill();
  });

  it('is judged by a taste of one’s own where that is in use', async () => {
    const page = await openVoting({ href: SHORT });
    const own = { ...NO_TASTE, liked: ['beach'] };
    page.lab.getState().opinions.setOwn(own);
    page.lab.getState().opinions.setRater({ name: 'own' });
    const all = sweepSpecs(page.lab.getState(), sweepOf('ppoBeta'));
    expect(all.map(({ spec }) => (spec.kind === 'ppo' ? spec.rater : null))).toEqual(
      all.map(() => ({ name: 'own', taste: own })),
    );
    page.kill();
  });

  it.each(SWEEP_NAMES)('%s differs in what it says, and in nothing else', async (name: SweepName) => {
    const page = await openVoting({ href: SHORT });
    for (let i = 0; i < 12; i++) await vote(page);
    const all = sweepSpecs(page.lab.getState(), sweepOf(name));
    expect(all.map(({ value }) => value)).toEqual(SWEEPS[name].values);
    const differing = new Set<string>();
    for (const { spec } of all)
      for (const [key, value] of Object.entries(spec.config))
        if (value !== (all[0]!.spec.config as Record<string, unknown>)[key]) differing.add(key);
    expect([...differing]).toHaveLength(1);
    page.kill();
  });

  it('keeps what is done when it is cancelled', async () => {
    const page = await openVoting({ href: SHORT });
    void sweep(page).start('epochs', sweepOf('epochs'));
    await move(page, () => (sweep(page).live?.runs.length ?? 0) === 2 && sweep(page).live!.runs[1]!.history.length > 0);
    const cancelled = sweep(page).cancel();
    page.client.advance(1);
    await cancelled;
    expect(sweep(page)).toMatchObject({ live: null, uses: [], error: null });
    const record = sweep(page).records.epochs!;
    expect(record.status).toBe('cancelled');
    expect(record.runs.map(({ value, status }) => [value, status])).toEqual([
      [1, 'done'],
      [4, 'begun'],
    ]);
    page.kill();
  });

  it('survives a reload with the runs that were done', async () => {
    const page = await openVoting({ href: SHORT });
    void sweep(page).start('ppoBeta', sweepOf('ppoBeta'));
    await move(page, () => (sweep(page).live?.runs.length ?? 0) === 2);
    await settle();
    page.kill();
    const again = await openPage();
    await settle();
    expect(sweep(again).live).toBeNull();
    expect(sweep(again).records.ppoBeta).toMatchObject({ status: 'cut', runs: [{ value: 0.03, status: 'done' }] });
    again.kill();
  });

  it('says what is missing, and can be begun again', async () => {
    const page = await openVoting({ href: '?preset=tiny&iterations=4' });
    await sweep(page).start('ppoBeta', sweepOf('ppoBeta'));
    expect(sweep(page).error?.message).toContain('no reward model');
    expect(sweep(page)).toMatchObject({ live: null, records: {} });
    page.lab.getState().config.change('ppo', { rewardFrom: 'rule' });
    void sweep(page).start('ppoBeta', sweepOf('ppoBeta'));
    await finish(page);
    expect(sweep(page)).toMatchObject({ error: null, records: { ppoBeta: { status: 'done' } } });
    page.kill();
  });

  it('takes a run that stops by itself for what came of its value, and goes on', async () => {
    const page = await openVoting({ href: SHORT });
    void sweep(page).start('ppoBeta', sweepOf('ppoBeta'));
    await move(page, () => (sweep(page).live?.runs[0]?.history.length ?? 0) > 1);
    page.client.failRun([...page.client.lab.runs.keys()].at(-1)!, new LabError('run/klCeiling', 'Too far.'));
    await finish(page);
    const { status, runs } = sweep(page).records.ppoBeta!;
    expect(status).toBe('done');
    expect(runs.map((run) => [run.status, run.message])).toEqual([
      ['failed', 'Too far.'],
      ['done', ''],
      ['done', ''],
    ]);
    expect(page.lab.getState().runs.ppo.error).toBeNull();
    page.kill();
  });

  it('ends with the thread, and keeps what was done', async () => {
    const page = await openVoting({ href: SHORT });
    void sweep(page).start('ppoBeta', sweepOf('ppoBeta'));
    await move(page, () => (sweep(page).live?.runs.length ?? 0) === 2);
    page.client.crash();
    await settle();
    expect(sweep(page)).toMatchObject({ live: null, uses: [], error: { code: 'engine/crashed' } });
    expect(sweep(page).records.ppoBeta).toMatchObject({ status: 'failed', runs: [{ value: 0.03, status: 'done' }] });
    page.kill();
  });

  it('keeps the models that it still needs from being deleted', async () => {
    const page = await openVoting({ href: SHORT });
    void sweep(page).start('ppoBeta', sweepOf('ppoBeta'));
    await move(page, () => (sweep(page).live?.runs.length ?? 0) > 0);
    const { baseId } = page.lab.getState().shelf.slots;
    expect(sweep(page).uses).toContain(baseId);
    await page.lab.getState().session.clearAll();
    expect(sweep(page)).toMatchObject({ live: null, records: {} });
    page.kill();
  });
});

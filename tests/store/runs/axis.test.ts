import { beforeEach, describe, expect, it } from 'vitest';
import { votesIn } from '../../../src/contract/preferences';
import { idbStorage } from '../../../src/store/persistence/idbStorage';
import type { Settings } from '../../../src/store/persistence/storage';
import type { EarlierRun } from '../../../src/store/state';
import { freshDisk, openPage, openVoting, type Page, settle } from '../openLab';

async function train(page: Page, kind: 'reward' | 'ppo' | 'dpo'): Promise<void> {
  await page.lab.getState().runs.play(kind);
  page.client.advance(1000);
  await settle();
}

/** a DPO run that is over and gone, its model placed beside the PPO run that is there */
async function withTrails(): Promise<Page> {
  const page = await openVoting();
  await page.lab.getState().opinions.simulate(24);
  await train(page, 'reward');
  await train(page, 'dpo');
  await page.lab.getState().runs.reset('dpo');
  await train(page, 'ppo');
  await page.lab.getState().runs.reset('ppo');
  await train(page, 'ppo');
  return page;
}

describe('what stands on the axis', () => {
  beforeEach(freshDisk);

  it('is there again when the page is opened again: trails of runs that went, models that were placed, and their numbers', async () => {
    const page = await withTrails();
    const { runs } = page.lab.getState().earlier;
    expect(runs.map(({ kind, number }) => `${kind} ${number}`)).toEqual(['dpo 1', 'ppo 1']);
    // its trail gone, the DPO policy can be placed
    page.lab.setState((state) => ({ earlier: { ...state.earlier, runs: runs.slice(1) } }));
    await page.lab.getState().placed.measure('ppo');
    const { models } = page.lab.getState().placed;
    expect(models).toHaveLength(1);
    await settle();
    page.kill();

    const again = await openPage();
    await settle();
    expect(again.lab.getState().earlier.runs).toEqual(runs.slice(1));
    expect(again.lab.getState().placed.models).toEqual(models);
    await again.lab.getState().runs.reset('ppo');
    expect(again.lab.getState().earlier.runs.map(({ kind, number }) => `${kind} ${number}`)).toEqual([
      'ppo 1',
      'ppo 2',
    ]);
    await again.lab.getState().session.clearAll();
    await settle();
    again.kill();

    const empty = await openPage();
    expect([empty.lab.getState().earlier.runs, empty.lab.getState().placed.models]).toEqual([[], []]);
    empty.kill();
  });

  it('remembers of a run that went how many votes it learned from, not the votes, though it was stored with them once', async () => {
    const page = await withTrails();
    const [run] = page.lab.getState().earlier.runs as [EarlierRun];
    expect(run.spec).toMatchObject({ kind: 'dpo', votes: 24 });
    await settle();
    const votes = votesIn(page.lab.getState().opinions.all);
    page.kill();
    const storage = idbStorage();
    const stored = (await storage.load()).settings.earlier as EarlierRun[];
    expect(stored).toHaveLength(2);
    expect(JSON.stringify(stored)).not.toContain(votes[0]?.prompt);
    await storage.putSetting('earlier', [{ ...run, spec: { ...run.spec, votes } }] as unknown as Settings['earlier']);
    storage.close();
    const again = await openPage();
    expect(again.lab.getState().earlier.runs).toEqual([run]);
    again.kill();
  });

  it('takes no nonsense from the disk', async () => {
    const page = await withTrails();
    const [run] = page.lab.getState().earlier.runs;
    await settle();
    page.kill();
    const storage = idbStorage();
    const broken = [{ ...run, points: [{ step: 1, kl: Number.NaN, proxy: 1, gold: 1 }] }];
    await storage.putSetting('earlier', broken as Settings['earlier']);
    await storage.putSetting('placed', [{ name: 'x' }] as Settings['placed']);
    storage.close();
    const again = await openPage();
    expect([again.lab.getState().earlier.runs, again.lab.getState().placed.models]).toEqual([[], []]);
    again.kill();
  });
});

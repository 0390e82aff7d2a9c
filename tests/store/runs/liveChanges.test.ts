import { beforeEach, describe, expect, it } from 'vitest';
import { presetConfig } from '../../../src/contract/config';
import type { RunSpec } from '../../../src/contract/domain';
import { recipeAsLived } from '../../../src/store/runs/liveChanges';
import type { EarlierRun } from '../../../src/store/state';
import { freshDisk, openPage, openVoting, settle } from '../openLab';

const SPEC: RunSpec = {
  kind: 'ppo',
  seed: 1,
  config: { ...presetConfig('tiny').ppo, klCoef: 0.1 },
  baseId: 'base',
  rewardId: 'reward',
  rater: { name: 'happy' },
};
const beta = (...changes: [step: number, klCoef: number][]) =>
  (
    recipeAsLived(
      SPEC,
      changes.map(([step, klCoef]) => ({ step, knobs: { klCoef } })),
    ).config as Record<string, unknown>
  ).klCoef;

describe('a run as it was lived', () => {
  beforeEach(freshDisk);

  it('has all values of what was changed while it went on, in turn', () => {
    expect(beta()).toBe(0.1);
    expect(beta([5, 0])).toBe('0.1 then 0');
    expect(beta([5, 0], [9, 0.12345])).toBe('0.1 then 0 then 0.1235');
    expect(beta([1, 1], [2, 2], [3, 3])).toBe('0.1 then … then 3');
    const others = [4, 8].map((step) => ({ step, knobs: { ptxCoef: step } }));
    expect(recipeAsLived(SPEC, others).config).toMatchObject({ klCoef: 0.1, ptxCoef: '0 then 4 then 8' });
  });

  it('counts of several changes at one step the last, and what was changed before the first step as its beginning', () => {
    expect(beta([5, 0], [5, 0.2])).toBe('0.1 then 0.2');
    expect(beta([5, 0], [5, 0.1])).toBe(0.1);
    expect(beta([0, 0.3])).toBe(0.3);
    expect(beta([0, 0.3], [4, 0])).toBe('0.3 then 0');
  });

  it('is remembered over a reload, and by its trail', async () => {
    const page = await openVoting({ href: '?preset=tiny&seed=3&rewardSteps=4&iterations=40' });
    await page.lab.getState().opinions.simulate(20);
    await page.lab.getState().runs.play('reward');
    page.client.advance(4);
    await settle();
    await page.lab.getState().runs.play('ppo');
    page.client.advance(5);
    await page.lab.getState().runs.adjust({ klCoef: 0 });
    await page.lab.getState().runs.pause('ppo');
    await settle();
    page.kill();
    const again = await openPage();
    expect(again.lab.getState().runs.ppo.live).toEqual([{ step: 5, knobs: { klCoef: 0 } }]);
    await again.lab.getState().runs.reset('ppo');
    const [run] = again.lab.getState().earlier.runs as [EarlierRun];
    expect(run.spec.config).toMatchObject({ klCoef: '0.1 then 0' });
    expect(again.lab.getState().runs.ppo.live).toEqual([]);
    again.kill();
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import type { RunKind } from '../../../src/contract/domain';
import { inspectedId, liveId } from '../../../src/store/models/inspected';
import { freshDisk, openPage, type Page, settle } from '../openLab';

const HREF = '?preset=tiny&seed=1&steps=20&rewardSteps=20&iterations=4&dpoSteps=4&tuneEpochs=2&bestOfPrompts=4';

async function train(page: Page, kind: RunKind, steps = 1000): Promise<void> {
  await page.lab.getState().runs.play(kind);
  page.client.advance(steps);
  await settle();
}

describe('Inspect', () => {
  beforeEach(freshDisk);

  it('opens on the model of the stage and the tab that it is opened from', async () => {
    const page = await openPage({ href: HREF });
    const { lab } = page;
    const opened = (kind: RunKind) => {
      lab.getState().inspect.show(undefined, kind);
      lab.getState().inspect.hide();
      return inspectedId(lab.getState());
    };
    await train(page, 'pretrain');
    const { baseId } = lab.getState().shelf.slots;
    expect(opened('ppo'), 'where a policy would begin').toBe(baseId);
    await lab.getState().opinions.simulate(24);
    await train(page, 'reward');
    await train(page, 'ppo');
    const ppoId = lab.getState().runs.ppo.state!.checkpointId;
    await train(page, 'dpo');
    const dpoId = lab.getState().runs.dpo.state!.checkpointId;
    expect(new Set([baseId, ppoId, dpoId]).size).toBe(3);
    expect(opened('ppo')).toBe(ppoId);
    expect(opened('dpo')).toBe(dpoId);
    expect(opened('reward')).toBe(lab.getState().shelf.slots.rewardId);
    expect(opened('pretrain')).toBe(baseId);
    await train(page, 'ppo', 1);
    expect(opened('ppo'), 'as it stands between two steps').toBe(liveId(lab.getState().runs.ppo.runId!));
    page.kill();
  });
});

describe('the attention of a run at rest', () => {
  beforeEach(freshDisk);
  const attention = ({ lab }: Page) => lab.getState().runs.pretrain.attention;

  it.each([
    ['paused', 7],
    ['done', 20],
  ] as const)('is read after a reload from the model of a run that is %s', async (status, steps) => {
    const page = await openPage({ href: HREF });
    await train(page, 'pretrain', steps);
    await page.lab.getState().runs.pause('pretrain');
    await page.lab.getState().session.saveNow();
    page.kill();
    const again = await openPage({ href: HREF });
    await settle();
    expect(again.lab.getState().runs.pretrain.state).toMatchObject({ status, step: steps });
    expect(attention(again)).toBeNull();
    expect(await again.lab.getState().runs.readAttention()).toBe(true);
    expect(attention(again)).toMatchObject({ step: steps, maps: { layers: 2 } });
    again.kill();
  });

  it('cannot be read once the model was deleted', async () => {
    const page = await openPage({ href: HREF });
    await train(page, 'pretrain');
    await page.lab.getState().shelf.remove(page.lab.getState().shelf.slots.baseId!);
    expect(await page.lab.getState().runs.readAttention()).toBe(false);
    page.kill();
  });
});

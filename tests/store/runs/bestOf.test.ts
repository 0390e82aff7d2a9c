import { beforeEach, describe, expect, it } from 'vitest';
import { freshDisk, openPage, openVoting, type Page, settle } from '../openLab';

async function withJudge(): Promise<Page> {
  const page = await openVoting();
  await page.lab.getState().opinions.simulate(24);
  await page.lab.getState().runs.play('reward');
  page.client.advance(1000);
  await settle();
  return page;
}

describe('Best of N on the page', () => {
  beforeEach(freshDisk);

  it('asks for a reward model first', async () => {
    const page = await openVoting();
    await page.lab.getState().runs.play('bestOf');
    expect(page.lab.getState().runs.bestOf.error?.code).toBe('run/missingInput');
    page.kill();
  });

  it('draws prompt by prompt, shows every N, and takes nobody’s place', async () => {
    const page = await withJudge();
    const { lab, client } = page;
    const { slots } = lab.getState().shelf;
    lab.getState().config.change('bestOf', { samples: 8, prompts: 3 });
    await lab.getState().runs.play('bestOf');
    client.advance(2);
    await settle();
    expect(lab.getState().runs.bestOf.bestOf).toMatchObject({ step: 2 });
    client.advance(9);
    await settle();
    const { state, bestOf, spec } = lab.getState().runs.bestOf;
    expect(state).toMatchObject({ status: 'done', checkpointId: null });
    expect(bestOf?.result.points.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(spec).toMatchObject({ kind: 'bestOf', baseId: slots.baseId, rewardId: slots.rewardId });
    expect(lab.getState().shelf.slots).toEqual(slots);
    page.kill();
  });

  it('still knows what was drawn when the page is opened again', async () => {
    const page = await withJudge();
    page.lab.getState().config.change('bestOf', { samples: 8, prompts: 3 });
    await page.lab.getState().runs.play('bestOf');
    page.client.advance(9);
    await settle();
    const { bestOf } = page.lab.getState().runs.bestOf;
    expect(bestOf?.result.prompts).toHaveLength(3);
    page.kill();
    const again = await openPage();
    await settle();
    expect(again.lab.getState().runs.bestOf).toMatchObject({ bestOf, state: { status: 'done' } });
    again.kill();
  });

  it('keeps its settings in the address', async () => {
    const page = await openPage({ href: '?preset=tiny&bestOfSamples=16&bestOfPrompts=5' });
    expect(page.lab.getState().config.value.bestOf).toMatchObject({ samples: 16, prompts: 5, temperature: 0.7 });
    page.lab
      .getState()
      .config.change('ppo', { advantages: 'grpo', groupSize: 8, klPlacement: 'loss', klEstimator: 'k3' });
    await settle();
    expect(page.address.read().search).toContain('advantages=grpo');
    page.kill();
  });
});

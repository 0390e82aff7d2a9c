import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { namePlaces } from '../../src/ui/charts/trailLayout';
import { Optimise } from '../../src/ui/panels/Optimise/Optimise';
import { trainJudge, withJudge } from './judge';
import { expectAccessible, type Rendered, renderLab } from './renderLab';

async function train(page: Rendered, kind: 'ppo' | 'dpo', steps: number) {
  await act(async () => page.lab.getState().runs.play(kind));
  await act(async () => page.client.advance(steps));
}
const chart = () => screen.findByRole('figure', { name: 'Reward against distance' });
const differences = () => screen.findByRole('list', { name: 'What the runs have different' });

describe('runs on the same axis', () => {
  it('keeps the trail of an earlier run, and says in words what is different now', async () => {
    const page = await renderLab(<Optimise />, { prepare: withJudge });
    await train(page, 'ppo', 3);
    await act(async () => page.lab.getState().runs.reset('ppo'));
    page.lab.getState().config.change('ppo', { klCoef: 0 });
    await train(page, 'ppo', 3);
    expect((await differences()).textContent).toBe('PPO 1 → now β 0.1 → 0; else the same');
    await waitFor(async () => expect((await chart()).textContent).toMatch(/PPO 1: KL \d\.\d\d nats, reward model/));
    await expectAccessible(page.container);
  });

  it('counts what was changed while a run went on, now and in an earlier one', async () => {
    const page = await renderLab(<Optimise />, { prepare: withJudge });
    const { runs, config } = page.lab.getState();
    await train(page, 'ppo', 3);
    await act(() => runs.reset('ppo').then(() => undefined));
    await train(page, 'ppo', 3);
    expect((await differences()).textContent).toBe('PPO 1 → now the same settings');
    await act(() => runs.adjust({ klCoef: 0 }));
    expect((await differences()).textContent).toBe('PPO 1 → now β 0.1 → 0.1 then 0; else the same');
    await act(() => runs.reset('ppo').then(() => undefined));
    config.change('ppo', { klCoef: 0.1 });
    await train(page, 'ppo', 3);
    const said = within(await differences()).getAllByRole('listitem');
    expect(said.map(({ textContent }) => textContent)).toEqual([
      'PPO 1 → now the same settings',
      'PPO 2 → now β 0.1 then 0 → 0.1; else the same',
    ]);
  });

  it('numbers them, and shows those of another method without comparing their settings', async () => {
    const page = await renderLab(<Optimise />, { prepare: withJudge });
    for (const beta of [0.5, 0.1, 0.05]) {
      await act(async () => page.lab.getState().runs.reset('dpo'));
      page.lab.getState().config.change('dpo', { beta });
      await train(page, 'dpo', 12);
    }
    await page.user.click(screen.getByRole('tab', { name: 'DPO' }));
    expect(
      within(await differences())
        .getAllByRole('listitem')
        .map((item) => item.textContent),
    ).toEqual(['DPO 1 → now β 0.5 → 0.05; else the same', 'DPO 2 → now β 0.1 → 0.05; else the same']);
    await train(page, 'ppo', 2);
    await page.user.click(screen.getByRole('tab', { name: 'PPO' }));
    await waitFor(async () => expect((await chart()).textContent).toMatch(/DPO: KL.*DPO 1: KL.*DPO 2: KL/));
    expect(screen.queryByRole('list', { name: 'What the runs have different' })).toBeNull();
  });

  it('places models of the shelf on request, measured as the run is', async () => {
    const page = await renderLab(<Optimise />, { prepare: withJudge });
    await train(page, 'dpo', 60);
    const { spec, state } = page.lab.getState().runs.dpo;
    await act(async () => page.lab.getState().runs.reset('dpo'));
    await train(page, 'ppo', 2);
    await page.user.click(screen.getByRole('tab', { name: 'PPO' }));
    await chart();
    expect(screen.queryByRole('button', { name: /^Place/ }), 'its trail is there').toBeNull();
    await act(async () => page.lab.getState().earlier.forget());
    await page.user.click(await screen.findByRole('button', { name: 'Place 1 model from Checkpoints' }));
    await waitFor(async () =>
      expect((await chart()).textContent).toMatch(
        /policy, 60 steps: KL 2\.50 nats, reward model 1\.20, gold rater 0\.80/,
      ),
    );
    expect(screen.queryByRole('button', { name: /^Place/ }), 'all of them are there').toBeNull();
    expect((await chart()).textContent).toContain(
      'single dots: models from Checkpoints, by fresh texts for fixed prompts, a run’s own points by its rollouts',
    );
    await act(() => page.lab.getState().shelf.rename(state!.checkpointId!, 'The gentle one'));
    await waitFor(async () => expect((await chart()).textContent).toMatch(/The gentle one: KL 2\.50 nats/));
    const asked = page.client.calls.filter(({ kind }) => kind === 'measure/policy').map(({ params }) => params);
    const { baseId, rewardId, rater, seed } = spec as Extract<typeof spec, { kind: 'dpo' }>;
    expect(asked).toEqual([
      { policyId: state?.checkpointId, referenceId: baseId, rewardId, rater, seed, temperature: 0.7, texts: 64 },
    ]);
  });

  it('shows the way of fine-tuning from the same model, by gold where no reward model looked on', async () => {
    const page = await renderLab(<Optimise />, {
      prepare: async (lab, client) => {
        await lab.getState().shelf.loadShipped('tiny');
        await lab.getState().demonstrations.addWished(12);
        await lab.getState().runs.play('finetune');
        client.advance(500);
        await waitFor(() => expect(lab.getState().runs.finetune.state?.status).toBe('done'));
        await lab.getState().shelf.setSlot('fineTunedId', null);
        await lab.getState().opinions.simulate(40);
        await trainJudge(lab, client);
      },
    });
    await train(page, 'ppo', 2);
    await waitFor(async () =>
      expect((await chart()).textContent).toMatch(/fine-tuning \(gold\): KL \d\.\d\d nats, gold rater/),
    );
  });

  it('says where the gold of another run peaked', async () => {
    const page = await renderLab(<Optimise />, { prepare: withJudge });
    await train(page, 'dpo', 60);
    await train(page, 'ppo', 2);
    const { runs } = page.lab.getState();
    const gold = [0, 0.3, 0.6, 0.9, 0.6, 0.2, -0.3];
    const history = gold.map((value, i) => ({
      step: i + 1,
      elapsedMs: 0,
      values: { 'axis/kl': i, 'axis/score': i, 'axis/gold': value },
    }));
    act(() => page.lab.setState({ runs: { ...runs, dpo: { ...runs.dpo, history } } }));
    await waitFor(async () => expect((await chart()).textContent).toContain('Its gold peaked at KL 3.00.'));
  });

  it('leaves out what was measured by another rater', async () => {
    const page = await renderLab(<Optimise />, { prepare: withJudge });
    await train(page, 'dpo', 12);
    page.lab.getState().opinions.setRater({ name: 'short' });
    await train(page, 'ppo', 2);
    await page.user.click(screen.getByRole('tab', { name: 'PPO' }));
    expect((await chart()).textContent).not.toContain('DPO');
  });

  it('forgets earlier runs with everything else', async () => {
    const page = await renderLab(<Optimise />, { prepare: withJudge });
    await train(page, 'dpo', 12);
    await act(async () => page.lab.getState().runs.reset('dpo'));
    expect(page.lab.getState().earlier.runs).toHaveLength(1);
    await act(async () => page.lab.getState().session.clearAll());
    expect(page.lab.getState().earlier.runs).toEqual([]);
  });
});

describe('names at the ends of grey trails', () => {
  it('stand on the right, on the left late on the axis, and make room for each other', () => {
    expect(namePlaces([{ x: 0.2, y: 0.5 }, { x: 0.9, y: 0.5 }, null])).toEqual(['right', 'left', 'right']);
    expect(
      namePlaces([
        { x: 0.2, y: 0.5 },
        { x: 0.25, y: 0.52 },
        { x: 0.22, y: 0.51 },
      ]),
    ).toEqual(['right', 'bottom', 'top']);
    expect(
      namePlaces([
        { x: 0.2, y: 0.5 },
        { x: 0.2, y: 0.9 },
      ]),
    ).toEqual(['right', 'right']);
  });
});

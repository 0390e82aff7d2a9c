import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { LabError } from '../../src/contract/errors';
import { meanOf, toldTrail } from '../../src/store/runs/methodTrail';
import { Optimise } from '../../src/ui/panels/Optimise/Optimise';
import { phaseStatus } from '../../src/ui/panels/Optimise/Phases';
import { RolloutTable } from '../../src/ui/panels/Optimise/RolloutTable';
import { withJudge } from './judge';
import { expectAccessible, type Rendered, renderLab } from './renderLab';

const open = () => renderLab(<Optimise />, { prepare: withJudge });
const region = () => screen.getByRole('region', { name: 'Optimise' });
const metric = ({ container }: Rendered, id: string) => container.querySelector(`[data-metric="${id}"]`);
const ppo = (page: Rendered) => page.lab.getState().runs.ppo;
const phases = () => within(screen.getByRole('list', { name: 'Phases of this iteration' })).getAllByRole('listitem');
const calls = (page: Rendered, kind: string) =>
  page.client.calls.filter((call) => call.kind === kind).map(({ params }) => params);

async function train(page: Rendered, iterations: number) {
  await page.user.click(screen.getByRole('button', { name: 'Train' }));
  await screen.findByRole('button', { name: 'Pause' });
  await act(async () => page.client.advance(iterations));
}

describe('Optimise before its models are there', () => {
  it('names what is missing, leads there, and does not train', async () => {
    const page = await renderLab(<Optimise />);
    expect(screen.getByRole('heading', { level: 1, name: 'Optimise' })).toBeTruthy();
    expect((screen.getByRole('button', { name: 'Train' }) as HTMLButtonElement).disabled).toBe(true);
    expect(region().textContent).toMatch(/Two models come first/);
    await expectAccessible(page.container);
    await page.user.click(screen.getByRole('button', { name: 'Reward model' }));
    expect(page.lab.getState().view.stage).toBe('reward');
  });
});

describe('Optimise with its models', () => {
  it('opens PPO first, with the two live sliders', async () => {
    const page = await open();
    expect(screen.getByRole('tab', { name: 'PPO' }).getAttribute('aria-selected')).toBe('true');
    const slider = screen.getByRole<HTMLInputElement>('slider', { name: 'KL coefficient' });
    expect([slider.min, slider.max, slider.value]).toEqual(['0', '0.5', '0.1']);
    expect(screen.getByRole('slider', { name: 'Learning rate' })).toBeTruthy();
    expect(region().textContent).toMatch(/right about \d+ % of unseen pairs/);
    await expectAccessible(page.container);
  });

  it('shows what was trained last when nobody has chosen, as after a reload in the middle of it', async () => {
    const page = await open();
    const stored = (savedAt: number) => ({ runId: `run ${savedAt}`, savedAt });
    const shown = (name: string) => screen.getByRole('tab', { name }).getAttribute('aria-selected');
    for (const [ppo, dpo, name] of [
      [2, 1, 'PPO'],
      [2, 3, 'DPO'],
    ] as const) {
      act(() =>
        page.lab.setState(({ runs }) => ({
          runs: { ...runs, ppo: { ...runs.ppo, ...stored(ppo) }, dpo: { ...runs.dpo, ...stored(dpo) } },
        })),
      );
      expect(shown(name)).toBe('true');
    }
  });

  it('says of texts that were not stored that they are not there, not that nothing was written', () => {
    const { rerender } = render(<RolloutTable rows={[]} step={0} />);
    screen.getByText('Nothing written yet');
    rerender(<RolloutTable rows={[]} step={5} />);
    screen.getByText(/^What was written in iteration 5 was not stored\./);
    expect(screen.queryByText('Nothing written yet')).toBeNull();
  });

  it('offers every other setting, and says when a run would have to start again for it', async () => {
    const page = await open();
    await train(page, 2);
    await page.user.click(screen.getByRole('button', { name: /^All \d+ settings/ }));
    const dialog = screen.getByRole('dialog', { name: 'PPO settings' });
    expect(within(dialog).queryByRole('button', { name: 'Apply and restart' })).toBeNull();
    fireEvent.change(within(dialog).getByRole('spinbutton', { name: 'Rollouts each iteration' }), {
      target: { value: '64' },
    });
    await page.user.selectOptions(within(dialog).getByRole('combobox', { name: 'KL estimator' }), 'k3');
    expect(page.lab.getState().config.value.ppo).toMatchObject({ rollouts: 64, klEstimator: 'k3' });
    await expectAccessible(dialog);
    const apply = within(dialog).getByRole('button', { name: 'Apply and restart' });
    await page.user.click(apply);
    expect(screen.getByRole('alertdialog').textContent).toContain('The run stands at iteration 2.');
    await page.user.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(ppo(page).state?.step).toBe(2);
    await waitFor(() => expect(document.activeElement).toBe(apply));
    await page.user.click(apply);
    await page.user.click(within(screen.getByRole('alertdialog')).getByRole('button', { name: 'Apply and restart' }));
    await waitFor(() => expect(ppo(page).spec).toMatchObject({ config: { rollouts: 64, klEstimator: 'k3' } }));
    expect(ppo(page).state?.step).toBe(0);
  });

  it('lets the visitor choose whose taste gold measures', async () => {
    const page = await open();
    await train(page, 1);
    await page.user.selectOptions(await screen.findByRole('combobox', { name: 'Gold rater' }), 'the fox');
    expect(page.lab.getState().opinions.rater).toEqual({ name: 'animal', animal: 'fox' });
  });
});

describe('Optimise while it trains', () => {
  it('shows every number of the issue live, exact, and is busy', async () => {
    const page = await open();
    await train(page, 6);
    expect(region().getAttribute('aria-busy')).toBe('true');
    const ids = [
      'objective/scores',
      'gold/score',
      'objective/rlhf_reward',
      'objective/kl',
      'objective/klExact',
      'policy/entropy_avg',
      'policy/clipfrac_avg',
      'loss/value_avg',
      'val/explained_var',
      'completion/length',
      'completion/distinct',
      'completion/grammatical',
    ] as const;
    await waitFor(() => expect(ppo(page).history).toHaveLength(6)); // what is told waits for its beat
    for (const id of ids) {
      const measured = ppo(page).history.at(-1)?.values[id];
      await waitFor(() => expect(metric(page, id)?.getAttribute('data-value'), id).toBe(String(measured)));
    }
    await expectAccessible(page.container);
  });

  it('changes the KL coefficient under way: the run is told once, and the charts are marked', async () => {
    const page = await open();
    await train(page, 5);
    const slider = screen.getByRole('slider', { name: 'KL coefficient' });
    for (const value of ['0.05', '0.02', '0']) fireEvent.change(slider, { target: { value } });
    await waitFor(() => expect(calls(page, 'run/adjust')).toEqual([{ runId: ppo(page).runId, knobs: { klCoef: 0 } }]));
    await waitFor(() => expect(ppo(page).marks).toEqual([{ step: 5, label: 'β 0' }]));
    await act(async () => page.client.advance(1));
    await waitFor(() => expect(ppo(page).history.at(-1)?.values['objective/kl_coef']).toBe(0));
  });

  it('trains with what the slider says, however soon Train is pressed after it', async () => {
    const page = await open();
    const slider = screen.getByRole('slider', { name: 'KL coefficient' });
    fireEvent.change(slider, { target: { value: '0' } });
    fireEvent.blur(slider);
    expect(page.lab.getState().config.value.ppo.klCoef).toBe(0);
    const rate = screen.getByRole('slider', { name: 'Learning rate' });
    fireEvent.change(rate, { target: { value: '-3.5' } });
    fireEvent.keyDown(rate, { key: 'ArrowRight' });
    expect(page.lab.getState().config.value.ppo.learningRate, 'the hand still moves').not.toBe(0.000316);
    fireEvent.keyDown(rate, { key: ' ' });
    expect(page.lab.getState().config.value.ppo.learningRate).toBe(0.000316);
  });

  it('changes the learning rate under way', async () => {
    const page = await open();
    await train(page, 5);
    fireEvent.change(screen.getByRole('slider', { name: 'Learning rate' }), { target: { value: '-3.5' } });
    await waitFor(() =>
      expect(calls(page, 'run/adjust')).toEqual([{ runId: ppo(page).runId, knobs: { learningRate: 0.000316 } }]),
    );
  });

  it('goes phase by phase with Step, and says which is done and how long it took', async () => {
    const page = await open();
    await page.user.click(screen.getByRole('button', { name: 'Step' }));
    await waitFor(() => expect(phases()[0]?.textContent).toMatch(/Rollout.*done.*180 ms/));
    expect(phases()[1]?.textContent).toMatch(/Evaluation.*comes next/);
    expect(ppo(page).state?.step).toBe(0);
    await page.user.click(screen.getByRole('button', { name: 'Step' }));
    await waitFor(() => expect(phases()[2]?.textContent).toMatch(/Optimisation.*comes next/));
    await page.user.click(screen.getByRole('button', { name: 'Step' }));
    await waitFor(() => expect(ppo(page).state?.step).toBe(1));
    expect(phases().map((phase) => /, done/.test(phase.textContent ?? ''))).toEqual([true, true, true]);
  });

  it('colours the tokens of the rollouts by what the visitor chooses', async () => {
    const page = await open();
    await train(page, 3);
    const table = await screen.findByRole('table', { name: '' }).catch(() => screen.getAllByRole('table')[0]!);
    const choice = screen.getByRole('combobox', { name: 'Colour tokens by' });
    for (const [name, meaning] of [
      ['advantage', 'advantage'],
      ['log-ratio', 'log-ratio'],
      ['value', 'value'],
      ['reward', 'reward'],
    ] as const) {
      await page.user.selectOptions(choice, name);
      expect(document.querySelectorAll(`table [title*="${meaning} "]`).length, name).toBeGreaterThan(10);
    }
    expect(table).toBeTruthy();
    expect(ppo(page).rollouts!.step).toBe(ppo(page).state!.step); // the same count as the transport bar's
    const row = ppo(page).rollouts!.rows[0]!;
    expect(region().textContent).toContain(row.score.toFixed(2));
  });

  it('shows fixed prompts before and now', async () => {
    const page = await open();
    await train(page, 4);
    const list = await screen.findByRole('region', { name: 'Before and after' });
    await waitFor(() => expect(within(list).getAllByText('now')).toHaveLength(ppo(page).beforeAfter!.rows.length));
  });

  it('turns the hero from distance to iterations and opens the other curves', async () => {
    const page = await open();
    await train(page, 4);
    expect(await screen.findByRole('figure', { name: 'Reward against distance' })).toBeTruthy();
    await page.user.click(screen.getByRole('button', { name: 'Show over iterations' }));
    expect(screen.getByRole('figure', { name: 'Reward over iterations' })).toBeTruthy();
    await page.user.click(screen.getByRole('button', { name: 'More charts' }));
    for (const name of ['Clip fraction', 'Value loss', 'Completion length', 'Distinct', 'Grammatical']) {
      expect(screen.getByRole('heading', { name })).toBeTruthy();
    }
  });

  it('says in words how it goes', async () => {
    const page = await open();
    await train(page, 30);
    await waitFor(() =>
      expect(region().textContent).toMatch(/Healthy\. Score \+1\.\d\d, gold \+\d\.\d\d at \d\.\d\d nats/),
    );
  });
});

describe('Optimise at its end', () => {
  it('says what to do next', async () => {
    const page = await open();
    await train(page, 40);
    await waitFor(() => expect(region().textContent).toMatch(/Done, and healthy\./));
    expect(region().getAttribute('aria-busy')).toBe('false');
  });

  it('explains the KL ceiling and keeps the curves', async () => {
    const page = await open();
    await train(page, 12);
    const error = new LabError('run/klCeiling', 'KL 163 is above the ceiling of 150 nats.');
    await act(async () => page.client.failRun(ppo(page).runId!, error));
    await waitFor(() =>
      expect(region().textContent).toMatch(/Stopped at the KL ceiling\. KL 163 is above.*Raise the KL coefficient/),
    );
    expect(ppo(page).history).toHaveLength(12);
    await expectAccessible(page.container);
  });
});

describe('the parts of Optimise', () => {
  it('tells the trail in the order of iterations, as means of five with both ends as measured, and without gold where none exists', () => {
    const history = [2, 5, 3, 9, 4, 1].map((kl, i) => ({
      step: i + 1,
      elapsedMs: 1,
      values: { 'objective/kl': kl, 'objective/scores': i * i },
    }));
    const trail = toldTrail('ppo', history);
    expect(trail.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(trail[0]).toEqual({ step: 1, kl: 2, proxy: 0, gold: null });
    expect(trail[1]!.kl).toBeCloseTo((2 + 5 + 3) / 3, 12);
    expect(trail[2]!.kl).toBeCloseTo((2 + 5 + 3 + 9 + 4) / 5, 12);
    expect(trail[4]!.proxy).toBeCloseTo((9 + 16 + 25) / 3, 12);
    expect(trail[5]).toEqual({ step: 6, kl: 1, proxy: 25, gold: null });
    expect([1, 2, 3, 4, 5, 6, 7].map((step) => meanOf('ppo', history, step))).toEqual([1, 3, 5, 5, 3, 1, 1]);
  });

  it('knows how each phase stands', () => {
    const state = (phase: 'rollout' | 'evaluation' | 'optimisation', status: 'running' | 'paused', step = 3) =>
      ({ phase, status, step }) as Parameters<typeof phaseStatus>[1];
    expect(phaseStatus('rollout', null)).toBe('waiting');
    expect(phaseStatus('rollout', state('rollout', 'paused', 0))).toBe('next');
    expect(phaseStatus('optimisation', state('rollout', 'paused'))).toBe('done');
    expect(phaseStatus('rollout', state('evaluation', 'running'))).toBe('done');
    expect(phaseStatus('evaluation', state('evaluation', 'running'))).toBe('running');
    expect(phaseStatus('optimisation', state('evaluation', 'running'))).toBe('waiting');
  });
});

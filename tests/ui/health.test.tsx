import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { MetricValues } from '../../src/contract/metrics';
import type { MetricPoint } from '../../src/contract/observations';
import type { ControlId } from '../../src/store/health';
import { sparkPoints } from '../../src/ui/charts/Sparkline';
import { FineTune } from '../../src/ui/panels/FineTune/FineTune';
import { Diagnosis } from '../../src/ui/panels/Health/Diagnosis';
import { Optimise } from '../../src/ui/panels/Optimise/Optimise';
import { Pretrain } from '../../src/ui/panels/Pretrain/Pretrain';
import { metricShown } from '../helpers/shown';
import { withJudge } from './judge';
import { expectAccessible, type Rendered, renderLab } from './renderLab';

const measures = () => screen.getByLabelText('Health measures');
const named = () => [...measures().querySelectorAll('dt')].map((name) => name.textContent);
const TEXTS = ['Distinct texts', 'Distinct pairs', 'Duplicates', 'Grammatical', '<eos> rate', 'Length'];

async function train(page: Rendered, steps: number) {
  await page.user.click(screen.getByRole('button', { name: 'Train' }));
  await screen.findByRole('button', { name: 'Pause' });
  await act(async () => page.client.advance(steps));
}
/** as if the run had brought these numbers */
function told(page: Rendered, kind: 'ppo' | 'dpo', steps: number, values: (step: number) => MetricValues) {
  const { runs } = page.lab.getState();
  const history = Array.from(
    { length: steps },
    (_, i): MetricPoint => ({ step: i + 1, elapsedMs: 0, values: values(i + 1) }),
  );
  act(() => page.lab.setState({ runs: { ...runs, [kind]: { ...runs[kind], history } } }));
}
const reach = (page: Rendered, control: ControlId) => act(() => page.lab.getState().view.reach(control));

describe('Health', () => {
  it('shows with every method how texts are, beside the reward', async () => {
    const page = await renderLab(<Optimise />, { prepare: withJudge });
    for (const tab of ['PPO', 'DPO', 'Best of N']) {
      await page.user.click(screen.getByRole('tab', { name: tab }));
      expect(screen.getByRole('heading', { name: 'Health' })).toBeTruthy();
      expect(named()).toEqual(['Score', 'Gold', ...TEXTS]);
      await train(page, 40);
      await waitFor(() => expect(measures().querySelectorAll('polyline').length).toBe(8));
      for (const id of [
        'completion/distinct',
        'completion/distinct2',
        'completion/duplicates',
        'val/num_eos_tokens',
        'completion/length',
      ])
        expect(metricShown(measures(), id)).toBeGreaterThanOrEqual(0);
      await expectAccessible(page.container);
    }
  });

  it('leaves out what nobody can judge', async () => {
    const page = await renderLab(<Optimise />, { prepare: withJudge });
    told(page, 'ppo', 3, () => ({ 'objective/scores': 0, 'completion/distinct': 1, 'completion/length': 20 }));
    await waitFor(() => expect(named()).toEqual(['Score', 'Distinct texts', 'Length']));
  });

  it('says what is wrong and brings the focus to the slider that helps', async () => {
    const page = await renderLab(<Optimise />, { prepare: withJudge });
    told(page, 'ppo', 14, (step) => ({ 'objective/scores': step, 'objective/klExact': 20, 'objective/kl_coef': 0.05 }));
    expect(await screen.findByText('KL alarm.')).toBeTruthy();
    await page.user.click(screen.getByRole('button', { name: 'Raise the KL coefficient' }));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('slider', { name: 'KL coefficient' })));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(page.lab.getState().view.wanted).toBeNull();
    expect(page.lab.getState().config.value.ppo.klCoef).toBe(0.1); // it leads there and turns nothing
  });

  it('opens the settings when the control is not in sight, and gives the focus back', async () => {
    const page = await renderLab(<Optimise />, { prepare: withJudge });
    told(page, 'ppo', 14, (step) => ({ 'objective/scores': step, 'val/explained_var': -0.5 }));
    const button = await screen.findByRole('button', { name: 'Raise the value loss weight' });
    await page.user.click(button);
    const dialog = await screen.findByRole('dialog', { name: 'PPO settings' });
    await waitFor(() =>
      expect(document.activeElement).toBe(within(dialog).getByRole('spinbutton', { name: 'Value loss weight' })),
    );
    await page.user.keyboard('{Escape}');
    await waitFor(() => expect(document.activeElement).toBe(button));
  });

  it('reaches the controls of every method, its tab first', async () => {
    const page = await renderLab(<Optimise />, { prepare: withJudge });
    const cases: [ControlId, string, 'slider' | 'spinbutton'][] = [
      ['dpo/beta', 'Price of distance', 'slider'],
      ['dpo/rpoAlpha', 'Fine-tuning term', 'slider'],
      ['bestOf/n', 'Choose the best of', 'slider'],
      ['ppo/learningRate', 'Learning rate', 'slider'],
      ['dpo/steps', 'Steps', 'spinbutton'],
    ];
    for (const [control, name, role] of cases) {
      reach(page, control);
      await waitFor(() => expect(document.activeElement).toBe(screen.getByRole(role, { name })));
    }
  });

  it('leads to the stage that is to blame', async () => {
    const knob = { stage: 'compare', label: 'Vote on more pairs' } as const;
    const page = await renderLab(<Diagnosis tone="warn" headline="The judge is too weak." text="60 %." knob={knob} />);
    await page.user.click(screen.getByRole('button', { name: 'Vote on more pairs' }));
    expect(page.lab.getState().view.stage).toBe('compare');
  });

  it('is a tab on Fine-tune, and its settings open for their knob', async () => {
    const page = await renderLab(<FineTune />, {
      prepare: async (lab, client) => {
        await lab.getState().shelf.loadShipped('tiny');
        await lab.getState().demonstrations.addWished(12);
        await lab.getState().runs.play('finetune');
        client.advance(6);
      },
    });
    await page.user.click(screen.getByRole('tab', { name: 'Health' }));
    await waitFor(() => expect(named()).toEqual(expect.arrayContaining(TEXTS)));
    await expectAccessible(page.container);
    reach(page, 'finetune/epochs');
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('spinbutton', { name: 'Epochs' })));
  });

  it('is a tab on Pretrain', async () => {
    const page = await renderLab(<Pretrain />);
    await page.user.click(screen.getByRole('tab', { name: 'Health' }));
    expect(named()).toEqual(['Held-out loss', 'Coherent', ...TEXTS]);
    reach(page, 'pretrain/steps');
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('spinbutton', { name: 'Steps' })));
  });
});

describe('a small curve', () => {
  it('spans its values, or fixed limits, and is flat where there is one value', () => {
    expect(sparkPoints([0, 1]).map(([, y]) => y)).toEqual([12.5, 1.5]);
    expect(sparkPoints([0.5, 2], [0, 1]).map(([, y]) => y)).toEqual([7, 1.5]);
    const [from, to] = sparkPoints([3]);
    expect([from![1], to![1]]).toEqual([7, 7]);
  });
});

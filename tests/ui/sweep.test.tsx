import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { LESSONS } from '../../src/lessons/lessons';
import { Sweep } from '../../src/lessons/sweep/Sweep';
import type { FakeClient } from '../helpers/fakeClient';
import { expectAccessible, type Rendered, renderLab } from './renderLab';

const region = () => screen.getByRole('region', { name: 'Sweep' });
const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name });
const sweep = ({ lab }: Rendered) => lab.getState().sweep;

const open = () =>
  renderLab(<Sweep />, {
    prepare: async (lab) => {
      await lab.getState().shelf.loadShipped('tiny');
      lab.getState().config.change('ppo', { iterations: 4, rewardFrom: 'rule' });
    },
  });

async function move(client: FakeClient, until: () => boolean): Promise<void> {
  for (let turn = 0; turn < 300 && !until(); turn++)
    await act(async () => {
      client.advance(1);
      await new Promise((resolve) => setTimeout(resolve, 0));
    });
}

describe('Sweep', () => {
  it('lays the curves of three runs over each other and says what came of them', async () => {
    const page = await open();
    const setting = screen.getByRole<HTMLSelectElement>('combobox', { name: 'Setting' });
    expect([...setting.options].map(({ text }) => text)).toEqual([
      'β of PPO: 0.03, 0.1, 0.5',
      'β of DPO: 0.03, 0.1, 0.5',
      'Reward times: 0.1, 1, 10',
      'Epochs of PPO: 1, 4, 16',
    ]);
    await expectAccessible(page.container);
    await page.user.click(button('Sweep'));
    await screen.findByRole('button', { name: 'Cancel sweep' });
    expect(document.activeElement, 'the focus stays').toBe(button('Cancel sweep'));
    expect(setting.disabled).toBe(true);
    await move(page.client, () => (sweep(page).live?.runs.length ?? 0) === 2);
    await waitFor(() => expect(within(region()).getByRole('status').textContent).toBe('Run 2 of 3: β = 0.1'));
    expect(region().hasAttribute('aria-busy'), 'only the stage is busy').toBe(false);
    await move(page.client, () => sweep(page).live === null);
    await waitFor(() => expect(region().textContent).toMatch(/What happened\. β = 0\.03: score .* nats; β = 0\.1:/));
    for (const title of ['Score', 'Gold', 'Distance'])
      expect(within(region()).getByRole('heading', { name: title })).toBeTruthy();
    await expectAccessible(page.container);
  });

  it('keeps what is done when it is cancelled, and says so', async () => {
    const page = await open();
    await page.user.click(button('Sweep'));
    await move(page.client, () => (sweep(page).live?.runs.length ?? 0) === 2);
    await page.user.click(button('Cancel sweep'));
    await move(page.client, () => sweep(page).live === null);
    await waitFor(() => expect(region().textContent).toContain('Cancelled. What was done stays.'));
    expect(button('Sweep').disabled).toBe(false);
  });

  it('says where the units of a reward cancel', async () => {
    const page = await open();
    await page.user.selectOptions(screen.getByRole('combobox', { name: 'Setting' }), 'Reward times: 0.1, 1, 10');
    expect(region().textContent).not.toMatch(/takes the units out again/);
    act(() => page.lab.getState().config.change('ppo', { advantages: 'grpo' }));
    expect(region().textContent).toMatch(/takes the units out again/);
  });

  it('says what is missing', async () => {
    const page = await open();
    act(() => page.lab.getState().config.change('ppo', { rewardFrom: 'model' }));
    await page.user.click(button('Sweep'));
    await waitFor(() => expect(region().textContent).toContain('There is no reward model yet'));
  });

  it('stands below Optimise beside the other lessons', async () => {
    const Extra = LESSONS.optimise!;
    await renderLab(<Extra />);
    expect(await screen.findByRole('region', { name: 'Sweep' })).toBeTruthy();
    expect(await screen.findByRole('region', { name: 'Break it' })).toBeTruthy();
  });
});

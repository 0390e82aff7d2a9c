import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { PPO_VARIANT_NAMES, ppoVariant } from '../../src/contract/ppoVariants';
import { Optimise } from '../../src/ui/panels/Optimise/Optimise';
import { variantOf } from '../../src/ui/panels/Optimise/PpoFamily';
import { withJudge } from './judge';
import { expectAccessible, type Rendered, renderLab } from './renderLab';

async function openSettings(): Promise<{ page: Rendered; dialog: ReturnType<typeof within> }> {
  const page = await renderLab(<Optimise />, { prepare: withJudge });
  await page.user.click(screen.getByRole('button', { name: /^All \d+ settings/ }));
  return { page, dialog: within(screen.getByRole('dialog', { name: 'PPO settings' })) };
}
const ppo = (page: Rendered) => page.lab.getState().config.value.ppo;
const isOff = (name: string) => screen.getByRole<HTMLInputElement>('spinbutton', { name }).disabled;
const family = () => screen.getByRole<HTMLSelectElement>('combobox', { name: 'Member of the PPO family' });

describe('the PPO family', () => {
  it('recognises each member by its settings, whatever the length of the run', () => {
    for (const name of PPO_VARIANT_NAMES)
      expect(variantOf({ ...ppoVariant(name, 'small'), iterations: 7 }, 'small')).toBe(name);
    expect(variantOf({ ...ppoVariant('ppo', 'tiny'), epochs: 3 }, 'tiny')).toBeNull();
  });

  it('takes a member over with all its settings, cites its source, and greys what has no effect', async () => {
    const { page, dialog } = await openSettings();
    expect(family().value).toBe('ppo');
    page.lab.getState().config.change('ppo', { iterations: 12 });
    await page.user.selectOptions(family(), 'OpenAI 2019');
    expect(ppo(page)).toEqual({ ...ppoVariant('openai2019', 'tiny'), iterations: 12 });
    expect(dialog.getByText(/Ziegler et al\. 2019, lm-human-preferences/)).toBeTruthy();
    await page.user.selectOptions(family(), 'RLOO');
    expect(isOff('Value loss weight')).toBe(true);
    expect(isOff('Completions of each prompt')).toBe(false);
    await expectAccessible(screen.getByRole('dialog', { name: 'PPO settings' }));
  });

  it('says what does not go together, and does not train with it', async () => {
    const { page, dialog } = await openSettings();
    await page.user.selectOptions(
      dialog.getByRole('combobox', { name: 'Where distance is paid' }),
      'in the loss, k2 or k3',
    );
    expect(dialog.getByText(/k1 has no gradient on average/)).toBeTruthy();
    expect(family().value).toBe('own');
    await page.user.keyboard('{Escape}');
    await waitFor(() => expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Train' }).disabled).toBe(true));
    expect(screen.getByRole('toolbar', { name: 'Transport' }).textContent).toContain(
      'These settings do not go together',
    );
  });

  it('does not train with completions that leave no room for a prompt, until there is room', async () => {
    const { page, dialog } = await openSettings();
    const longest = dialog.getByRole('spinbutton', { name: 'Longest completion' });
    const train = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Train', hidden: true });
    fireEvent.change(longest, { target: { value: '48' } });
    expect(dialog.getByText(/longest completion of 48 tokens in a context of 48/)).toBeTruthy();
    expect(train().disabled).toBe(true);
    fireEvent.change(longest, { target: { value: '47' } });
    expect(dialog.queryByText(/longest completion of/)).toBeNull();
    await page.user.keyboard('{Escape}');
    await waitFor(() => expect(train().disabled).toBe(false));
  });

  it('does not train with a KL horizon that could bring β to 0', async () => {
    const { page, dialog } = await openSettings();
    act(() => page.lab.getState().config.change('ppo', { klControl: 'adaptive', rollouts: 16, klHorizon: 2 }));
    expect(dialog.getByText(/one iteration could bring β to 0 or below; choose more than 3\.2/)).toBeTruthy();
    await page.user.keyboard('{Escape}');
    await waitFor(() => expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Train' }).disabled).toBe(true));
  });

  it('changes what is marked live while the run goes on, and marks the charts', async () => {
    const { page, dialog } = await openSettings();
    await act(async () => page.lab.getState().runs.play('ppo'));
    await act(async () => page.client.advance(4));
    const bonus = dialog.getByRole('spinbutton', { name: 'Entropy bonus' });
    expect(bonus.getAttribute('aria-describedby')).toMatch(/-live/);
    fireEvent.change(bonus, { target: { value: '0.02' } });
    const { runId } = page.lab.getState().runs.ppo;
    await waitFor(() =>
      expect(page.client.calls.filter(({ kind }) => kind === 'run/adjust').map(({ params }) => params)).toEqual([
        { runId, knobs: { entropyCoef: 0.02 } },
      ]),
    );
    expect(page.lab.getState().runs.ppo.marks).toEqual([{ step: 4, label: 'entropy bonus 0.02' }]);
    expect(dialog.queryByRole('button', { name: 'Apply and restart' })).toBeNull();
  });

  it('watches groups instead of a critic where there is none', async () => {
    const { page } = await openSettings();
    await page.user.selectOptions(family(), 'GRPO');
    await page.user.keyboard('{Escape}');
    expect(await screen.findByRole('heading', { name: 'Equal groups' })).toBeTruthy();
    expect(screen.queryByRole('heading', { name: 'Critic' })).toBeNull();
  });
});

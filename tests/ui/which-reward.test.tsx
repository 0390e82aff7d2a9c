import { act, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { presetConfig } from '../../src/contract/config';
import { Optimise } from '../../src/ui/panels/Optimise/Optimise';
import { rewardWords } from '../../src/ui/panels/Optimise/rewardWords';
import { expectAccessible, type Rendered, renderLab } from './renderLab';

/** a model that writes, and none that judges */
const open = () =>
  renderLab(<Optimise />, {
    prepare: async (lab) => {
      await lab.getState().shelf.loadShipped('tiny');
    },
  });
const box = (name: string) => screen.queryByRole<HTMLSelectElement>('combobox', { name });
const train = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Train' });
const choose = (page: Rendered, name: string, option: string) => page.user.selectOptions(box(name)!, option);
const region = () => screen.getByRole('region', { name: 'Optimise' }).textContent;

describe('Reward on Optimise', () => {
  it('is the model’s at first, and shows nothing of rules', async () => {
    await open();
    expect([...box('Reward')!.options].map(({ value }) => value)).toEqual(['model', 'rule', 'mix']);
    expect(box('Reward')!.value).toBe('model');
    expect(box('Rule')).toBeNull();
    expect(train().disabled).toBe(true);
  });

  it('needs no reward model where a rule pays, and says what that means', async () => {
    const page = await open();
    await choose(page, 'Reward', 'rule');
    expect(train().disabled).toBe(false);
    expect(region()).toContain('Reward and gold are then the same number');
    expect(region()).toContain('A rule that pays: gold score of the rater');
    await choose(page, 'Rule', 'length');
    expect(region()).toContain('The check pays 1 or 0');
    expect(region()).toContain('β may go to 0');
    expect(screen.getByRole('spinbutton', { name: 'Length aimed at' })).toBeTruthy();
    expect(screen.queryByRole('spinbutton', { name: /Weight of the rule/ })).toBeNull();
    await choose(page, 'Rule', 'word');
    expect(box('Word asked for')).toBeTruthy();
    await expectAccessible(page.container);
    await page.user.click(train());
    await act(async () => page.client.advance(3));
    await waitFor(() => expect(page.lab.getState().runs.ppo.state?.step).toBe(3));
    const figure = screen.getByRole('figure', { name: 'Reward against distance' });
    expect(figure.textContent).toMatch(/At iteration 3: KL .* nats, rule /);
    expect(figure.textContent).not.toContain('reward model');
  });

  it('shows the weight of a mix, which asks for both', async () => {
    const page = await open();
    await choose(page, 'Reward', 'mix');
    expect(train().disabled).toBe(true);
    expect(screen.getByRole('spinbutton', { name: /Weight of the rule/ })).toBeTruthy();
    expect(region()).toContain('Reward = 0.50 · score + 0.50 · rule');
    act(() => page.lab.getState().config.change('ppo', { ruleWeight: 0.2 }));
    expect(region()).toContain('Reward = 0.80 · score + 0.20 · rule');
  });

  it('is a choice of its own for the best of N', async () => {
    const page = await open();
    await page.user.click(screen.getByRole('tab', { name: 'Best of N' }));
    expect(train().disabled).toBe(true);
    await choose(page, 'Reward', 'rule');
    expect(train().disabled).toBe(false);
    const { ppo, bestOf } = page.lab.getState().config.value;
    expect([ppo.rewardFrom, bestOf.rewardFrom]).toEqual(['model', 'rule']);
    await expectAccessible(page.container);
  });

  it('stays when another member of the family is chosen', async () => {
    const page = await open();
    await choose(page, 'Reward', 'rule');
    await page.user.click(screen.getByRole('button', { name: /^All \d+ settings/ }));
    expect(box('Member of the PPO family')!.value).toBe('ppo');
    await choose(page, 'Member of the PPO family', 'GRPO');
    expect(page.lab.getState().config.value.ppo).toMatchObject({ advantages: 'grpo', rewardFrom: 'rule' });
  });
});

describe('what is said of a reward', () => {
  const { ppo } = presetConfig('tiny');
  it('is nothing where the reward model alone pays, whatever rule is chosen', () => {
    expect(rewardWords({ ...ppo, rewardRule: 'ends' })).toBeNull();
  });
  it('does not let a leash go where gold is paid: then gold cannot warn', () => {
    expect(rewardWords({ ...ppo, rewardFrom: 'rule', rewardRule: 'gold' })?.more).not.toContain('β may go');
    expect(rewardWords({ ...ppo, rewardFrom: 'mix', rewardRule: 'ends' })?.more).not.toContain('Nothing is normalised');
  });
});

import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { memoryAddress } from '../../src/store/address/url';
import { App } from '../../src/ui/App';
import '../../src/ui/panels/GridWorld/GridWorld'; // loaded beforehand, so that the lazy page is there at once
import '../../src/ui/panels/Optimise/Optimise';
import { expectAccessible, type Rendered, renderLab } from './renderLab';

async function open(): Promise<Rendered> {
  const page = await renderLab(<App />, { address: memoryAddress('#/primer') });
  await screen.findByRole('heading', { level: 1, name: 'Grid world' });
  await screen.findByText(/21 states, 4 actions/);
  return page;
}
const part = (name: string) => within(screen.getByRole('navigation', { name: 'Parts' })).getByRole('button', { name });
const cell = (name: string) => screen.getByRole('gridcell', { name: new RegExp(`^${name}:`) });
const parts = () => screen.getByRole('navigation', { name: 'Parts' });

describe('the grid world', () => {
  it('walks from cell to cell by arrow keys, and says where each action may lead from there', async () => {
    const { user, container } = await open();
    cell('a3').focus();
    await user.keyboard('{ArrowRight}');
    expect(document.activeElement).toBe(cell('b3'));
    const table = screen.getByRole('table', { name: /each action from b3/ });
    expect(within(table).getByRole('row', { name: /right/ }).textContent).toContain('c3 0.8');
    await user.keyboard('{ArrowUp}');
    expect(screen.getByText('b2 is a wall: no state. Move to another cell.')).toBeTruthy();
    await expectAccessible(container);
  });

  it('shows a walk with every factor, whose product is its probability, and takes another with W', async () => {
    const { user } = await open();
    await user.click(part('Walk'));
    const table = await screen.findByRole('table', { name: 'The walk, step by step' });
    const rows = within(table)
      .getAllByRole('row')
      .slice(1)
      .map((row) => [...row.querySelectorAll('td')].map((td) => td.textContent ?? ''));
    const product = rows.reduce((p, [, , chosen, , landed]) => p * Number(chosen) * Number(landed), 1);
    const shown = Number(screen.getByText(/^p\(walk\) =/).querySelector('b')!.textContent);
    expect(Math.abs(shown / product - 1)).toBeLessThan(0.06);
    const before = table.textContent;
    await user.keyboard('w');
    await waitFor(() =>
      expect(screen.getByRole('table', { name: 'The walk, step by step' }).textContent).not.toBe(before),
    );
  });

  it('gives V at a cell as the mean of its four Q', async () => {
    const { user } = await open();
    await user.click(part('V'));
    await screen.findByText(/^Q, V and A at a3$/);
    const value = Number(cell('a3').getAttribute('data-value'));
    const table = screen.getByRole('table', { name: /each action from a3/ });
    const q = within(table)
      .getAllByRole('row')
      .slice(1)
      .map((row) => Number(row.querySelectorAll('b')[0]!.textContent!.replace('−', '-')));
    expect(q.reduce((a, b) => a + b / 4, 0)).toBeCloseTo(value, 3);
    await user.click(screen.getByRole('radio', { name: 'Best' }));
    await waitFor(() => expect(Number(cell('a3').getAttribute('data-value'))).toBeCloseTo(0.48935, 4));
  });

  it('tells of the cell under the pointer until it leaves, and keeps the one that is pressed', async () => {
    const { user } = await open();
    await user.click(part('V'));
    await screen.findByText(/^Q, V and A at a3$/);
    await user.hover(cell('f1'));
    expect(screen.getByRole('table', { name: /each action from f1/ })).toBeTruthy();
    expect(screen.getByText(/^V\(f1\) = /)).toBeTruthy();
    await user.unhover(screen.getByRole('grid', { name: 'Grid' }));
    expect(screen.getByText(/^Q, V and A at a3$/)).toBeTruthy();
    await user.click(cell('f3'));
    await user.unhover(screen.getByRole('grid', { name: 'Grid' }));
    expect(screen.getByText(/^Q, V and A at f3$/)).toBeTruthy();
  });

  it('lights the cells that a row speaks of, and leaves the cursor where it is', async () => {
    const { user } = await open();
    const lit = () =>
      screen
        .getAllByRole('gridcell')
        .filter((one) => one.dataset.lit)
        .map((one) => one.dataset.cell);
    await user.hover(screen.getByRole('row', { name: /^up/ }));
    expect(lit()).toEqual(['a2', 'a3', 'b3']); // up, a slip into the wall, a slip to the right
    await user.unhover(screen.getByRole('row', { name: /^up/ }));
    expect(lit()).toEqual([]);
    await user.click(part('Walk'));
    await user.hover(
      within(await screen.findByRole('table', { name: 'The walk, step by step' })).getAllByRole('row')[1]!,
    );
    expect(lit()).toEqual(['a3']);
    expect(cell('a3').dataset.current).toBe('true');
  });

  it('sweeps with S from nothing to the values of the best policy', async () => {
    const { user } = await open();
    await user.click(part('Sweeps'));
    await screen.findByText('Nothing is known.');
    await user.keyboard('s');
    expect(cell('f3').getAttribute('data-value')).toBe('0.8');
    expect(screen.getByText(/only what one step pays/)).toBeTruthy();
    const slider = screen.getByRole('slider', { name: 'Sweep' });
    const all = Number(slider.getAttribute('max'));
    for (let i = 1; i < all; i++) await user.keyboard('s');
    expect(screen.getByText(/Nothing moves any more/)).toBeTruthy();
    expect(Number(cell('a3').getAttribute('data-value'))).toBeCloseTo(0.48935, 3);
  });

  it('learns with and without the clip, step by step, and begins anew when a knob is turned', async () => {
    const { user, container } = await open();
    await user.click(part('Learning'));
    await screen.findByText('Nothing learned yet.');
    await user.click(screen.getByRole('button', { name: 'Step' }));
    await screen.findByText(/after 1 update\./);
    expect(container.querySelector('[data-metric="grid/value"]')?.getAttribute('data-value')).toMatch(/^0\.\d+/);
    expect(screen.getByRole('figure', { name: 'Ratio against the clip band' }).textContent).toMatch(
      /the smaller counts/,
    );
    await expectAccessible(container);
    await user.click(screen.getByRole('button', { name: 'A step too large' }));
    expect(screen.getByText('Nothing learned yet.')).toBeTruthy();
    await user.click(screen.getByRole('radio', { name: 'REINFORCE' }));
    await user.click(screen.getByRole('button', { name: /^Take \d+ walks$/ }));
    await screen.findByText(/Cosine with the exact gradient/);
  });

  it('trains to its end and offers what it learned as a policy', async () => {
    const { user } = await open();
    await user.click(part('Learning'));
    await screen.findByText('Nothing learned yet.');
    await user.click(screen.getByRole('button', { name: 'Train' }));
    await waitFor(
      () => expect(screen.getByRole('toolbar', { name: 'Transport' }).textContent).toContain('update 80 of 80'),
      { timeout: 60_000 },
    );
    await user.click(part('V'));
    await user.click(await screen.findByRole('radio', { name: 'Learned' }));
    await waitFor(() => expect(Number(cell('a3').getAttribute('data-value'))).toBeGreaterThan(0.45));
  }, 90_000);

  it('is edited by E and 1 to 4, keeps the cat, and says that a walled-in cat has no value at γ 1', async () => {
    const { user } = await open();
    await user.keyboard('e');
    cell('a3').focus();
    await user.keyboard('1');
    expect(screen.getByRole('alert').textContent).toMatch(/The cat begins here/);
    await user.keyboard('{ArrowUp}1');
    expect(cell('a2').getAttribute('aria-label')).toContain('a wall');
    await user.keyboard('{ArrowDown}{ArrowRight}1{ArrowDown}1{ArrowLeft}3');
    expect(cell('a4').getAttribute('aria-label')).toContain('the dog');
    await user.keyboard('1');
    const gamma = screen.getByRole('slider', { name: 'γ' });
    await act(async () => {
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(gamma, '1');
      gamma.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await user.click(part('V'));
    await screen.findByText(/the cat can walk for ever/);
    await user.click(part('Learning'));
    expect(screen.getByRole('button', { name: 'Train' }).hasAttribute('disabled')).toBe(true);
    await user.click(screen.getByRole('radio', { name: 'Cliff' }));
    await waitFor(() => expect(screen.getByRole('button', { name: 'Train' }).hasAttribute('disabled')).toBe(false));
  });

  it('ends in the table of both worlds, from the shipped model where there is no rollout, and leads to Optimise', async () => {
    const { user, lab, container } = await open();
    for (let i = 0; i < 6; i++) await user.click(screen.getByRole('button', { name: 'Next' }));
    await within(parts()).findByRole('button', { current: 'step', name: 'Language' });
    const row = await screen.findByRole('row', { name: /^Transition/ });
    await waitFor(() => expect(row.textContent).toMatch(/P = 1/));
    expect(screen.getByRole('row', { name: /^Reward/ }).textContent).toContain(
      '+0.30 on the near fish, +1 on the fish',
    );
    expect(screen.getByRole('row', { name: /^Return/ }).textContent).toMatch(
      /γ 0\.9: (0\.9\d+ × 0?\.?\d+|nothing was paid,|\d+ rewards)/,
    );
    expect(screen.getByRole('row', { name: /^Update/ }).textContent).toContain('PPO, clip 0.2, a table of 76 numbers');
    await expectAccessible(container);
    await user.click(screen.getByRole('button', { name: 'Open Optimise' }));
    expect(lab.getState().view.stage).toBe('optimise');
  });

  it('subtracts in digits that add up, also where values are far below 0, and no sign follows a sign', async () => {
    const { user } = await open();
    await user.click(screen.getByRole('radio', { name: 'Windy corridor' }));
    await screen.findByText(/36 states, 4 actions/);
    const minus = (words: string) => Number(words.replaceAll('−', '-').replace(/[()+]/g, ''));
    const expectDifference = (words: string | null) => {
      const found = /(−?[\d.]+) (?:− |− V\(\w+\) )(\(−[\d.]+\)|[\d.]+) = ([+−]?[\d.]+)/.exec(words ?? '');
      const [from, less, is] = (found?.slice(1) ?? []).map(minus);
      expect(less, words ?? '').toBeLessThan(-100);
      expect(from! - less!, words ?? '').toBe(is);
    };
    await user.click(part('Return'));
    expectDifference((await screen.findByText(/^return G/)).textContent);
    await user.click(part('V'));
    const sums = await screen.findByRole('table', { name: /^What each action from a3/ });
    expect(sums.textContent).toMatch(/\+ 1 · \(−\d+\)/);
    expect(document.body.textContent).not.toMatch(/[−+·] −/);
    const values = [...sums.querySelectorAll('tbody tr')].map((row) => {
      const [q = '', advantage = ''] = [...row.querySelectorAll('td')].slice(-2).map((cell) => cell.textContent ?? '');
      return minus(q) - minus(advantage);
    });
    expect(values).toHaveLength(4);
    expect(new Set(values)).toEqual(new Set([values[0]])); // A = Q − V of one V, as they are printed
    await user.click(part('Language'));
    expectDifference((await screen.findByRole('row', { name: /^Advantage/ })).textContent);
  });

  it('speaks of the visitor’s own last rollout where there is one, in digits that add up', async () => {
    const { user, lab } = await open();
    const token = (text: string, advantage: number, reward: number) => ({
      text,
      logRatio: 0.5,
      value: 0.9,
      advantage,
      reward,
    });
    const row = {
      prompt: 'the owl sang .',
      tokens: [token('she', 0.1, -0.01), token('smiled', 0.7, -0.03), token('.', 0.2, 1.3)],
      score: 1.37,
      gold: null,
      kl: 0.4,
    };
    await act(async () =>
      lab.setState(({ runs }) => ({ runs: { ...runs, ppo: { ...runs.ppo, rollouts: { step: 12, rows: [row] } } } })),
    );
    await user.click(part('Language'));
    await screen.findByText(/your rollout 1 of PPO’s iteration 12/);
    const words = (term: RegExp) => screen.getByRole('row', { name: term }).textContent;
    expect(words(/^State/)).toContain('the owl sang . she');
    expect(words(/^Action/)).toContain('smiled');
    expect(words(/^Return/)).toContain('1.370 − 0.110 = 1.260');
    expect(words(/^Advantage/)).toContain('+0.700');
    await user.click(screen.getByRole('button', { name: 'Open this rollout on Optimise' }));
    const table = await screen.findByRole('region', { name: 'Rollouts of the last iteration' });
    await waitFor(() => expect(document.activeElement).toBe(table));
    expect(screen.getByRole('tab', { name: 'PPO' }).getAttribute('aria-selected')).toBe('true');
    expect(lab.getState().view.wanted).toBeNull();
  });
});

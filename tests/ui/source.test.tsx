import { readFileSync } from 'node:fs';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { FORMULAS } from '../../src/contract/formulas';
import { METRICS, type MetricId } from '../../src/contract/metrics';
import { memoryAddress } from '../../src/store/address/url';
import { App } from '../../src/ui/App';
import { expectAccessible, renderLab } from './renderLab';

const sheet = () => screen.findByRole('dialog', { name: 'Source' });

/** the page at an address that a link or a bookmark leads to */
async function read(hash: string) {
  const address = memoryAddress(hash);
  return { ...(await renderLab(<App />, { address })), address };
}

describe('the source of a number', () => {
  it('opens from its explanation by keys, names file, symbol and paper, and gives the focus back', async () => {
    const address = memoryAddress('#/data');
    const { user, lab } = await renderLab(<App />, { address, prepare: (lab) => lab.getState().corpus.generate() });
    const explain = await screen.findByRole('button', { name: 'Explain' });
    expect(explain.getAttribute('aria-description')).toBe('Exact entropy');
    explain.focus();
    await user.keyboard('{Enter}');
    const link = await screen.findByRole<HTMLAnchorElement>('link', { name: 'Source' });
    expect(link.getAttribute('href')).toBe('#/source/core/text/entropy.ts?symbol=storyEntropy');
    link.focus();
    await user.keyboard('{Enter}');
    address.visit(link.getAttribute('href')!); // the browser's part of following a link
    const dialog = await sheet();
    expect(screen.queryByRole('link', { name: 'Source' })).toBeNull();
    expect(dialog.textContent).toContain('src/core/text/entropy.ts');
    expect(dialog.textContent).toMatch(/storyEntropy is lines \d+ to \d+ of \d+/);
    expect(within(dialog).getByText(FORMULAS.entropy.notation)).toBeTruthy();
    expect(within(dialog).getByText('Shannon 1948')).toBeTruthy();
    expect(document.activeElement).toBe(
      within(dialog).getByRole('region', { name: 'Lines of src/core/text/entropy.ts' }),
    );
    await expectAccessible(dialog);
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Source' })).toBeNull());
    expect(document.activeElement).toBe(explain);
    expect(lab.getState().view.stage).toBe('data');
    expect(address.read().hash).toBe('#/data');
  });

  it('shows the very text of the file, with numbers and the symbol marked', async () => {
    await read('#/source/core/losses/ppoLoss.ts?symbol=policyLoss');
    const dialog = await sheet();
    const lines = [...dialog.querySelectorAll('[data-line]')];
    expect(lines.map(({ textContent }) => textContent).join('')).toBe(
      readFileSync('src/core/losses/ppoLoss.ts', 'utf8'),
    );
    expect(lines.map((line) => Number(line.getAttribute('data-line')))).toEqual(lines.map((_, i) => i + 1));
    const marked = [...dialog.querySelectorAll('[data-here] [data-line]')]
      .map(({ textContent }) => textContent)
      .join('');
    expect(marked).toMatch(/^\/\*\*\n \* L = masked mean[\s\S]*export function policyLoss[\s\S]*\n\}\n$/);
    expect(within(dialog).getByText(METRICS['loss/policy_avg'].label)).toBeTruthy();
  });

  it('leads on to what the function calls, in this file and in others', async () => {
    const { address } = await read('#/source/core/losses/ppoLoss.ts?symbol=policyLoss');
    const dialog = await sheet();
    const marked = dialog.querySelector<HTMLElement>('[data-here]')!;
    const hrefs = within(marked)
      .getAllByRole('link')
      .map((link) => link.getAttribute('href'));
    expect(hrefs).toContain('#/source/core/losses/ppoLoss.ts?symbol=PolicyLossInputs');
    expect(hrefs).toContain('#/source/core/tensor/masked.ts?symbol=maskedMean');
    expect(hrefs).not.toContain('#/source/core/losses/ppoLoss.ts?symbol=policyLoss');
    address.visit('#/source/core/tensor/masked.ts?symbol=maskedMean');
    const code = await within(dialog).findByRole('region', { name: 'Lines of src/core/tensor/masked.ts' });
    await waitFor(() => expect(document.activeElement).toBe(code));
    expect(dialog.textContent).toContain('maskedMean is lines');
  });

  it('survives an address that anyone may have written', async () => {
    const { address } = await read('#/source/../../etc/passwd?symbol=%3Cb%3E');
    const dialog = await sheet();
    expect(dialog.textContent).toContain('This file does not come with the page');
    address.visit('#/source/core/losses/kl.ts?symbol=constructor');
    await waitFor(() => expect(dialog.textContent).toContain('has no constructor'));
    address.visit('#/source/core/losses/kl.ts');
    await waitFor(() => expect(dialog.textContent).toMatch(/kl\.ts \d+ lines/));
    address.visit('#/source/__proto__');
    await waitFor(() => expect(dialog.textContent).toContain('This file does not come with the page'));
    address.visit('#/pretrain');
    await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Source' })).toBeNull());
    expect(await screen.findByRole('heading', { level: 1, name: 'Pretrain' })).toBeTruthy();
  });
});

describe('small numbers below each other', () => {
  it('are explained together, each with the function that computes it, and only those that the page shows', async () => {
    const { user, lab } = await renderLab(<App />, { address: memoryAddress('#/optimise') });
    const health = (await screen.findByRole('heading', { level: 2, name: 'Health' })).closest<HTMLElement>(
      '[data-card]',
    )!;
    await user.click(within(health).getByRole('button', { name: 'Explain' }));
    const words = await screen.findByRole('dialog', { name: 'Health' });
    const named = within(words)
      .getAllByRole('term')
      .map(({ textContent }) => textContent);
    const shown = [...health.querySelectorAll('[data-metric]')].map(
      (number) => number.getAttribute('data-metric') as MetricId,
    );
    expect(shown.length).toBeGreaterThan(10);
    expect(shown.map((id) => METRICS[id].label).filter((label) => !named.includes(label))).toEqual([]);
    expect(new Set(named).size).toBe(named.length);
    const link = within(words).getByRole<HTMLAnchorElement>('link', { name: 'distinctShare' });
    expect(link.getAttribute('href')).toBe('#/source/core/text/diversity.ts?symbol=distinctShare');
    expect(screen.queryByRole('link', { name: 'Source' })).toBeNull();
    await expectAccessible(words);
    await user.click(link);
    expect(screen.queryByRole('dialog', { name: 'Health' })).toBeNull();
    expect(document.activeElement).toBe(within(health).getByRole('button', { name: 'Explain' }));
    lab.dispose();
  });
});

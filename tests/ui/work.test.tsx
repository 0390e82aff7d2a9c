import { act, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { Compare } from '../../src/ui/panels/Compare/Compare';
import { Data } from '../../src/ui/panels/Data/Data';
import { expectAccessible, renderLab } from './renderLab';

describe('long work on the page', () => {
  it('shows how far a text is, and Cancel leaves the corpus that was there', async () => {
    const { user, client, lab, container } = await renderLab(<Data />);
    await waitFor(() => expect(lab.getState().corpus.summary).not.toBeNull());
    const { summary } = lab.getState().corpus;
    client.hold('corpus/text');
    await user.click(screen.getByRole('tab', { name: 'Your own text' }));
    await user.click(screen.getByRole('textbox', { name: 'Or paste a text' }));
    await user.paste('A text of ours. ');
    await user.click(screen.getByRole('button', { name: 'Use this text' }));
    await screen.findByRole('button', { name: 'Cancel' });
    act(() => client.progress('corpus/text', { done: 120, total: 512, label: 'learning merges' }));
    expect(screen.getByText('learning merges · 120 of 512')).toBeTruthy();
    expect(screen.getByRole('progressbar', { name: 'Making the corpus' }).getAttribute('aria-valuenow')).toBe('120');
    await expectAccessible(container);
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(lab.getState().corpus.busy).toBe(false));
    expect(screen.queryByRole('button', { name: 'Cancel' })).toBeNull();
    expect(lab.getState().corpus.summary).toBe(summary);
    expect(container.textContent).toContain('Everything is as it was before.');
    expect(lab.getState().corpus.draft).toBe('A text of ours. ');
  });

  it('does not begin the first stories again by itself when they were cancelled', async () => {
    const { user, client, lab } = await renderLab(<Data />, { prepare: (_, thread) => void thread.hold('corpus/stories') });
    await user.click(await screen.findByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(lab.getState().corpus.busy).toBe(false));
    const asked = () => client.calls.filter(({ kind }) => kind === 'corpus/stories').length;
    const before = asked();
    await new Promise((resolve) => setTimeout(resolve, 700)); // longer than the knobs wait
    expect(asked()).toBe(before);
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Generate' }).disabled).toBe(false);
  });

  it('lets simulated votes be cancelled beside their progress', async () => {
    const { user, client, lab } = await renderLab(<Compare />, {
      prepare: async (one) => void (await one.getState().shelf.loadShipped('tiny')),
    });
    client.hold('compare/simulate');
    await user.click(screen.getByRole('button', { name: 'Add simulated votes' }));
    await screen.findByRole('button', { name: 'Cancel' });
    act(() => client.progress('compare/simulate', { done: 64, total: 300, label: 'writing and judging pairs' }));
    expect(screen.getByText('writing and judging pairs · 64 of 300')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Add simulated votes' }).disabled).toBe(false));
    expect(lab.getState().votes.votes).toEqual([]);
  });
});

import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { LabError } from '../../src/contract/errors';
import { isOfOneLength } from '../../src/store/taste/suchPairs';
import { Taste } from '../../src/ui/panels/Taste/Taste';
import { castVotes, type OpenStage, openStage } from './compareHelpers';
import { expectAccessible } from './renderLab';

/** the page, and a reward model that has just been trained on so many votes */
async function openJudged(count = 30): Promise<OpenStage> {
  const stage = await openStage(<Taste />, { before: (lab, wait) => castVotes(lab, wait, count) });
  await act(async () => stage.lab.getState().runs.play('reward'));
  await act(async () => stage.client.advance(100));
  await waitFor(() => expect(stage.lab.getState().shelf.slots.rewardId).not.toBeNull());
  return stage;
}
const said = (container: HTMLElement) => container.querySelector('[data-metric="taste/sentence"]')?.textContent;

describe('the page Taste', () => {
  it('waits for a reward model and leads to it', async () => {
    const { container, user, lab } = await openStage(<Taste />);
    expect(screen.getByRole('region', { name: 'Taste' })).toBeTruthy();
    await expectAccessible(container);
    await user.click(screen.getByRole('button', { name: 'Go to Reward model' }));
    expect(lab.getState().view.stage).toBe('reward');
  });

  it('says first what it likes and who asked for it, with bars for both and a mark where they differ', async () => {
    const { container } = await openJudged();
    await waitFor(() => expect(said(container)).toMatch(/^It likes happy endings/));
    expect(said(container)).toMatch(/longer texts/);
    const table = screen.getByRole('table', { name: 'What was voted and what was learned' });
    const row = within(table).getByRole('row', { name: /^longer/ });
    expect(row.textContent).toContain('+0.40, 95 % interval +0.30 to +0.50');
    await expectAccessible(container);
  });

  it('changes one thing and shows both scores', async () => {
    await openJudged();
    const table = await screen.findByRole('table', { name: 'Scores before and after' });
    const [row] = within(table).getAllByRole('row').slice(1);
    expect(row!.querySelector('del')?.textContent).toBe('sad');
    expect(row!.querySelector('ins')?.textContent).toBe('happy');
    const [before, after, change] = within(row!)
      .getAllByRole('cell')
      .map(({ textContent }) => Number(textContent!.replace('−', '-')));
    expect(after! - before!).toBeCloseTo(change!, 2);
  });

  it('deals pairs that differ in the chosen thing into Compare, ahead of what waits there', async () => {
    const { user, lab } = await openJudged();
    await screen.findByRole('table', { name: 'Scores before and after' });
    const before = lab.getState().pairs;
    await user.click(screen.getByRole('button', { name: 'Vote on such pairs' }));
    const { pairs, view, opinions } = lab.getState();
    expect(view.stage).toBe('compare');
    const asked = [pairs.shown!.pair, ...pairs.queue];
    const dealt = asked.findIndex(({ setId }) => !setId.startsWith('contrast'));
    expect(dealt).toBeGreaterThan(0);
    expect(asked.slice(dealt)).toEqual([
      ...(before.shown?.repeatOf === null ? [before.shown.pair] : []),
      ...before.queue,
    ]);
    expect([pairs.shown!.a, pairs.shown!.b].sort()).toEqual([...pairs.shown!.pair.completions].sort());
    expect(opinions.all.some(({ completions }) => completions.includes(pairs.shown!.a))).toBe(false);
  });

  it('deals pairs of one length, or says that there are none', async () => {
    const { user, lab } = await openJudged();
    await user.click(screen.getByRole('button', { name: 'Vote on pairs of one length' }));
    await waitFor(() =>
      expect(
        lab.getState().view.stage === 'compare' || screen.queryByText(/none has sides of one length\.$/) !== null,
      ).toBe(true),
    );
    const { shown } = lab.getState().pairs;
    if (lab.getState().view.stage === 'compare')
      expect(isOfOneLength({ completions: [shown!.a, shown!.b] }, 'word')).toBe(true);
  });

  it('scores a text of one’s own while it is typed', async () => {
    const { user, container } = await openJudged();
    const shown = () => container.querySelector('[data-metric="reward/score"]')?.getAttribute('data-value');
    expect(shown()).toBeFalsy();
    await user.type(screen.getByRole('textbox', { name: 'Type your own' }), 'it was sad and cried .');
    await waitFor(() => expect(Number(shown() ?? 1)).toBeLessThan(0));
  });

  it('has three tests that say what was counted, and what is missing for them', async () => {
    await openJudged();
    const test = (name: string) => within(screen.getByRole('region', { name }));
    expect(test('Held-out pairs').getByText(/that it never saw/)).toBeTruthy();
    expect(test('Of one length').getByText('No held-out pair has sides within one word of each other.')).toBeTruthy();
    expect(screen.getByRole('region', { name: 'Sides exchanged' })).toBeTruthy();
  });

  it('says why nothing can be seen, and looks again', async () => {
    const stage = await openStage(<Taste />, { before: (lab, wait) => castVotes(lab, wait, 30) });
    stage.client.fail('taste/learned', new LabError('run/missingInput', 'This model writes texts and scores none.'));
    await act(async () => stage.lab.getState().runs.play('reward'));
    await act(async () => stage.client.advance(100));
    expect(await screen.findByText(/This model writes texts and scores none\./)).toBeTruthy();
    await stage.user.click(screen.getByRole('button', { name: 'Look again' }));
    await waitFor(() => expect(said(stage.container)).toMatch(/^It likes/));
  });
});

import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { votesIn } from '../../src/contract/preferences';
import type { Lab } from '../../src/store/lab';
import { newestId, roundNumber } from '../../src/store/rounds/rounds';
import { Compare } from '../../src/ui/panels/Compare/Compare';
import { Optimise } from '../../src/ui/panels/Optimise/Optimise';
import { Reward } from '../../src/ui/panels/Reward/Reward';
import { Pipeline } from '../../src/ui/shell/Pipeline';
import type { FakeClient } from '../helpers/fakeClient';
import { castVotes, type OpenStage, openStage } from './compareHelpers';
import { expectAccessible } from './renderLab';

type Wait = (ms?: number) => void;

async function train(lab: Lab, client: FakeClient, kind: 'reward' | 'ppo' | 'dpo'): Promise<void> {
  await lab.getState().runs.play(kind);
  client.advance(1000);
  await waitFor(() => expect(lab.getState().runs[kind].state?.status).toBe('done'));
}

/** the same while the stage is on the screen */
async function trainHere({ lab, client }: OpenStage, kind: 'reward' | 'ppo' | 'dpo'): Promise<void> {
  await act(async () => lab.getState().runs.play(kind));
  await act(async () => client.advance(1000));
  await waitFor(() => expect(lab.getState().runs[kind].state?.status).toBe('done'));
}

/** votes, a reward model and a policy */
async function firstRound(lab: Lab, wait: Wait, client: FakeClient): Promise<void> {
  await castVotes(lab, wait, 3);
  await lab.getState().opinions.simulate(24);
  await train(lab, client, 'reward');
  await train(lab, client, 'ppo');
}
async function secondRound(lab: Lab, wait: Wait, client: FakeClient): Promise<void> {
  await firstRound(lab, wait, client);
  lab.getState().rounds.start();
  await lab.getState().pairs.prepare();
  await waitFor(() => expect(lab.getState().pairs.shown).not.toBeNull());
}

describe('the way into the next round', () => {
  it('stands below what PPO ended in, in a sentence and one button', async () => {
    const page = await openStage(<Optimise />, { before: firstRound });
    const start = await screen.findByRole('button', { name: 'Start round 2' });
    expect(start.parentElement?.textContent).toBe('Start round 2: vote on what policy, 40 steps writes.');
    await page.user.click(start);
    expect([roundNumber(page.lab.getState()), page.lab.getState().view.stage]).toEqual([2, 'compare']);
    await screen.findByText(/^This run is of an earlier round. In round 2 the policy goes on from/);
    expect(screen.queryByRole('button', { name: /^Start round/ })).toBeNull();
    await page.user.click(screen.getByRole('button', { name: 'vote first' }));
    expect(page.lab.getState().view.stage).toBe('compare');
    await expectAccessible(page.container);
  });

  it('stands on Compare too, and below DPO', async () => {
    const page = await openStage(<Compare />, { before: firstRound });
    await page.user.click(await screen.findByRole('button', { name: 'Start round 2' }));
    await screen.findByRole('heading', { name: 'Round 2' });
    expect(screen.queryByRole('button', { name: /^Start round/ })).toBeNull();
    await expectAccessible(page.container);
  });

  it('asks for nothing before there is a policy', async () => {
    await openStage(<Compare />);
    expect(screen.queryByRole('heading', { name: /^Round/ })).toBeNull();
    expect(screen.queryByRole('button', { name: /^Start round/ })).toBeNull();
  });
});

describe('Compare in a further round', () => {
  it('says whose texts these are, and goes back while nobody has voted', async () => {
    const page = await openStage(<Compare />, { before: secondRound });
    const name = page.lab
      .getState()
      .shelf.checkpoints.find(({ checkpointId }) => checkpointId === newestId(page.lab.getState()))?.name;
    const card = (await screen.findByRole('heading', { name: 'Round 2' })).closest('section') as HTMLElement;
    expect(card.textContent).toContain(`Both texts are by ${name}.`);
    await page.user.click(within(card).getByRole('button', { name: 'Back to round 1' }));
    await screen.findByRole('heading', { name: 'Round 1' });
    expect(votesIn(page.lab.getState().opinions.all)).toHaveLength(27);
  });

  it('lets old stand against new without telling which is which before the vote, and counts who won', async () => {
    const page = await openStage(<Compare />, { before: secondRound });
    await page.user.click(await screen.findByRole('button', { name: 'Old against new' }));
    expect(screen.getByRole('button', { name: 'Old against new', pressed: true })).toBeDefined();
    await waitFor(() => expect(page.lab.getState().pairs.shown?.pair.againstId).toBe('shipped-tiny'));
    const sides = screen.getAllByRole('article');
    expect(sides.map((side) => side.getAttribute('aria-label'))).toEqual(['Completion A', 'Completion B']);
    for (const side of sides) expect(side.outerHTML).not.toMatch(/policy|shipped|newer|older/i);
    const { shown } = page.lab.getState().pairs;
    page.wait();
    await page.user.click(screen.getByRole('button', { name: /^A is better/ }));
    const won = !shown?.swapped;
    expect(page.lab.getState().notices.toasts.at(-1)?.text).toContain(`${won ? 'A' : 'B'} was the newer model’s.`);
    await screen.findByText(won ? '1 of 1 (21–100 %)' : '0 of 1 (0–79 %)');
    const list = screen.getByRole('list', { name: 'Votes by round' });
    expect(
      within(list)
        .getAllByRole('listitem')
        .map((item) => item.textContent),
    ).toEqual([
      'Round 1 3 yours · 24 simulated · 0 imported',
      `Round 2 1 yours · 0 simulated · 0 imported; new won ${won ? '1 of 1 (21–100 %)' : '0 of 1 (0–79 %)'} of your votes`,
    ]);
    const votes = screen.getByRole('region', { name: 'All votes' });
    await waitFor(() =>
      expect(votes.textContent).toMatch(won ? /round 2policy.* over Shipped tiny/ : /round 2Shipped tiny over policy/),
    );
    expect(votes.textContent).toContain('round 1');
    await expectAccessible(page.container);
  });
});

describe('the other stages in a further round', () => {
  it('Reward model tells how it stands with each round, and that it learns from all', async () => {
    const page = await openStage(<Reward />, { before: secondRound });
    await screen.findByText('Nobody has voted in round 2 yet.');
    await act(async () => page.lab.getState().opinions.simulate(10));
    await screen.findByText('It learns from all rounds: 27 votes of round 1, 10 votes of round 2.');
    await screen.findByText('Out of date:');
    await trainHere(page, 'reward');
    const table = await screen.findByRole('table', { name: 'Agreement by round' });
    expect(
      within(table)
        .getAllByRole('rowheader')
        .map((cell) => cell.textContent),
    ).toEqual(['Round 1', 'Round 2']);
    expect(within(table).getByRole('columnheader', { name: 'with gold (happy endings)' })).toBeDefined();
    const { byRound = [] } = page.lab.getState().runs.reward.review?.review ?? {};
    await screen.findByText(
      /Held-out pairs it has right: round 1 [\d.]+.* of \d+ \(\d+–\d+ %\), round 2 [\d.]+.* of \d+ \(\d+–\d+ %\)\.$/,
    );
    expect(table.querySelector('[data-metric="reward/round2"]')?.getAttribute('data-value')).toBe(
      String(byRound[1]?.accuracy),
    );
    await expectAccessible(page.container);
  });

  it('Optimise lets the reference be chosen, goes on from the newest policy and shows the round and the gold of the one before', async () => {
    const page = await openStage(<Optimise />, { before: secondRound });
    const first = newestId(page.lab.getState()) as string;
    await act(async () => page.lab.getState().opinions.simulate(10));
    await screen.findByRole('button', { name: 'retrain the reward model first' });
    await trainHere(page, 'reward');
    await screen.findByText(/press Train/);
    const reference = screen.getByRole('combobox', { name: 'Reference' });
    expect((reference as HTMLSelectElement).selectedOptions[0]?.textContent).toBe('stays: Shipped tiny');
    await trainHere(page, 'ppo');
    await screen.findByText('round 2: each point is one iteration');
    const figure = await screen.findByRole('figure', { name: 'Reward against distance' });
    await waitFor(() => expect(figure.textContent).toMatch(/PPO 1, round 1 \(gold\): KL [\d.]+ nats, gold rater/));
    expect(screen.getByRole('list', { name: 'What the runs have different' }).textContent).toMatch(
      /PPO 1, round 1 → now reward model .* → .*first policy none → policy, 40 steps, round 1 → 2; else the same/,
    );
    expect(screen.queryByRole('combobox', { name: 'Reference' }), 'the run keeps what it began with').toBeNull();
    await screen.findByText(/^Start round 3$/);
    await page.user.click(screen.getByRole('tab', { name: 'DPO' }));
    await screen.findByText(/held against the reference: .* need not begin at ln 2\.$/);
    await page.user.selectOptions(screen.getByRole('combobox', { name: 'Reference' }), first);
    expect(page.lab.getState().shelf.slots.referenceId).toBe(first);
    await screen.findByText(/held against a frozen copy of itself: .* begins at ln 2 = 0\.693\.$/);
    await trainHere(page, 'dpo');
    expect(page.lab.getState().runs.dpo.spec).toMatchObject({ baseId: first, round: 2 });
    await screen.findByRole('button', { name: 'Start round 3' });
    await page.user.click(screen.getByRole('tab', { name: 'PPO' }));
    await screen.findByText(/^Round 2: went on from/);
    await expectAccessible(page.container);
  });

  it('a reset says what it leaves alone', async () => {
    const page = await openStage(<Optimise />, { before: secondRound });
    await page.user.keyboard('r');
    const dialog = await screen.findByRole('alertdialog');
    expect(dialog.textContent).toContain('Round 2 goes on: its votes and the models of the rounds before stay.');
    await page.user.click(within(dialog).getByRole('button', { name: 'Start over' }));
    await waitFor(() => expect(page.lab.getState().runs.ppo.runId).toBeNull());
    expect(page.lab.getState().notices.toasts.at(-1)?.text).toContain('It begins again from policy, 40 steps.');
  });

  it('the pipeline names the round beside each stage’s state', async () => {
    const page = await openStage(<Pipeline />, { before: secondRound });
    const described = (name: RegExp) => {
      const id = screen.getByRole('link', { name }).getAttribute('aria-describedby') as string;
      return document.getElementById(id)?.textContent;
    };
    expect(described(/^Compare/)).toBe('nothing here yet, round 2');
    expect(described(/^Reward model/)).toBe('done, round 1');
    expect(described(/^Optimise/)).toBe('out of date: something before it changed, round 1');
    expect(described(/^Pretrain/)).not.toContain('round');
    await expectAccessible(page.container);
  });
});

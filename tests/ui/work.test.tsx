import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { votesIn } from '../../src/contract/preferences';
import type { CallKind } from '../../src/contract/protocol';
import type { Lab } from '../../src/store/lab';
import type { Work, WorkKind } from '../../src/store/state';
import { App } from '../../src/ui/App';
import { Compare } from '../../src/ui/panels/Compare/Compare';
import { Data } from '../../src/ui/panels/Data/Data';
import { RunTransport } from '../../src/ui/panels/RunTransport';
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
    const { user, client, lab } = await renderLab(<Data />, {
      prepare: (_, thread) => void thread.hold('corpus/stories'),
    });
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
    await waitFor(() =>
      expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Add simulated votes' }).disabled).toBe(false),
    );
    expect(votesIn(lab.getState().opinions.all)).toEqual([]);
  });

  const APP: [string, WorkKind, CallKind, (lab: Lab) => Promise<unknown>][] = [
    ['Loading the trained model', 'shipped', 'shelf/shipped', (lab) => lab.getState().shelf.loadShipped('small')],
    [
      'Opening the model file',
      'modelFile',
      'shelf/import',
      (lab) => lab.getState().shelf.importFile(new Uint8Array(3), 'm.safetensors'),
    ],
    [
      'Saving the model as a file',
      'saveModel',
      'shelf/export',
      (lab) => lab.getState().shelf.exportFile('shipped-tiny'),
    ],
    ['Copying the model', 'copyModel', 'shelf/duplicate', (lab) => lab.getState().shelf.duplicate('shipped-tiny')],
    ['Measuring this machine', 'probe', 'engine/probe', (lab) => lab.getState().engine.measure()],
    ['Preparing the run', 'run/pretrain', 'run/create', (lab) => lab.getState().runs.play('pretrain')],
    ['Completing the text', 'complete', 'inspect/complete', (lab) => lab.getState().inspect.complete()],
  ];

  it.each(APP)('stands at the foot of every stage, and Cancel ends it: %s', async (label, kind, call, start) => {
    const { user, client, lab, container } = await renderLab(<App />, {
      prepare: async (one) => void (await one.getState().shelf.loadShipped('tiny')),
    });
    client.hold(call);
    act(() => void start(lab));
    const dock = await screen.findByRole('region', { name: label });
    act(() => client.progress(call, { done: 3, total: 8, label: 'on the way' }));
    expect(within(dock).getByText('on the way · 3 of 8')).toBeTruthy();
    expect(within(dock).getByRole('progressbar', { name: label }).getAttribute('aria-valuenow')).toBe('3');
    await expectAccessible(container, 'page');
    await user.click(within(dock).getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(screen.queryByRole('region', { name: label })).toBeNull());
    expect(lab.getState().work.underway[kind]).toBeUndefined();
  });

  it('says nothing of what is over in a moment, and offers no Cancel for what is written as a whole', async () => {
    const { lab } = await renderLab(<App />);
    const put = (underway: Partial<Record<WorkKind, Work>>) =>
      act(() => lab.setState(({ work }) => ({ work: { ...work, underway } })));
    put({ modelFile: { progress: null, cancelling: false } });
    expect(screen.queryByRole('region', { name: 'Opening the model file' })).toBeNull();
    put({
      modelFile: { progress: { done: 0, total: 0, label: 'storing the model' }, cancelling: false, committed: true },
    });
    const dock = await screen.findByRole('region', { name: 'Opening the model file' });
    expect(within(dock).getByText('storing the model…')).toBeTruthy();
    expect(within(dock).queryByRole('button', { name: 'Cancel' })).toBeNull();
    put({});
    expect(screen.queryByRole('region', { name: 'Opening the model file' })).toBeNull();
  });

  it('says what a pause waits for when that takes a while, for it acts between two pieces of work', async () => {
    const { client, lab, user } = await renderLab(<RunTransport kind="ppo" plannedSteps={40} />, {
      prepare: async (one, thread) => {
        await one.getState().shelf.loadShipped('tiny');
        await one.getState().opinions.simulate(40);
        await one.getState().runs.play('reward');
        thread.advance(500);
        await waitFor(() => expect(one.getState().shelf.slots.rewardId).not.toBeNull());
        await one.getState().runs.play('ppo');
      },
    });
    await act(async () => client.advance(1));
    const release = client.hold('run/pause');
    await user.click(screen.getByRole('button', { name: 'Pause' }));
    expect(screen.queryByText(/^Pauses as soon as/)).toBeNull();
    expect(
      await screen.findByText(/^Pauses as soon as the (rollout|evaluation|optimisation) in hand is finished…$/),
    ).toBeTruthy();
    await act(async () => release());
    await waitFor(() => expect(screen.queryByText(/^Pauses as soon as/)).toBeNull());
    expect(lab.getState().runs.ppo.state?.status).toBe('paused');
  });

  it('lets the writing of the next pair be cancelled, and tried again', async () => {
    const { user, client } = await renderLab(<Compare />, {
      prepare: async (one, thread) => {
        await one.getState().shelf.loadShipped('tiny');
        thread.hold('compare/pairs');
      },
    });
    const wait = await screen.findByRole('region', { name: 'Writing the next pair' });
    await user.click(within(wait).getByRole('button', { name: 'Cancel' }));
    expect(await screen.findByText('Cancelled.')).toBeTruthy();
    client.hold('compare/pairs')();
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    await waitFor(() =>
      expect(screen.getByRole<HTMLButtonElement>('button', { name: 'A is better' }).disabled).toBe(false),
    );
  });

  it('lets the writing of the next group be cancelled, and tried again', async () => {
    const { user, client } = await renderLab(<Compare />, {
      prepare: async (one, thread) => {
        await one.getState().shelf.loadShipped('tiny');
        one.getState().config.change('compare', { task: 'rankings' });
        thread.hold('compare/candidates');
      },
    });
    const wait = await screen.findByRole('region', { name: 'Writing the next group' });
    await user.click(within(wait).getByRole('button', { name: 'Cancel' }));
    expect(await screen.findByText('Cancelled.')).toBeTruthy();
    client.hold('compare/candidates')();
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Skip' }).disabled).toBe(false));
  });

  it('does not measure the machine again by itself once that was cancelled', async () => {
    const { user, client, lab } = await renderLab(<App />);
    client.hold('engine/probe');
    act(() => void lab.getState().engine.measure());
    const dock = await screen.findByRole('region', { name: 'Measuring this machine' });
    await user.click(within(dock).getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(lab.getState().engine.probing).toBe(false));
    const asked = () => client.calls.filter(({ kind }) => kind === 'engine/probe').length;
    const before = asked();
    await act(() => new Promise((resolve) => setTimeout(resolve, 3000))); // longer than Start waits for quiet
    expect(asked()).toBe(before);
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Measure' }).disabled).toBe(false);
  });
});

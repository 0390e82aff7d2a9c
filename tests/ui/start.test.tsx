import { act, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { presetConfig } from '../../src/contract/config';
import { LabError } from '../../src/contract/errors';
import { createStoryTokenizer } from '../../src/core/text/wordTokenizer';
import { USUAL_VOCABULARY } from '../../src/store/address/config';
import { memoryAddress } from '../../src/store/address/url';
import { resumeWords } from '../../src/ui/panels/Start/Hero';
import { Start } from '../../src/ui/panels/Start/Start';
import {
  costWords,
  isCustom,
  memoryBudget,
  shippedFor,
  timeWords,
  tooLarge,
  unmeasuredWords,
} from '../../src/ui/panels/Start/words';
import { expectAccessible, renderLab } from './renderLab';

const describes = (element: HTMLElement) =>
  document.getElementById(element.getAttribute('aria-describedby') ?? '')?.textContent;

describe('Start', () => {
  it('leads from one button to the first pair', async () => {
    const { lab, user } = await renderLab(<Start />);
    await user.click(screen.getByRole('button', { name: 'Start with the trained model' }));
    await waitFor(() => expect(lab.getState().view.stage).toBe('compare'));
    expect(lab.getState().shelf.slots.baseId).not.toBeNull();
  });

  it('says so when the trained model does not come, and leaves the way open', async () => {
    const { lab, user } = await renderLab(<Start />, {
      prepare: (_, client) => client.fail('shelf/shipped', new LabError('file/checkpoint', 'It could not be fetched.')),
    });
    await user.click(screen.getByRole('button', { name: 'Start with the trained model' }));
    expect(await screen.findByText(/It could not be fetched/)).toBeTruthy();
    expect(lab.getState().view.stage).toBe('start');
    await user.click(screen.getByRole('button', { name: 'Train from scratch' }));
    expect(lab.getState().view.stage).toBe('data');
  });

  it('offers three sizes with what they cost here', async () => {
    const { lab, user, container } = await renderLab(<Start />);
    for (const name of ['Tiny', 'Small', 'Medium']) expect(screen.getByRole('button', { name })).toBeTruthy();
    await waitFor(() =>
      expect(describes(screen.getByRole('button', { name: 'Tiny' }))).toMatch(/parameters · .* to train/),
    );
    await user.click(screen.getByRole('button', { name: 'Small' }));
    expect(lab.getState().config.value.preset).toBe('small');
    expect(lab.getState().config.value.model).toEqual(presetConfig('small').model);
    expect(screen.getByRole('button', { name: 'Small' }).getAttribute('aria-pressed')).toBe('true');
    expect(container.querySelectorAll('[class*="primary"]')).toHaveLength(1);
  });

  it('tells a model file that cannot be read by its notice, not as a failed start', async () => {
    const { user, lab, container } = await renderLab(<Start />);
    await user.upload(screen.getByLabelText('Open a model file, file'), new File(['nonsense'], 'x.safetensors'));
    await waitFor(() => expect(lab.getState().notices.notices).toHaveLength(1));
    expect(container.textContent).not.toContain('The model could not be loaded');
  });

  it('tells the parameter count of a model of 2017 while its knobs turn', async () => {
    const { lab, user } = await renderLab(<Start />);
    await user.click(screen.getByText(/Build your own transformer/));
    await user.selectOptions(screen.getByRole('combobox', { name: 'Positions' }), 'sinusoidal');
    await user.selectOptions(screen.getByRole('combobox', { name: 'LayerNorm' }), 'post');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Activation' }), 'relu');
    await user.click(screen.getByRole('checkbox', { name: /shares the token embedding/ }));
    const { model } = lab.getState().config.value;
    expect(model).toMatchObject({ positions: 'sinusoidal', norm: 'post', activation: 'relu', tiedHead: false });
    expect(isCustom(lab.getState().config.value)).toBe(true);
    expect(screen.getByText(/This model:/).parentElement?.textContent).toMatch(/parameters/);
  });

  it('never lets the width be anything but a multiple of the heads', async () => {
    const { lab, user } = await renderLab(<Start />, { address: memoryAddress('?preset=tiny') });
    await user.click(screen.getByText(/Build your own transformer/));
    await user.selectOptions(screen.getByRole('combobox', { name: 'Channels per head' }), '16');
    const { width, heads } = lab.getState().config.value.model;
    expect(width).toBe(16 * heads);
  });

  it('says what this machine can do and that nothing leaves it', async () => {
    const { container, user } = await renderLab(<Start />);
    expect(container.textContent).toContain('Scripted adapter');
    expect(container.textContent).toContain('Nothing leaves this computer.');
    await user.click(screen.getByRole('button', { name: 'Measure' }));
    await waitFor(() =>
      expect(container.querySelector('[data-metric="perf/stepMs"]')?.getAttribute('data-value')).toBe('52'),
    );
    expect(container.textContent).toContain('suits this machine');
  });

  it('tells the size that Pretrain tells, before there is a corpus and once another one is there', async () => {
    expect(USUAL_VOCABULARY).toBe(createStoryTokenizer().vocabSize);
    const { lab } = await renderLab(<Start />, { address: memoryAddress('?preset=tiny') });
    const both = () => [
      lab.getState().config.presets.tiny?.trainingBytes,
      lab.getState().config.estimate?.trainingBytes,
    ];
    await waitFor(() => expect(both()[0]).toBeGreaterThan(0));
    const [without, forecast] = both();
    expect(without).toBe(forecast);
    await act(() =>
      lab
        .getState()
        .corpus.useText(new TextEncoder().encode('a text of other letters: αβγδεζηθ. '.repeat(200)), 'greek.txt'),
    );
    await waitFor(() => expect(both()[0]).not.toBe(without));
    await waitFor(() => expect(both()[0]).toBe(both()[1]));
  });

  it('offers to resume what is there and names it', async () => {
    const { user, lab } = await renderLab(<Start />, {
      prepare: (one) =>
        one.setState((state) => ({
          session: {
            ...state.session,
            tab: 'restoring', // as it was found
            resume: {
              votes: 17,
              rankings: 3,
              checkpoints: 2,
              runs: [{ kind: 'ppo', step: 12, totalSteps: 40 }],
              savedAt: 0,
              stage: 'optimise',
            },
          },
        })),
    });
    expect(screen.getByText(/17 votes, 3 rankings, 2 models, PPO at 12 of 40/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Resume' }));
    expect(lab.getState().view.stage).toBe('optimise');
  });

  it('asks before it forgets everything', async () => {
    const { user, lab } = await renderLab(<Start />, {
      prepare: async (one) => void (await one.getState().shelf.loadShipped('tiny')),
    });
    await user.click(screen.getByRole('button', { name: 'Forget everything…' }));
    await user.click(await screen.findByRole('button', { name: 'Cancel' }));
    expect(lab.getState().shelf.checkpoints).toHaveLength(1);
  });

  it('lists the models, saves one as a file and removes it', async () => {
    const files: string[] = [];
    const { user, lab } = await renderLab(<Start />, {
      saveFile: (name) => void files.push(name),
      prepare: async (one) => void (await one.getState().shelf.loadShipped('tiny')),
    });
    const { name } = lab.getState().shelf.checkpoints[0] as { name: string };
    await user.click(screen.getByRole('button', { name: `Save ${name} as a file` }));
    await waitFor(() => expect(files).toHaveLength(1));
    await user.click(screen.getByRole('button', { name: `Remove ${name}` }));
    await waitFor(() => expect(lab.getState().shelf.checkpoints).toHaveLength(0));
  });

  it('has no accessibility violation, empty or full', async () => {
    const { container, lab, user } = await renderLab(<Start />);
    await user.click(screen.getByText(/Build your own transformer/));
    await expectAccessible(container);
    await lab.getState().shelf.loadShipped('tiny');
    await screen.findByRole('button', { name: /^Remove/ });
    await expectAccessible(container);
  });
});

describe('words about cost', () => {
  it('estimates with one digit, because it is an estimate', () => {
    expect(timeWords(0.0421, 500)).toBe('about 20 s');
    expect(timeWords(0.31, 500)).toBe('about 3 min');
    expect(timeWords(0.01, 500)).toBe('about 5 s');
    expect(costWords({ parameters: 117_504, trainingBytes: 32 * 2 ** 20, secondsPerStep: null }, 500)).toBe(
      '0.12 M parameters · 32 MB to train',
    );
  });

  it('promises no measurement that may never come', () => {
    expect(unmeasuredWords(false)).toBe('time: press Measure to see it');
    expect(unmeasuredWords(true)).toBe('time: measuring…');
  });

  it('warns when a model will not fit into the tab', () => {
    const estimate = { parameters: 1, trainingBytes: 3 * 2 ** 30, secondsPerStep: null };
    expect(tooLarge(estimate, memoryBudget(8))).toContain('3.0 GB');
    expect(tooLarge(estimate, memoryBudget(16))).toBeNull();
  });

  it('ships a model for every preset', () => {
    expect([shippedFor('tiny'), shippedFor('small'), shippedFor('medium')]).toEqual(['tiny', 'small', 'small']);
  });

  it('names only what is there to resume', () => {
    expect(resumeWords({ votes: 1, rankings: 0, checkpoints: 0, runs: [], savedAt: 0, stage: 'compare' })).toBe(
      '1 vote',
    );
  });
});

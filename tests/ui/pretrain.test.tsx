import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { LabError } from '../../src/contract/errors';
import type { MetricValues } from '../../src/contract/metrics';
import type { Lab } from '../../src/store/lab';
import { memoryStorage } from '../../src/store/persistence/memoryStorage';
import { corpusWords } from '../../src/store/text/corpusWords';
import { Pretrain } from '../../src/ui/panels/Pretrain/Pretrain';
import { pretrainSentence } from '../../src/ui/panels/Pretrain/pretrainSentence';
import { rowsUpTo } from '../../src/ui/panels/Pretrain/SamplesCard';
import { metricShown } from '../helpers/shown';
import { expectAccessible, type Rendered, renderLab } from './renderLab';

const open = () => renderLab(<Pretrain />, { prepare: (lab) => lab.getState().corpus.generate() });
const region = () => screen.getByRole('region', { name: 'Pretrain' });
const metric = ({ container }: Rendered, id: string) => container.querySelector(`[data-metric="${id}"]`);
const move = (page: Rendered, steps: number) => act(async () => page.client.advance(steps));

async function train(page: Rendered, steps: number) {
  await page.user.click(screen.getByRole('button', { name: 'Train' }));
  await screen.findByRole('button', { name: 'Pause' });
  await move(page, steps);
}

/** what the verdict says of a run of 500 steps that measured these values last */
const sentenceAt = (status: 'running' | 'done', step: number, values: MetricValues): string =>
  pretrainSentence({
    status,
    step,
    totalSteps: 500,
    history: [{ step, elapsedMs: 1, values }],
    vocabSize: 256,
    words: corpusWords(null),
    error: null,
    message: '',
    estimateMs: null,
    base: null,
  }).text;

describe('Pretrain before a run', () => {
  it('has its heading, its transport and the time it will take', async () => {
    const page = await open();
    expect(screen.getByRole('heading', { level: 1, name: 'Pretrain' })).toBeTruthy();
    for (const name of ['Train', 'Step', 'Reset']) expect(screen.getByRole('button', { name })).toBeTruthy();
    await act(() => page.lab.getState().engine.measure());
    await waitFor(() => expect(region().textContent).toMatch(/About \d+ s for 1,000 steps on this machine/));
    await expectAccessible(page.container);
  });

  it('says what a blind guess costs and where the floor is', async () => {
    const page = await open();
    const { vocabSize, entropy } = page.lab.getState().corpus.summary!;
    expect(region().textContent).toContain(`ln ${vocabSize} = ${Math.log(vocabSize).toFixed(2)} nats`);
    expect(region().textContent).toContain(`${entropy!.natsPerToken.toFixed(2)} nats, is the floor`);
  });

  it('changes the settings of the next run', async () => {
    const page = await open();
    fireEvent.change(screen.getByRole('spinbutton', { name: 'Steps' }), { target: { value: '300' } });
    await page.user.selectOptions(screen.getByRole('combobox', { name: 'Schedule' }), 'constant');
    expect(page.lab.getState().config.value.pretrain).toMatchObject({ steps: 300, schedule: 'constant' });
  });

  it('keeps every other setting behind one button, the 2017 switches among them', async () => {
    const page = await open();
    await page.user.click(screen.getByRole('button', { name: /^All settings/ }));
    const dialog = screen.getByRole('dialog', { name: 'Pretraining settings' });
    await page.user.selectOptions(within(dialog).getByRole('combobox', { name: 'Positions' }), 'sinusoidal');
    expect(page.lab.getState().config.value.model.positions).toBe('sinusoidal');
    await expectAccessible(dialog);
    await page.user.keyboard('{Escape}');
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('warns of a width that the heads cannot share', async () => {
    const page = await open();
    await act(async () => page.lab.getState().config.change('model', { width: 65, heads: 2 }));
    expect(screen.getByRole('alert').textContent).toMatch(
      /Width 65 cannot be shared by 2 heads: choose a multiple of 2\.$/,
    );
  });

  it('warns of a context that PPO’s completions would fill', async () => {
    const page = await open();
    await act(async () => page.lab.getState().config.change('model', { contextLength: 24 }));
    expect(screen.getByRole('alert').textContent).toMatch(/^PPO's longest completion of 24 tokens in a context of 24/);
  });
});

describe('Pretrain while it trains', () => {
  it('shows every number with its exact name and full precision, and is busy', async () => {
    const page = await open();
    await train(page, 50);
    expect(region().getAttribute('aria-busy')).toBe('true');
    for (const id of [
      'train/loss',
      'eval/loss',
      'train/lr',
      'train/gradNorm',
      'perf/tokensPerSecond',
      'eval/grammatical',
      'eval/coherent',
    ]) {
      await waitFor(() => expect(metricShown(page.container, id), id).toBeGreaterThan(0));
    }
    const measured = page.lab.getState().runs.pretrain.history.at(-1)?.values['train/loss'];
    expect(metric(page, 'train/loss')?.getAttribute('data-value')).toBe(String(measured));
    await expectAccessible(page.container);
  });

  it('keeps the completions of the fixed prompt, and drags through them', async () => {
    const page = await open();
    await train(page, 150);
    const slider = await screen.findByRole('slider', { name: 'Step of the sample' });
    const list = screen.getByRole('list', { name: 'Completions over time' });
    const chosen = () => within(list).getByText(/^step/, { selector: '[aria-current] *' }).textContent;
    await waitFor(() => expect(chosen()).toBe('step 150'));
    fireEvent.change(slider, { target: { value: '1' } });
    expect(chosen()).toBe('step 100');
    expect(slider.getAttribute('aria-valuetext')).toMatch(/^step 100: \w+/);
  });

  it('follows the newest completion until the visitor goes back in time', async () => {
    const page = await open();
    await train(page, 150);
    const slider = await screen.findByRole<HTMLInputElement>('slider', { name: 'Step of the sample' });
    fireEvent.change(slider, { target: { value: '0' } });
    await move(page, 100);
    expect(slider.value).toBe('0');
    fireEvent.change(slider, { target: { value: slider.max } });
    await move(page, 50);
    await waitFor(() => expect(slider.value).toBe(slider.max));
  });

  it('draws the attention of a head, asks for maps only while looking, and walks the cells by arrow keys', async () => {
    const page = await open();
    await train(page, 50);
    const heads = await screen.findByRole('group', { name: 'Heads' });
    await page.user.click(within(heads).getByRole('button', { name: 'Layer 2, head 1' }));
    const map = screen.getByRole('button', { name: /^Attention, layer 2, head 1/ });
    map.focus();
    await page.user.keyboard('{ArrowUp}{ArrowLeft}');
    expect(screen.getByRole('figure', { name: 'Attention, layer 2, head 1' }).textContent).toMatch(
      /“\w+” looks at “\w+” \d+ %/,
    );
    await page.user.click(screen.getByRole('tab', { name: 'Settings' }));
    const watched = page.client.calls
      .filter((call) => call.kind === 'run/watch')
      .map(({ params }) => (params as { attention: boolean }).attention);
    expect(watched.at(-1)).toBe(false);
    expect(watched).toContain(true);
  });

  /** trained to its end, stored, and opened again */
  async function reopen(prepare: (lab: Lab) => void | Promise<void>): Promise<Rendered> {
    const storage = memoryStorage();
    const earlier = await renderLab(null, {
      storage,
      prepare: async (lab) => void (await lab.getState().runs.play('pretrain')),
    });
    await move(earlier, 1000);
    await act(() => earlier.lab.getState().session.saveNow());
    earlier.lab.dispose();
    return renderLab(<Pretrain />, { storage, prepare });
  }

  it('shows the attention of the model that is brought back by a reload', async () => {
    await reopen(() => undefined);
    expect(await screen.findByText(/^Step 1,?000\.$/)).toBeTruthy();
  });

  it('says so where the model of a finished run is not here any more', async () => {
    await reopen((lab) => lab.getState().shelf.remove(lab.getState().shelf.slots.baseId!));
    expect(await screen.findByText('No model to look into')).toBeTruthy();
  });

  it('opens the other curves on request', async () => {
    const page = await open();
    await train(page, 10);
    await page.user.click(await screen.findByRole('button', { name: 'More charts' }));
    expect(screen.getByRole('heading', { name: 'Gradient norm' })).toBeTruthy();
    expect(screen.getByRole('slider', { name: 'Smoothing' })).toBeTruthy();
  });

  it('says where it paused, and goes on', async () => {
    const page = await open();
    await train(page, 40);
    await page.user.click(screen.getByRole('button', { name: 'Pause' }));
    await waitFor(() => expect(region().textContent).toMatch(/Paused at step 40 of 1,000\. Press Train to go on\./));
    await page.user.click(screen.getByRole('button', { name: 'Step' }));
    await waitFor(() => expect(region().textContent).toMatch(/Paused at step 41 of 1,000\./));
    expect(region().getAttribute('aria-busy')).toBe('false');
  });

  it('puts the unfinished model to use when asked', async () => {
    const page = await open();
    await train(page, 40);
    await page.user.click(await screen.findByRole('button', { name: /Use this model/ }));
    await waitFor(() => expect(page.lab.getState().view.stage).toBe('compare'));
    expect(page.client.calls.some((call) => call.kind === 'run/keep')).toBe(true);
    expect(page.lab.getState().shelf.slots.baseId).not.toBeNull();
  });
});

describe('Pretrain at its end', () => {
  it('says how good the model is and leads to Compare', async () => {
    const page = await open();
    await train(page, 1000);
    await waitFor(() => expect(region().textContent).toMatch(/Done\. \d+ % of its stories are grammatical/));
    await page.user.click(screen.getByRole('button', { name: /Go to Compare/ }));
    expect(page.lab.getState().view.stage).toBe('compare');
  });

  it('says why a run stopped and offers the last good checkpoint', async () => {
    const page = await open();
    await train(page, 30);
    const { runId } = page.lab.getState().runs.pretrain;
    await act(async () =>
      page.client.failRun(runId!, new LabError('run/nonFinite', 'train/loss became NaN at step 31.')),
    );
    await waitFor(() =>
      expect(region().textContent).toMatch(/The run stopped\. train\/loss became NaN at step 31\..*learning rate/),
    );
    expect(screen.getByRole('button', { name: 'Back to the last good checkpoint' })).toBeTruthy();
    await expectAccessible(page.container);
  });
});

describe('the words of Pretrain', () => {
  it('shows four completions: the first, the chosen one, and two between', () => {
    expect(rowsUpTo(0)).toEqual([0]);
    expect(rowsUpTo(2)).toEqual([0, 1, 2]);
    expect(rowsUpTo(9)).toEqual([0, 3, 6, 9]);
  });

  it('names the model in use, and that Train makes another', () => {
    const base = { name: 'Tiny, trained', step: 2500, shipped: true };
    const nothing = {
      status: null,
      step: 0,
      totalSteps: 500,
      history: [],
      vocabSize: 256,
      words: corpusWords(null),
      error: null,
      message: '',
      estimateMs: null,
    };
    expect(pretrainSentence({ ...nothing, base }).text).toBe(
      'The model in use is “Tiny, trained” (2,500 steps, shipped). Go on to Compare with it; Train here makes a new one.',
    );
  });

  it('says at the end whether it is good enough to vote on', () => {
    const done = (coherent: number) => sentenceAt('done', 500, { 'eval/grammatical': 0.95, 'eval/coherent': coherent });
    expect(done(0.34)).toContain('34 % coherent. As a rule of thumb that is enough to vote on; with more steps');
    expect(done(0.9)).toContain('90 % coherent. Next: let it write pairs');
  });

  it('names what is being learned at each height of the loss', () => {
    const at = (values: Record<string, number>) => sentenceAt('running', 10, values);
    expect(at({ 'eval/loss': 4 })).toMatch(/which words are common/);
    expect(at({ 'eval/loss': 1.6, 'eval/grammatical': 0.4 })).toMatch(/grammar: 40 % of its stories parse/);
    expect(at({ 'eval/loss': 1.3, 'eval/grammatical': 0.95, 'eval/aboveFloor': 0.18 })).toMatch(
      /who and what straight/,
    );
    expect(at({ 'eval/loss': 1.2, 'eval/grammatical': 0.98, 'eval/aboveFloor': 0.06 })).toMatch(/close to the floor/);
  });
});

import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { LabError } from '../../src/contract/errors';
import { memoryAddress } from '../../src/store/address/url';
import { App } from '../../src/ui/App';
import { chosenEpoch, epochsOf } from '../../src/ui/panels/FineTune/epochs';
import { FineTune } from '../../src/ui/panels/FineTune/FineTune';
import { fineTuneSentence } from '../../src/ui/panels/FineTune/fineTuneSentence';
import { LossCard } from '../../src/ui/panels/FineTune/LossCard';
import { metricShown } from '../helpers/shown';
import { expectAccessible, type Rendered, renderLab } from './renderLab';

const PROMPT = 'at noon the fox found a warm lamp .';
const open = () =>
  renderLab(<FineTune />, { prepare: async (lab) => void (await lab.getState().shelf.loadShipped('tiny')) });
const region = () => screen.getByRole('region', { name: 'Fine-tune' });
const demonstrations = ({ lab }: Rendered) => lab.getState().demonstrations.all;
const metric = ({ container }: Rendered, id: string) => metricShown(container, id);

async function collect(page: Rendered) {
  await page.user.click(screen.getByRole('button', { name: 'Add from the stories' }));
  await screen.findByText('60 from the stories · 0 yours · 0 imported');
}

async function train(page: Rendered, steps = 1000) {
  await page.user.click(screen.getByRole('button', { name: 'Train' }));
  await screen.findByRole('button', { name: 'Pause' });
  await act(async () => page.client.advance(steps));
}

const openFile = async (page: Rendered, lines: readonly string[]) => {
  await page.user.click(screen.getByRole('tab', { name: 'File' }));
  await page.user.upload(screen.getByLabelText('Import a file, file'), new File([lines.join('\n')], 'mine.jsonl'));
};

describe('Fine-tune before a run', () => {
  it('says what comes first while there is no model', async () => {
    const page = await renderLab(<FineTune />);
    expect(screen.getByRole('heading', { level: 1, name: 'Fine-tune' })).toBeTruthy();
    expect(region().textContent).toMatch(/No model yet\..*load the trained one on Start/);
    for (const name of ['Train', 'Step', 'Reset'])
      expect(screen.getByRole('button', { name })).toHaveProperty('disabled', true);
    await expectAccessible(page.container);
  });

  it('is optional: it leads straight to Compare with the base model', async () => {
    const page = await open();
    expect(region().textContent).toMatch(/Optional\. Show the model how it should write/);
    expect(screen.getByRole('toolbar', { name: 'Transport' }).textContent).toMatch(/4 more demonstrations are needed/);
    await page.user.click(screen.getByRole('button', { name: /Go to Compare/ }));
    expect(page.lab.getState().view.stage).toBe('compare');
  });

  it('takes demonstrations from the stories by a combination of wishes', async () => {
    const page = await open();
    await page.user.click(screen.getByRole('checkbox', { name: 'short' }));
    await page.user.click(screen.getByRole('checkbox', { name: 'happy' }));
    await page.user.selectOptions(screen.getByRole('combobox', { name: 'About' }), 'the owl');
    const count = screen.getByRole('spinbutton', { name: 'How many' });
    await page.user.clear(count);
    await page.user.type(count, '5');
    await page.user.click(screen.getByRole('button', { name: 'Add from the stories' }));
    await screen.findByText('5 from the stories · 0 yours · 0 imported');
    const [call] = page.client.calls.flatMap((one) => (one.kind === 'finetune/demonstrations' ? [one.params] : []));
    expect(call?.wish).toEqual({ polite: true, short: false, happy: true, animal: 'owl' });
    expect(region().textContent).toMatch(/5 demonstrations, ready\. Press Train/);
    await expectAccessible(page.container);
  });

  it('lets the visitor write one, and says what the model cannot read without losing a word', async () => {
    const page = await open();
    await page.user.click(screen.getByRole('tab', { name: 'Write one' }));
    await page.user.type(screen.getByRole('textbox', { name: 'Prompt' }), PROMPT);
    const completion = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Completion' });
    await page.user.type(completion, 'it was glad in a spaceship .');
    await page.user.click(screen.getByRole('button', { name: 'Add this one' }));
    await screen.findByText('It was not added: the model does not know “spaceship”.');
    expect(completion.value).toBe('it was glad in a spaceship .');
    await page.user.clear(completion);
    await page.user.type(completion, 'it was glad and sang all day .');
    await page.user.click(screen.getByRole('button', { name: 'Add this one' }));
    await screen.findByText('0 from the stories · 1 yours · 0 imported');
    expect(demonstrations(page)).toMatchObject([{ source: 'human', prompt: PROMPT }]);
    await page.user.click(screen.getByRole('button', { name: 'Take a prompt of the corpus' }));
    expect(screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Prompt' }).value).toMatch(/^[A-Z].*\.$/);
  });

  it('names the first bad lines of a file and counts the others', async () => {
    const page = await open();
    await openFile(page, new Array(1250).fill('nonsense'));
    const alert = await screen.findByRole('alert');
    expect(alert.querySelectorAll('li')).toHaveLength(200);
    expect(alert.textContent).toContain('1,250 lines cannot be used');
    expect(alert.textContent).toContain('And 1,050 more.');
  });

  it('names the bad lines of a file, and keeps the good ones only when told to', async () => {
    const page = await open();
    const good = JSON.stringify({ prompt: PROMPT, completion: 'it went home .' });
    await openFile(page, [good, 'nonsense', '{"prompt":"at noon"}']);
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toMatch(/mine\.jsonl: 2 lines cannot be used, 1 can\. Nothing was added yet/);
    expect(alert.textContent).toMatch(/line 2: not JSON/);
    expect(alert.textContent).toMatch(/line 3: "completion" is missing/);
    expect(demonstrations(page)).toEqual([]);
    await expectAccessible(page.container);
    await page.user.click(within(alert).getByRole('button', { name: 'Keep 1 good line' }));
    expect(demonstrations(page)).toMatchObject([{ source: 'imported' }]);
    expect(screen.queryByRole('alert')).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('tab', { name: 'File' }));
    await openFile(page, ['nonsense']);
    await page.user.click(within(await screen.findByRole('alert')).getByRole('button', { name: 'Close' }));
    expect(demonstrations(page)).toHaveLength(1);
  });

  it('takes one out, keeps the focus in the list, and puts it back', async () => {
    const page = await open();
    await collect(page);
    const list = screen.getByRole('region', { name: 'All demonstrations' });
    const [first, second] = within(list).getAllByRole('button', { name: 'Take this one out' });
    await page.user.click(first!);
    expect(demonstrations(page)).toHaveLength(59);
    expect(document.activeElement).toBe(second);
    await page.user.click(screen.getByRole('button', { name: 'Put the last one back' }));
    expect(demonstrations(page)).toHaveLength(60);
    await page.user.click(screen.getByRole('button', { name: 'Take all out…' }));
    await page.user.click(within(screen.getByRole('alertdialog')).getByRole('button', { name: 'Take all out' }));
    expect(demonstrations(page)).toEqual([]);
    await page.user.click(screen.getByRole('button', { name: 'Put 60 back' }));
    expect(demonstrations(page)).toHaveLength(60);
  });

  it('shows one row as it is trained on: the prompt is masked, the completion counts', async () => {
    const page = await open();
    await collect(page);
    const row = await screen.findByRole('list', { name: 'Tokens of the row' });
    const { prompt, completion } = demonstrations(page).at(-1)!;
    const bits = within(row)
      .getAllByRole('listitem')
      .map((item) => item.textContent);
    expect(bits).toContain('<bos>mask 0');
    expect(bits.filter((text) => text?.endsWith('mask 1'))).toHaveLength(completion.split(' ').length + 1);
    expect(bits.filter((text) => text?.endsWith('mask 0'))).toHaveLength(prompt.split(' ').length + 3);
    expect(region().textContent).toMatch(/tokens count, a surprise of \d\.\d\d nats a token to the base model/);
    const list = screen.getByRole('region', { name: 'All demonstrations' });
    const other = within(list).getAllByRole('button', { pressed: false })[0]!;
    await page.user.click(other);
    expect(other.getAttribute('aria-pressed')).toBe('true');
    await waitFor(() =>
      expect(page.lab.getState().demonstrations.row?.demonstrationId).toBe(
        demonstrations(page).at(-2)!.demonstrationId,
      ),
    );
  });

  it('changes the settings of the next run, and offers the score only where there is a reward model', async () => {
    const page = await open();
    const keep = screen.getByRole('combobox', { name: 'Keep the model' });
    expect(within(keep).queryByRole('option', { name: 'with the best score' })).toBeNull();
    const reward = { checkpointId: 'judge', kind: 'reward', name: 'Judge', parents: [] } as never;
    const { shelf } = page.lab.getState();
    await act(async () =>
      page.lab.setState({
        shelf: { ...shelf, checkpoints: [...shelf.checkpoints, reward], slots: { ...shelf.slots, rewardId: 'judge' } },
      }),
    );
    await page.user.selectOptions(keep, 'with the best score');
    const epochs = screen.getByRole('spinbutton', { name: 'Epochs' });
    await page.user.clear(epochs);
    await page.user.type(epochs, '7');
    expect(page.lab.getState().config.value.finetune).toMatchObject({ epochs: 7, selectBy: 'score' });
    await page.user.click(screen.getByRole('button', { name: /^All settings/ }));
    const dialog = screen.getByRole('dialog', { name: 'Fine-tuning settings' });
    expect(within(dialog).getByRole('spinbutton', { name: 'Held-out share' })).toBeTruthy();
    await expectAccessible(dialog);
  });

  it('has no wishes for the visitor’s own text', async () => {
    const page = await open();
    await act(() => page.lab.getState().corpus.useText(new TextEncoder().encode('a text of my own'), 'mine.txt'));
    expect(screen.queryByRole('button', { name: 'Add from the stories' })).toBeNull();
    expect(screen.getAllByRole('tab').map((tab) => tab.textContent)).not.toContain('By a wish');
    expect(screen.getByRole('textbox', { name: 'Completion' })).toBeTruthy();
  });
});

describe('Fine-tune while it trains', () => {
  it('is busy, shows its numbers, each epoch, and both models’ words', async () => {
    const page = await open();
    await collect(page);
    await train(page, 5);
    expect(region().getAttribute('aria-busy')).toBe('true');
    for (const id of ['eval/loss', 'train/lr', 'train/gradNorm'])
      await waitFor(() => expect(metric(page, id), id).toBeGreaterThan(0));
    const table = within(screen.getByRole('region', { name: 'Epochs' })).getByRole('table');
    expect(within(table).getAllByRole('row')).toHaveLength(3);
    expect(table.textContent).toMatch(/2best so far/);
    expect(
      within(screen.getByRole('region', { name: 'Before and after' })).getAllByText('base').length,
    ).toBeGreaterThan(0);
    expect(region().textContent).toMatch(/Learning\. Epoch 3 of 12\. The held-out loss still falls/);
    await expectAccessible(page.container);
  });

  it('pauses, steps, and puts the unfinished model to use when asked', async () => {
    const page = await open();
    await collect(page);
    await train(page, 3);
    await page.user.click(screen.getByRole('button', { name: 'Pause' }));
    await waitFor(() => expect(region().textContent).toMatch(/Paused at step 3 of 24\. Press Train to go on\./));
    await page.user.click(screen.getByRole('button', { name: 'Step' }));
    await waitFor(() => expect(region().textContent).toMatch(/Paused at step 4 of 24\./));
    await page.user.click(screen.getByRole('button', { name: /Use this model/ }));
    await waitFor(() => expect(page.lab.getState().view.stage).toBe('compare'));
    expect(page.lab.getState().shelf.slots.fineTunedId).not.toBeNull();
  });

  it('opens the other curves on request, the learning rate first', async () => {
    const page = await open();
    await collect(page);
    await train(page, 5);
    await page.user.click(await screen.findByRole('button', { name: 'More charts' }));
    expect(screen.getByRole('heading', { name: 'Learning rate' })).toBeTruthy();
  });

  it('says why a run stopped', async () => {
    const page = await open();
    await collect(page);
    await train(page, 3);
    const { runId } = page.lab.getState().runs.finetune;
    await act(async () =>
      page.client.failRun(runId!, new LabError('run/nonFinite', 'train/loss became NaN at step 4.')),
    );
    await waitFor(() =>
      expect(region().textContent).toMatch(/The run stopped\. train\/loss became NaN at step 4\. Reset/),
    );
    expect(screen.getByRole('button', { name: 'Back to the last good checkpoint' })).toBeTruthy();
  });
});

describe('Fine-tune at its end', () => {
  const finish = async () => {
    const page = await open();
    await collect(page);
    await train(page);
    await waitFor(() => expect(metric(page, 'finetune/shareAfter')).toBeGreaterThan(0));
    return page;
  };

  it('says how many texts are as wished, before and after, and which epoch was kept', async () => {
    const page = await finish();
    const [before, after] = [metric(page, 'finetune/shareBefore'), metric(page, 'finetune/shareAfter')];
    expect(after).toBeGreaterThan(before + 0.3);
    const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
    const said = `Done. ${percent(after)} of its texts are as wished (polite, short); of the base model’s ${percent(before)} are.`;
    expect(region().textContent).toContain(said);
    expect(region().textContent).toContain('Compare, the reward model and Optimise now begin from it.');
    expect(screen.getByRole('region', { name: 'Epochs' }).textContent).toMatch(/12✓ kept/);
    expect(screen.getAllByText('(as wished)', { exact: false }).length).toBeGreaterThan(0);
    await expectAccessible(page.container);
  });

  it('lets the next stages begin from the base model again, and back', async () => {
    const page = await finish();
    const tuned = page.lab.getState().shelf.slots.fineTunedId;
    const button = screen.getByRole('button', { name: 'Begin from the base model instead' });
    await page.user.click(button);
    expect(page.lab.getState().shelf.slots.fineTunedId).toBeNull();
    expect(region().textContent).toMatch(/Set aside\. The next stages begin from the base model/);
    expect(document.activeElement?.textContent).toBe('Begin from the fine-tuned model');
    await page.user.click(screen.getByRole('button', { name: 'Begin from the fine-tuned model' }));
    expect(page.lab.getState().shelf.slots.fineTunedId).toBe(tuned);
  });

  it('says that it is out of date when the demonstrations changed', async () => {
    const page = await finish();
    await page.user.click(screen.getAllByRole('button', { name: 'Take this one out' })[0]!);
    expect(region().textContent).toMatch(/Out of date: demonstrations or the base model changed since/);
  });
});

describe('Fine-tune in the pipeline', () => {
  it('stands between Pretrain and Compare with its state, works by keyboard, and the next stages say that they begin from it', async () => {
    const page = await renderLab(<App />, { address: memoryAddress('#/finetune') });
    await screen.findByRole('heading', { level: 1, name: 'Fine-tune' });
    await act(async () => void (await page.lab.getState().shelf.loadShipped('tiny')));
    const link = screen.getByRole('link', { name: 'Fine-tune' });
    const stateOf = () => document.getElementById(link.getAttribute('aria-describedby') ?? '')?.textContent;
    expect(stateOf()).toBe('nothing here yet');
    act(() => screen.getByRole('button', { name: 'Add from the stories' }).focus());
    await page.user.keyboard('{Enter}');
    await screen.findByText('60 from the stories · 0 yours · 0 imported');
    act(() => (document.activeElement as HTMLElement).blur());
    await page.user.keyboard(' ');
    await screen.findByRole('button', { name: 'Pause' });
    expect(stateOf()).toBe('running');
    await act(async () => page.client.advance(1000));
    await waitFor(() => expect(stateOf()).toBe('done'));
    await expectAccessible(page.container, 'page');
    await act(async () => page.lab.getState().view.go('compare'));
    await screen.findByText(/Both texts are written by the fine-tuned model/);
    await act(() => page.lab.getState().opinions.simulate(20));
    await act(async () => page.lab.getState().view.go('reward'));
    await screen.findByText(/It begins from the fine-tuned model/);
    await act(async () => page.lab.getState().view.go('optimise'));
    expect((await screen.findAllByText('Fine-tuned on 60 demonstrations')).length).toBeGreaterThan(0);
  });
});

describe('the loss of Fine-tune', () => {
  const shown = async (heldOut: number, texts = 64) => {
    const history = [1, 2, 4, 6].map((step, epoch) => ({
      step,
      elapsedMs: step,
      values: {
        'train/loss': 1 / step,
        'train/epoch': epoch,
        'eval/loss': 2 / step,
        'eval/heldOut': heldOut,
        'eval/wishShare': 1,
        'completion/count': texts,
      },
    }));
    const card = (
      <LossCard
        history={history}
        turned={[]}
        totalSteps={6}
        selectBy="last"
        onCsv={() => {}}
        more={false}
        onMore={() => {}}
      />
    );
    const { container } = await renderLab(card);
    return { figure: within(container).getByRole('figure', { name: 'Held-out loss' }), text: container.textContent };
  };

  it('is the held-out loss wherever any was measured, and of few held out its points', async () => {
    for (const heldOut of [6, 60]) {
      const { figure } = await shown(heldOut);
      const rows = within(figure)
        .getAllByRole('row')
        .map((row) => row.textContent);
      expect(rows[0]).toBe('steptrainingheld out');
      expect(rows.at(-1)).toBe('60.170.33');
      cleanup();
    }
  });

  it('counts how many of few texts are as wished', async () => {
    await shown(60, 4);
    expect(screen.getAllByText('4 of 4').length).toBeGreaterThan(0);
    cleanup();
    await shown(60);
    expect(screen.getAllByText('100 %').length).toBeGreaterThan(0);
  });

  it('says which texts the columns of the epochs are of', async () => {
    expect((await shown(60)).text).toContain(
      'The columns after the loss are of 64 fresh texts; Before and after counts others.',
    );
  });
});

describe('the words of Fine-tune', () => {
  const point = (step: number, epoch: number, loss: number, score: number) => ({
    step,
    elapsedMs: step,
    values: { 'train/epoch': epoch, 'eval/loss': loss, 'axis/score': score, 'axis/kl': epoch },
  });
  const history = [
    point(1, 0.5, 0.9, 0),
    point(2, 1, 0.8, 0.1),
    point(4, 2, 0.6, 0.3),
    point(6, 3, 0.7, 0.9),
    point(8, 4, 0.75, 0.5),
  ];

  it('take the epoch that its selection takes, and leave the look after the first step out', () => {
    expect(epochsOf(history).map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
    expect(chosenEpoch(history, 'heldOutLoss')).toMatchObject({ epoch: { epoch: 2 }, kept: false });
    expect(chosenEpoch(history, 'score')).toMatchObject({ epoch: { epoch: 3 } });
    expect(chosenEpoch(history, 'last')).toBeNull();
    const over = [...history, { step: 9, elapsedMs: 9, values: { 'train/keptEpoch': 3 } }];
    expect(chosenEpoch(over, 'heldOutLoss')).toMatchObject({ epoch: { epoch: 3 }, kept: true });
  });

  it('end an epoch with the step that passes it, where batches do not come out even', () => {
    const uneven = [point(2, 1.19, 0.8, 0), point(4, 2.37, 0.7, 0), point(6, 3.2, 0.6, 0)];
    expect(epochsOf(uneven).map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 2],
      [2, 4],
      [3, 6],
    ]);
  });

  const facts = {
    hasBase: true,
    demonstrations: 60,
    status: 'done' as const,
    step: 8,
    totalSteps: 8,
    epochs: epochsOf(history),
    plannedEpochs: 4,
    selectBy: 'heldOutLoss' as const,
    keptEpoch: 2,
    history,
    comparison: null,
    inUse: true,
    stale: false,
    error: null,
    message: '',
  };
  const share = (value: number, count = 64) => ({ share: value, low: 0, high: 1, count });
  const wish = { polite: true, short: false, happy: false, animal: null };
  const compared = (before: number, after: number) => ({
    key: '',
    wish,
    rows: [],
    before: share(before),
    after: share(after),
  });

  it('say which epoch is kept and why, and warn when little changed', () => {
    expect(fineTuneSentence({ ...facts, comparison: compared(0.1, 0.8) })).toEqual({
      tone: 'good',
      lead: 'Done.',
      text:
        '80 % of its texts are as wished (polite); of the base model’s 10 % are. Epoch 2 of 4 is kept: the least surprised by ' +
        'demonstrations it never saw. Compare, the reward model and Optimise now begin from it.',
    });
    expect(fineTuneSentence({ ...facts, comparison: compared(0.1, 0.15) })).toMatchObject({
      tone: 'warn',
      lead: 'Done, but',
    });
    expect(fineTuneSentence(facts).text).toMatch(
      /^Compare, the reward model and Optimise now begin from it\. Held-out loss 0\.60\./,
    );
  });

  it('count where the texts are few', () => {
    const few = { ...compared(0, 0), before: share(0.25, 8), after: share(0.75, 8) };
    expect(fineTuneSentence({ ...facts, comparison: few }).text).toMatch(
      /^6 of 8 of its texts are as wished \(polite\); of the base model’s 2 of 8 are\./,
    );
  });

  it('say what a share means that was high before, or that fell', () => {
    const said = (before: number, after: number) =>
      fineTuneSentence({ ...facts, comparison: compared(before, after) }).text;
    expect(said(0.1, 0.15)).toContain('It hardly changed');
    expect(said(0.95, 1)).toContain('The base model wrote so already');
    expect(said(0.95, 0.5)).toContain('It went the other way');
    expect(said(0.5, 0.2)).toContain('It went the other way');
  });

  it('write the steps of a pause as the transport bar does', () => {
    const paused = { ...facts, status: 'paused', step: 1200, totalSteps: 2400, inUse: false, keptEpoch: null } as const;
    expect(fineTuneSentence(paused).lead).toBe('Paused at step 1,200 of 2,400.');
  });

  it('choose no epoch by a handful of held-out demonstrations, and follow no loss of them', () => {
    const few = history.map((one) => ({ ...one, values: { ...one.values, 'eval/heldOut': 9 } }));
    const enough = history.map((one) => ({ ...one, values: { ...one.values, 'eval/heldOut': 10 } }));
    expect(chosenEpoch(few, 'heldOutLoss')).toBeNull();
    expect(chosenEpoch(few, 'score')).toMatchObject({ epoch: { epoch: 3 } });
    expect(chosenEpoch(enough, 'heldOutLoss')).toMatchObject({ epoch: { epoch: 2 } });
    const of = (points: typeof few) => ({ ...facts, history: points, epochs: epochsOf(points), keptEpoch: 4 });
    expect(fineTuneSentence(of(few)).text).toContain(
      'The last epoch is kept: 9 held out are too few to choose one by.',
    );
    const one = few.map((point) => ({ ...point, values: { ...point.values, 'eval/heldOut': 1 } }));
    expect(fineTuneSentence(of(one)).text).toContain('1 held out is too few to choose one by.');
    expect(fineTuneSentence({ ...of(few), status: 'running', keptEpoch: null }).text).not.toMatch(/held-out loss/);
    expect(fineTuneSentence({ ...of(enough), status: 'running', keptEpoch: null }).text).toMatch(
      /The held-out loss rises/,
    );
  });

  it('say when the held-out loss turns, and when more epochs would go further', () => {
    expect(fineTuneSentence({ ...facts, status: 'running', keptEpoch: null }).text).toMatch(/The held-out loss rises/);
    const falling = epochsOf(history.slice(0, 3));
    expect(fineTuneSentence({ ...facts, epochs: falling, comparison: compared(0, 0.5) }).text).toMatch(
      /more epochs would go further/,
    );
  });
});

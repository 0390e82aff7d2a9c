import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { presetConfig } from '../../src/contract/config';
import type { MetricValues } from '../../src/contract/metrics';
import type { MetricPoint } from '../../src/contract/observations';
import type { Ranking } from '../../src/contract/preferences';
import type { Lab } from '../../src/store/lab';
import { dpoCharts, firstLoss } from '../../src/ui/panels/Optimise/dpoLines';
import { DPO_METHODS, dpoMethod, methodChanges } from '../../src/ui/panels/Optimise/dpoMethod';
import { type DpoFacts, dpoSentence } from '../../src/ui/panels/Optimise/dpoSentence';
import { learnsFrom } from '../../src/ui/panels/Optimise/dpoVotes';
import { Optimise } from '../../src/ui/panels/Optimise/Optimise';
import { SmallCharts } from '../../src/ui/panels/SmallCharts';
import type { FakeClient } from '../helpers/fakeClient';
import { metricShown } from '../helpers/shown';
import { castVotes, openStage } from './compareHelpers';
import { trainJudge } from './judge';
import { expectAccessible, type Rendered, renderLab } from './renderLab';

const withVotes = async (lab: Lab): Promise<void> => {
  await lab.getState().shelf.loadShipped('tiny');
  await lab.getState().opinions.simulate(40);
};
const withJudge = async (lab: Lab, client: FakeClient): Promise<void> => {
  await withVotes(lab);
  await trainJudge(lab, client);
};

async function open(prepare: (lab: Lab, client: FakeClient) => Promise<void> = withVotes): Promise<Rendered> {
  const page = await renderLab(<Optimise />, { prepare });
  await page.user.click(screen.getByRole('tab', { name: 'DPO' }));
  return page;
}
const region = () => screen.getByRole('region', { name: 'Optimise' });
const metric = ({ container }: Rendered, id: string) =>
  container.querySelector(`[data-metric="${id}"]`)?.getAttribute('data-value');
const run = (page: Rendered) => page.lab.getState().runs.dpo;

async function train(page: Rendered, steps: number) {
  await page.user.click(screen.getByRole('button', { name: 'Train' }));
  await screen.findByRole('button', { name: 'Pause' });
  await act(async () => page.client.advance(steps));
}

describe('DPO without what it needs', () => {
  it('says which votes are missing, leads to them, and does not train', async () => {
    const page = await open((lab) =>
      lab
        .getState()
        .shelf.loadShipped('tiny')
        .then(() => undefined),
    );
    expect(region().textContent).toMatch(/Too few votes to learn from/);
    expect(region().textContent).toMatch(/8 more votes that choose a side/);
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Train' }).disabled).toBe(true);
    await expectAccessible(page.container);
    await page.user.click(screen.getByRole('button', { name: 'Go to Compare' }));
    expect(page.lab.getState().view.stage).toBe('compare');
  });
});

describe('DPO', () => {
  it('is a tab that arrow keys reach, and counts the votes by their source', async () => {
    const page = await renderLab(<Optimise />, { prepare: withVotes });
    screen.getByRole('tab', { name: 'PPO' }).focus();
    await page.user.keyboard('{ArrowRight}');
    expect(screen.getByRole('tab', { name: 'DPO' }).getAttribute('aria-selected')).toBe('true');
    expect(document.activeElement).toBe(screen.getByRole('tab', { name: 'DPO' }));
    expect(region().textContent).toContain('It will learn from 0 yours + 40 simulated.');
    await expectAccessible(page.container);
  });

  it('needs no reward model, begins at ln 2, and shows every number live', async () => {
    const page = await open();
    await train(page, 1);
    await waitFor(() => expect(metricShown(page.container, 'dpo/loss')).toBeCloseTo(Math.LN2, 12));
    expect(screen.getByText(/ln 2, a coin/)).toBeTruthy();
    await act(async () => page.client.advance(19));
    for (const id of [
      'dpo/loss',
      'rewards/chosen',
      'rewards/margins',
      'rewards/accuracies',
      'logps/chosen',
      'axis/kl',
      'axis/gold',
    ] as const) {
      const measured = run(page).history.findLast(({ values }) => values[id] !== undefined)?.values[id];
      await waitFor(() => expect(metric(page, id), id).toBe(String(measured)));
    }
    for (const name of ['Loss', 'Log-probs', 'Rewards', 'Margins', 'Accuracies'])
      expect(screen.getByRole('figure', { name })).toBeTruthy();
    const list = await screen.findByRole('region', { name: 'Before and after' });
    expect(within(list).getAllByText('now').length).toBe(run(page).beforeAfter!.rows.length);
    await expectAccessible(page.container);
  });

  it('shows the score of a reward model where there is one, and names DPO on the chart of PPO', async () => {
    const page = await open(withJudge);
    await train(page, 60);
    await waitFor(() => expect(metricShown(page.container, 'axis/score')).toBeGreaterThan(1));
    await waitFor(() =>
      expect(region().textContent).toMatch(/Done, and healthy\. Score \+1\.\d\d, gold \+0\.\d\d at \d\.\d\d nats/),
    );
    await page.user.click(screen.getByRole('tab', { name: 'PPO' }));
    await train(page, 3);
    const chart = await screen.findByRole('figure', { name: 'Reward against distance' });
    await waitFor(() => expect(chart.textContent).toMatch(/DPO: KL \d\.\d\d nats, reward model \d\.\d\d/));
  });

  it('takes loss, β and the fine-tuning term from the knobs, and offers to start again', async () => {
    const page = await open();
    await train(page, 3);
    await page.user.selectOptions(screen.getByRole('combobox', { name: 'Loss' }), 'Conservative DPO');
    expect(page.lab.getState().config.value.dpo).toMatchObject({ loss: 'sigmoid', labelSmoothing: 0.1 });
    fireEvent.change(screen.getByRole('slider', { name: 'Price of distance' }), { target: { value: '-1' } });
    fireEvent.change(screen.getByRole('slider', { name: 'Fine-tuning term' }), { target: { value: '0.5' } });
    expect(page.lab.getState().config.value.dpo).toMatchObject({ beta: 0.1, rpoAlpha: 0.5 });
    await page.user.click(await screen.findByRole('button', { name: 'Apply and restart' }));
    await page.user.click(within(screen.getByRole('alertdialog')).getByRole('button', { name: 'Apply and restart' }));
    await waitFor(() =>
      expect(run(page).spec).toMatchObject({ config: { beta: 0.1, rpoAlpha: 0.5, labelSmoothing: 0.1 } }),
    );
  });

  it('learns from pairs by the rule too when asked, counted apart', async () => {
    const { lab, user } = await openStage(<Optimise />, { before: (opened, wait) => castVotes(opened, wait, 14) });
    await user.click(screen.getByRole('tab', { name: 'DPO' }));
    expect(region().textContent).toMatch(/It will learn from \d+ yours\./);
    const choice = screen.getByRole('switch', { name: 'Learn from 600 pairs by your rule too' }) as HTMLInputElement;
    expect(choice.checked).toBe(false);
    await user.click(choice);
    expect(lab.getState().config.value.dpo.ruleLabels).toBe(600);
    expect(region().textContent).toMatch(/It will learn from \d+ yours \+ 600 by your rule\./);
    await user.click(choice);
    expect(lab.getState().config.value.dpo.ruleLabels).toBe(0);
  });

  it('says why a rule that is asked for labels nothing', async () => {
    const page = await open();
    await page.user.click(screen.getByRole('switch', { name: /pairs by your rule too/ }));
    expect(region().textContent).toContain('There is a rule from 12 votes of yours on.');
    expect(region().textContent).toContain('It will learn from 0 yours + 40 simulated.');
  });

  it('offers no pairs by a rule on own text, where there is none', async () => {
    const page = await open();
    await act(async () =>
      page.lab.getState().corpus.useText(new TextEncoder().encode('one two three '.repeat(100)), 'mine.txt'),
    );
    expect(screen.queryByRole('switch', { name: /pairs by your rule/ })).toBeNull();
  });

  it('says when the votes changed after it was made', async () => {
    const page = await open();
    await train(page, 60);
    await act(async () => page.lab.getState().opinions.simulate(4));
    await waitFor(() => expect(region().textContent).toMatch(/Out of date\./));
  });
});

describe('the accuracies of DPO', () => {
  const { beside } = dpoCharts(presetConfig('tiny').dpo);
  const shown = async (heldOut: number) => {
    const values = { 'rewards/accuracies': 1, 'eval_rewards/accuracies': 0, 'eval/heldOut': heldOut };
    const history = [1, 10].map((step) => ({ step, elapsedMs: 0, values }));
    const { container } = await renderLab(
      <SmallCharts charts={beside} history={history} marks={[]} totalSteps={60} noun="step" />,
    );
    const corner = container.querySelector('[data-metric="eval_rewards/accuracies"]');
    return {
      corner,
      accuracies: within(container).getByRole('figure', { name: 'Accuracies' }),
      text: container.textContent,
    };
  };

  it('stand under the held-out number, which is a count with its interval and no curve where few are held out', async () => {
    const few = await shown(1);
    expect(few.corner?.textContent).toBe('0 of 1 (0–79 %)');
    expect(few.corner?.getAttribute('data-value')).toBe('0');
    expect(few.accuracies.textContent).toContain('training');
    expect(few.accuracies.textContent).not.toContain('held out');
    expect(few.text).toContain('1 held out: too few');
  });

  it('are curves where enough are held out', async () => {
    const many = await shown(10);
    expect(many.corner?.textContent).toBe('0.00');
    expect(many.accuracies.textContent).toContain('held out');
    expect(many.text).not.toContain('too few');
  });
});

describe('the parts of DPO', () => {
  const { dpo } = presetConfig('tiny');

  it('knows where each loss begins', () => {
    expect(firstLoss(dpo)).toEqual({ value: Math.LN2, label: 'ln 2, a coin' });
    expect(firstLoss({ ...dpo, loss: 'ipo', beta: 0.5 }).value).toBe(1);
    expect(firstLoss({ ...dpo, loss: 'ipoMean', beta: 0.1 }).value).toBeCloseTo(25);
    expect(firstLoss({ ...dpo, loss: 'robust', labelSmoothing: 0.1 }).value).toBe(Math.LN2);
    expect(firstLoss({ ...dpo, loss: 'hinge' })).toEqual({ value: 1, label: '1, no margin' });
    expect(firstLoss({ ...dpo, rpoAlpha: 1 }).label).toMatch(/without the fine-tuning term/);
  });

  it('names a configuration as the visitor chose it', () => {
    for (const method of DPO_METHODS) expect(dpoMethod({ ...dpo, ...methodChanges(method) })).toBe(method);
  });

  it('counts the pairs that rankings make, ties left out', () => {
    const ranking = { ranks: [1, 2, 2, 3] } as Ranking;
    expect(learnsFrom([ranking])).toEqual({ chosen: 5, pairs: 5, sentence: '0 yours + 5 from 1 ranking' });
    expect(learnsFrom([ranking], 600)).toMatchObject({
      chosen: 5,
      pairs: 605,
      sentence: '0 yours + 600 by your rule + 5 from 1 ranking',
    });
  });
});

describe('what is said about a DPO run', () => {
  const at = (step: number, values: MetricValues): MetricPoint => ({ step, elapsedMs: 0, values });
  const facts = (points: MetricPoint[], more: Partial<DpoFacts> = {}): DpoFacts => ({
    blocked: null,
    status: 'running',
    points,
    totalSteps: 60,
    message: '',
    stale: false,
    ...more,
  });

  it('hears lost grammar, though the loss never looked better', () => {
    const said = dpoSentence(
      facts([at(1, { 'completion/grammatical': 0.95 }), at(50, { 'completion/grammatical': 0.2, 'dpo/loss': 0.01 })]),
    );
    expect(said).toMatchObject({ tone: 'warn', headline: 'Losing its grammar.', knob: { control: 'dpo/beta' } });
    expect(said.text).toMatch(/^Of late 20 % of the texts still parse/);
  });

  it('notices memorising by the held-out loss', () => {
    const said = dpoSentence(
      facts([at(1, { 'eval_dpo/loss': 0.69 }), at(20, { 'eval_dpo/loss': 0.5 }), at(60, { 'eval_dpo/loss': 0.7 })]),
    );
    expect(said.text).toMatch(/lowest at step 20/);
  });

  it('is silent about what only a handful of held-out pairs show', () => {
    const loss = [0.69, 0.5, 0.7];
    const points = (heldOut: number) =>
      loss.map((value, i) =>
        at(1 + 20 * i, { 'eval_dpo/loss': value, 'eval_logps/chosen': -12 - 9 * i, 'eval/heldOut': heldOut }),
      );
    expect(dpoSentence(facts(points(10))).text).toMatch(/lowest at step 21/);
    expect(dpoSentence(facts(points(9))).text).not.toMatch(/lowest|less likely/);
  });

  it('tells that chosen texts sink too', () => {
    const said = dpoSentence(facts([1, 10, 20, 30].map((step) => at(step, { 'eval_logps/chosen': -12 - step / 2 }))));
    expect(said.text).toMatch(/9\.8 nats less likely/);
  });

  it('marks where gold turned', () => {
    const gold = [0, 0.3, 0.6, 0.9, 0.6, 0.2, -0.3];
    const points = gold.map((value, i) => at(1 + 10 * i, { 'axis/kl': i, 'axis/score': i, 'axis/gold': value }));
    expect(dpoSentence(facts(points))).toMatchObject({ tone: 'bad', headline: 'Past the peak.' });
  });

  it('says where a paused run stands and why a broken one stopped', () => {
    expect(dpoSentence(facts([at(7, { 'dpo/loss': 0.6 })], { status: 'paused' })).headline).toBe(
      'Paused at step 7 of 60.',
    );
    expect(dpoSentence(facts([at(7, {})], { status: 'failed', message: 'dpo/loss is not a number.' })).text).toMatch(
      /^dpo\/loss is not/,
    );
  });
});

import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { BestOfPoint } from '../../src/contract/observations';
import type { Lab } from '../../src/store/lab';
import { ranked } from '../../src/ui/panels/Optimise/BestOfSamples';
import { type BestOfFacts, bestOfSentence } from '../../src/ui/panels/Optimise/bestOfSentence';
import { Optimise } from '../../src/ui/panels/Optimise/Optimise';
import type { FakeClient } from '../helpers/fakeClient';
import { metricShown } from '../helpers/shown';
import { withJudge } from './judge';
import { expectAccessible, type Rendered, renderLab } from './renderLab';

async function prepared(lab: Lab, client: FakeClient): Promise<void> {
  await withJudge(lab, client);
  lab.getState().config.change('bestOf', { prompts: 5 });
}

async function open(prepare: (lab: Lab, client: FakeClient) => void | Promise<void> = prepared): Promise<Rendered> {
  const page = await renderLab(<Optimise />, { prepare });
  await page.user.click(screen.getByRole('tab', { name: 'Best of N' }));
  return page;
}
async function draw(page: Rendered, prompts: number) {
  await page.user.click(screen.getByRole('button', { name: 'Train' }));
  await screen.findByRole('button', { name: 'Pause' });
  await act(async () => page.client.advance(prompts));
}
const region = () => screen.getByRole('region', { name: 'Optimise' });
const slider = () => screen.getByRole<HTMLInputElement>('slider', { name: 'Choose the best of' });
const metric = ({ container }: Rendered, id: string) => metricShown(container, id);
const result = (page: Rendered) => page.lab.getState().runs.bestOf.bestOf!.result;
const rows = () =>
  within(screen.getByRole('region', { name: 'Samples of this prompt' }))
    .getAllByRole('row')
    .slice(1);

describe('Best of N without a judge', () => {
  it('says what is missing and does not draw', async () => {
    const page = await open((lab) =>
      lab
        .getState()
        .shelf.loadShipped('tiny')
        .then(() => undefined),
    );
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Train' }).disabled).toBe(true);
    expect(region().textContent).toMatch(/Train a reward model first/);
    await expectAccessible(page.container);
  });
});

describe('Best of N', () => {
  it('draws prompt by prompt and says how far it is', async () => {
    const page = await open();
    expect(slider().value).toBe('16');
    await draw(page, 2);
    await waitFor(() => expect(region().textContent).toMatch(/2 of 5 prompts × 64/));
    expect(region().textContent).toMatch(/Drawing, 2 of 5 prompts\./);
    expect(region().textContent).toContain('2 of ');
    expect(screen.getByRole('toolbar', { name: 'Transport' }).textContent).toContain('prompt 2 of 5');
  });

  it('follows the slider: bound, scores and samples are those of N', async () => {
    const page = await open();
    await draw(page, 5);
    await waitFor(() => expect(metric(page, 'axis/kl')).toBeCloseTo(Math.log(16) - 15 / 16, 12));
    expect(rows()).toHaveLength(16);
    fireEvent.change(slider(), { target: { value: '4' } });
    await waitFor(() => expect(metric(page, 'axis/kl')).toBeCloseTo(Math.log(4) - 3 / 4, 12));
    await waitFor(() => expect(metric(page, 'axis/score')).toBe(result(page).points[3]!.score.value));
    expect(metric(page, 'axis/gold')).toBe(result(page).points[3]!.gold!.value);
    expect(rows()).toHaveLength(4);
    const best = Math.max(
      ...result(page)
        .prompts[0]!.samples.slice(0, 4)
        .map(({ score }) => score),
    );
    expect(rows()[0]!.textContent).toMatch(/✓ winner/);
    expect(rows()[0]!.textContent).toContain(best.toFixed(2).replace('-', '−'));
    await expectAccessible(page.container);
  });

  it('shows another prompt, and the curve over distance beside the other methods', async () => {
    const page = await open();
    await draw(page, 5);
    const choice = await screen.findByRole('combobox', { name: 'Prompt' });
    const before = rows()[0]!.textContent;
    await page.user.selectOptions(choice, '3');
    await waitFor(() => expect(rows()[0]!.textContent).not.toBe(before));
    expect(screen.getByRole('figure', { name: 'Score over N' })).toBeTruthy();
    await page.user.click(screen.getByRole('button', { name: 'Show over distance' }));
    const chart = screen.getByRole('figure', { name: 'Reward against distance' });
    expect(chart.textContent).toMatch(/At N 64: KL 3\.17 nats/);
  });

  it('changes no slot of the shelf and ends in a sentence', async () => {
    const page = await open();
    const { slots } = page.lab.getState().shelf;
    await draw(page, 5);
    await waitFor(() =>
      expect(region().textContent).toMatch(
        /Best of 16: score [+−]\d\.\d\d ± \d\.\d\d, gold .* for at most 1\.84 nats\./,
      ),
    );
    expect(page.lab.getState().shelf.slots).toEqual(slots);
  });
});

describe('what is said about the best of N', () => {
  const point = (n: number, score: number, gold: number): BestOfPoint => ({
    n,
    kl: Math.log(n) - (n - 1) / n,
    score: { value: score, error: 0.1 },
    gold: { value: gold, error: 0.1 },
    winRate: { value: 0.8, error: 0.02 },
    grammatical: 0.9,
    length: 12,
    finished: 1,
    distinct: 1,
    distinct2: 0.5,
    duplicates: 0,
  });
  const facts: BestOfFacts = {
    blocked: null,
    status: 'done',
    prompts: 32,
    totalPrompts: 32,
    points: [point(1, 0, 0), point(2, 0.6, 0.4), point(3, 0.9, 0.2)],
    n: 2,
    rewardAccuracy: null,
    message: '',
  };

  it('holds the best of two against a single sample', () => {
    expect(bestOfSentence(facts).text).toMatch(
      /^Best of 2: score \+0\.60 ± 0\.10, gold \+0\.40 ± 0\.10 instead of 0\.00, for at most 0\.19 nats\. It wins 80 %/,
    );
  });

  it('names no error after one prompt, which cannot tell it', () => {
    expect(bestOfSentence({ ...facts, status: 'running', prompts: 1 }).text).toMatch(
      /^Best of 2: score \+0\.60, gold \+0\.40 instead of 0\.00, for at most/,
    );
  });

  it('warns only beyond the peak of gold, and leads back to fewer', () => {
    const points = [0, 0.2, 0.4, 0.6, 0.4, 0.2, 0].map((gold, i) => point(i + 1, i, gold));
    expect(bestOfSentence({ ...facts, points, n: 5 }).tone).toBe('good');
    expect(bestOfSentence({ ...facts, points, n: 7 })).toMatchObject({
      tone: 'bad',
      headline: 'Past the peak.',
      text: expect.stringMatching(/since N = 4 /),
      knob: { control: 'bestOf/n' },
    });
  });

  it('says so when the judge is too weak to choose', () => {
    expect(bestOfSentence({ ...facts, rewardAccuracy: 0.6 })).toMatchObject({
      headline: 'The judge is too weak.',
      knob: { stage: 'compare' },
    });
  });

  it('ranks the first N samples only', () => {
    const samples = [0.1, 0.9, 0.5, 2].map((score) => ({
      completion: '',
      score,
      gold: null,
      grammatical: null,
      length: 1,
    }));
    expect(ranked({ prompt: '', samples }, 3).map(({ score }) => score)).toEqual([0.9, 0.5, 0.1]);
  });
});

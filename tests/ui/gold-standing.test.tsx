/** A visitor whose taste is not the gold rater's is told so wherever gold is drawn, and no verdict is built on it. */
import { act, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { MetricValues } from '../../src/contract/metrics';
import type { MetricPoint } from '../../src/contract/observations';
import type { VoteChoice } from '../../src/contract/preferences';
import { Optimise } from '../../src/ui/panels/Optimise/Optimise';
import { castVotes, type OpenStage, openStage } from './compareHelpers';
import { trainJudge } from './judge';
import { expectAccessible } from './renderLab';

const mood = (text: string): number => (/glad|laughed/.test(text) ? 1 : 0) - (/sad|moaned/.test(text) ? 1 : 0);
const likesSadness = (a: string, b: string): VoteChoice => (mood(a) <= mood(b) ? 'a' : 'b');
const likesJoy = (a: string, b: string): VoteChoice => (mood(a) >= mood(b) ? 'a' : 'b');

/** Optimise after 40 votes by that taste and a reward model, with gold that falls while the score rises */
async function open(choose: (a: string, b: string) => VoteChoice): Promise<OpenStage> {
  const page = await openStage(<Optimise />, {
    before: async (lab, wait, client) => {
      await castVotes(lab, wait, 40, choose);
      await trainJudge(lab, client);
    },
  });
  await page.user.click(screen.getByRole('button', { name: 'Train' }));
  await screen.findByRole('button', { name: 'Pause' });
  await act(async () => page.client.advance(1));
  const values = (step: number): MetricValues => ({
    'objective/scores': 0.1 * step,
    'gold/score': step < 6 ? 0.05 * step : 0.6 - 0.1 * step,
    'gold/winRate': 0.17,
    'objective/kl': 0.1 * step,
    'objective/klExact': 0.1 * step,
    'completion/count': 64,
  });
  const history = Array.from(
    { length: 20 },
    (_, i): MetricPoint => ({ step: i + 1, elapsedMs: 0, values: values(i + 1) }),
  );
  const { runs } = page.lab.getState();
  act(() => page.lab.setState({ runs: { ...runs, ppo: { ...runs.ppo, history } } }));
  return page;
}
const region = () => screen.getByRole('region', { name: 'Optimise' });
const standing = (page: OpenStage) =>
  page.container.querySelector('[data-metric="gold/agreement"]')?.getAttribute('data-standing');
const winRateMarked = (page: OpenStage) =>
  page.container.querySelector('[data-metric="gold/winRate"]')?.closest('dd')?.className !== '';

describe('gold before a visitor of another taste', () => {
  it('is not called the truth: the page counts the votes it sides with, and blames neither judge nor knob', async () => {
    const page = await open(likesSadness);
    await waitFor(() => expect(standing(page)).toBe('anothers'));
    expect(region().textContent).toMatch(
      /This rater sides with \d+ of \d+ of your votes \(\d+–\d+ %\): its gold is not your taste\./,
    );
    await waitFor(() =>
      expect(region().textContent).toMatch(/The gold rater \(happy endings\) sides with \d+ of \d+ of your votes/),
    );
    await waitFor(() => expect(region().textContent).toContain('At iteration 20: '));
    expect(region().textContent).not.toMatch(/gamed|Past the peak|peaked at/);
    expect(screen.queryByRole('button', { name: /Raise the KL coefficient/ })).toBeNull();
    expect(winRateMarked(page)).toBe(false);
    await expectAccessible(page.container);
    await page.user.selectOptions(screen.getByRole('combobox', { name: 'Gold rater' }), 'sad endings');
    await waitFor(() => expect(standing(page)).toBe('theirs'));
    expect(region().textContent).toMatch(/This rater sides with \d+ of \d+ of your votes \(\d+–\d+ %\)\./);
  });

  it('is the truth for a visitor whose votes it sides with: the alarm stands', async () => {
    const page = await open(likesJoy);
    await waitFor(() => expect(standing(page)).toBe('theirs'));
    await waitFor(() => expect(region().textContent).toMatch(/Past the peak\..*the judge is being gamed/));
    await waitFor(() => expect(region().textContent).toMatch(/Gold peaked at iteration \d/));
    expect(screen.getByRole('button', { name: /Raise the KL coefficient/ })).toBeTruthy();
    expect(winRateMarked(page)).toBe(true);
  });
});

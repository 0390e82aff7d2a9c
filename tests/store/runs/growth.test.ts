/** What a long run leaves on the page: the points of its history, once, and nothing else that grows with them. */
import { describe, expect, it } from 'vitest';
import type { MetricPoint } from '../../../src/contract/observations';
import { freshDisk, openVoting, type Page, settle } from '../openLab';

const size = (value: unknown): number => JSON.stringify(value).length;

/** characters of the state; of the run's history apart */
function sizes({ lab }: Page): { rest: number; history: number } {
  const state = lab.getState();
  const { history, ...ppo } = state.runs.ppo;
  return { rest: size({ ...state, runs: { ...state.runs, ppo } }), history: size(history) };
}

async function advanced(page: Page, iterations: number): Promise<ReturnType<typeof sizes>> {
  page.client.advance(iterations);
  await settle();
  return sizes(page);
}

/** a page on which PPO runs; what is told of each iteration is counted */
async function runPpo(): Promise<{ page: Page; told: MetricPoint[] }> {
  freshDisk();
  const page = await openVoting({ href: '?preset=tiny&seed=1&rewardSteps=10&iterations=10000' });
  const { lab, client } = page;
  await lab.getState().opinions.simulate(50);
  await lab.getState().runs.play('reward');
  client.advance(10);
  await settle();
  const told: MetricPoint[] = [];
  client.on('run/metrics', ({ points }) => told.push(...points));
  await lab.getState().runs.play('ppo');
  return { page, told };
}

describe('the store of a page on which PPO runs', () => {
  it('grows by the points of the history alone, each of them once', async () => {
    const { page, told } = await runPpo();
    const early = await advanced(page, 200);
    const late = await advanced(page, 800);
    expect(told).toHaveLength(1000);
    expect(late.history).toBe(size(told));
    // texts and counters differ a little in length; one number that was kept of each iteration would be more
    expect((late.rest - early.rest) / 800, 'characters an iteration').toBeLessThan(5);
  });

  it('holds rollouts and texts of the last iteration alone', async () => {
    const { page } = await runPpo();
    await advanced(page, 50);
    const { rollouts, beforeAfter } = page.lab.getState().runs.ppo;
    expect([rollouts?.step, beforeAfter?.step]).toEqual([50, 50]);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import type { Vote } from '../../src/contract/preferences';
import type { LearnedTaste } from '../../src/contract/taste';
import { type Loopback, loopback } from './loopback';
import { rewardSpec, SAMPLING, SLOW } from './specs';

describe('what a reward model learned to like', () => {
  let lab: Loopback;
  let votes: Vote[];
  let rewardId: string;
  let policyId: string;
  let taste: LearnedTaste;

  beforeAll(async () => {
    lab = loopback();
    const { client } = lab;
    await client.call('engine/start', { backend: 'wasm', executor: 'auto' });
    policyId = (await client.call('shelf/shipped', { preset: 'tiny' })).checkpointId;
    const asked = { policyId, rater: { name: 'happy' } as const, noise: 0, seed: 1, sampling: SAMPLING };
    votes = await client.call('compare/simulate', { ...asked, count: 24 });
    await client.call('run/create', { runId: 'judge', spec: rewardSpec(policyId, votes) });
    await client.call('run/play', { runId: 'judge' });
    const done = await lab.until('run/state', ({ runId, status }) => runId === 'judge' && status === 'done');
    rewardId = done.checkpointId as string;
    taste = await client.call('taste/learned', { opinions: votes, rewardId, policyId, seed: 1 });
  }, SLOW);

  it('is told beside the rule that fits the votes, of texts that the policy writes', () => {
    expect(taste.voted.kind).toBe('rule');
    expect(taste.texts).toBeGreaterThan(100);
    expect(taste.weights.map(({ attribute }) => attribute)).toContain('endingMood');
    for (const { weight, low, high } of taste.weights) {
      expect(low).toBeLessThanOrEqual(weight);
      expect(weight).toBeLessThanOrEqual(high);
    }
  });

  it('scores both sides of every contrast as the page scores a text that is typed', async () => {
    expect(taste.contrasts).toHaveLength(35);
    for (const { prompt, before, after, scores } of [taste.contrasts[0]!, taste.contrasts[20]!]) {
      const score = async (completion: string) =>
        (await lab.client.call('reward/score', { checkpointId: rewardId, text: `${prompt} ${completion}` })).score;
      expect(await score(before)).toBeCloseTo(scores.before, 3);
      expect(await score(after)).toBeCloseTo(scores.after, 3);
    }
  });

  it('needs a judge, and votes enough for the half that is about them', async () => {
    const ask = (opinions: Vote[], judge: string) =>
      lab.client.call('taste/learned', { opinions, rewardId: judge, policyId, seed: 1 });
    await expect(ask(votes, policyId)).rejects.toThrow('This model writes texts and scores none.');
    const few = await ask(votes.slice(0, 2), rewardId);
    expect(few.voted.kind).toBe('missing');
    expect(few.weights).toEqual(taste.weights);
  });
});

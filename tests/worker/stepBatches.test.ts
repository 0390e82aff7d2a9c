import { beforeAll, describe, expect, it } from 'vitest';
import type { Ranking } from '../../src/contract/preferences';
import type { DpoBatch, FineTuneBatch, RewardBatch } from '../../src/contract/stepBatch';
import { dpoItems, fineTuneItems, type NumberedItem, rewardItems } from '../../src/ui/panels/InNumbers/methodItems';
import type { Loopback } from './loopback';
import { ANY, byHand, dpoSpec, fineTuneSpec, pretrainSpec, rewardSpec, SLOW } from './specs';
import { finish, startedLab, votesForShorter } from './started';

/** what the page ends at, under every example of the batch */
const lastLines = (items: readonly NumberedItem[]): number[] => items.map(({ lines }) => lines.at(-1)!.value);
const same = (count: number, loss: number) => Array.from({ length: count }, () => expect.closeTo(loss, 5));

describe('the newest step of a method, asked for', () => {
  let lab: Loopback;
  let baseId: string;
  let votes: Ranking[];

  /** the numbers of two steps, and what each of them was trained on */
  async function steps(runId: string, loss: 'dpo/loss' | 'reward/loss' | 'train/loss') {
    expect(await lab.client.call('run/batch', { runId })).toBeNull();
    const seen = [];
    for (let i = 0; i < 2; i++) {
      await lab.client.call('run/step', { runId });
      const batch = await lab.client.call('run/batch', { runId });
      const points = lab.of('run/metrics').filter((one) => one.runId === runId);
      const point = points.flatMap((one) => one.points).find(({ step }) => step === i + 1)!;
      seen.push({ batch, loss: point.values[loss]! });
    }
    await lab.client.call('run/dispose', { runId });
    return seen;
  }

  beforeAll(async () => {
    lab = await startedLab();
    await lab.client.call('run/create', { runId: 'base', spec: pretrainSpec() });
    baseId = await finish(lab, 'base');
    votes = await votesForShorter(lab, baseId);
  }, SLOW);

  it.each([0, 0.5])(
    'tells of DPO four logps of each pair, and what makes the loss reported, α %s',
    async (rpoAlpha) => {
      const spec = dpoSpec(baseId, votes, { learningRate: 0.01, rpoAlpha });
      const runId = `dpo ${rpoAlpha}`;
      await lab.client.call('run/create', { runId, spec });
      for (const [i, { batch, loss }] of (await steps(runId, 'dpo/loss')).entries()) {
        const { pairs, step, config } = batch as DpoBatch;
        expect([step, pairs.length]).toEqual([i + 1, 4]);
        for (const { policy, reference, loss: own } of pairs) {
          const h = policy.chosen - reference.chosen - (policy.rejected - reference.rejected);
          expect(own).toBeCloseTo(Math.log1p(Math.exp(-config.beta * h)), 5);
          if (i === 0) expect(policy).toEqual(reference);
        }
        expect(lastLines(dpoItems(batch as DpoBatch))).toEqual(same(pairs.length, loss));
      }
    },
  );

  it('tells of the reward model the score of every completion', async () => {
    await lab.client.call('run/create', { runId: 'reward', spec: rewardSpec(baseId, byHand(votes)) });
    for (const { batch, loss } of await steps('reward', 'reward/loss')) {
      const { comparisons, loss: told } = batch as RewardBatch;
      const losses = comparisons.map(({ scores: [best = 0, worst = 0], depths: [, depth = 0] }) =>
        Math.log1p(Math.exp(worst - best + depth)),
      );
      expect(losses.reduce((sum, one) => sum + one, 0) / losses.length).toBeCloseTo(loss, 5);
      expect(told).toBeCloseTo(loss, 6);
      expect(lastLines(rewardItems(batch as RewardBatch))).toEqual(same(comparisons.length, loss));
    }
  });

  it('tells of fine-tuning log π of every token that counts', async () => {
    const demonstrations = await lab.client.call('finetune/demonstrations', { baseId, wish: ANY, count: 10, seed: 1 });
    await lab.client.call('run/create', { runId: 'tuned', spec: fineTuneSpec(baseId, demonstrations) });
    for (const { batch, loss } of await steps('tuned', 'train/loss')) {
      const { texts } = batch as FineTuneBatch;
      const all = texts.flatMap(({ logprobs }) => logprobs);
      expect(-all.reduce((sum, one) => sum + one, 0) / all.length).toBeCloseTo(loss, 5);
      expect(lastLines(fineTuneItems(batch as FineTuneBatch))).toEqual(same(texts.length, loss));
      for (const { prompt, tokens, logprobs } of texts) {
        const source = demonstrations.find(
          (one) => one.prompt === prompt && tokens.join(' ').startsWith(one.completion),
        );
        expect(source, tokens.join(' ')).toBeTruthy();
        expect(tokens.at(-1)).toBe('<eos>');
        expect(logprobs).toHaveLength(tokens.length);
      }
    }
  });
});

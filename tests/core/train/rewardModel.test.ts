import { describe, expect, it } from 'vitest';
import type { RewardConfig } from '../../../src/contract/config';
import type { Ranking } from '../../../src/contract/preferences';
import { Random } from '../../../src/core/tensor/random';
import { comparisonsFrom, pairsOf } from '../../../src/core/text/rankings';
import { tf } from '../../../src/core/tf';
import { batchOfStep } from '../../../src/core/train/batches';
import { trainRewardModel } from '../../../src/core/train/rewardModel';
import { explainedByLength, scorePairs, scoreTexts } from '../../../src/core/train/rewardReview';
import { type RewardInputs, RewardRun, stepsFor } from '../../../src/core/train/rewardRun';
import { labelByRule } from '../../../src/core/train/ruleLabels';
import { completeMany } from '../../../src/core/train/texts';
import { withBackend } from '../../helpers/backend';
import { otherwise } from '../../helpers/plainVote';
import {
  corpus,
  expectNoLeak,
  expectSameTensors,
  freedAfterEach,
  LAB,
  rankingsForLonger,
  sharedBase,
  take,
  throughStorage,
  ticking,
  votesForLonger,
} from './tiny';

withBackend('wasm');

const base = sharedBase();
/** likes long texts; four words make a clear difference */
const longer = { score: (_: string, completion: string) => completion.split(' ').length / 3 };
const freed = freedAfterEach<RewardRun>();
const inputs = (config: Partial<RewardConfig> = {}, rest: Partial<RewardInputs> = {}): RewardInputs => ({
  seed: 1,
  config: { ...LAB.reward, steps: 60, batchSize: 4, normalizeSamples: 16, ruleLabels: 20, ...config },
  base: base(),
  corpus,
  opinions: votesForLonger(20),
  taste: null,
  ...rest,
});
async function create(config: Partial<RewardConfig> = {}, rest: Partial<RewardInputs> = {}): Promise<RewardRun> {
  return freed(await RewardRun.create(inputs(config, rest)));
}

describe('votes as pairs', () => {
  it('are all read once before any is read again', () => {
    const pairs = comparisonsFrom(votesForLonger(10)).flatMap(pairsOf);
    const read = Array.from({ length: 5 }, (_, step) =>
      batchOfStep(pairs, step, 4, (purpose) => Random.fromSeed(2).fork(purpose)),
    ).flat();
    expect(new Set(read.slice(0, 10)).size).toBe(10);
    expect(new Set(read.slice(10, 20)).size).toBe(10);
    expect(read.slice(0, 10)).not.toEqual(read.slice(10, 20));
  });
});

describe('labels by a rule', () => {
  it('put the text the rule likes first and skip pairs that are too close', async () => {
    const byLength = await labelByRule(base(), corpus, longer, 30, Random.fromSeed(3));
    expect(byLength.length).toBeGreaterThan(10);
    const words = (text: string) => text.split(' ').length;
    for (const { chosen, rejected, source } of byLength) {
      expect(words(chosen)).toBeGreaterThan(words(rejected));
      expect(source).toBe('rule');
    }
  });

  it('are none when the rule likes everything equally', async () => {
    expect(await labelByRule(base(), corpus, { score: () => 1 }, 30, Random.fromSeed(3))).toEqual([]);
  });
});

describe('reward training', () => {
  it('starts at ln 2, because the head starts at 0', async () => {
    const [first] = await take(trainRewardModel(await create(), ticking()), 1);
    expect(first!.metrics['reward/loss']).toBeCloseTo(Math.LN2, 6);
    expect(first!.review!.margins.length + first!.review!.heldOutMargins.length).toBe(20);
  });

  for (const pooling of ['last', 'sum', 'mean'] as const) {
    it(`learns to prefer longer texts with ${pooling} pooling, and normalises its scores on texts of the base model`, async () => {
      const run = await create({ pooling, learningRate: 0.01 }, { opinions: votesForLonger(60) });
      const reports = await take(trainRewardModel(run, ticking()), 99);
      expect(reports).toHaveLength(60);
      expect(reports.at(-1)!.metrics['reward/loss']!).toBeLessThan(0.6);
      const texts = await completeMany(
        base(),
        corpus,
        16,
        { temperature: 1, topK: 0, topP: 1 },
        run.stream('normalise'),
      );
      const scores = await scoreTexts(run.network, corpus, texts, pooling);
      const mean = scores.reduce((sum, x) => sum + x, 0) / 16;
      expect(mean).toBeCloseTo(0, 4);
      expect(scores.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 16).toBeCloseTo(1, 3);
    });
  }

  it('learns the same from votes as from the rankings of two that they are', async () => {
    const asRankings = votesForLonger(20).map(
      ({ rankingId, prompt, completions, ranks }): Ranking => ({
        ...rankingsForLonger(1, 2)[0]!,
        rankingId,
        prompt,
        completions: [...completions].reverse(),
        ranks: [...ranks].reverse(),
      }),
    );
    const [votes, rankings] = [await create({ steps: 6 }), await create({ steps: 6 }, { opinions: asRankings })];
    const losses = async (run: RewardRun) =>
      (await take(trainRewardModel(run, ticking()), 9)).map(({ metrics }) => metrics['reward/loss']);
    expect(await losses(rankings)).toEqual(await losses(votes));
    expectSameTensors(await rankings.network.save(), await votes.network.save());
  });

  it('learns from rankings of different sizes, a few of which hold as many pairs as a batch of votes', async () => {
    const rankings = [...rankingsForLonger(12, 4), ...rankingsForLonger(4, 9)];
    const run = await create(
      { batchSize: 24, learningRate: 0.01, heldOutShare: 0 },
      { opinions: [...votesForLonger(8), ...rankings] },
    );
    const pairs = run.trainPairs.length;
    expect(pairs).toBeGreaterThan(100);
    expect(run.batchSize).toBe(Math.round((24 * 24) / pairs));
    const reports = await take(trainRewardModel(run, ticking()), 99);
    expect(reports[0]!.metrics['reward/loss']).toBeCloseTo(Math.LN2, 6);
    expect(reports.at(-1)!.metrics['reward/loss']!).toBeLessThan(0.55);
    expect(reports.at(-1)!.review!.pairs.human).toBe(pairs);
  });

  it('keeps all pairs of a ranking on one side of the split', async () => {
    const run = await create({ heldOutShare: 0.3 }, { opinions: rankingsForLonger(12, 4) });
    const trained = new Set(run.trainPairs.map(({ prompt }) => prompt));
    expect(run.heldOutPairs.length).toBeGreaterThan(6);
    expect(run.heldOutPairs.filter(({ prompt }) => trained.has(prompt))).toEqual([]);
  });

  it('wants a margin where a rater said how strongly', async () => {
    const votes = votesForLonger(20).map((vote) => ({ ...vote, strengths: [2] }));
    const firstLoss = async (config: Partial<RewardConfig>) =>
      (await take(trainRewardModel(await create(config, { opinions: votes }), ticking()), 1))[0]!.metrics[
        'reward/loss'
      ]!;
    // scores are 0, so −log σ(−1)
    expect(await firstLoss({ strengthMargin: 0.5 })).toBeCloseTo(Math.log(1 + Math.E), 5);
    expect(await firstLoss({ strengthMargin: 0 })).toBeCloseTo(Math.LN2, 6);
  });

  it('wants it between the places of a ranking too: two places apart by both of their strengths', async () => {
    const rankings = rankingsForLonger(12, 3).map((ranking) => ({ ...ranking, strengths: [1, 0.5] }));
    const run = await create({ strengthMargin: 2, heldOutShare: 0 }, { opinions: rankings });
    const [report] = await take(trainRewardModel(run, ticking()), 1);
    const cost = (margin: number) => Math.log(1 + Math.exp(margin)); // −log σ(−margin): scores are 0
    expect(report!.metrics['reward/loss']).toBeCloseTo((cost(2) + cost(1) + cost(3)) / 3, 5);
  });

  it('counts held-out pairs with an interval, and names the votes it disagrees with', async () => {
    const run = await create({ steps: 2 });
    const reports = await take(trainRewardModel(run, ticking()), 2);
    const review = reports.at(-1)!.review!;
    expect(review.heldOutPairs).toBe(4);
    expect(review.low).toBeLessThanOrEqual(review.accuracy);
    expect(review.high).toBeGreaterThanOrEqual(review.accuracy);
    expect(review.pairs).toEqual({ human: 20, simulated: 0, imported: 0, rule: 0 });
    expect(reports.at(-1)!.metrics['reward/accuracy']).toBe(review.accuracy);
    const wrong = [...review.margins, ...review.heldOutMargins].filter((margin) => margin < 0).length;
    expect(review.disagreements).toHaveLength(Math.min(12, wrong));
    const words = (text: string) => text.match(/\S+/g)?.length ?? 0;
    const longerBy = run.heldOutPairs.map(({ chosen, rejected }) => words(chosen) - words(rejected));
    expect(review.longer).toEqual({
      right: longerBy.filter((by) => by > 0).length,
      count: longerBy.filter((by) => by !== 0).length,
    });
    const ofOneLength = review.heldOutMargins.filter((_, i) => Math.abs(longerBy[i]!) <= 1);
    expect(review.sameLength).toEqual({
      right: ofOneLength.filter((margin) => margin > 0).length,
      count: ofOneLength.length,
    });
    const { chosenScore, rejectedScore, loss } = review.example!;
    expect(loss).toBeCloseTo(-Math.log(1 / (1 + Math.exp(rejectedScore - chosenScore))), 6);
  });

  it('stands round by round, beside the voters and beside a gold rater of another taste', async () => {
    const votes = votesForLonger(40).map((vote, i) => (i < 24 ? vote : { ...vote, round: 2 }));
    const last = async (rest: Partial<RewardInputs>) => {
      const run = await create({ steps: 2, heldOutShare: 0.5 }, { opinions: votes, ...rest });
      const { review } = (await take(trainRewardModel(run, ticking()), 2)).at(-1)!;
      return { ...review!, held: run.heldOutPairs };
    };
    const rater = { name: 'happy' } as const;
    const { byRound = [], heldOutPairs, accuracy, held, heldOutMargins } = await last({ rater });
    expect(byRound.map(({ round, pairs }) => [round, pairs])).toEqual([
      [1, 24],
      [2, 16],
    ]);
    const right = byRound.reduce((sum, round) => sum + round.accuracy! * round.heldOutPairs, 0);
    expect(right).toBeCloseTo(accuracy * heldOutPairs, 9);
    for (const { round, gold, goldPairs } of byRound) {
      const agrees = held.flatMap(({ prompt, chosen, rejected, round: its }, i) => {
        const difference = corpus.gold(rater, prompt, chosen, true)! - corpus.gold(rater, prompt, rejected, true)!;
        return its === round && difference !== 0 ? [difference > 0 === heldOutMargins[i]! > 0] : [];
      });
      expect(goldPairs).toBe(agrees.length);
      expect(gold).toBeCloseTo(agrees.filter(Boolean).length / agrees.length, 9);
    }
    const blind = await last({});
    expect(blind.byRound!.map(({ gold, goldPairs }) => [gold, goldPairs])).toEqual([
      [null, 0],
      [null, 0],
    ]);
    expect((await last({ opinions: votesForLonger(20), rater })).byRound, 'one round only').toBeUndefined();
  });

  it('reads votes twice beside the labels of a rule, and counts them apart', async () => {
    const run = await create({ heldOutShare: 0, steps: 1 }, { taste: longer });
    const sources = run.curriculum.map(({ source }) => source);
    expect(sources.filter((source) => source === 'human')).toHaveLength(40);
    expect(sources.filter((source) => source === 'rule')).toHaveLength(run.rulePairs.length);
    const [report] = await take(trainRewardModel(run, ticking()), 1);
    expect(report!.review!.pairs).toEqual({ human: 20, simulated: 0, imported: 0, rule: run.rulePairs.length });
  });

  it('chooses its steps by the number of pairs when none are given', async () => {
    expect([20, 48, 96, 300, 600, 1000].map(stepsFor)).toEqual([30, 30, 60, 100, 100, 200]);
    expect((await create({ steps: 0 })).totalSteps).toBe(30);
  });

  it('looks at some of what it learns from on the way, at what people said first, and at all of it in the end', async () => {
    const run = await create({ heldOutShare: 0, steps: 3, ruleLabels: 96 }, { taste: longer });
    const all = run.trainPairs.length;
    expect(all).toBeGreaterThan(64);
    const [first, , last] = (await take(trainRewardModel(run, ticking()), 3)).map(({ review }) => review);
    expect(first!.margins).toHaveLength(64);
    expect(first!.pairs).toEqual(last!.pairs);
    expect(last!.margins).toHaveLength(all);
  });

  it('goes on for as many steps as it was begun with, also when it was saved before that was remembered', async () => {
    const open = { steps: 0, heldOutShare: 0 };
    const saved = await (await create(open)).save();
    expect(RewardRun.restore(inputs(open), saved).totalSteps).toBe(30);
    expect(RewardRun.restore(inputs(open), { ...saved, state: { ...saved.state, totalSteps: 7 } }).totalSteps).toBe(7);
    const { totalSteps: _, ...before } = saved.state;
    const rulePairs = Array.from({ length: 500 }, () => ({
      prompt: 'a',
      chosen: 'b',
      rejected: 'c',
      source: 'rule' as const,
    }));
    expect(RewardRun.restore(inputs(open, { rulePairs }), { ...saved, state: before }).totalSteps).toBe(140);
  });

  it('says what is missing with fewer than eight usable votes', async () => {
    const votes = votesForLonger(12).map((vote, i) => (i < 5 ? otherwise(vote, { choice: 'tie' }) : vote));
    await expect(RewardRun.create(inputs({}, { opinions: votes }))).rejects.toMatchObject({
      code: 'run/tooFewVotes',
      message: expect.stringContaining('there are 7'),
    });
  });

  it('goes on to the same numbers after it was stored and restored', async () => {
    const taste = { taste: longer };
    const [through, interrupted] = [await create({ steps: 8 }, taste), await create({ steps: 8 }, taste)];
    const expected = await take(trainRewardModel(through, ticking()), 8);
    await take(trainRewardModel(interrupted, ticking()), 5);
    const labelled = { ...taste, rulePairs: interrupted.rulePairs };
    const resumed = freed(RewardRun.restore(inputs({ steps: 8 }, labelled), throughStorage(await interrupted.save())));
    const rest = await take(trainRewardModel(resumed, ticking()), 8);
    expect(rest.map(({ metrics }) => metrics['reward/loss'])).toEqual(
      expected.slice(5).map(({ metrics }) => metrics['reward/loss']),
    );
    expectSameTensors((await resumed.save()).tensors, (await through.save()).tensors);
    expect(resumed.network.scoreScale).toEqual(through.network.scoreScale);
  });

  it('leaves the base model as it was', async () => {
    const before = await base().save();
    await take(trainRewardModel(await create({ steps: 3 }), ticking()), 3);
    expectSameTensors(await base().save(), before);
  });

  it('keeps no tensors over fifty steps, and none after it is disposed of', async () => {
    base();
    const before = tf.memory().numTensors;
    const run = await create({ steps: 60 });
    await expectNoLeak(trainRewardModel(run, ticking()), 2, 55);
    freed.now(run);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('the scores of pairs', () => {
  it('are those of their texts, though pairs of a ranking share them', async () => {
    const run = await create({ steps: 3 });
    await take(trainRewardModel(run, ticking()), 3);
    const judge = run.network;
    const pairs = comparisonsFrom(rankingsForLonger(3, 4)).flatMap(pairsOf);
    const { chosen, rejected } = await scorePairs(judge, corpus, pairs, 'last');
    expect(new Set(chosen).size).toBeGreaterThan(3);
    for (const [side, scores] of [['chosen', chosen] as const, ['rejected', rejected] as const]) {
      const alone = await scoreTexts(
        judge,
        corpus,
        pairs.map((pair) => ({ prompt: pair.prompt, completion: pair[side] })),
        'last',
      );
      for (const [i, score] of alone.entries()) expect(scores[i]).toBeCloseTo(score, 5);
    }
  });
});

describe('the review’s arithmetic', () => {
  it('tells how much of the score is length', () => {
    expect(explainedByLength([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 9);
    expect(explainedByLength([1, 2, 3], [1, 0, 1])).toBeCloseTo(0, 9);
    expect(explainedByLength([2, 2, 2], [1, 2, 3])).toBe(0);
  });
});

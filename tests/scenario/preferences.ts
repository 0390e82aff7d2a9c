/** Learning without PPO: shown how, told an order, or fitted to the votes directly. The same loops as on the page. */
import type { DpoConfig } from '../../src/contract/config';
import type { MetricId, MetricValues } from '../../src/contract/metrics';
import type { Ranking, Vote } from '../../src/contract/preferences';
import type { CausalNetwork } from '../../src/core/model/causalNetwork';
import { Random } from '../../src/core/tensor/random';
import { comparisonsFrom, countPairs } from '../../src/core/text/rankings';
import { grants, storiesAsWished } from '../../src/core/text/wishes';
import { dpo } from '../../src/core/train/dpo';
import { DpoRun } from '../../src/core/train/dpoRun';
import { fineTune } from '../../src/core/train/fineTune';
import { FineTuneRun } from '../../src/core/train/fineTuneRun';
import { FreshTexts, type Look } from '../../src/core/train/freshTexts';
import { trainRewardModel } from '../../src/core/train/rewardModel';
import { RewardRun } from '../../src/core/train/rewardRun';
import { shareOf } from '../../src/core/train/texts';
import { simulateRankings } from '../../src/worker/ranking';
import { atLeast, atMost, between, type Row, show } from './checks';
import { AS_IS, accuracyOn, HAPPY, heldOutPairs, type Lab, noWait, votesOf } from './lab';

const now = (): number => performance.now();

/** 200 fresh texts of a policy, beside those of the base for the same prompts. */
function look({ base, corpus, seed }: Lab, policy: CausalNetwork, temperature: number): Promise<Look> {
  const random = Random.fromSeed(seed).fork('judge');
  return new FreshTexts({
    policy,
    reference: base,
    rewardModel: null,
    rater: HAPPY,
    corpus,
    count: 200,
    temperature,
    random,
  }).look();
}

const numberOf = (metrics: MetricValues, id: MetricId): number => metrics[id] ?? Number.NaN;

/** One DPO run, judged at temperature 1. */
async function runDpo(
  lab: Lab,
  votes: Vote[],
  changes: Partial<DpoConfig>,
): Promise<{ after: Look; last: MetricValues; first: MetricValues }> {
  const config = { ...lab.config.dpo, evalEvery: 1000, evalSamples: 4, ...changes };
  const { seed, base, corpus } = lab;
  const run = new DpoRun({ seed, config, base, corpus, opinions: votes, rater: null, rewardModel: null });
  const history: MetricValues[] = [];
  for await (const { metrics } of dpo(run, now)) history.push(metrics);
  const after = await look(lab, run.policy, 1);
  run.dispose();
  return { after, first: history[0]!, last: history.at(-1)! };
}

/** The page's defaults, and the overdose: a rate three times as high, a fifth of β, a hundred steps. */
export async function dpoChecks(lab: Lab): Promise<Row[]> {
  const start = numberOf((await look(lab, lab.base, 1)).metrics, 'gold/score');
  const votes = await votesOf(lab, 300, 2);
  const healthy = await runDpo(lab, votes, {});
  const over = await runDpo(lab, votes, { learningRate: 1e-3, beta: 0.1, steps: 100 });
  show('DPO, 60 steps at β 0.5', healthy.after.texts);
  show('DPO overdose, 100 steps at β 0.1 and rate 1e-3', over.after.texts);
  const [good, bad] = [healthy.after.metrics, over.after.metrics];
  return [
    atMost(
      'dpo.start',
      'DPO: distance of the first loss from ln 2',
      Math.abs(numberOf(healthy.first, 'dpo/loss') - Math.LN2),
      1e-6,
    ),
    atLeast('dpo.win', 'DPO, 300 pairs, 60 steps: win rate', numberOf(good, 'gold/winRate'), 0.62),
    atLeast('dpo.gain', 'DPO: gold gain', numberOf(good, 'gold/score') - start, 0.5),
    between('dpo.kl', 'DPO: exact KL, nats/completion', numberOf(good, 'axis/kl'), 0.4, 2.5),
    atLeast('dpo.parse', 'DPO: parse', numberOf(good, 'completion/grammatical'), 0.85),
    atLeast(
      'dpo.heldOut',
      'DPO: implied accuracy on 30 held-out pairs',
      numberOf(healthy.last, 'eval_rewards/accuracies'),
      0.7,
    ),
    atMost('overdose.parse', 'DPO overdose, 100 steps: parse', numberOf(bad, 'completion/grammatical'), 0.35),
    atMost('overdose.gold', 'DPO overdose: gold above the start', numberOf(bad, 'gold/score') - start, 0),
    atLeast(
      'overdose.accuracy',
      'DPO overdose: implied accuracy of the last batch',
      numberOf(over.last, 'rewards/accuracies'),
      0.9,
    ),
    atLeast(
      'overdose.chosen',
      'DPO overdose: fall of the chosen held-out logps, nats/completion',
      numberOf(over.first, 'eval_logps/chosen') - numberOf(over.last, 'eval_logps/chosen'),
      8,
    ),
  ];
}

/** 200 demonstrations of a wish that one story in a hundred grants. */
export async function fineTuneChecks(lab: Lab): Promise<Row[]> {
  const { seed, base, corpus, config } = lab;
  const wish = { happy: false, polite: true, short: true, animal: null };
  const stories = await storiesAsWished(corpus, wish, 200, Random.fromSeed(seed).fork('wish'), noWait);
  const demonstrations = stories.map((story, i) => ({ ...story, demonstrationId: `${i}`, source: 'grammar' as const }));
  const inputs = {
    seed,
    config: { ...config.finetune, evalSamples: 16 },
    base,
    corpus,
    demonstrations,
    wish,
    rater: null,
    rewardModel: null,
  };
  const run = new FineTuneRun(inputs);
  const losses: number[] = [];
  for await (const { metrics } of fineTune(run, now))
    losses.push(...(metrics['eval/loss'] === undefined ? [] : [metrics['eval/loss']]));
  const [before, after] = [await look(lab, base, 0.7), await look(lab, run.network, 0.7)];
  run.dispose();
  show('fine-tuned on polite, short stories', after.texts);
  const share = ({ texts }: Look) => shareOf(texts, (attributes) => grants(wish, attributes));
  return [
    atMost('finetune.before', 'base: share of polite, short stories', share(before), 0.1),
    atLeast('finetune.after', 'fine-tuned on 200 of them: the same share', share(after), 0.85),
    atLeast('finetune.parse', 'fine-tuned: parse', numberOf(after.metrics, 'completion/grammatical'), 0.95),
    atLeast(
      'finetune.loss',
      'fine-tuned: fall of the held-out loss, nats/token',
      losses[0]! - Math.min(...losses),
      0.2,
    ),
    between(
      'finetune.kl',
      'fine-tuned: exact KL from the base, nats/completion',
      numberOf(after.metrics, 'axis/kl'),
      1,
      10,
    ),
  ];
}

/** What rankings of 4 are worth beside as many pairs, and beside as many votes. */
export async function rankingChecks(lab: Lab): Promise<Row[]> {
  const { seed, base, corpus, config } = lab;
  const asked = { rater: HAPPY, count: 24, noise: 0, seed: 100 * seed + 7, sampling: AS_IS };
  const rankings = await simulateRankings({ policyId: 'base', network: base, corpus }, 4, asked, noWait);
  const votes = await votesOf(lab, countPairs(comparisonsFrom(rankings)), 8);
  const test = await heldOutPairs(lab);
  const accuracy = async (opinions: readonly Ranking[]) => {
    const reward = { ...config.reward, heldOutShare: 0, normalizeSamples: 16 };
    const run = await RewardRun.create({ seed, config: reward, base, corpus, opinions, taste: null });
    for await (const _ of trainRewardModel(run, now));
    const right = await accuracyOn(lab, run.network, reward.pooling, test);
    run.dispose();
    return right;
  };
  const ranked = await accuracy(rankings);
  const samePairs = await accuracy(votes);
  const sameCount = await accuracy(votes.slice(0, rankings.length));
  return [
    atLeast('rankings.accuracy', `reward model from 24 rankings of 4: held-out accuracy`, ranked, 0.75),
    atLeast('rankings.pairs', 'the same beside as many pairs as votes: difference', ranked - samePairs, -0.12),
    atLeast('rankings.votes', 'the same beside 24 votes: difference', ranked - sameCount, -0.03),
  ];
}

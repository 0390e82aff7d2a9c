/** Runs that go well and runs that go wrong, one or two of each method, through the loops of the page. */
import type {
  DpoConfig,
  FineTuneConfig,
  Pooling,
  PpoConfig,
  PretrainConfig,
  RewardConfig,
} from '../../src/contract/config';
import type { RunKind } from '../../src/contract/domain';
import type { MetricValues } from '../../src/contract/metrics';
import type { MetricPoint } from '../../src/contract/observations';
import type { CausalNetwork } from '../../src/core/model/causalNetwork';
import { Random } from '../../src/core/tensor/random';
import { createStoryCorpus } from '../../src/core/text/storyCorpus';
import { storiesAsWished } from '../../src/core/text/wishes';
import { BestOfRun, bestOfN } from '../../src/core/train/bestOfN';
import { dpo } from '../../src/core/train/dpo';
import { DpoRun } from '../../src/core/train/dpoRun';
import { fineTune } from '../../src/core/train/fineTune';
import { FineTuneRun } from '../../src/core/train/fineTuneRun';
import { ppo } from '../../src/core/train/ppo';
import { PpoRun } from '../../src/core/train/ppoRun';
import { pretrain } from '../../src/core/train/pretrain';
import { PretrainRun } from '../../src/core/train/pretrainRun';
import { trainRewardModel } from '../../src/core/train/rewardModel';
import { RewardRun } from '../../src/core/train/rewardRun';
import { bestOfHistory } from '../../src/store/runs/methodTrail';
import { simulateVotes } from '../../src/worker/pairing';
import { AS_IS, accuracyOn, heldOutPairs, type Lab, noWait, trainReward, votesOf } from './lab';

type Point = Omit<MetricPoint, 'elapsedMs'>;
interface Recorded {
  points: Point[];
  /** of the reward model that pays or judges; null without one */
  rewardAccuracy: number | null;
}

export interface Recording {
  kind: RunKind;
  /** what the curves show */
  about: string;
  votes?: number;
  demonstrations?: number;
  stories?: number;
  pooling?: Pooling;
  changes: object;
  run(lab: Lab): Promise<Recorded>;
}

const now = (): number => performance.now();

async function pointsOf(reports: AsyncIterable<{ step: number; metrics?: MetricValues }>): Promise<Point[]> {
  const points: Point[] = [];
  for await (const { step, metrics } of reports) if (metrics) points.push({ step, values: metrics });
  return points;
}

interface Judge {
  rewardModel: CausalNetwork;
  rewardAccuracy: number;
}
async function judgeFrom(lab: Lab, votes: number, pooling: Pooling): Promise<Judge> {
  const rewardModel = await trainReward(lab, await votesOf(lab, votes, 2), { pooling });
  return { rewardModel, rewardAccuracy: await accuracyOn(lab, rewardModel, pooling, await heldOutPairs(lab)) };
}

const byPpo = (
  about: string,
  changes: Partial<PpoConfig>,
  { votes = 300, pooling = 'last' as Pooling } = {},
): Recording => ({
  kind: 'ppo',
  about,
  votes,
  pooling,
  changes,
  async run(lab) {
    const { seed, base, corpus, rater } = lab;
    const { rewardModel, rewardAccuracy } = await judgeFrom(lab, votes, pooling);
    const run = new PpoRun({
      seed,
      config: { ...lab.config.ppo, ...changes },
      base,
      rewardModel,
      pooling,
      corpus,
      rater,
    });
    const points = await pointsOf(ppo(run));
    run.dispose();
    return { points, rewardAccuracy };
  },
});

const byDpo = (about: string, changes: Partial<DpoConfig>, votes = 300): Recording => ({
  kind: 'dpo',
  about,
  votes,
  changes,
  async run(lab) {
    const { seed, base, corpus, rater } = lab;
    const { rewardModel: network } = await judgeFrom(lab, 300, 'last');
    const config = { ...lab.config.dpo, ...changes };
    const rewardModel = { network, pooling: 'last' as const };
    const run = new DpoRun({ seed, config, base, corpus, opinions: await votesOf(lab, votes, 2), rater, rewardModel });
    const points = await pointsOf(dpo(run, now));
    run.dispose();
    return { points, rewardAccuracy: null };
  },
});

const POLITE_SHORT = { happy: false, polite: true, short: true, animal: null };

const byDemonstrations = (about: string, demonstrations: number, changes: Partial<FineTuneConfig>): Recording => ({
  kind: 'finetune',
  about,
  demonstrations,
  changes,
  async run(lab) {
    const { seed, base, corpus, rater } = lab;
    const stories = await storiesAsWished(
      corpus,
      POLITE_SHORT,
      demonstrations,
      Random.fromSeed(seed).fork('wish'),
      noWait,
    );
    const shown = stories.map((story, i) => ({ ...story, demonstrationId: `${i}`, source: 'grammar' as const }));
    const config = { ...lab.config.finetune, ...changes };
    const inputs = { seed, config, base, corpus, demonstrations: shown, wish: POLITE_SHORT, rater, rewardModel: null };
    const run = new FineTuneRun(inputs);
    const points = await pointsOf(fineTune(run, now));
    run.dispose();
    return { points, rewardAccuracy: null };
  },
});

const byChoice = (about: string, votes: number, pooling: Pooling): Recording => ({
  kind: 'bestOf',
  about,
  votes,
  pooling,
  changes: {},
  async run(lab) {
    const { seed, base: policy, corpus, rater } = lab;
    const { rewardModel, rewardAccuracy } = await judgeFrom(lab, votes, pooling);
    const run = new BestOfRun({ seed, config: lab.config.bestOf, policy, rewardModel, pooling, corpus, rater });
    await pointsOf(bestOfN(run, now));
    return { points: bestOfHistory(run.read().points), rewardAccuracy };
  },
});

/** @param noise share of the votes that the rater casts the wrong way */
const ofReward = (about: string, votes: number, noise: number, changes: Partial<RewardConfig>): Recording => ({
  kind: 'reward',
  about,
  votes,
  changes,
  async run(lab) {
    const { seed, base, corpus, rater } = lab;
    const config = { ...lab.config.reward, ...changes };
    const options = { rater, count: votes, noise, seed, sampling: AS_IS };
    const cast = await simulateVotes({ policyId: base.name, network: base, corpus }, options, noWait);
    const run = await RewardRun.create({ seed, config, base, corpus, opinions: cast, taste: null });
    const points = await pointsOf(trainRewardModel(run, now));
    run.dispose();
    return { points, rewardAccuracy: null };
  },
});

const ofPretraining = (about: string, stories: number, changes: Partial<PretrainConfig>): Recording => ({
  kind: 'pretrain',
  about,
  stories,
  changes,
  async run({ seed, config }) {
    const corpus = createStoryCorpus({ ...config.stories, stories }, seed);
    const model = { ...config.model, vocabSize: corpus.tokenizer.vocabSize };
    const fixedPrompt = corpus.summary.samples[0]!.prompt;
    const run = new PretrainRun({ seed, config: { ...config.pretrain, ...changes }, model, corpus, fixedPrompt });
    const points = await pointsOf(pretrain(run, now));
    run.dispose();
    return { points, rewardAccuracy: null };
  },
});

export const RECORDINGS: Record<string, Recording> = {
  healthy: byPpo('the page’s defaults', {}),
  leashOff: byPpo(
    'β 0 from the start on a sum reward model: runs away, stops parsing, gold turns',
    { klCoef: 0, temperature: 1, iterations: 20, klCeiling: 0, schedule: 'constant' },
    { pooling: 'sum' },
  ),
  shortestJoy: byPpo(
    'a mean-pooled reward model: every prompt gets the shortest happy text',
    { klCoef: 0.02, schedule: 'constant' },
    { pooling: 'mean' },
  ),
  hurried: byPpo('far too high a learning rate: most tokens hit the clip', {
    learningRate: 1e-2,
    iterations: 15,
    klCeiling: 0,
    schedule: 'constant',
  }),
  timid: byPpo('a short leash and a tiny learning rate: nothing moves', {
    klCoef: 0.5,
    learningRate: 1e-5,
    iterations: 15,
    schedule: 'constant',
  }),
  blindCritic: byPpo('a critic that is never trained', { valueModel: 'shared', valueCoef: 0, iterations: 20 }),
  fewVotes: byPpo('a reward model from 12 votes', { iterations: 25 }, { votes: 12 }),
  dpoHealthy: byDpo('DPO with the page’s defaults', {}),
  dpoOverdose: byDpo('DPO at a rate three times as high, a fifth of β, a hundred steps', {
    learningRate: 1e-3,
    beta: 0.1,
    steps: 100,
  }),
  dpoByHeart: byDpo('DPO on 40 votes, fast and long', { learningRate: 1e-3, steps: 120, heldOutShare: 0.3 }, 40),
  tuned: byDemonstrations('fine-tuning on 200 demonstrations', 200, {}),
  tunedByHeart: byDemonstrations('fine-tuning on 12 demonstrations, long and fast', 12, {
    epochs: 60,
    learningRate: 5e-3,
    heldOutShare: 0.4,
    selectBy: 'last',
  }),
  chosen: byChoice('best of N by a reward model from 300 votes', 300, 'last'),
  chosenByWeak: byChoice('best of N by a reward model from 12 votes', 12, 'mean'),
  judge: ofReward('a reward model from 300 votes', 300, 0, {}),
  judgeByHeart: ofReward('a reward model from 60 votes, a third of them cast the wrong way', 60, 0.3, {
    steps: 80,
    heldOutShare: 0.4,
  }),
  pretrained: ofPretraining('pre-training on all stories', 20_000, { steps: 150 }),
  pretrainedByHeart: ofPretraining('pre-training on 200 stories, again and again', 200, { steps: 300 }),
};

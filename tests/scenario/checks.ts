/**
 * The learning checks. Each gives rows of measured against required; the requirements are those of the project's
 * acceptance list for the Tiny model and the rater who likes happy stories.
 */
import { ANALOGIES_CHANCE } from '../../src/contract/inside';
import type { PresetName } from '../../src/contract/settings/setting';
import { crossEntropy } from '../../src/core/losses/crossEntropy';
import type { CausalNetwork } from '../../src/core/model/causalNetwork';
import { Random } from '../../src/core/tensor/random';
import type { PreferencePair } from '../../src/core/text/pairs';
import { comparisonsFrom, pairsOf } from '../../src/core/text/rankings';
import { fitRidgeLogistic } from '../../src/core/text/ridgeLogistic';
import type { Taste } from '../../src/core/text/taste';
import { tf } from '../../src/core/tf';
import { pretrain } from '../../src/core/train/pretrain';
import { PretrainRun } from '../../src/core/train/pretrainRun';
import { candidatePairs } from '../../src/worker/pairing';
import { fitTaste } from '../helpers/atOnce';
import { asText, writeAndJudge } from './judge';
import {
  AS_IS,
  accuracyOn,
  distanceFromReference,
  heldOutPairs,
  type Lab,
  meanHidden,
  noWait,
  type PolicyJudgement,
  runPpo,
  trainReward,
  votesOf,
} from './lab';

export interface Row {
  /** the same for every seed */
  id: string;
  check: string;
  value: number;
  required: string;
  passed: boolean;
}

export const atLeast = (id: string, check: string, value: number, least: number): Row => ({
  id,
  check,
  value,
  required: `≥ ${least}`,
  passed: value >= least,
});
export const atMost = (id: string, check: string, value: number, most: number): Row => ({
  id,
  check,
  value,
  required: `≤ ${most}`,
  passed: value <= most,
});
export const between = (id: string, check: string, value: number, low: number, high: number): Row => ({
  id,
  check,
  value,
  required: `${low} … ${high}`,
  passed: value >= low && value <= high,
});

export const show = (title: string, texts: readonly { prompt: string; completion: string }[], count = 6): void => {
  console.log(`  ${title}`);
  for (const text of texts.slice(0, count)) console.log(`    ${asText(text)}`);
};

/** so many times chance is no accident: over six draws of vectors guessing stays below twice */
const BEYOND_CHANCE = 5;

export const analogiesRow = (preset: PresetName, steps: number, solved: number): Row =>
  atLeast(
    `words.${preset}`,
    `words: analogies solved, ${preset} from nothing after ${steps} steps (chance ${ANALOGIES_CHANCE})`,
    solved,
    Number((BEYOND_CHANCE * ANALOGIES_CHANCE).toFixed(4)),
  );

/**
 * From nothing, as on the Pretrain page. A model that writes grammar but ignores its prompt stands 0.17 above the
 * floor.
 */
export async function pretraining(lab: Lab): Promise<Row[]> {
  const { config, corpus, seed } = lab;
  const model = { ...config.model, vocabSize: corpus.tokenizer.vocabSize };
  const run = new PretrainRun({
    seed,
    config: { ...config.pretrain, evalEvery: config.pretrain.steps },
    model,
    corpus,
    fixedPrompt: corpus.summary.samples[0]!.prompt,
  });
  let [above, solved] = [Number.NaN, Number.NaN];
  for await (const { metrics } of pretrain(run, () => performance.now())) {
    above = metrics['eval/aboveFloor'] ?? above;
    solved = metrics['eval/analogies'] ?? solved;
  }
  const judged = await writeAndJudge(run.network, corpus, 200, 0.7, seed);
  show('as the page trains it', judged.texts);
  run.dispose();
  return [
    atMost('pretrain.above', 'from nothing: held-out loss above the floor, nats/token', above, 0.17),
    atLeast('pretrain.parse', 'from nothing: parse at T 0.7', judged.grammatical, 0.9),
    atLeast('pretrain.coherent', 'from nothing: coherent at T 0.7', judged.coherent, 0.7),
    analogiesRow('tiny', config.pretrain.steps, solved),
  ];
}

/** Held-out loss of the shipped model on 1,000 stories. */
async function heldOutLoss({ base, corpus, config, seed }: Lab): Promise<number> {
  const random = Random.fromSeed(seed).fork('held-out');
  let [sum, count] = [0, 0];
  for (let part = 0; part < 10; part++) {
    const { rows, columns, tokens, mask } = corpus.heldOutRows(random, 100, config.model.contextLength);
    const loss = tf.tidy(() => {
      const batch = { tokens: tf.tensor2d(tokens, [rows, columns], 'int32'), leftPad: null };
      return crossEntropy(
        base.logprobs(batch, 1, 1).logprobs,
        tf.slice(tf.tensor2d(mask, [rows, columns]), [0, 1], [-1, -1]),
      );
    });
    const targets = mask.reduce((total, counts) => total + counts, 0);
    sum += ((await loss.data())[0] as number) * targets;
    count += targets;
    loss.dispose();
  }
  return sum / count;
}

/** The shipped model, judged again. */
export async function baseModel(lab: Lab): Promise<Row[]> {
  const floor = lab.corpus.summary.entropy!.natsPerToken;
  const asIs = await writeAndJudge(lab.base, lab.corpus, 500, 1, 10 + lab.seed);
  const sharp = await writeAndJudge(lab.base, lab.corpus, 500, 0.7, 20 + lab.seed);
  show('the shipped model at temperature 0.7', sharp.texts);
  const untouched = lab.base.clone('policy');
  const { kl, ratio } = await distanceFromReference(lab, untouched);
  untouched.dispose();
  return [
    atMost(
      'base.above',
      'base: held-out loss above the exact entropy, nats/token',
      (await heldOutLoss(lab)) - floor,
      0.12,
    ),
    atLeast('base.parse1', 'base: parse at T 1', asIs.grammatical, 0.9),
    atLeast('base.parse07', 'base: parse at T 0.7', sharp.grammatical, 0.95),
    atLeast('base.coherent1', 'base: coherent at T 1', asIs.coherent, 0.8),
    atLeast('base.coherent07', 'base: coherent at T 0.7', sharp.coherent, 0.8),
    atLeast(
      'base.distinct',
      'base: distinct of 200 at T 1',
      new Set(asIs.texts.slice(0, 200).map((text) => text.completion)).size / 200,
      0.95,
    ),
    between('base.happy', 'base: happy endings at T 1', asIs.happyEndings, 0.25, 0.45),
    atMost('same.kl', 'policy = reference: largest log ratio of a token', kl, 1e-5),
    atMost('same.ratio', 'policy = reference: largest distance of a ratio from 1', ratio, 0),
  ];
}

type Features = { chosen: number[][]; rejected: number[][] };

async function featuresOf(lab: Lab, pairs: readonly PreferencePair[]): Promise<Features> {
  return {
    chosen: await meanHidden(
      lab,
      pairs.map(({ prompt, chosen }) => ({ prompt, completion: chosen })),
    ),
    rejected: await meanHidden(
      lab,
      pairs.map(({ prompt, rejected }) => ({ prompt, completion: rejected })),
    ),
  };
}

const differencesOf = ({ chosen, rejected }: Features): number[][] =>
  chosen.map((row, i) => row.map((x, j) => x - rejected[i]![j]!));

/** Does the base model represent mood at all? A linear head on its frozen states, fitted to 24 pairs. */
export async function corpusQuality(lab: Lab): Promise<Row[]> {
  const [few, many] = [comparisonsFrom(await votesOf(lab, 8 * 24, 1)).flatMap(pairsOf), await heldOutPairs(lab)];
  const [train, test] = [differencesOf(await featuresOf(lab, few)), differencesOf(await featuresOf(lab, many))];
  const accuracies = Array.from({ length: 8 }, (_, draw) => {
    const rows = train.slice(24 * draw, 24 * (draw + 1));
    const { weights } = fitRidgeLogistic(rows, new Array<number>(rows.length).fill(1), 1);
    return test.filter((row) => row.reduce((sum, x, j) => sum + x * weights[j]!, 0) > 0).length / test.length;
  });
  const mean = accuracies.reduce((sum, x) => sum + x, 0) / accuracies.length;
  return [
    atLeast('corpus.quality', 'corpus: frozen mean-hidden ridge head from 24 pairs, mean of 8 draws', mean, 0.62),
  ];
}

/** Thresholds for one seed; the mean over three has its own in science.ts. */
const REWARD_LEAST = { last: 0.83, sum: 0.76 } as const;

export async function rewardModel(lab: Lab, pooling: 'last' | 'sum'): Promise<{ network: CausalNetwork; rows: Row[] }> {
  const network = await trainReward(lab, await votesOf(lab, 300, 2), { pooling });
  const accuracy = await accuracyOn(lab, network, pooling, await heldOutPairs(lab));
  return {
    network,
    rows: [
      atLeast(
        `reward.${pooling}`,
        `reward model from 300 pairs, ${pooling} token${pooling === 'sum' ? 's' : ''}: held-out accuracy`,
        accuracy,
        REWARD_LEAST[pooling],
      ),
    ],
  };
}

/** The page's defaults: last token, β 0.1, temperature 0.7, 32 rollouts, 40 iterations. */
export async function healthyPpo(lab: Lab, network: CausalNetwork): Promise<Row[]> {
  const judged = await runPpo(lab, { rewardModel: network, pooling: 'last', changes: {}, judgeAt: [10] });
  const [start, early, end] = [judged.get(0)!, judged.get(10)!, judged.get(40)!];
  show('before PPO', start.texts);
  show('after 40 iterations, last-token reward model, β 0.1', end.texts);
  return [
    atLeast('ppo.early', 'PPO, last token: win rate after 10 iterations', early.win, 0.7),
    atLeast('ppo.gain', 'PPO, last token: gold gain after 40', end.gold - start.gold, 0.9),
    atLeast('ppo.win', 'PPO, last token: win rate after 40', end.win, 0.7),
    between('ppo.kl', 'PPO, last token: KL, nats/completion', end.kl, 1, 7),
    atLeast('ppo.parse', 'PPO, last token: parse', end.parse, 0.92),
    atLeast('ppo.distinct', 'PPO, last token: distinct', end.distinct, 0.5),
  ];
}

/** A shorter leash keeps the policy nearer. */
export async function gentlePpo(lab: Lab, network: CausalNetwork, klAtUsualLeash: number): Promise<Row[]> {
  const judged = await runPpo(lab, { rewardModel: network, pooling: 'last', changes: { klCoef: 0.3 } });
  const end = judged.get(40)!;
  show('after 40 iterations at β 0.3', end.texts);
  return [
    atMost('gentle.kl', 'PPO at β 0.3: KL, nats/completion', end.kl, 4),
    atMost('gentle.nearer', 'PPO at β 0.3: KL as a share of that at β 0.1', end.kl / klAtUsualLeash, 1),
  ];
}

/**
 * β .1 for 25 iterations, then 0, on the sum reward model: first it learns, then it cheats. At temperature 1 and a rate
 * of 1e-3: this grammar's base model is sharper than the one the recipe was measured on (98 % of its texts parse at
 * temperature 1, not 94.5 %), so at temperature 0.7 and 5e-4 the policy meets too little nonsense to cheat with in 25
 * iterations (gold 1.40 → 1.02, seed 1), and at temperature 1 and 5e-4 one seed of three stays readable (falls by 1.9,
 * 1.8 and 0.3). The ceiling is off, because the fall is the point.
 */
export async function liveSwitch(lab: Lab, network: CausalNetwork): Promise<Row[]> {
  const changes = { iterations: 50, learningRate: 1e-3, schedule: 'constant' as const, temperature: 1, klCeiling: 0 };
  const judged = await runPpo(lab, { rewardModel: network, pooling: 'sum', changes, judgeAt: [25], releaseAt: 25 });
  const [start, held, loose] = [judged.get(0)!, judged.get(25)!, judged.get(50)!];
  const line = ({ score, gold, kl, parse }: PolicyJudgement) =>
    `score ${score.toFixed(2)}, gold ${gold.toFixed(2)}, KL ${kl.toFixed(1)}, parse ${parse.toFixed(2)}`;
  console.log(`  start ${line(start)}\n  at 25 ${line(held)}\n  at 50 ${line(loose)}`);
  show('25 iterations at β 0.1', held.texts);
  show('25 more at β 0', loose.texts);
  return [
    atLeast('switch.up', 'live switch, sum: gold at 25', held.gold, 0.6),
    atLeast('switch.fall', 'live switch, sum: fall of gold from 25 to 50', held.gold - loose.gold, 1.2),
    atLeast(
      'switch.score',
      'live switch, sum: rise of the reward model’s score from 25 to 50',
      loose.score - held.score,
      0.05,
    ),
  ];
}

/** How often the rule of 24 votes orders pairs it never saw as the rater does. */
const ruleAccuracy = (taste: Taste, pairs: readonly PreferencePair[]): number =>
  pairs.filter(({ prompt, chosen, rejected }) => taste.score(prompt, chosen)! > taste.score(prompt, rejected)!).length /
  pairs.length;

async function fitRule(lab: Lab, clicks: Awaited<ReturnType<typeof votesOf>>): Promise<Taste> {
  const { corpus, base, seed } = lab;
  const pool = await candidatePairs({ policyId: 'base', network: base, corpus }, 96, seed, AS_IS, noWait);
  const attributesOf = (prompt: string, completion: string) => corpus.attributes(prompt, completion, true);
  const fit = fitTaste({ votes: clicks, vetoed: [], attributesOf, pool });
  if (fit.kind === 'missing') throw new Error(fit.result.sentence);
  return fit.taste;
}

/** 24 clean clicks → rule → 600 labels → reward model → PPO. */
export async function fewClicks(lab: Lab): Promise<Row[]> {
  const heldOut = await heldOutPairs(lab);
  const clicks = await votesOf(lab, 20 * 24, 3);
  const rules: number[] = [];
  for (let draw = 0; draw < 20; draw++)
    rules.push(ruleAccuracy(await fitRule(lab, clicks.slice(24 * draw, 24 * (draw + 1))), heldOut));
  const first = clicks.slice(0, 24);
  const network = await trainReward(lab, first, { pooling: 'last' }, await fitRule(lab, first));
  const accuracy = await accuracyOn(lab, network, 'last', heldOut);
  const judged = await runPpo(lab, { rewardModel: network, pooling: 'last', changes: {} });
  network.dispose();
  const [start, end] = [judged.get(0)!, judged.get(40)!];
  show('24 clicks, after PPO', end.texts);
  return [
    atLeast(
      'clicks.rule',
      '24 clicks: accuracy of the rule, mean of 20 draws',
      rules.reduce((sum, x) => sum + x, 0) / rules.length,
      0.9,
    ),
    atLeast('clicks.reward', '24 clicks: reward model, held-out accuracy', accuracy, 0.78),
    atLeast('clicks.win', '24 clicks: win rate after PPO', end.win, 0.7),
    atLeast('clicks.gain', '24 clicks: gold gain after PPO', end.gold - start.gold, 0.8),
  ];
}

/**
 * Learning checks of best of N, the relatives of PPO, a leash that was never on, other raters and a second round of
 * votes. As in checks.ts: Tiny, the rater who likes happy stories unless said otherwise, measured over three seeds
 * first.
 */
import { type Pooling, type PpoConfig, presetConfig } from '../../src/contract/config';
import { type PpoVariantName, ppoVariant } from '../../src/contract/ppoVariants';
import type { RaterName } from '../../src/contract/preferences';
import type { CausalNetwork } from '../../src/core/model/causalNetwork';
import { comparisonsFrom, pairsOf } from '../../src/core/text/rankings';
import { BestOfRun, bestOfN } from '../../src/core/train/bestOfN';
import { atLeast, atMost, between, type Row, show } from './checks';
import { accuracyOn, type Lab, openLab, type PolicyJudgement, runPpo, trainReward, votesOf } from './lab';

const now = (): number => performance.now();

const line = (name: string, { score, gold, win, kl, parse, distinct }: PolicyJudgement): void =>
  console.log(
    `  ${name}: score ${score.toFixed(2)}, gold ${gold.toFixed(2)}, win ${win.toFixed(2)}, KL ${kl.toFixed(1)}, parse ${parse.toFixed(2)}, distinct ${distinct.toFixed(2)}`,
  );

/** the same network in every part of a seed */
const rewardOf = async (lab: Lab, pooling: Pooling): Promise<CausalNetwork> =>
  trainReward(lab, await votesOf(lab, 300, 2), { pooling });

/** 64 samples of 100 prompts at temperature 1, judged by the last-token reward model. */
export async function bestOf(lab: Lab): Promise<Row[]> {
  const { seed, base: policy, corpus, rater } = lab;
  const rewardModel = await rewardOf(lab, 'last');
  const config = { ...presetConfig('tiny').bestOf, samples: 64, prompts: 100, temperature: 1 };
  const run = new BestOfRun({ seed, config, policy, rewardModel, pooling: 'last', corpus, rater });
  for await (const _ of bestOfN(run, now));
  rewardModel.dispose();
  const { points } = run.read();
  const at = (n: number) => points[n - 1]!;
  const goldAt = (n: number) => at(n).gold!.value;
  for (const n of [1, 4, 16, 64]) {
    const { kl, score, winRate, grammatical } = at(n);
    console.log(
      `  best of ${n}: KL ≤ ${kl.toFixed(2)}, score ${score.value.toFixed(2)}, gold ${goldAt(n).toFixed(2)}, win ${winRate!.value.toFixed(2)}, parse ${grammatical!.toFixed(2)}`,
    );
  }
  return [
    atLeast('bestof.win', 'best of 16, last token: win rate', at(16).winRate!.value, 0.74),
    atLeast('bestof.gain', 'best of 16, last token: gold gain over one sample', goldAt(16) - goldAt(1), 0.9),
    atLeast('bestof.parse', 'best of 16, last token: parse', at(16).grammatical!, 0.9),
    atLeast('bestof.order4', 'best of 4: gold above one sample', goldAt(4) - goldAt(1), 0.7),
    atLeast('bestof.order16', 'best of 16: gold above best of 4', goldAt(16) - goldAt(4), 0.15),
  ];
}

/**
 * β 0 from the start, on the sum reward model at temperature 1: gold turns early, the score goes on. The ceiling is
 * off: the fall is the point.
 */
export async function greedy(lab: Lab): Promise<Row[]> {
  const rewardModel = await rewardOf(lab, 'sum');
  const changes = { iterations: 20, klCoef: 0, schedule: 'constant', temperature: 1, klCeiling: 0 } as const;
  const looks = [2, 4, 6, 8, 10, 12, 14];
  const judged = await runPpo(lab, { rewardModel, pooling: 'sum', changes, judgeAt: looks });
  rewardModel.dispose();
  for (const [step, judgement] of judged) line(`β 0, iteration ${step}`, judgement);
  const [start, end] = [judged.get(0)!, judged.get(20)!];
  const peak = [...judged].reduce((best, entry) => (entry[1].gold > best[1].gold ? entry : best))[0];
  show('β 0 from the start, 20 iterations', end.texts);
  return [
    atLeast('greedy.score', 'β 0 from the start, sum: score of the reward model at 20', end.score, 1.4),
    atLeast('greedy.fall', 'β 0 from the start, sum: gold at 20 below its start by', start.gold - end.gold, 0.2),
    atMost('greedy.parse', 'β 0 from the start, sum: parse at 20', end.parse, 0.25),
    atLeast('greedy.kl', 'β 0 from the start, sum: KL at 20, nats/completion', end.kl, 12),
    atMost('greedy.peak', 'β 0 from the start, sum: iteration at which gold was highest', peak, 14),
  ];
}

/** The recipe of the raters: sum reward model, β .1, temperature 1. */
export async function raters({ seed }: Lab): Promise<Row[]> {
  const required: [RaterName, number][] = [
    ['mixed', 0.8],
    ['polite', 0.82],
    ['short', 0.85],
  ];
  const rows: Row[] = [];
  for (const [name, least] of required) {
    const lab = openLab(seed, { name });
    const rewardModel = await rewardOf(lab, 'sum');
    const judged = await runPpo(lab, { rewardModel, pooling: 'sum', changes: { temperature: 1 } });
    line(name, judged.get(40)!);
    show(`the rater who likes ${name}, after 40 iterations`, judged.get(40)!.texts, 3);
    rows.push(atLeast(`rater.${name}`, `rater “${name}”, PPO, sum: win rate after 40`, judged.get(40)!.win, least));
    rewardModel.dispose();
    lab.base.dispose();
  }
  return rows;
}

/** One member of the family with the settings that the page offers for it. */
async function member(lab: Lab, rewardModel: CausalNetwork, name: PpoVariantName, changes: Partial<PpoConfig> = {}) {
  const judged = await runPpo(lab, {
    rewardModel,
    pooling: 'last',
    changes: { ...ppoVariant(name, 'tiny'), ...changes },
  });
  const [start, end] = [judged.get(0)!, judged.get(40)!];
  line(name, end);
  show(`${name}, after 40 iterations`, end.texts, 3);
  return { gain: end.gold - start.gold, ...end };
}

/** Without a critic. */
export async function groups(lab: Lab): Promise<Row[]> {
  const rewardModel = await rewardOf(lab, 'last');
  const rloo = await member(lab, rewardModel, 'rloo');
  const grpo = await member(lab, rewardModel, 'grpo');
  rewardModel.dispose();
  return [
    atLeast('rloo.gain', 'RLOO: gold gain after 40', rloo.gain, 0.75),
    between('rloo.kl', 'RLOO: KL, nats/completion', rloo.kl, 1, 8),
    atLeast('grpo.gain', 'GRPO: gold gain after 40', grpo.gain, 0.8),
    between('grpo.kl', 'GRPO: KL, nats/completion', grpo.kl, 1, 12),
  ];
}

/** With a critic, and without a clip; with the corpus mixed in; with a thermostat. */
export async function family(lab: Lab): Promise<Row[]> {
  const rewardModel = await rewardOf(lab, 'last');
  const a2c = await member(lab, rewardModel, 'a2c');
  const ptx = await member(lab, rewardModel, 'ptx');
  const adaptive = await member(lab, rewardModel, 'adaptive');
  rewardModel.dispose();
  const { klTarget } = ppoVariant('adaptive', 'tiny');
  return [
    atLeast('a2c.gain', 'A2C: gold gain after 40', a2c.gain, 0.8),
    atLeast('ptx.gain', 'PPO-ptx: gold gain after 40', ptx.gain, 0.8),
    atLeast('ptx.parse', 'PPO-ptx: parse', ptx.parse, 0.95),
    atMost('ptx.kl', 'PPO-ptx: KL, nats/completion: the corpus holds the policy, too', ptx.kl, 3),
    between(
      'adaptive.kl',
      `adaptive KL, target ${klTarget}: KL after 40, nats/completion`,
      adaptive.kl,
      0.5 * klTarget,
      1.75 * klTarget,
    ),
    atLeast('adaptive.gain', 'adaptive KL: gold gain after 40', adaptive.gain, 0.7),
  ];
}

/**
 * Votes again on what the first round's policy writes; the reward model learns from both rounds, the policy goes on.
 */
export async function secondRound(lab: Lab): Promise<Row[]> {
  const firstVotes = await votesOf(lab, 100, 5);
  const first = await trainReward(lab, firstVotes, {});
  let policy: CausalNetwork | undefined;
  const keep = (network: CausalNetwork) => {
    policy = network.clone('round1', { language: true, scalar: false });
  };
  const one = (await runPpo(lab, { rewardModel: first, pooling: 'last', changes: { iterations: 20 }, keep })).get(20)!;
  const secondVotes = await votesOf(lab, 100, 6, policy!);
  const heldOut = comparisonsFrom(await votesOf(lab, 300, 7, policy!)).flatMap(pairsOf);
  const second = await trainReward(lab, [...firstVotes, ...secondVotes], {});
  const before = await accuracyOn(lab, first, 'last', heldOut);
  const after = await accuracyOn(lab, second, 'last', heldOut);
  const two = (
    await runPpo(lab, { rewardModel: second, pooling: 'last', changes: { iterations: 20 }, start: policy! })
  ).get(20)!;
  for (const network of [first, second, policy!]) network.dispose();
  console.log(`  accuracy on pairs of the first policy: ${before.toFixed(2)} → ${after.toFixed(2)}`);
  line('round 1', one);
  line('round 2', two);
  return [
    atLeast('round.accuracy', 'second round: accuracy on pairs of the first policy', after, 0.7),
    atLeast('round.agreement', 'second round: accuracy gained on them by 100 new votes', after - before, 0.02),
    atLeast('round.gold', 'second round: gold', two.gold, 1),
    atLeast('round.gain', 'second round: gold gained over the first', two.gold - one.gold, -0.1),
    between('round.kl', 'second round: KL from the first reference, nats/completion', two.kl, 1, 12),
  ];
}

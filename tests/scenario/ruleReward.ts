/**
 * Learning from a reward that a program verifies, without a reward model and without the leash: β is 0 from the start.
 * Beside it stands `greedy` in ppoFamily.ts, where the same freedom on a learned reward ends in nonsense.
 */
import { ruleReward } from '../../src/core/text/rules';
import type { Completion } from '../../src/core/train/texts';
import { atLeast, between, type Row, show } from './checks';
import { type Lab, type PolicyJudgement, runPpo } from './lab';

const ITERATIONS = 20;

/** No leash, and no ceiling that would stop the run. */
const FREE = { rewardFrom: 'rule', klCoef: 0, klCeiling: 0, iterations: ITERATIONS } as const;

/** @returns first and last judgement of a run paid by a rule */
async function paidBy(
  lab: Lab,
  changes: Parameters<typeof runPpo>[1]['changes'],
): Promise<[PolicyJudgement, PolicyJudgement]> {
  const judged = await runPpo(lab, { rewardModel: null, pooling: 'last', changes: { ...FREE, ...changes } });
  return [judged.get(0)!, judged.get(ITERATIONS)!];
}

export async function ruleChecks(lab: Lab): Promise<Row[]> {
  const { corpus, rater, config } = lab;
  const length = { rewardRule: 'length', ruleLength: 9, ruleTolerance: 1 } as const;
  const obeys = (texts: readonly Completion[]): number =>
    texts.reduce((sum, text) => sum + ruleReward(corpus, rater, { ...config.ppo, ...length }, text)!, 0) / texts.length;

  const [start, gold] = await paidBy(lab, { rewardRule: 'gold' });
  show(`paid by the gold score itself, β 0, ${ITERATIONS} iterations`, gold.texts, 3);
  const [before, after] = await paidBy(lab, length);
  show(`paid for 8 to 10 words, β 0, ${ITERATIONS} iterations`, after.texts, 3);
  console.log(
    `  gold ${start.gold.toFixed(2)} → ${gold.gold.toFixed(2)}, KL ${gold.kl.toFixed(1)}, parse ${gold.parse.toFixed(2)}, distinct ${gold.distinct.toFixed(2)}; length obeyed ${obeys(before.texts).toFixed(2)} → ${obeys(after.texts).toFixed(2)}, KL ${after.kl.toFixed(1)}, parse ${after.parse.toFixed(2)}, distinct ${after.distinct.toFixed(2)}, gold ${before.gold.toFixed(2)} → ${after.gold.toFixed(2)}`,
  );
  return [
    atLeast('rule.gain', 'paid by gold itself, β 0: gold gain after 20', gold.gold - start.gold, 0.9),
    atLeast('rule.parse', 'paid by gold itself, β 0: parse', gold.parse, 0.85),
    between('rule.before', 'paid for 8 to 10 words, β 0: share that obeys, before', obeys(before.texts), 0.02, 0.3),
    atLeast('rule.after', 'paid for 8 to 10 words, β 0: share that obeys, after 20', obeys(after.texts), 0.7),
  ];
}

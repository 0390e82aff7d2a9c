/** Does a policy learn by adapters what it learns whole? The same reward model, prompts and iterations for both. */
import type { PpoConfig } from '../../src/contract/config';
import type { CausalNetwork } from '../../src/core/model/causalNetwork';
import { atLeast, between, type Row, show } from './checks';
import { type Lab, type PolicyJudgement, runPpo, trainReward, votesOf } from './lab';

/** beside all matrices of all layers; so narrow a change takes three times the rate of all weights */
const ADAPTERS: Partial<PpoConfig> = { loraRank: 8, loraAlpha: 16, learningRate: 3e-3 };

async function trained(lab: Lab, rewardModel: CausalNetwork, changes: Partial<PpoConfig>) {
  const judged = await runPpo(lab, { rewardModel, pooling: 'last', changes });
  const [start, end] = [judged.get(0)!, judged.get(40)!] as [PolicyJudgement, PolicyJudgement];
  console.log(`  gold ${start.gold.toFixed(2)} → ${end.gold.toFixed(2)}, KL ${end.kl.toFixed(1)}`);
  return { ...end, gain: end.gold - start.gold };
}

export async function adapters(lab: Lab): Promise<Row[]> {
  const rewardModel = await trainReward(lab, await votesOf(lab, 300, 2), { pooling: 'last' });
  const whole = await trained(lab, rewardModel, {});
  const narrow = await trained(lab, rewardModel, ADAPTERS);
  rewardModel.dispose();
  show('PPO by adapters of rank 8, after 40 iterations', narrow.texts, 3);
  return [
    atLeast('lora.gain', 'PPO by adapters of rank 8: gold gain after 40', narrow.gain, 0.7),
    atLeast('lora.share', 'the same as a share of what all weights gain', narrow.gain / whole.gain, 0.8),
    between('lora.kl', 'the same: KL, nats/completion', narrow.kl, 1, 7),
    atLeast('lora.parse', 'the same: parse', narrow.parse, 0.92),
  ];
}

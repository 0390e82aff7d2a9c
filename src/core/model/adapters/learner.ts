/** The network that a run trains: a copy, or few weights that learn on the trunk it begins at. */
import { type LoraConfig, learnsWhole } from '../../../contract/settings/lora';
import type { Random } from '../../tensor/random';
import type { CausalNetwork, Heads } from '../causalNetwork';
import { parameterList } from '../layout';
import { tuningOf } from './tuning';

/**
 * @param base borrowed; every number of the learner is its own at first, to the last bit
 * @param seed of the adapters, where there are some
 * @returns owned by the caller
 * @throws where only a part is to learn and the executor of `base` trains all
 */
export function learnerFrom(
  base: CausalNetwork,
  name: string,
  heads: Heads,
  config: LoraConfig,
  seed: Random,
): CausalNetwork {
  if (learnsWhole(config)) return base.clone(name, heads);
  return base.tuned(name, heads, tuningOf(config, parameterList(base.config, heads), base.config), seed);
}

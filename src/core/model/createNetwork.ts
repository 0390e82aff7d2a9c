/** Where networks come from: a seed, or weights that were saved. */
import type { ModelConfig } from '../../contract/config';
import type { Random } from '../tensor/random';
import type { CausalNetwork, Heads, NamedTensors } from './causalNetwork';
import { fusedEngine } from './executor';
import { FusedNetwork } from './fused/fusedNetwork';
import { initialWeights } from './layout';
import { PortableNetwork } from './portableNetwork';

function checkConfig({ width, heads, layers, vocabSize, contextLength }: ModelConfig): void {
  if (width % heads !== 0) throw new Error(`width ${width} is not a multiple of ${heads} heads`);
  for (const [name, value] of Object.entries({ width, heads, layers, vocabSize, contextLength }))
    if (!Number.isInteger(value) || value < 1) throw new Error(`${name} is ${value}, expected a whole number from 1`);
}

function networkOf(config: ModelConfig, heads: Heads, tensors: NamedTensors, name: string): CausalNetwork {
  const engine = fusedEngine(config);
  return engine
    ? new FusedNetwork(engine, name, config, heads, tensors)
    : new PortableNetwork(name, config, heads, tensors);
}

/**
 * A network that knows nothing yet, initialised as GPT-2.
 * @param seed the same seed gives the same weights on every backend
 * @param name for error messages and saved runs, e.g. `policy`
 */
export function createNetwork(config: ModelConfig, heads: Heads, seed: Random, name: string): CausalNetwork {
  checkConfig(config);
  return networkOf(config, heads, initialWeights(config, heads, seed), name);
}

/**
 * A network from saved weights.
 * @throws when a name is missing or a shape differs
 */
export function restoreNetwork(config: ModelConfig, heads: Heads, tensors: NamedTensors, name: string): CausalNetwork {
  checkConfig(config);
  return networkOf(config, heads, tensors, name);
}

import type { ModelConfig } from '../../../contract/config';

/**
 * Kernels of one model size, made once for each owner, so that what is known of them (compiled, trusted) holds for
 * every network.
 * @param make is called at most once for an owner and a size
 */
export function bySize<Owner extends object, Kernels>(
  make: (owner: Owner, config: ModelConfig) => Kernels,
): (owner: Owner, config: ModelConfig) => Kernels {
  const known = new WeakMap<Owner, Map<string, Kernels>>();
  return (owner, config) => {
    const { width, heads, vocabSize, contextLength, layers } = config;
    const key = JSON.stringify([width, heads, vocabSize, contextLength, layers]);
    const sizes = known.get(owner) ?? new Map<string, Kernels>();
    known.set(owner, sizes);
    const kernels = sizes.get(key) ?? make(owner, config);
    sizes.set(key, kernels);
    return kernels;
  };
}

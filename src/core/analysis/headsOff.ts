/** Switching heads off. What a head adds to the stream is its own rows of W_O: with them 0 it is cut before W_O. */
import type { ModelConfig } from '../../contract/config';
import type { HeadAt } from '../../contract/inside';
import type { NamedTensors } from '../model/causalNetwork';
import { weightOf } from './forward';

/**
 * The same network with these heads cut: their outputs count as 0 at every position, the bias of W_O stays.
 * @returns weights for `load`; those of untouched layers are shared with the original
 */
export function withoutHeads(weights: NamedTensors, config: ModelConfig, off: readonly HeadAt[]): NamedTensors {
  const { heads, width } = config;
  const rows = (width / heads) * width; // of W_O, numbers a head
  const changed: NamedTensors = { ...weights };
  for (const { layer, head } of off) {
    const name = `block${layer}/attn/wOut`;
    const data = changed[name] === weights[name] ? weightOf(weights, name).slice() : weightOf(changed, name);
    changed[name] = { shape: [width, width], data: data.fill(0, head * rows, (head + 1) * rows) };
  }
  return changed;
}

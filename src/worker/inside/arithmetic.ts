/** One forward pass number by number, held against the executor's. */
import type { Arithmetic } from '../../contract/inside';
import { maxOf } from '../../contract/many';
import { blockWeights, type Forward, forward } from '../../core/analysis/forward';
import { finalHidden } from '../../core/analysis/lens';
import type { CausalNetwork } from '../../core/model/causalNetwork';
import { finishTelling, type OnProgress } from '../../core/text/steps';
import type { Model } from '../session';
import { type Executed, execute, readText } from './onePass';

const distance = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))), 0);

/** the numbers of one layer out of [L,…] */
const ofLayer = (all: Float32Array, layer: number, layers: number): Float32Array =>
  all.slice((layer * all.length) / layers, ((layer + 1) * all.length) / layers);

/** how far the pass in plain loops is from the executor's */
function check(network: CausalNetwork, pass: Forward, { weights, maps, hidden }: Executed): Arithmetic['check'] {
  const { config } = network;
  const own = pass.blocks.map((block, layer) => distance(block.weights, ofLayer(maps, layer, config.layers)));
  const last = finalHidden(weights, config, pass.stream.at(-1) as Float32Array);
  return { attention: maxOf(own), hidden: distance(last, hidden) };
}

/** One block in numbers; its attention is the executor's own. @param layer beyond the last one means the last */
export async function arithmeticOf(
  model: Model,
  text: string,
  wanted: number,
  step: number | null,
  onProgress: OnProgress,
): Promise<Arithmetic> {
  const { network } = model;
  const { config } = network;
  const { ids, tokens, unknownWords } = readText(model, text);
  const seen = await execute(network, ids);
  const pass = await finishTelling(forward(seen.weights, config, ids), onProgress);
  const layer = Math.min(wanted, config.layers - 1);
  const block = pass.blocks[layer] as Forward['blocks'][number];
  return {
    tokens,
    unknownWords,
    model: config,
    layer,
    numbers: { ...block, weights: ofLayer(seen.maps, layer, config.layers) },
    weights: blockWeights(seen.weights, layer),
    tokenVectors: pass.tokenVectors,
    positions: pass.positions,
    check: check(network, pass, seen),
    step,
  };
}

/** What a scripted model has inside: the real arithmetic on weights that its name seeds. */
import type { ModelConfig } from '../../../src/contract/config';
import {
  type Arithmetic,
  type HeadAt,
  type HeadLoss,
  type HeldOutChange,
  type LayersView,
  type ModelDifference,
  tellingToken,
} from '../../../src/contract/inside';
import { blockWeights, forward } from '../../../src/core/analysis/forward';
import { lens, softmax } from '../../../src/core/analysis/lens';
import { streamAt } from '../../../src/core/analysis/stream';
import { initialWeights } from '../../../src/core/model/layout';
import { Random } from '../../../src/core/tensor/random';
import { finish } from '../../../src/core/text/steps';
import * as stories from './stories';

/** a small one of the same kind: the numbers of a large one take too long for a scripted answer */
const small = (model: ModelConfig): ModelConfig => ({ ...model, layers: 2, width: 8 * model.heads });

/** weights as large as trained ones are, so that something is to be seen */
function weightsOf(id: string, config: ModelConfig) {
  const weights = initialWeights(config, { language: true, scalar: false }, Random.fromSeed(stories.hash(id)));
  for (const { shape, data } of Object.values(weights)) if (shape.length > 1) data.set(data.map((w) => 12 * w));
  return weights;
}

function passOf(id: string, model: ModelConfig, text: string) {
  const tokens = ['<bos>', ...stories.words(text)];
  const config = small(model);
  const weights = weightsOf(id, config);
  const ids = tokens.map((token) => Math.max(0, stories.tokenId(token)));
  const pass = finish(forward(weights, config, ids));
  const { width } = config;
  const said = (layer: number, t: number) =>
    softmax(lens(weights, config, pass.stream[layer]!.subarray(t * width, (t + 1) * width)));
  return { tokens, config, weights, pass, said };
}

const mapsOf = (blocks: readonly { weights: Float32Array }[]) =>
  Float32Array.from(blocks.flatMap(({ weights }) => [...weights]));

const likeliest = (shares: Float32Array, count: number) =>
  Array.from(shares.keys())
    .sort((a, b) => shares[b]! - shares[a]!)
    .slice(0, count);

export function arithmetic(
  id: string,
  model: ModelConfig,
  text: string,
  wanted: number,
  step: number | null,
): Arithmetic {
  const { tokens, config, weights, pass } = passOf(id, model, text);
  const layer = Math.min(wanted, config.layers - 1);
  return {
    tokens,
    unknownWords: [],
    model: config,
    layer,
    numbers: pass.blocks[layer]!,
    weights: blockWeights(weights, layer),
    tokenVectors: pass.tokenVectors,
    positions: pass.positions,
    check: { attention: 0, hidden: 0 },
    step,
  };
}

export function layers(
  id: string,
  model: ModelConfig,
  text: string,
  wanted: number | null,
  off: HeadAt[],
  step: number | null,
): LayersView {
  const { tokens, config, pass, said } = passOf(id, model, text);
  const position = Math.min(wanted ?? tellingToken(tokens), tokens.length - 1);
  const before = said(config.layers, position);
  const after = off.length === 0 ? before : said(config.layers - 1, position);
  return {
    tokens,
    unknownWords: [],
    model: config,
    position,
    lens: pass.stream.map((_, layer) => {
      const shares = said(layer, position);
      return likeliest(shares, 5).map((token) => ({ text: stories.tokenText(token), probability: shares[token]! }));
    }),
    ...streamAt(pass, position, config.width),
    maps: mapsOf(pass.blocks),
    next: likeliest(before, 8).map((token) => ({
      text: stories.tokenText(token),
      before: before[token]!,
      after: after[token]!,
    })),
    moods: {
      joy: { before: 0.33, after: 0.33 - 0.1 * off.length },
      sorrow: { before: 0.1, after: 0.1 + 0.1 * off.length },
    },
    step,
  };
}

export const heldOut = (off: readonly HeadAt[]): HeldOutChange => {
  const after = off.reduce((loss, { layer, head }) => loss + 0.3 / (1 + layer * 2 + head), 1.085);
  return { before: 1.085, after, texts: 64, clear: after - 1.085 > 0.1 };
};

export const headLosses = (model: ModelConfig): HeadLoss[] => {
  const config = small(model);
  const all = Array.from({ length: config.layers * config.heads }, (_, i) => {
    const at = { layer: Math.floor(i / config.heads), head: i % config.heads };
    return { ...at, ...heldOut([at]) };
  });
  return all.sort((a, b) => b.after - a.after);
};

export function difference(
  beforeId: string,
  afterId: string,
  models: readonly [ModelConfig, ModelConfig],
  text: string,
  step: number | null,
): ModelDifference {
  const [a, b] = [passOf(beforeId, models[0], text), passOf(afterId, models[1], text)];
  const last = a.config.layers;
  const { tokens } = a;
  const log = (one: typeof a, t: number) => Math.log(one.said(last, t - 1)[Math.max(0, stories.tokenId(tokens[t]!))]!);
  return {
    tokens,
    unknownWords: [],
    from: Math.max(1, tokens.indexOf('.') + 1) % tokens.length || 1,
    logprobs: tokens.map((_, t) => (t === 0 ? null : { before: log(a, t), after: log(b, t) })),
    next: tokens.map((_, t) => {
      const [before, after] = [a.said(last, t), b.said(last, t)];
      return likeliest(before, 8).map((token) => ({
        text: stories.tokenText(token),
        before: before[token]!,
        after: after[token]!,
      }));
    }),
    maps:
      a.config.heads === b.config.heads
        ? { layers: last, heads: a.config.heads, before: mapsOf(a.pass.blocks), after: mapsOf(b.pass.blocks) }
        : null,
    step,
  };
}

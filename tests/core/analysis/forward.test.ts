import { describe, expect, it } from 'vitest';
import type { ModelConfig } from '../../../src/contract/config';
import { forward } from '../../../src/core/analysis/forward';
import { withoutHeads } from '../../../src/core/analysis/headsOff';
import { finalHidden, lens } from '../../../src/core/analysis/lens';
import { streamAt } from '../../../src/core/analysis/stream';
import { createNetwork } from '../../../src/core/model/createNetwork';
import { Random } from '../../../src/core/tensor/random';
import { finish } from '../../../src/core/text/steps';
import { tf } from '../../../src/core/tf';
import { withBackend } from '../../helpers/backend';

const GPT2: ModelConfig = {
  vocabSize: 13,
  contextLength: 10,
  layers: 2,
  heads: 3,
  width: 12,
  positions: 'learned',
  norm: 'pre',
  activation: 'gelu',
  tiedHead: true,
};
const IDS = [3, 1, 12, 0, 5, 5, 7];

/** weights as large as trained ones are; as they begin, biases are 0 and attention is even */
async function made(config: ModelConfig) {
  const network = createNetwork(config, { language: true, scalar: false }, Random.fromSeed(3), 'made');
  const weights = await network.save();
  const random = Random.fromSeed(4);
  for (const { data } of Object.values(weights)) data.set(data.map((w) => 8 * w + 0.3 * random.normal()));
  network.load(weights);
  return { network, weights };
}
function expectClose(ours: ArrayLike<number>, theirs: ArrayLike<number>, digits: number) {
  expect(ours).toHaveLength(theirs.length);
  for (let i = 0; i < ours.length; i++) expect(ours[i]).toBeCloseTo(theirs[i]!, digits);
}
const batch = { tokens: [IDS], leftPad: null };
const batchOf = (ids: number[][]) => ({ tokens: tf.tensor2d(ids, undefined, 'int32'), leftPad: null });

describe('a pass in numbers', () => {
  withBackend('cpu');

  it.each([
    ['GPT-2', {}],
    ['2017', { positions: 'sinusoidal', norm: 'post', activation: 'relu', tiedHead: false }],
    ['GPT-2 with waves and ReLU', { positions: 'sinusoidal', activation: 'relu' }],
    ['post-norm with learned positions', { norm: 'post' }],
  ] as [string, Partial<ModelConfig>][])('is the pass of the network in the shape of %s', async (_, changed) => {
    const config = { ...GPT2, ...changed };
    const { network, weights } = await made(config);
    const pass = finish(forward(weights, config, IDS));
    const hidden = await network.hidden(batchOf(batch.tokens)).data();
    const last = finalHidden(weights, config, pass.stream.at(-1)!);
    expectClose(last, hidden, 4);
    const logits = await network.logits(batchOf(batch.tokens), IDS.length - 1).data();
    expectClose(lens(weights, config, pass.stream.at(-1)!.subarray(-config.width)), logits, 4);
    const maps = await Promise.all(network.attention(batchOf(batch.tokens)).map((map) => map.data()));
    for (const [layer, { weights: seen }] of pass.blocks.entries()) expectClose(seen, maps[layer]!, 5);
    network.dispose();
  });

  it('writes parts of the stream that add up to its length', async () => {
    const { network, weights } = await made(GPT2);
    const pass = finish(forward(weights, GPT2, IDS));
    const { lengths, written } = streamAt(pass, 4, GPT2.width);
    written.forEach(({ attention, mlp }, layer) => {
      const after = pass.stream[layer + 1]!.subarray(4 * 12, 5 * 12);
      const before = pass.stream[layer]!.subarray(4 * 12, 5 * 12);
      const already = before.reduce((sum, x, c) => sum + x * after[c]!, 0) / lengths[layer + 1]!;
      expect(already + attention + mlp).toBeCloseTo(lengths[layer + 1]!, 3);
    });
    network.dispose();
  });

  it('with a head cut is the pass in which that head says nothing', async () => {
    const { network, weights } = await made(GPT2);
    const off = [
      { layer: 1, head: 0 },
      { layer: 1, head: 2 },
    ];
    const before = structuredClone(weights);
    const cut = finish(forward(withoutHeads(weights, GPT2, off), GPT2, IDS)).blocks[1]!;
    expect(weights).toEqual(before); // nothing is written into what was handed in
    const whole = finish(forward(weights, GPT2, IDS)).blocks[1]!;
    const wOut = weights['block1/attn/wOut']!.data;
    // by hand: bias of W_O plus what head 1, numbers 4 to 7, adds
    for (const c of [0, 5, 11]) {
      let expected = weights['block1/attn/bOut']!.data[c]!;
      for (let d = 0; d < 4; d++) expected += whole.mixed[(1 * IDS.length + 6) * 4 + d]! * wOut[(4 + d) * 12 + c]!;
      expect(cut.attention[6 * 12 + c]).toBeCloseTo(expected, 4);
    }
    network.dispose();
  });
});

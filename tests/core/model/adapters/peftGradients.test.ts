import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NamedTensor, NamedTensors } from '../../../../src/contract/checkpoint';
import type { OptimizerConfig } from '../../../../src/contract/config';
import { type OpenedAdapter, readAdapter } from '../../../../src/core/model/adapters/readAdapter';
import type { CausalNetwork, TokenBatch } from '../../../../src/core/model/causalNetwork';
import { readForeignWeights } from '../../../../src/core/model/gpt2/weights';
import { huggingFaceName, transpose } from '../../../../src/core/model/huggingFace';
import { PortableNetwork } from '../../../../src/core/model/portableNetwork';
import { Random } from '../../../../src/core/tensor/random';
import { tf } from '../../../../src/core/tf';
import { loraOf } from '../../../../src/formats/adapterConfig';
import { modelOfGpt2 } from '../../../../src/formats/gpt2Config';
import { openAdapterFolder, openModelFolder } from '../../../../src/headless/modelFolder';
import { withBackend } from '../../../helpers/backend';

withBackend('wasm');

const LORA = 'tests/fixtures/interop/lora';
const PLAIN: OptimizerConfig = { beta1: 0, beta2: 0, epsilon: 1, weightDecay: 0, maxGradNorm: 0 };

interface Recorded {
  loss: number;
  gradients: Record<string, { shape: number[]; norm: number; first: number[]; last: number }>;
}
interface Golden {
  cases: { ids: number[]; positions: number[]; logits: number[][] }[];
  trainedOn: number[];
  gradientsAtFile: Recorded;
  gradientsAtBZero: Recorded;
  merged: Record<string, { norm: number; first: number[] }>;
}
const goldenOf = (name: string) => JSON.parse(readFileSync(join(LORA, name, 'golden.json'), 'utf8')) as Golden;

async function opened(name: string): Promise<OpenedAdapter> {
  const base = await openModelFolder('tests/fixtures/interop/gpt2/plain', (config, stored) =>
    readForeignWeights(stored, modelOfGpt2(config)),
  );
  return openAdapterFolder(join(LORA, name), (config, stored) => readAdapter(base, stored, loraOf(config)));
}
/** as it was trained: beside its trunk, not merged into it */
function learning({ model, tensors, tuning, learned }: OpenedAdapter): CausalNetwork {
  const heads = { language: true, scalar: false };
  const trunk = new PortableNetwork('trunk', model, heads, tensors);
  const network = trunk.tuned('policy', heads, tuning, Random.fromSeed(1));
  network.load(learned);
  trunk.dispose();
  return network;
}
const atBZero = (adapter: OpenedAdapter): OpenedAdapter => ({
  ...adapter,
  learned: Object.fromEntries(
    Object.entries(adapter.learned).map(([name, { shape, data }]) => [
      name,
      { shape, data: name.endsWith('/loraB') ? data.map(() => 0) : data },
    ]),
  ),
});
const batchOf = (ids: readonly number[]): TokenBatch => ({
  tokens: tf.tensor2d([...ids], [1, ids.length], 'int32'),
  leftPad: null,
});

/** Adam that forgets keeps the gradient itself */
async function gradientsOf(network: CausalNetwork, ids: readonly number[]) {
  const optimizer = network.createOptimizer(PLAIN);
  const batch = batchOf(ids);
  const surprise = () => tf.neg(tf.mean<tf.Scalar>(network.logprobs(batch, 1, 1).logprobs));
  const { loss } = optimizer.minimize(() => ({ loss: surprise() }), 0);
  const saved = await optimizer.save();
  return { loss: (await loss.data())[0]!, of: (name: string) => saved[`m/${name}`]! };
}

const asPeft = (name: string): string => {
  const [, matrix, side] = /^(.*)\/lora([AB])$/.exec(name) ?? [];
  const theirs = huggingFaceName(matrix ?? name);
  return `base_model.model.transformer.${side ? theirs.replace(/weight$/, `lora_${side}.weight`) : theirs}`;
};
const near = (actual: number, wanted: number) =>
  expect(Math.abs(actual - wanted)).toBeLessThan(1e-4 + 1e-3 * Math.abs(wanted));

function expectRecorded(gradient: NamedTensor, { shape, norm, first, last }: Recorded['gradients'][string]): void {
  const { shape: ours, data } = gradient.shape.length === 2 ? transpose(gradient) : gradient;
  expect(ours).toEqual(shape);
  near(Math.sqrt(data.reduce((sum, value) => sum + value ** 2, 0)), norm);
  for (const [i, value] of first.entries()) near(data[i]!, value);
  near(data.at(-1)!, last);
}

describe('an adapter that peft trained, beside its trunk', () => {
  for (const name of ['c-attn-r4', 'attn-mlp-r8', 'rslora', 'modules-to-save']) {
    it(`says what it says there: ${name}`, async () => {
      const network = learning(await opened(name));
      for (const { ids, positions, logits } of goldenOf(name).cases) {
        const said = await tf.squeeze<tf.Tensor2D>(network.logits(batchOf(ids)), [0]).array();
        for (const [i, position] of positions.entries())
          for (const [token, logit] of logits[i]!.entries())
            expect(Math.abs(said[position]![token]! - logit)).toBeLessThan(1e-4);
      }
    });

    it(`is the matrices there when it is merged, transposed nowhere: ${name}`, async () => {
      const merged = await learning(await opened(name)).savePlain();
      const theirs = Object.fromEntries(
        Object.entries(merged).map(([ours, { data }]) => [`transformer.${huggingFaceName(ours)}`, data]),
      );
      for (const [matrix, { norm, first }] of Object.entries(goldenOf(name).merged)) {
        const data = theirs[matrix]!;
        near(Math.sqrt(data.reduce((sum, value) => sum + value ** 2, 0)), norm);
        for (const [i, value] of first.entries()) expect(Math.abs(data[i]! - value)).toBeLessThan(1e-5);
      }
    });

    it.each([
      ['as it is', 'gradientsAtFile', (adapter: OpenedAdapter) => adapter],
      ['at B = 0', 'gradientsAtBZero', atBZero],
    ] as const)(`has the loss and the gradients that it has there: ${name}, %s`, async (_, key, change) => {
      const adapter = change(await opened(name));
      const { trainedOn, [key]: recorded } = goldenOf(name);
      const { loss, of } = await gradientsOf(learning(adapter), trainedOn);
      expect(Math.abs(loss - recorded.loss)).toBeLessThan(1e-4);
      const names: NamedTensors = Object.fromEntries(Object.keys(adapter.learned).map((one) => [asPeft(one), of(one)]));
      expect(Object.keys(names).sort()).toEqual(Object.keys(recorded.gradients).sort());
      for (const [theirs, gradient] of Object.entries(recorded.gradients)) expectRecorded(names[theirs]!, gradient);
    });
  }
});

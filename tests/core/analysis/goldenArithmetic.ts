/** Every number of the recorded forward pass of `u_attention_arithmetic.json`, and what an executor says of it. */
import { expect, it } from 'vitest';
import type { ModelConfig } from '../../../src/contract/config';
import { type Forward, forward, sideBySide } from '../../../src/core/analysis/forward';
import { withoutHeads } from '../../../src/core/analysis/headsOff';
import { finalHidden, lens, softmax } from '../../../src/core/analysis/lens';
import type { CausalNetwork, NamedTensors } from '../../../src/core/model/causalNetwork';
import { restoreNetwork } from '../../../src/core/model/createNetwork';
import { finish } from '../../../src/core/text/steps';
import { tf } from '../../../src/core/tf';
import { expectGolden, type Json, loadGolden, mismatch, toleranceOf } from '../../helpers/golden';
import { configOf, type Nested, type RecordedConfig, recordedWeights } from '../model/recordedWeights';

const file = loadGolden('u_attention_arithmetic');
const tolerance = toleranceOf(file, 'float32');

interface Inputs {
  config: RecordedConfig;
  weights: Record<string, Nested[]>;
  tokens: number[][];
  targets: number[][];
  head_off: { layer: number; head: number };
}
type Outputs = Record<string, Json>;

/** cuts a row-major array into nested lists of this shape; what is left over becomes the first axis */
function nested(flat: ArrayLike<number>, ...shape: number[]): Json {
  const [, ...rest] = shape;
  if (rest.length === 0) return Array.from(flat);
  const size = rest.reduce((product, n) => product * n, 1);
  return Array.from({ length: flat.length / size }, (_, i) =>
    nested(Array.from(flat).slice(i * size, (i + 1) * size), ...rest),
  );
}

const lengths = (x: Float32Array, width: number): number[] =>
  Array.from({ length: x.length / width }, (_, row) => Math.hypot(...x.subarray(row * width, (row + 1) * width)));

/** what W_O makes of each head alone, [H,T,C] */
function outputsOfHeads(weights: NamedTensors, layer: number, mixed: Float32Array, config: ModelConfig): Json {
  const { heads, width } = config;
  const [size, length] = [width / heads, mixed.length / width];
  const wOut = weights[`block${layer}/attn/wOut`]!.data;
  const together = sideBySide(mixed, length, heads);
  return Array.from({ length: heads }, (_, head) =>
    Array.from({ length }, (_, row) =>
      Array.from({ length: width }, (_, c) => {
        let total = 0;
        for (let d = head * size; d < (head + 1) * size; d++)
          total += together[row * width + d]! * wOut[d * width + c]!;
        return total;
      }),
    ),
  );
}

/** one sequence, by golden name; per layer where the file is */
function numbersOf(weights: NamedTensors, config: ModelConfig, ids: number[]): Record<string, Json> {
  const { heads, width, vocabSize } = config;
  const [length, size] = [ids.length, width / heads];
  const pass: Forward = finish(forward(weights, config, ids));
  const layers = (of: (block: Forward['blocks'][number], layer: number) => Json): Json => pass.blocks.map(of);
  const ofPositions = (x: Float32Array) => nested(x, length, width);
  const ofHeads = (x: Float32Array) => nested(x, heads, length, size);
  const pairs = (x: Float32Array) => nested(x, heads, length, length);
  const logits = (stream: Float32Array) =>
    Array.from({ length }, (_, row) => [...lens(weights, config, stream.subarray(row * width, (row + 1) * width))]);
  expect(logits(pass.stream[0]!)[0]).toHaveLength(vocabSize);
  return {
    embedded: ofPositions(pass.stream[0]!),
    ln_1: layers(({ norm1 }) => ofPositions(norm1.out)),
    q: layers(({ q }) => ofHeads(q)),
    k: layers(({ k }) => ofHeads(k)),
    v: layers(({ v }) => ofHeads(v)),
    scores: layers(({ scores }) => pairs(scores)),
    attention: layers(({ weights: seen }) => pairs(seen)),
    head_outputs: layers(({ mixed }) => ofHeads(mixed)),
    output_of_head: layers(({ mixed }, layer) => outputsOfHeads(weights, layer, mixed, config)),
    attention_output: layers(({ attention }) => ofPositions(attention)),
    residual_after_attention: layers(({ sum1 }) => ofPositions(sum1)),
    ln_2: layers(({ norm2 }) => ofPositions(norm2.out)),
    mlp_hidden: layers(({ active }) => nested(active, length, 4 * width)),
    mlp_output: layers(({ mlp }) => ofPositions(mlp)),
    residual_after_mlp: layers(({ sum2 }) => ofPositions(sum2)),
    residual_norm: [
      lengths(pass.stream[0]!, width),
      ...pass.blocks.flatMap(({ sum1, sum2 }) => [lengths(sum1, width), lengths(sum2, width)]),
    ],
    update_norm: pass.blocks.flatMap(({ attention, mlp }) => [lengths(attention, width), lengths(mlp, width)]),
    logit_lens: pass.stream.map(logits),
    logits: logits(pass.stream.at(-1)!),
  };
}

const batchOf = (tokens: number[][]) => ({ tokens: tf.tensor2d(tokens, undefined, 'int32'), leftPad: null });

/** mean over the targets that count */
async function meanLoss(network: CausalNetwork, { tokens, targets }: Inputs): Promise<number> {
  const columns = tokens[0]!.length;
  // the last target of a row has no column of its own: the loss of the file is read off the logits
  const logits = (await network.logits(batchOf(tokens)).array()) as number[][][];
  const counted = targets.flatMap((row, i) => row.flatMap((target, t) => (target < 0 ? [] : [{ i, t, target }])));
  expect(counted.every(({ t }) => t < columns)).toBe(true);
  const losses = counted.map(({ i, t, target }) => -Math.log(softmax(Float32Array.from(logits[i]![t]!))[target]!));
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

/** Registers the tests; the caller has started a backend and chosen an executor. */
export function itIsTheRecordedArithmetic(): void {
  for (const { name, inputs, outputs } of file.cases as unknown as {
    name: string;
    inputs: Inputs;
    outputs: Outputs;
  }[]) {
    const config = configOf(inputs.config);
    const weights = recordedWeights(inputs.weights);
    const heads = { language: true, scalar: false };
    const network = (changed = weights, layers = config.layers) =>
      restoreNetwork({ ...config, layers }, heads, changed, `golden ${layers}`);
    const all = () => inputs.tokens.map((ids) => numbersOf(weights, config, ids));

    it(`keeps every number of the recorded pass: ${name}`, () => {
      const found = all();
      for (const output of Object.keys(found[0]!))
        expect(mismatch(found.map((one) => one[output]!) as Json, outputs[output]!, tolerance, output)).toBeNull();
      const others = ['loss', 'loss_without_head', 'logits_without_head'];
      expect(Object.keys(outputs).sort()).toEqual([...Object.keys(found[0]!), ...others].sort());
    });

    it(`shows the attention of the executor, to 1e-5: ${name}`, async () => {
      const model = network();
      for (const ids of inputs.tokens) {
        const maps = await Promise.all(model.attention(batchOf([ids])).map((map) => map.data()));
        finish(forward(weights, config, ids)).blocks.forEach(({ weights: seen }, layer) => {
          seen.forEach((weight, i) => {
            expect(Math.abs(weight - maps[layer]![i]!)).toBeLessThan(1e-5);
            const [row, column] = [Math.floor(i / ids.length) % ids.length, i % ids.length];
            if (column > row) expect([weight, maps[layer]![i]]).toEqual([0, 0]);
          });
          for (let row = 0; row < seen.length; row += ids.length)
            expect(seen.subarray(row, row + ids.length).reduce((a, b) => a + b)).toBeCloseTo(1, 6);
        });
      }
      model.dispose();
    });

    it(`has the executor's output of every block, read through the last normalisation: ${name}`, async () => {
      for (let layers = 1; layers <= config.layers; layers++) {
        const model = network(weights, layers);
        const hidden = await model.hidden(batchOf(inputs.tokens)).array();
        const ours = inputs.tokens.map((ids) =>
          nested(
            finalHidden(weights, config, finish(forward(weights, config, ids)).stream[layers]!),
            ids.length,
            config.width,
          ),
        );
        expect(mismatch(ours, hidden as Json, tolerance, `block ${layers}`)).toBeNull();
        model.dispose();
      }
    });

    it(`loses what the file says with each head cut before W_O: ${name}`, async () => {
      const model = network();
      expect(mismatch(await meanLoss(model, inputs), outputs.loss!, tolerance, 'loss')).toBeNull();
      const without: number[][] = [];
      for (let layer = 0; layer < config.layers; layer++) {
        without.push([]);
        for (let head = 0; head < config.heads; head++) {
          model.load(withoutHeads(weights, config, [{ layer, head }]));
          without[layer]!.push(await meanLoss(model, inputs));
        }
      }
      expect(mismatch(without, outputs.loss_without_head!, tolerance, 'loss without a head')).toBeNull();
      model.load(withoutHeads(weights, config, [inputs.head_off]));
      await expectGolden(model.logits(batchOf(inputs.tokens)), outputs.logits_without_head!, tolerance, 'without');
      model.load(withoutHeads(weights, config, []));
      await expectGolden(model.logits(batchOf(inputs.tokens)), outputs.logits!, tolerance, 'all on again');
      model.dispose();
    });
  }
}

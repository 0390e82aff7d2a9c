/** The recorded encoder–decoder of `t_encoder_decoder.json`, with our names and our [in,out] matrices. */
import { it } from 'vitest';
import type { NamedTensors } from '../../../src/core/model/causalNetwork';
import { tf } from '../../../src/core/tf';
import { beamSearch, greedySearch, type Hypothesis } from '../../../src/core/translate/search';
import type { SentencePairs } from '../../../src/core/translate/sentences';
import type { AttentionKind } from '../../../src/core/translate/transformer';
import { Translator } from '../../../src/core/translate/translator';
import { type Actual, expectGolden, type Json, loadGolden, toleranceOf } from '../../helpers/golden';
import { exhaustiveSearch } from './exhaustiveSearch';

const golden = loadGolden('t_encoder_decoder');
const tolerance = toleranceOf(golden, 'float32');
const [{ inputs, outputs }] = golden.cases as unknown as [{ inputs: Inputs; outputs: { [name: string]: Json } }];

interface Inputs {
  config: { vocab_size: number; width: number; heads: number; layers: number; mlp_width: number };
  weights: Record<string, number[] | number[][]>;
  source: number[][];
  target_input: number[][];
  labels: number[][];
  max_tokens: number;
  beam_width: number;
}

const config = {
  sourceVocabSize: inputs.config.vocab_size,
  targetVocabSize: inputs.config.vocab_size,
  width: inputs.config.width,
  heads: inputs.config.heads,
  layers: inputs.config.layers,
  mlpWidth: inputs.config.mlp_width,
};
const OPTIMIZER = { beta1: 0, beta2: 0.9, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 0 };

const transposed = (rows: number[][]): number[][] => rows[0]!.map((_, column) => rows.map((row) => row[column]!));
const beside = (left: number[][], right: number[][]): number[][] => left.map((row, i) => [...row, ...right[i]!]);

/** theirs under our names: keys and values side by side */
function ourWeights(theirs: Inputs['weights']): NamedTensors {
  const ours: NamedTensors = {};
  const take = (name: string, values: number[] | number[][]) => {
    const shape = Array.isArray(values[0]) ? [values.length, (values[0] as number[]).length] : [values.length];
    ours[name] = { shape, data: Float32Array.from(values.flat()) };
  };
  const matrix = (name: string) => transposed(theirs[`${name}.weight`] as number[][]);
  const vector = (name: string) => theirs[`${name}.bias`] as number[];
  const attention = (from: string, to: string) => {
    take(`${to}/wQ`, matrix(`${from}.w_q`));
    take(`${to}/bQ`, vector(`${from}.w_q`));
    take(`${to}/wKv`, beside(matrix(`${from}.w_k`), matrix(`${from}.w_v`)));
    take(`${to}/bKv`, [...vector(`${from}.w_k`), ...vector(`${from}.w_v`)]);
    take(`${to}/wOut`, matrix(`${from}.w_o`));
    take(`${to}/bOut`, vector(`${from}.w_o`));
  };
  const norm = (from: string, to: string) => {
    take(`${to}/gain`, theirs[`${from}.weight`] as number[]);
    take(`${to}/bias`, vector(from));
  };
  take('sourceEmbedding', theirs['source_embedding.weight']!);
  take('targetEmbedding', theirs['target_embedding.weight']!);
  for (const [stack, kinds] of [['encoder', ['self']] as const, ['decoder', ['self', 'cross']] as const])
    for (let layer = 0; layer < config.layers; layer++) {
      const [from, to] = [`${stack}.${layer}`, `${stack}${layer}`];
      kinds.forEach((kind, i) => {
        attention(`${from}.${kind}_attention`, `${to}/${kind}`);
        norm(`${from}.norm_${i + 1}`, `${to}/${kind}Norm`);
      });
      norm(`${from}.norm_${kinds.length + 1}`, `${to}/mlpNorm`);
      take(`${to}/mlp/wIn`, matrix(`${from}.mlp.up`));
      take(`${to}/mlp/bIn`, vector(`${from}.mlp.up`));
      take(`${to}/mlp/wOut`, matrix(`${from}.mlp.down`));
      take(`${to}/mlp/bOut`, vector(`${from}.mlp.down`));
    }
  return ours;
}

const lengthsOf = (rows: number[][]): number[] => rows.map((row) => row.filter((token) => token !== 0).length);
const pairs: SentencePairs = {
  rows: inputs.source.length,
  sourceColumns: inputs.source[0]!.length,
  targetColumns: inputs.target_input[0]!.length,
  source: Int32Array.from(inputs.source.flat()),
  target: Int32Array.from(inputs.target_input.flat()),
  labels: Int32Array.from(inputs.labels.flat(), (label) => Math.max(0, label)), // ours asks for nothing at padding
  sourceLengths: Int32Array.from(lengthsOf(inputs.source)),
  targetLengths: Int32Array.from(lengthsOf(inputs.target_input)),
};
const translator = (): Translator => new Translator(config, OPTIMIZER, ourWeights(inputs.weights));

/** real positions only: [B][t][…] */
async function realRows(rows: tf.Tensor2D): Promise<Json> {
  await rows.data();
  const all = (await tf.reshape(rows, [pairs.rows, pairs.targetColumns, rows.shape[1]]).array()) as Json[][];
  return all.map((sentence, b) => sentence.slice(0, pairs.targetLengths[b]));
}

const textOf = ({ tokens, logProbability, ended }: Hypothesis): { [name: string]: Actual } => ({
  tokens,
  log_probability: logProbability,
  ended,
});

/** Registers the tests; the caller has started a backend. */
export function itIsTheRecordedTranslator(): void {
  it('gives the recorded logits and losses, with cross-attention and without', async () => {
    const model = translator();
    await expectGolden(await realRows(model.logits(pairs)), outputs.logits!, tolerance, 'logits');
    const cut = await realRows(model.logits(pairs, { cut: true }));
    await expectGolden(cut, outputs.logits_cross_cut!, tolerance, 'logits_cross_cut');
    await expectGolden(model.loss(pairs), outputs.loss!, tolerance, 'loss');
    await expectGolden(model.loss(pairs, { cut: true }), outputs.loss_cross_cut!, tolerance, 'loss_cross_cut');
    model.dispose();
  });

  it('gives the recorded logits when cross-attention mixes nothing and its output bias stays', async () => {
    const weights = ourWeights(inputs.weights);
    for (const [name, { data }] of Object.entries(weights)) if (name.endsWith('cross/wOut')) data.fill(0);
    const model = new Translator(config, OPTIMIZER, weights);
    const names = ['logits_cross_context_zero', 'loss_cross_context_zero'] as const;
    await expectGolden(await realRows(model.logits(pairs)), outputs[names[0]]!, tolerance, names[0]);
    await expectGolden(model.loss(pairs), outputs[names[1]]!, tolerance, names[1]);
    model.dispose();
  });

  it('gives the three recorded kinds of attention, 0 at padding and later words', async () => {
    const model = translator();
    const seen: Record<AttentionKind, tf.Tensor4D[]> = { encoder: [], decoder: [], cross: [] };
    model.logits(pairs, { onAttention: (kind, layer, weights) => (seen[kind][layer] = tf.keep(tf.clone(weights))) });
    const names = { encoder: 'encoder_self_attention', decoder: 'decoder_self_attention', cross: 'cross_attention' };
    for (const kind of ['encoder', 'decoder', 'cross'] as const) {
      const lengths = kind === 'encoder' ? pairs.sourceLengths : pairs.targetLengths;
      const layers = await Promise.all(seen[kind].map((tensor) => tensor.array()));
      const actual = Array.from({ length: pairs.rows }, (_, b) =>
        layers.map((layer) => layer[b]!.map((head) => head.slice(0, lengths[b]))),
      );
      await expectGolden(actual, outputs[names[kind]]!, tolerance, kind);
      tf.dispose(seen[kind]);
    }
    model.dispose();
  });

  it('gives the recorded gradient of every weight', async () => {
    const model = translator();
    tf.dispose(model.learn(pairs, 0));
    // with β₁ = 0 the first moment is the gradient itself
    const moments = Object.fromEntries(
      Object.entries(await model.save()).flatMap(([name, { data }]) => {
        const ours = /^optimizer\/translator\/m\/(.*)$/.exec(name)?.[1];
        return ours === undefined ? [] : [[ours, [...data]]];
      }),
    );
    await expectGolden(norms(moments), outputs.gradient_norms!, tolerance, 'gradient_norms');
    model.dispose();
  });

  it('finds the recorded translations: greedy, beam and all outputs of at most three words', async () => {
    const model = translator();
    const next = inputs.source.map((row, b) => model.continuing(row.slice(0, pairs.sourceLengths[b])));
    const limits = { eosId: 2, maxTokens: inputs.max_tokens };
    const three = { eosId: 2, maxTokens: 3 };
    const each = <T>(work: (at: (typeof next)[number]) => Promise<T>) => Promise.all(next.map(work));
    await expectGolden(
      (await each((at) => greedySearch(at, limits))).map(textOf),
      outputs.greedy!,
      tolerance,
      'greedy',
    );
    const beams = await each((at) => beamSearch(at, inputs.beam_width, limits));
    await expectGolden(
      beams.map((beam) => beam.map(textOf)),
      outputs.beam!,
      tolerance,
      'beam',
    );
    const beams3 = await each((at) => beamSearch(at, inputs.beam_width, three));
    await expectGolden(
      beams3.map((beam) => textOf(beam[0]!)),
      outputs.beam_3!,
      tolerance,
      'beam_3',
    );
    const all = await each((at) => exhaustiveSearch(at, three));
    const best = all.map((texts) => ({
      outputs_compared: texts.length,
      best: texts[0]!.tokens,
      log_probability: texts[0]!.logProbability,
      best_that_ends: texts.find(({ ended }) => ended)!.tokens,
      log_probability_that_ends: texts.find(({ ended }) => ended)!.logProbability,
    }));
    await expectGolden(best, outputs.exhaustive_3!, tolerance, 'exhaustive_3');
    model.dispose();
  });
}

/** Frobenius norms by their names; their key and value halves of our joint matrix apart */
function norms(gradients: Record<string, number[]>): { [name: string]: number } {
  const norm = (values: number[]) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));
  const half = (name: string, second: boolean) =>
    norm(gradients[name]!.filter((_, i) => i % (2 * config.width) >= config.width === second));
  const found: { [name: string]: number } = {
    'source_embedding.weight': norm(gradients.sourceEmbedding!),
    'target_embedding.weight': norm(gradients.targetEmbedding!),
  };
  for (const name of Object.keys(outputs.gradient_norms as object)) {
    const [, stack, layer, part] = /^(encoder|decoder)\.(\d)\.(.*)$/.exec(name) ?? [];
    if (!part) continue;
    const block = `${stack}${layer}`;
    const [, kind, which, role] = /^(\w+)_attention\.w_(\w)\.(weight|bias)$/.exec(part) ?? [];
    if (kind) {
      const at = `${block}/${kind}/${role === 'weight' ? 'w' : 'b'}`;
      found[name] =
        which === 'q'
          ? norm(gradients[`${at}Q`]!)
          : which === 'o'
            ? norm(gradients[`${at}Out`]!)
            : half(`${at}Kv`, which === 'v');
      continue;
    }
    const [, place, gain] = /^norm_(\d)\.(weight|bias)$/.exec(part) ?? [];
    const norm2 = stack === 'encoder' ? ['self', 'mlp'] : ['self', 'cross', 'mlp'];
    const mlp = /^mlp\.(up|down)\.(weight|bias)$/.exec(part);
    found[name] = mlp
      ? norm(gradients[`${block}/mlp/${mlp[2] === 'weight' ? 'w' : 'b'}${mlp[1] === 'up' ? 'In' : 'Out'}`]!)
      : norm(gradients[`${block}/${norm2[Number(place) - 1]}Norm/${gain === 'weight' ? 'gain' : 'bias'}`]!);
  }
  return found;
}

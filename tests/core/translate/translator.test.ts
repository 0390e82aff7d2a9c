import { describe, expect, it } from 'vitest';
import { composedPrefixAttention, hostPrefixAttention } from '../../../src/core/model/ops/prefixAttention';
import { Random } from '../../../src/core/tensor/random';
import { tf } from '../../../src/core/tf';
import { beamSearch, greedySearch } from '../../../src/core/translate/search';
import { type SentencePairs, sourceIds, targetIds } from '../../../src/core/translate/sentences';
import { translate } from '../../../src/core/translate/translation';
import { Translator } from '../../../src/core/translate/translator';
import { TRANSLATOR } from '../../../src/core/translate/translatorRun';
import { withBackend } from '../../helpers/backend';
import { exhaustiveSearch } from './exhaustiveSearch';
import { itIsTheRecordedTranslator } from './goldenTranslator';
import { itLearnsAFewSentences } from './learning';

const OPTIMIZER = { beta1: 0.9, beta2: 0.98, epsilon: 1e-9, weightDecay: 0, maxGradNorm: 1 };
/** weights as they begin, so that every word matters a little */
const untrained = (): Translator => new Translator(TRANSLATOR, OPTIMIZER, Random.fromSeed(3));
const tiny = (): Translator =>
  new Translator(
    { sourceVocabSize: 6, targetVocabSize: 5, width: 8, heads: 2, layers: 1, mlpWidth: 16 },
    OPTIMIZER,
    Random.fromSeed(5),
  );

/** @param rest what stands behind the sentence and its translation, in padding */
function oneSentence(
  text: string,
  { source = [], target = [] }: { source?: number[]; target?: number[] },
): SentencePairs {
  const words = text.split(' ');
  const [read, written] = [sourceIds(words), [1, ...targetIds(translate(words).words)]];
  return {
    rows: 1,
    sourceColumns: read.length + source.length,
    targetColumns: written.length + target.length,
    source: Int32Array.from([...read, ...source]),
    target: Int32Array.from([...written, ...target]),
    labels: new Int32Array(written.length + target.length),
    sourceLengths: Int32Array.of(read.length),
    targetLengths: Int32Array.of(written.length),
  };
}
const SENTENCE = 'the brave fox found a red lamp .';

/** real rows, [t][V] */
async function rowsOf(model: Translator, pairs: SentencePairs): Promise<number[][]> {
  const logits = model.logits(pairs);
  await logits.data();
  const rows = await logits.array();
  logits.dispose();
  return rows.slice(0, pairs.targetLengths[0]);
}

describe.each(['cpu', 'wasm'] as const)('the encoder–decoder on %s', (backend) => {
  withBackend(backend);
  itIsTheRecordedTranslator();
  if (backend === 'wasm') itLearnsAFewSentences();

  it('keeps every output up to word t when word t + 1 is another one, bit by bit', async () => {
    const model = untrained();
    const pairs = oneSentence(SENTENCE, {});
    const before = await rowsOf(model, pairs);
    for (let t = 0; t + 1 < before.length; t++) {
      const target = Int32Array.from(pairs.target);
      target[t + 1] = target[t + 1] === 20 ? 21 : 20;
      const after = await rowsOf(model, { ...pairs, target });
      expect(after.slice(0, t + 1)).toEqual(before.slice(0, t + 1));
      expect(after[t + 1]).not.toEqual(before[t + 1]);
    }
    model.dispose();
  });

  it('hears every word of the sentence at every place, since the encoder sees it whole', async () => {
    const model = untrained();
    const pairs = oneSentence(SENTENCE, {});
    const before = await rowsOf(model, pairs);
    const source = Int32Array.from(pairs.source);
    source[6] = 40; // the lamp is another thing
    const after = await rowsOf(model, { ...pairs, source });
    for (const [t, row] of after.entries()) expect(row).not.toEqual(before[t]);
    model.dispose();
  });

  it('gives the same bits whatever stands in padding', async () => {
    const model = untrained();
    const padded = await rowsOf(model, oneSentence(SENTENCE, { source: [0, 0], target: [0, 0, 0] }));
    const filled = await rowsOf(model, oneSentence(SENTENCE, { source: [7, 30], target: [9, 50, 4] }));
    expect(filled).toEqual(padded);
    model.dispose();
  });

  it('says without cross-attention the same of every sentence', async () => {
    const model = untrained();
    const [fox, owl] = [SENTENCE, 'the shy owl won a shiny kite .'].map((text) => oneSentence(text, {}));
    const first = model.logits(fox!, { cut: true });
    const second = model.logits({ ...fox!, source: owl!.source }, { cut: true });
    expect(await second.array()).toEqual(await first.array());
    tf.dispose([first, second]);
    model.dispose();
  });

  it('finds with a beam of one what greedy search finds', async () => {
    const model = untrained();
    const next = model.continuing(sourceIds(SENTENCE.split(' ')));
    const limits = { eosId: 2, maxTokens: 6 };
    expect(await beamSearch(next, 1, limits)).toEqual([await greedySearch(next, limits)]);
    model.dispose();
  });

  it('finds with a beam wide enough for everything what searching everything finds', async () => {
    const model = tiny();
    const next = model.continuing([3, 4, 5]);
    const limits = { eosId: 2, maxTokens: 4 };
    const all = await exhaustiveSearch(next, limits);
    const beam = await beamSearch(next, all.length, limits);
    expect(beam.map(({ tokens }) => tokens)).toEqual(all.map(({ tokens }) => tokens));
    const mass = all.reduce((sum, { logProbability }) => sum + Math.exp(logProbability), 0);
    expect(mass).toBeCloseTo(1, 5); // they are all there is
    expect(await beamSearch(next, 10 * all.length, limits)).toEqual(beam); // wider than everything
    expect(await beamSearch(next, all.length, { ...limits, maxTokens: 0 })).toEqual([
      { tokens: [], logProbability: 0, ended: false },
    ]);
    for (const width of [2, 4, 16]) {
      const some = await beamSearch(next, width, limits);
      expect(some).toHaveLength(width);
      for (const { tokens, logProbability } of some)
        expect(all.find((text) => `${text.tokens}` === `${tokens}`)!.logProbability).toBeCloseTo(logProbability, 5);
    }
    model.dispose();
  });
});

describe('attention over the first keys', () => {
  withBackend('cpu');
  const shape = { batch: 2, queries: 5, keys: 4, heads: 2, width: 8 };
  const noise = (rows: number, columns: number, seed: number) => {
    const random = Random.fromSeed(seed);
    return tf.tensor2d(
      Float32Array.from({ length: rows * columns }, () => random.normal()),
      [rows, columns],
    );
  };

  it.each([true, false])('is the same as loops and as composed operations, causal: %s', async (causal) => {
    const all = causal ? { ...shape, keys: 5, causal } : { ...shape, causal };
    const [q, kv, dOut] = [noise(10, 8, 1), noise(2 * all.keys, 16, 2), noise(10, 8, 3)];
    const seen = tf.tensor1d([2, all.keys], 'int32');
    const [loops, composed] = [hostPrefixAttention, composedPrefixAttention].map((path) => {
      const { out, weights } = path.forward(q, kv, seen, all);
      return [out, weights, ...path.backward(q, kv, weights, dOut, seen, all)];
    });
    for (const [i, tensor] of loops!.entries()) {
      const distance = tf.max(tf.abs(tf.sub(tensor, composed![i]!)));
      expect((await distance.data())[0]).toBeLessThan(1e-5);
    }
    const sums = tf.sum(loops![1]!, -1);
    expect(Math.max(...(await sums.data()).map((sum) => Math.abs(sum - 1)))).toBeLessThan(1e-6);
  });
});

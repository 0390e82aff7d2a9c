/** A translator that learned a handful of sentences halfway: some come out right, some do not. */
import { expect, it } from 'vitest';
import { Random } from '../../../src/core/tensor/random';
import { tf } from '../../../src/core/tf';
import { exactMatch, measureHeads } from '../../../src/core/translate/measure';
import { readSentence } from '../../../src/core/translate/reading';
import { beamSearch, greedySearch } from '../../../src/core/translate/search';
import { drawSentences, EOS, pairsOf, sourceIds, targetIds, VOCABULARY } from '../../../src/core/translate/sentences';
import { translate } from '../../../src/core/translate/translation';
import { Translator } from '../../../src/core/translate/translator';

const CONFIG = {
  sourceVocabSize: VOCABULARY.source,
  targetVocabSize: VOCABULARY.target,
  width: 32,
  heads: 2,
  layers: 1,
  mlpWidth: 32,
};
const OPTIMIZER = { beta1: 0.9, beta2: 0.98, epsilon: 1e-9, weightDecay: 0, maxGradNorm: 1 };
const STEPS = 26;

/** Registers the tests; the caller has started a backend. */
export function itLearnsAFewSentences(): void {
  it('knows by one pass how many of its sentences greedy search translates right, cut or not', async () => {
    const sentences = drawSentences(Random.fromSeed(6), 12, false);
    const model = new Translator(CONFIG, OPTIMIZER, Random.fromSeed(2));
    const pairs = pairsOf(sentences);
    let [first, last] = [0, 0];
    for (let step = 0; step < STEPS; step++) {
      const { loss, gradNorm } = model.learn(pairs, 5e-3);
      last = ((await loss.data()) as Float32Array)[0]!;
      if (step === 0) first = last;
      tf.dispose([loss, gradNorm]);
    }
    expect(last).toBeLessThan(first / 2);
    for (const cut of [false, true]) {
      const right = await Promise.all(
        sentences.map(async (words) => {
          const next = model.continuing(sourceIds(words), { cut });
          const { tokens } = await greedySearch(next, { eosId: EOS, maxTokens: 16 });
          return tokens.join() === [...targetIds(translate(words).words), EOS].join();
        }),
      );
      const share = right.filter(Boolean).length / sentences.length;
      expect(await exactMatch(model, pairs, cut)).toBeCloseTo(share, 5);
      if (!cut) expect([share > 0, share < 1]).toEqual([true, true]); // or the test would say nothing
    }
    await itsReadingsFit(model, sentences);
    model.dispose();
  });
}

/** what the page is told of a sentence, held against the searches and the weights themselves */
async function itsReadingsFit(model: Translator, sentences: string[][]): Promise<void> {
  const heads = await measureHeads(model, sentences);
  expect(heads.map(({ layer, head }) => [layer, head])).toEqual([
    [0, 0],
    [0, 1],
  ]);
  const [words] = sentences as [string[]];
  const beam = await beamSearch(model.continuing(sourceIds(words)), 4, { eosId: EOS, maxTokens: words.length + 4 });
  const read = await readSentence(model, words, { decoding: 'beam', cut: false });
  expect(read.candidates.map(({ logProbability }) => logProbability)).toEqual(
    beam.map(({ logProbability }) => logProbability),
  );
  const { queries, keys, weights } = read.cross!;
  expect([queries, keys]).toEqual([Math.max(1, read.written.length), words.length]);
  expect(weights.length).toBe(CONFIG.layers * CONFIG.heads * queries * keys);
}

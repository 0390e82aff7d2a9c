import { beforeAll, describe, expect, it } from 'vitest';
import { presetConfig } from '../../src/contract/config';
import type { CausalNetwork } from '../../src/core/model/causalNetwork';
import { createNetwork } from '../../src/core/model/createNetwork';
import { filterLogits } from '../../src/core/sample/filterLogits';
import { Random } from '../../src/core/tensor/random';
import type { Corpus } from '../../src/core/text/corpus';
import { createStoryCorpus } from '../../src/core/text/storyCorpus';
import { startBackend, tf } from '../../src/core/tf';
import { attentionMaps, nextTokens } from '../../src/worker/looking';
import { write } from '../../src/worker/writing';
import { STORIES } from './specs';

describe('what a model would say next', () => {
  let corpus: Corpus;
  const network = () =>
    createNetwork(
      { ...presetConfig('tiny').model, layers: 1, width: 8, vocabSize: corpus.tokenizer.vocabSize },
      { language: true, scalar: false },
      Random.fromSeed(1),
      'test',
    );
  beforeAll(async () => {
    await startBackend('cpu');
    corpus = createStoryCorpus({ ...STORIES, stories: 20 }, 1);
  });

  it.each([
    { temperature: 0, topK: 0, topP: 1 },
    { temperature: 1, topK: 0, topP: 1 },
    { temperature: 0.01, topK: 0, topP: 0.9 },
    { temperature: 0.02, topK: 7, topP: 1 },
    { temperature: 0.02, topK: 12, topP: 0.5 },
  ])('is filtered as the sampler filters: %o', async (sampling) => {
    const model = network();
    const shown = await nextTokens(model, corpus, 'the fox found', sampling);
    const ids = corpus.encodePrompt('the fox found');
    const expected = tf.tidy(() => {
      const logits = model.logits(
        { tokens: tf.tensor2d(ids, [1, ids.length], 'int32'), leftPad: null },
        ids.length - 1,
      );
      return tf.softmax(filterLogits(tf.reshape(logits, [1, -1]), sampling)).dataSync();
    });
    for (const { id, filtered } of shown) expect(filtered).toBeCloseTo(expected[id]!, 6);
    model.dispose();
  });

  /** says the same of every text */
  const saying = (logits: number[]): CausalNetwork => {
    const tensor = () => tf.tensor3d([[logits]]);
    return { config: { contextLength: 36 }, logits: tensor } as unknown as CausalNetwork;
  };
  const size = () => corpus.tokenizer.vocabSize;

  it.each([
    { topP: 0.8, kept: 8 },
    { topP: 0.9, kept: 9 },
  ])('keeps $kept of ten equals at $topP, those of lowest id, as the sampler does', async ({ topP, kept }) => {
    const logits = Array.from({ length: size() }, (_, id) => (id >= 5 && id < 15 ? 2 : -200));
    const shown = await nextTokens(saying(logits), corpus, 'the fox', { temperature: 1, topK: 0, topP });
    expect(shown.filter(({ filtered }) => filtered > 0).map(({ id }) => id)).toEqual(
      Array.from({ length: kept }, (_, i) => 5 + i),
    );
    expect(shown[0]!.probability).toBeCloseTo(0.1, 6);
    expect(shown[0]!.filtered).toBeCloseTo(1 / kept, 6);
  });

  it.each([0, 1e-39, 9e-4])('leaves the first of the likeliest alone at temperature %d', async (temperature) => {
    const logits = Array.from({ length: size() }, (_, id) => (id === 7 || id === 9 ? -3 : -20 - id));
    const shown = await nextTokens(saying(logits), corpus, 'the fox', { temperature, topK: 0, topP: 0.9 });
    expect(shown.map(({ filtered }) => filtered)).toEqual(shown.map(({ id }) => (id === 7 ? 1 : 0)));
    expect(shown.slice(0, 3).map(({ id }) => id)).toEqual([7, 9, 0]);
  });

  it.each([1e-39, 9e-4])(
    'is written greedily at temperature %d, with numbers for log-probabilities',
    async (temperature) => {
      const model = network();
      const prompts = ['the fox found a kite .', 'once a brave robin made a shiny key .'];
      const written = (t: number) =>
        write(model, corpus, prompts, { temperature: t, topK: 0, topP: 1 }, Random.fromSeed(1));
      expect(await written(temperature)).toEqual(await written(0));
      const batch = { tokens: tf.tensor2d([corpus.encodePrompt(prompts[0]!)], undefined, 'int32'), leftPad: null };
      const options = { sampling: { temperature, topK: 0, topP: 1 }, completionLength: 4, eosId: null, padId: 0 };
      const { logprobs } = model.generate(batch, options, Random.fromSeed(1));
      expect(logprobs.dataSync().every((logprob) => Number.isFinite(logprob) && logprob < 0)).toBe(true);
      model.dispose();
    },
  );

  it('shows numbers where a model says none', async () => {
    const shown = await nextTokens(saying(new Array(size()).fill(Number.NaN)), corpus, '', {
      temperature: 1,
      topK: 0,
      topP: 1,
    });
    for (const { probability, filtered } of shown) expect([probability, filtered].every(Number.isFinite)).toBe(true);
  });

  it('comes with the words that were not read', async () => {
    const model = network();
    expect((await attentionMaps(model, corpus, 'the zebra found a kite .')).unknownWords).toEqual(['zebra']);
    expect(await attentionMaps(model, corpus, 'the fox found a kite .')).not.toHaveProperty('unknownWords');
    model.dispose();
  });

  it('takes the end of a text that is longer than the context', async () => {
    const model = network();
    const long = 'the fox found a kite . '.repeat(20);
    const end = corpus.tokenizer.encode(long).slice(-model.config.contextLength);
    const short = { ...corpus, encodePrompt: () => end };
    const sampling = { temperature: 1, topK: 0, topP: 1 };
    expect(await nextTokens(model, corpus, long, sampling)).toEqual(await nextTokens(model, short, '', sampling));
    const [written] = await write(model, corpus, [long], sampling, Random.fromSeed(1));
    expect(written?.tokens.length).toBeGreaterThan(0);
    model.dispose();
  });
});

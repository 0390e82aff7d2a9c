import { beforeAll, describe, expect, it } from 'vitest';
import { presetConfig } from '../../src/contract/config';
import { createNetwork } from '../../src/core/model/createNetwork';
import { filterLogits } from '../../src/core/sample/filterLogits';
import { Random } from '../../src/core/tensor/random';
import type { Corpus } from '../../src/core/text/corpus';
import { createStoryCorpus } from '../../src/core/text/storyCorpus';
import { startBackend, tf } from '../../src/core/tf';
import { nextTokens } from '../../src/worker/looking';
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
      const logits = model.logits({ tokens: tf.tensor2d(ids, [1, ids.length], 'int32'), leftPad: null }, ids.length - 1);
      return tf.softmax(filterLogits(tf.reshape(logits, [1, -1]), sampling)).dataSync();
    });
    for (const { id, filtered } of shown) expect(filtered).toBeCloseTo(expected[id] ?? 0, 4);
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

import { describe, expect, it } from 'vitest';
import { presetConfig } from '../../../src/contract/config';
import { lossChange, meanLoss, textLosses } from '../../../src/core/analysis/textLosses';
import { createNetwork } from '../../../src/core/model/createNetwork';
import { Random } from '../../../src/core/tensor/random';
import { createStoryCorpus } from '../../../src/core/text/storyCorpus';
import { corpusLoss } from '../../../src/core/train/corpusLoss';
import { withBackend } from '../../helpers/backend';

const of = (nats: number[], counted: number[]) => ({
  nats: Float32Array.from(nats),
  counted: Float32Array.from(counted),
});

describe('the loss of texts, one by one', () => {
  withBackend('cpu');

  it('is together the loss that training reports', async () => {
    const { model, stories } = presetConfig('tiny');
    const corpus = createStoryCorpus({ ...stories, stories: 30 }, 1);
    const config = { ...model, layers: 1, width: 8, vocabSize: corpus.tokenizer.vocabSize };
    const network = createNetwork(config, { language: true, scalar: false }, Random.fromSeed(1), 'test');
    const rows = corpus.unseenRows(Random.fromSeed(2), 6, config.contextLength);
    const [whole] = await corpusLoss(network, rows).data();
    expect(meanLoss(await textLosses(network, rows))).toBeCloseTo(whole!, 5);
    network.dispose();
  });

  it('weighs texts by their tokens, and tells a difference from noise', () => {
    // by hand: 6 nats on 4 tokens, then 8; differences 1 and 1 on 1 and 3 tokens, r = 0.5, residuals 0.5 and −0.5
    const change = lossChange(of([2, 4], [1, 3]), of([3, 5], [1, 3]));
    expect(change).toMatchObject({ before: 1.5, after: 2, texts: 2 });
    // error √(2/1 · 0.5) / 4 = 0.25; 0.5 is no more than twice as much
    expect(change.clear).toBe(false);
    expect(lossChange(of([2, 4], [2, 2]), of([3, 5], [2, 2])).clear).toBe(true);
  });

  it('of a model against itself is no difference', () => {
    const same = of([1.5, 2, 3], [4, 5, 6]);
    expect(lossChange(same, same)).toEqual({ before: 6.5 / 15, after: 6.5 / 15, texts: 3, clear: false });
  });
});

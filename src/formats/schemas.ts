/** What several formats and the thread check alike: every number has a range that a browser tab survives. */
import * as v from 'valibot';

export const number = (low: number, high: number) => v.pipe(v.number(), v.finite(), v.minValue(low), v.maxValue(high));
export const count = (low: number, high: number) => v.pipe(number(low, high), v.integer());
export const share = number(0, 1);

export const ModelSchema = v.pipe(
  v.object({
    vocabSize: count(2, 65_536),
    contextLength: count(2, 1024),
    layers: count(1, 24),
    heads: count(1, 32),
    width: count(2, 1024),
    positions: v.picklist(['learned', 'sinusoidal']),
    norm: v.picklist(['pre', 'post']),
    activation: v.picklist(['gelu', 'relu']),
    tiedHead: v.boolean(),
  }),
  v.check(({ width, heads }) => width % heads === 0, 'the width must be a multiple of the number of heads'),
);

export const StorySchema = v.object({
  happyShare: share,
  sadShare: share,
  meanMiddle: number(0, 2),
  politeShare: share,
  rudeShare: share,
  moodAgreement: share,
  stories: count(1, 1_000_000),
});

export const TextSchema = v.object({
  tokenizer: v.picklist(['char', 'word', 'bpe']),
  vocabSize: count(2, 65_536),
  heldOutShare: v.pipe(share, v.ltValue(1)),
});

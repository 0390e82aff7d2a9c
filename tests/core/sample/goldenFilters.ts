/** The recorded distributions of `l_sampling_filters.json` and what they leave open: ties, extremes. */
import { expect, it } from 'vitest';
import type { SamplingConfig } from '../../../src/contract/config';
import { filterLogits } from '../../../src/core/sample/filterLogits';
import { tf } from '../../../src/core/tf';
import { itReproduces } from '../../helpers/golden';

async function keptOf(logits: number[], sampling: Partial<SamplingConfig>): Promise<number[]> {
  const filtered = filterLogits(tf.tensor2d([logits]), { temperature: 1, topK: 0, topP: 1, ...sampling });
  const values = await filtered.data();
  return [...values].flatMap((value, i) => (value > -1e37 ? [i] : []));
}

export function itFiltersAsRecorded(): void {
  itReproduces('l_sampling_filters', ['logits', 'temperature', 'top_k', 'top_p'], (inputs) => {
    const { temperature, top_k, top_p } = inputs as { temperature: number; top_k: number; top_p: number };
    const filtered = filterLogits(tf.tensor2d(inputs.logits as number[][]), { temperature, topK: top_k, topP: top_p });
    return { kept: tf.cast(tf.greater(filtered, -1e37), 'int32'), probs: tf.softmax(filtered) };
  });

  it('keeps everything that ties with the k-th', async () => {
    expect(await keptOf([1, 3, 2, 2, 0], { topK: 2 })).toEqual([1, 2, 3]);
  });

  it('keeps the smallest prefix that reaches the mass, also among equals', async () => {
    expect(await keptOf([0, 0, 0, 0], { topP: 0.5 })).toEqual([0, 1]);
    expect(
      await keptOf(
        Array.from({ length: 10 }, () => 0),
        { topP: 0.5 },
      ),
    ).toEqual([0, 1, 2, 3, 4]);
    expect(await keptOf([0, 5, 0, 0], { topP: 0.985 })).toEqual([0, 1]); // 0.980 then 0.0066 each
  });

  it('keeps eight of ten equals at 0.8 and nine at 0.9', async () => {
    const ten = Array.from({ length: 10 }, () => -2.5);
    expect(await keptOf(ten, { topP: 0.8 })).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(await keptOf(ten, { topP: 0.9 })).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    // all of them tie with the fourth
    expect(await keptOf(ten, { topK: 4, topP: 0.9 })).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('always keeps one token', async () => {
    expect(await keptOf([1, 2, 3], { topP: 1e-9 })).toEqual([2]);
    expect(await keptOf([50, -50, 0], { topP: 0.9 })).toEqual([0]);
  });

  it('keeps the likeliest alone at temperature 0', async () => {
    expect(await keptOf([1, 2, 3, 2], { temperature: 0 })).toEqual([2]);
    for (const temperature of [0, 1e-39, 1e-9])
      expect(await keptOf([-8, -7, -30, -7], { temperature, topP: 0.9 })).toEqual([1]);
  });

  it('takes what is no number for the least likely, and the largest numbers as they come', async () => {
    expect(await keptOf([Number.NaN, -5, Number.NEGATIVE_INFINITY, -5], { topP: 0.9 })).toEqual([1, 3]);
    expect(await keptOf([3e38, -3e38, Number.POSITIVE_INFINITY, 0], { temperature: 0.001, topP: 0.9 })).toEqual([0, 2]);
    expect(await keptOf([Number.NaN, Number.NaN], { temperature: 0 })).toEqual([0]);
  });
}

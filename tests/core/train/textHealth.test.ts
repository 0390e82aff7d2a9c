import { describe, expect, it } from 'vitest';
import { healthMetrics, textHealth } from '../../../src/core/train/textHealth';
import type { Completion } from '../../../src/core/train/texts';
import { corpus } from './tiny';

const eos = corpus.tokenizer.eosId!;
const attributes = (parses: boolean) => ({
  ...corpus.attributes('the fox found a kite .', 'she laughed .', true)!,
  parses,
  coherent: false,
});
/** ids stand for words */
const text = (ids: number[], finished: boolean, parses: boolean | null): Completion => ({
  prompt: '',
  completion: ids.join(' '),
  finished,
  tokens: finished ? [...ids, eos] : ids,
  attributes: parses === null ? null : attributes(parses),
});

describe('whether texts are still texts', () => {
  it('counts by hand: four texts, two of them the same', () => {
    const texts = [
      text([5, 6, 7], true, true),
      text([5, 6, 7], true, true),
      text([5, 6], true, false),
      text([8, 9, 8, 9], false, false),
    ];
    expect(textHealth(texts, corpus)).toEqual({
      distinct: 3 / 4,
      // pairs: 56 67 | 56 67 | 56 | 89 98 89, of which 56 67 89 98 are different
      distinctNgrams: [5 / 12, 4 / 8, 3 / 4], // triples: 567 567 | 898 989
      duplicates: 2 / 4,
      grammatical: 2 / 4,
      coherent: 0,
      finished: 3 / 4,
      length: (4 + 4 + 3 + 4) / 4,
    });
  });

  it('leaves grammar out where nothing can judge it, and nothing else', () => {
    const own = healthMetrics(textHealth([text([5, 6], true, null), text([5, 6, 7], true, null)], corpus));
    expect(Object.keys(own).sort()).toEqual([
      'completion/distinct',
      'completion/distinct2',
      'completion/duplicates',
      'completion/length',
      'val/num_eos_tokens',
    ]);
    expect(own['completion/duplicates']).toBe(0);
  });

  it('counts no ends where no text has one', () => {
    const endless = { ...corpus, tokenizer: { ...corpus.tokenizer, eosId: null } };
    const health = textHealth([text([5, 6], false, null)], endless);
    expect(health.finished).toBeNull();
    expect(healthMetrics(health)).not.toHaveProperty('val/num_eos_tokens');
  });
});

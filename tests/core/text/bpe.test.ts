import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/tensor/random';
import { encodeLong, encodeShort, type Merges } from '../../../src/core/text/bpeEncoding';
import { type Merge, pairKey } from '../../../src/core/text/bpeMerges';
import { createBpeTokenizer } from '../../../src/core/text/bpeTokenizer';
import { type BpeTrainingOptions, trainBpe } from '../../../src/core/text/bpeTraining';
import { type BpeMode, splitChunks } from '../../../src/core/text/chunks';
import { finish, type TrainingProgress } from '../../../src/core/text/steps';
import golden from '../../fixtures/m_bpe.json';

const learn = (
  text: string,
  vocabSize: number,
  mode: BpeMode,
  options?: BpeTrainingOptions,
): { merges: Merge[]; reports: TrainingProgress[] } => {
  const training = trainBpe(text, vocabSize, mode, options);
  const reports: TrainingProgress[] = [];
  for (;;) {
    const step = training.next();
    if (step.done) return { merges: step.value, reports };
    reports.push(step.value);
  }
};

describe('byte-pair encoding against the reference', () => {
  for (const { name, inputs, outputs } of golden.cases) {
    const mode = inputs.mode as BpeMode;
    const { merges } = learn(inputs.training_text, inputs.vocab_size, mode);
    const tokenizer = createBpeTokenizer(merges, mode);

    it(`learns the same merges in the same order: ${name}`, () => {
      expect(merges.map(([left, right], i) => [left, right, 256 + i])).toEqual(outputs.merges);
    });

    it(`encodes every probe to the same ids and back: ${name}`, () => {
      for (const { text, ids } of outputs.encodings) {
        expect(tokenizer.encode(text), text).toEqual(ids);
        expect(tokenizer.decode(ids)).toBe(text);
      }
      expect(tokenizer.encode(inputs.training_text)).toHaveLength(outputs.training_text_token_count);
    });

    it(`decodes ids that are no UTF-8 to replacement characters: ${name}`, () => {
      expect(inputs.bad_ids.map((ids) => tokenizer.decode(ids))).toEqual(outputs.decoded_bad_ids);
    });
  }
});

/** minbpe as it is written: count everything anew for each merge, across no edge of a chunk. */
const learnSlowly = (text: string, merges: number, mode: BpeMode, minCount = 1): Merge[] => {
  let chunks = [...splitChunks(text, mode)].map((chunk) => [...new TextEncoder().encode(chunk)]);
  const learned: Merge[] = [];
  for (let m = 0; m < merges; m++) {
    const counts = new Map<string, number>();
    for (const ids of chunks)
      for (let i = 0; i + 1 < ids.length; i++)
        counts.set(`${ids[i]},${ids[i + 1]}`, (counts.get(`${ids[i]},${ids[i + 1]}`) ?? 0) + 1);
    const most = Math.max(0, ...counts.values());
    if (most < minCount || most === 0) break;
    const [left, right] = [...counts]
      .find(([, count]) => count === most)![0]
      .split(',')
      .map(Number) as Merge;
    chunks = chunks.map((ids) => {
      const next: number[] = [];
      for (let i = 0; i < ids.length; i++) {
        if (ids[i] === left && ids[i + 1] === right) {
          next.push(256 + m);
          i++;
        } else next.push(ids[i]!);
      }
      return next;
    });
    learned.push([left, right]);
  }
  return learned;
};

/** few signs, so that pairs repeat, overlap and tie: runs, words, spaces, contractions, characters of several bytes */
const repetitive = fc
  .array(
    fc.oneof(
      fc.constantFrom('a', 'b', 'aaa', ' ', '  ', "'s", '=', '====', 'é', '🌊', '\u0000', '\n', '7'),
      fc.constant('ab'),
    ),
    {
      maxLength: 60,
    },
  )
  .map((parts) => parts.join(''));

const mergesOf = (list: Merge[]): Merges => ({
  list,
  ranks: new Map(list.map(([left, right], rank) => [pairKey(left, right), rank])),
});

describe('byte-pair encoding against the plain rule', () => {
  it('learns what the count-everything loop learns, ties and overlapping pairs included', () => {
    for (const text of [
      'aaaaaaa',
      'abababab',
      'aaabdaaabac',
      'banana bandana',
      'mississippi mississippi',
      '🌊🌊🌊🌊',
      'xyxzxyxz',
      'zzyyzzyyz',
    ])
      expect(learn(text, 256 + 20, 'bytes').merges, text).toEqual(learnSlowly(text, 20, 'bytes'));
  });

  it.each(['bytes', 'gpt2_split'] as const)('learns it from every text (%s)', (mode) => {
    fc.assert(
      fc.property(repetitive, fc.integer({ min: 1, max: 3 }), (text, minCount) => {
        expect(learn(text, 256 + 24, mode, { minCount }).merges).toEqual(learnSlowly(text, 24, mode, minCount));
      }),
      { numRuns: 300 },
    );
  });

  it('encodes a long chunk to the same ids as a short one', () => {
    fc.assert(
      fc.property(repetitive, repetitive, (text, probe) => {
        const merges = mergesOf(learn(text, 256 + 40, 'bytes').merges);
        const bytes = new TextEncoder().encode(probe + text);
        expect([...finish(encodeLong(bytes, merges))]).toEqual(encodeShort(bytes, merges));
      }),
      { numRuns: 300 },
    );
  });

  it('merges a run of equal characters to the tokens that doubling gives', () => {
    const run = '='.repeat(300_000);
    const { merges } = learn(run, 512, 'gpt2_split', { minCount: 2 });
    expect(merges).toEqual([[61, 61], ...Array.from({ length: merges.length - 1 }, (_, i) => [256 + i, 256 + i])]);
    const tokenizer = createBpeTokenizer(merges);
    const ids = tokenizer.encode(run);
    expect(tokenizer.decode(ids)).toBe(run);
    const lengths = ids.map((id) => (id < 256 ? 1 : 2 ** (id - 255)));
    expect(lengths).toEqual([...lengths].sort((a, b) => b - a)); // from left to right, the longest first
    expect(lengths.reduce((sum, length) => sum + length)).toBe(300_000);
  });

  it('looks at the places of a long chunk that a merge touches, not at the whole chunk for every merge', () => {
    const random = Random.fromSeed(1);
    const letters = Array.from({ length: 60_000 }, () => String.fromCharCode(97 + random.integer(26))).join('');
    const merges = mergesOf(learn(letters, 2000, 'bytes').merges);
    expect(merges.list.length).toBeGreaterThan(1000);
    const stops = [...encodeLong(new TextEncoder().encode(letters), merges)]; // one for each 100,000 places
    expect(stops.length).toBeLessThan(3);
  });
});

describe('byte-pair encoding', () => {
  it('stops when no pair is left, or none is frequent enough', () => {
    expect(learn('abc', 1000, 'bytes').merges).toHaveLength(2);
    expect(learn('a', 1000, 'bytes').merges).toEqual([]);
    expect(learn('', 1000, 'gpt2_split').merges).toEqual([]);
    expect(learn('abcabd', 1000, 'bytes', { minCount: 2 }).merges).toEqual([[97, 98]]);
  });

  it('makes no token longer than was asked for', () => {
    const { merges } = learn('='.repeat(5000), 512, 'gpt2_split', { maxTokenBytes: 100 });
    expect(merges.length).toBeGreaterThan(6);
    const tokenizer = createBpeTokenizer(merges);
    for (let id = 256; id < tokenizer.padId; id++) expect(tokenizer.tokenText(id).length).toBeLessThanOrEqual(100);
  });

  it('never merges across the edge of a word', () => {
    const { merges } = learn('to be to be to be', 256 + 50, 'gpt2_split');
    const tokenizer = createBpeTokenizer(merges);
    expect(tokenizer.encode('to be').map((id) => tokenizer.tokenText(id))).toEqual(['to', ' be']);
  });

  it('reports progress up to the number of merges', () => {
    const words = Array.from({ length: 500 }, (_, i) => `w${i}`).join(' ');
    const { reports } = learn(words, 256 + 64, 'gpt2_split');
    expect(reports.at(-1)).toEqual({ done: 64, total: 64, label: 'learning merges' });
    expect(reports.every((report, i) => i === 0 || report.done > reports[i - 1]!.done)).toBe(true);
  });

  it('shows the bytes of a token that is part of a character, and gives padding its own id', () => {
    const tokenizer = createBpeTokenizer([]);
    expect(tokenizer.tokenText(0xf0)).toBe('<F0>');
    expect(tokenizer.tokenText(tokenizer.padId)).toBe('<pad>');
    expect(tokenizer.decode([104, 105, tokenizer.padId])).toBe('hi');
    expect(tokenizer.vocabSize).toBe(257);
  });

  it('refuses merges that use tokens not yet made', () => {
    expect(() => createBpeTokenizer([[300, 97]])).toThrow('300');
  });
});

import { describe, expect, it } from 'vitest';
import { createBpeTokenizer } from '../../../src/core/text/bpeTokenizer';
import { type BpeMode, type Merge, type TrainingProgress, trainBpe } from '../../../src/core/text/bpeTraining';
import golden from '../../fixtures/m_bpe.json';

const learn = (text: string, vocabSize: number, mode: BpeMode, minCount?: number): { merges: Merge[]; reports: TrainingProgress[] } => {
  const training = trainBpe(text, vocabSize, mode, minCount);
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

/** minbpe as it is written: count everything anew for each merge. */
const learnSlowly = (text: string, merges: number): Merge[] => {
  let ids = [...new TextEncoder().encode(text)];
  const learned: Merge[] = [];
  for (let m = 0; m < merges; m++) {
    const counts = new Map<string, number>();
    for (let i = 0; i + 1 < ids.length; i++) counts.set(`${ids[i]},${ids[i + 1]}`, (counts.get(`${ids[i]},${ids[i + 1]}`) ?? 0) + 1);
    if (counts.size === 0) break;
    const most = Math.max(...counts.values());
    const [left, right] = [...counts]
      .find(([, count]) => count === most)![0]
      .split(',')
      .map(Number) as Merge;
    const next: number[] = [];
    for (let i = 0; i < ids.length; i++) {
      if (ids[i] === left && ids[i + 1] === right) {
        next.push(256 + m);
        i++;
      } else next.push(ids[i]!);
    }
    ids = next;
    learned.push([left, right]);
  }
  return learned;
};

describe('byte-pair encoding', () => {
  it('agrees with the plain count-everything loop, ties and overlapping pairs included', () => {
    for (const text of [
      'aaaaaaa',
      'abababab',
      'aaabdaaabac',
      'banana bandana',
      'mississippi mississippi',
      '🌊🌊🌊🌊',
      'xyxzxyxz',
      'zzyyzzyyz',
    ]) {
      expect(learn(text, 256 + 20, 'bytes').merges, text).toEqual(learnSlowly(text, 20));
    }
  });

  it('stops when no pair is left, or none is frequent enough', () => {
    expect(learn('abc', 1000, 'bytes').merges).toHaveLength(2);
    expect(learn('a', 1000, 'bytes').merges).toEqual([]);
    expect(learn('', 1000, 'gpt2_split').merges).toEqual([]);
    expect(learn('abcabd', 1000, 'bytes', 2).merges).toEqual([[97, 98]]);
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

import { describe, expect, it } from 'vitest';
import { presetConfig, type StoryConfig } from '../../../src/contract/config';
import { Random } from '../../../src/core/tensor/random';
import { createStoryCorpus } from '../../../src/core/text/storyCorpus';
import { restoreTokenizer } from '../../../src/core/text/textTokenizers';
import { createStoryTokenizer } from '../../../src/core/text/wordTokenizer';
import { storyLogProbability } from '../../helpers/storyLogProbability';

const CONFIG: StoryConfig = { ...presetConfig('tiny').stories, stories: 1500 };
const corpus = createStoryCorpus(CONFIG, 1);
const { tokenizer } = corpus;
const random = (seed = 1) => Random.fromSeed(seed);
const rowTexts = (rows: { rows: number; columns: number; tokens: Int32Array }): string[] =>
  Array.from({ length: rows.rows }, (_, row) =>
    tokenizer.decode(rows.tokens.subarray(row * rows.columns, (row + 1) * rows.columns)),
  );

/** FNV-1a of the tokens joined by spaces; change it only together with the shipped checkpoints */
const FROZEN_VOCABULARY = 1913205958;

describe('the tokenizer of the stories', () => {
  it('puts <pad>, <bos> and <eos> first and no word twice', () => {
    const { tokens } = tokenizer.save();
    expect(tokens.slice(0, 3)).toEqual(['<pad>', '<bos>', '<eos>']);
    expect(new Set(tokens).size).toBe(tokens.length);
    expect([tokenizer.padId, tokenizer.bosId, tokenizer.eosId]).toEqual([0, 1, 2]);
    expect(tokenizer.vocabSize).toBe(260);
  });

  it('keeps the vocabulary that shipped checkpoints were trained with', () => {
    const { tokens } = tokenizer.save();
    let hash = 0x811c9dc5;
    for (const character of tokens.join(' ')) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
    expect(hash >>> 0).toBe(FROZEN_VOCABULARY);
  });

  it('encodes and decodes every sample back to itself', () => {
    for (const { prompt, completion } of corpus.samples(random(), 200)) {
      const text = `${prompt} ${completion}`;
      expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
      expect(tokenizer.unknownWords(text)).toEqual([]);
    }
  });

  it('forgives capitals and touching punctuation, and names words it does not know', () => {
    expect(tokenizer.encode('The fox, was SAD.')).toEqual(tokenizer.encode('the fox , was sad .'));
    expect(tokenizer.unknownWords('The dragon was sad, 🐉!')).toEqual(['dragon', '🐉', '!']);
    expect(tokenizer.decode(tokenizer.encode('The dragon was sad.'))).toBe('the was sad .');
  });

  it('cannot be made to emit special tokens by typing them', () => {
    expect(tokenizer.encode('<eos> <bos> <pad>')).toEqual([]);
    expect(tokenizer.decode([1, tokenizer.encode('fox')[0]!, 2, 0, 0])).toBe('fox');
  });

  it('comes back from what a checkpoint saved', () => {
    const restored = restoreTokenizer(JSON.parse(JSON.stringify(tokenizer.save())));
    expect(restored.encode('the fox was sad .')).toEqual(tokenizer.encode('the fox was sad .'));
    expect([restored.bosId, restored.eosId, restored.vocabSize]).toEqual([1, 2, tokenizer.vocabSize]);
    expect(createStoryTokenizer().save()).toEqual(tokenizer.save());
  });
});

describe('the corpus of stories', () => {
  it('is the same from the same seed and another from another', () => {
    const again = createStoryCorpus(CONFIG, 1);
    expect(again.summary).toEqual(corpus.summary);
    expect(again.trainRows(random(), 8, 48)).toEqual(corpus.trainRows(random(), 8, 48));
    expect(createStoryCorpus(CONFIG, 2).trainRows(random(), 8, 48)).not.toEqual(corpus.trainRows(random(), 8, 48));
  });

  it('holds out about a tenth, none of which is ever trained on', () => {
    const small = createStoryCorpus({ ...CONFIG, stories: 400 }, 3);
    const train = new Set(rowTexts(small.trainRows(random(), 20_000, 48)));
    const heldOut = new Set(rowTexts(small.heldOutRows(random(), 4000, 48)));
    expect([...heldOut].filter((text) => train.has(text))).toEqual([]);
    expect(train.size + heldOut.size).toBeGreaterThan(390);
    const share = corpus.summary.heldOutTokens / (corpus.summary.heldOutTokens + corpus.summary.trainTokens);
    expect(share).toBeGreaterThan(0.06);
    expect(share).toBeLessThan(0.14);
  });

  it('writes stories that nobody trained on at once, each another, all on the side that is held out', () => {
    const texts = rowTexts(corpus.unseenRows(random(), 64, 48));
    expect(new Set(texts).size).toBe(64);
    const train = new Set(rowTexts(corpus.trainRows(random(), 20_000, 48)));
    expect(texts.filter((text) => train.has(text))).toEqual([]);
    expect(rowTexts(corpus.unseenRows(random(), 64, 48))).toEqual(texts);
  });

  it('puts one story in a row: <bos>, prompt, completion, <eos>, padding', () => {
    const { rows, columns, tokens, mask } = corpus.trainRows(random(), 64, 48);
    const table = Array.from({ length: rows }, (_, row) => [...tokens.subarray(row * columns, (row + 1) * columns)]);
    expect(columns).toBe(corpus.promptLength + corpus.completionLength);
    for (const [row, ids] of table.entries()) {
      const end = ids.indexOf(2);
      expect(ids[0]).toBe(1);
      expect(end).toBeGreaterThan(0);
      expect(ids.slice(end + 1).every((id) => id === 0)).toBe(true);
      expect([...mask.subarray(row * columns, (row + 1) * columns)]).toEqual(
        ids.map((_, i) => (i > 0 && i <= end ? 1 : 0)),
      );
    }
  });

  it('cuts rows to a short context', () => {
    const rows = corpus.trainRows(random(), 4, 12);
    expect(rows.columns).toBe(12);
    expect(rows.tokens).toHaveLength(48);
  });

  it('holds texts of the grammar only', () => {
    const logProbability = storyLogProbability(CONFIG);
    for (const text of rowTexts(corpus.heldOutRows(random(), 50, 48))) {
      const split = text.indexOf(' .') + 2;
      expect(logProbability(text.slice(0, split), text.slice(split + 1)), text).toBeGreaterThan(-60);
    }
  });

  it('draws prompts that fit, with <bos> first', () => {
    for (const prompt of corpus.prompts(random(), 100)) {
      const ids = corpus.encodePrompt(prompt);
      expect(ids[0]).toBe(1);
      expect(ids.length).toBeLessThanOrEqual(corpus.promptLength);
    }
    expect(corpus.prompts(random(5), 3)).toEqual(corpus.prompts(random(5), 3));
  });

  it('tells its size, its entropy and what a rater may be named after', () => {
    expect(corpus.summary).toMatchObject({ kind: 'stories', size: 1500, vocabSize: 260, config: CONFIG });
    expect(corpus.summary.entropy?.natsPerToken).toBeCloseTo(1.067, 3);
    expect(corpus.summary.animals).toContain('fox');
    expect(corpus.summary.samples.length).toBeGreaterThanOrEqual(5);
    expect(corpus.summary.samples.every((sample) => sample.attributes?.coherent)).toBe(true);
  });

  it('counts as tokens what the masks teach', () => {
    const tiny = createStoryCorpus({ ...CONFIG, stories: 2 }, 4);
    expect(tiny.summary.trainTokens).toBeGreaterThan(10);
    expect(tiny.summary.heldOutTokens).toBeGreaterThan(10);
    const { mask, columns } = tiny.heldOutRows(random(), 1, 48);
    expect([...mask.subarray(0, columns)].filter((x) => x === 1).length).toBeLessThanOrEqual(
      tiny.summary.heldOutTokens,
    );
  });

  it('scores completions by the named rater', () => {
    const prompt = 'in the garden the fox found a kite .';
    expect(corpus.gold({ name: 'happy' }, prompt, 'he was so happy .', true)).toBe(1);
    expect(corpus.gold({ name: 'happy' }, prompt, 'he was so happy .', false)).toBe(-1);
  });
});

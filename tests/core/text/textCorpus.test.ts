import { describe, expect, it } from 'vitest';
import type { TextConfig } from '../../../src/contract/config';
import { LabError } from '../../../src/contract/errors';
import { Random } from '../../../src/core/tensor/random';
import { finish, type TrainingProgress } from '../../../src/core/text/steps';
import { createTextCorpus } from '../../../src/core/text/textCorpus';
import { learnCharTokenizer, learnWordTokenizer, restoreTokenizer } from '../../../src/core/text/textTokenizers';
import { disposeTexts, encodeTexts } from '../../../src/core/train/texts';
import { withBackend } from '../../helpers/backend';

const CONFIG: TextConfig = { tokenizer: 'char', vocabSize: 300, heldOutShare: 0.1, textWindow: 0 };
const KINDS = ['char', 'word', 'bpe'] as const;
const TEXT = Array.from(
  { length: 400 },
  (_, i) => `Line ${i}: the café's robot said "hello" to ${i % 7} boats 🌊, then slept.`,
).join('\n');

const make = (text: string, config: Partial<TextConfig> = {}, contextLength = 16) =>
  createTextCorpus(text, { ...CONFIG, ...config }, contextLength, 1);
const errorOf = async (promise: Promise<unknown>): Promise<{ code: string; message: string }> => {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LabError);
  return error as LabError;
};

describe('text that cannot be used', () => {
  it('is named: one character, shorter than two contexts', async () => {
    for (const tokenizer of KINDS) {
      const { code, message } = await errorOf(make('a', { tokenizer }));
      expect(code).toBe('text/tooShort');
      expect(message).toContain('1 token long');
      expect(message).toContain('at least 32');
    }
    expect(await errorOf(make('a'.repeat(31)))).toMatchObject({ code: 'text/tooShort' });
    expect((await make('ab'.repeat(16))).summary.trainTokens).toBe(16);
  });
});

describe('own text as a corpus', () => {
  for (const tokenizer of KINDS) {
    it(`has ${tokenizer} tokens that join to the text again`, async () => {
      const corpus = await make(TEXT, { tokenizer, vocabSize: 2000 });
      const sample = TEXT.slice(0, 300);
      expect(corpus.tokenizer.decode(corpus.tokenizer.encode(sample))).toBe(sample);
      expect(corpus.summary).toMatchObject({ kind: 'text', entropy: null, animals: [] });
      expect(corpus.tokenizer.bosId).toBeNull();
      expect(corpus.tokenizer.eosId).toBeNull();
      expect(corpus.tokenizer.padId).toBeLessThan(corpus.tokenizer.vocabSize);
    });

    it(`restores the ${tokenizer} tokenizer of a checkpoint`, async () => {
      const { tokenizer: learned } = await make(TEXT, { tokenizer });
      const restored = restoreTokenizer(JSON.parse(JSON.stringify(learned.save())));
      expect(restored.encode(TEXT.slice(0, 500))).toEqual(learned.encode(TEXT.slice(0, 500)));
      expect([restored.vocabSize, restored.padId]).toEqual([learned.vocabSize, learned.padId]);
    });

    it(`draws prompts that fit, from the held-out end, with ${tokenizer} tokens`, async () => {
      const corpus = await make(TEXT, { tokenizer });
      for (const prompt of corpus.prompts(Random.fromSeed(2), 40)) {
        expect(prompt.length).toBeGreaterThan(0);
        expect(corpus.encodePrompt(prompt).length).toBeLessThanOrEqual(corpus.promptLength);
        if (tokenizer !== 'word') expect(TEXT).toContain(prompt);
      }
      expect(corpus.promptLength + corpus.completionLength).toBe(16);
    });
  }

  it.each(KINDS)('shows pieces of all of it, each marked as held out or not (%s)', async (tokenizer) => {
    const lines = Array.from({ length: 300 }, (_, i) => `Line ${i} of the text.`);
    const corpus = await make(lines.join('\n'), { tokenizer, vocabSize: 2000 }, 32);
    const pieces = corpus.shown(Random.fromSeed(1), 9);
    const end = corpus.tokenizer.decode(corpus.tokenizer.encode(lines.join('\n')).slice(-corpus.summary.heldOutTokens));
    expect(pieces.map(({ heldOut }) => heldOut)).toEqual([true, ...new Array(8).fill(false)]);
    const at = pieces.map(({ prompt, completion }) => lines.join('\n').indexOf(prompt + completion));
    expect(at.every((place) => place >= 0)).toBe(true);
    expect(end).toContain(`${pieces[0]!.prompt}${pieces[0]!.completion}`);
    expect(at.slice(1)).toEqual([...at.slice(1)].sort((a, b) => a - b)); // one from each eighth of what is trained on
    expect(at[8]! - at[1]!).toBeGreaterThan(lines.join('\n').length / 2);
    expect(corpus.samples(Random.fromSeed(1), 1)[0]).toMatchObject({ prompt: pieces[0]!.prompt });
  });

  it('cuts windows from the stream, every column but the first a target', async () => {
    const corpus = await make(TEXT);
    const rows = corpus.trainRows(Random.fromSeed(3), 20, 16);
    for (let row = 0; row < rows.rows; row++) {
      const text = corpus.tokenizer.decode(rows.tokens.subarray(row * 16, (row + 1) * 16));
      expect(TEXT).toContain(text);
      expect([...rows.mask.subarray(row * 16, (row + 1) * 16)]).toEqual([0, ...new Array(15).fill(1)]);
    }
    expect(corpus.trainRows(Random.fromSeed(3), 20, 16)).toEqual(rows);
  });

  it('never trains on the held-out end', async () => {
    const corpus = await make(`${'a'.repeat(900)}${'b'.repeat(100)}`, { heldOutShare: 0.1, textWindow: 0 });
    const [b] = corpus.tokenizer.encode('b');
    expect(corpus.trainRows(Random.fromSeed(4), 500, 16).tokens.includes(b!)).toBe(false);
    expect([...corpus.heldOutRows(Random.fromSeed(4), 50, 16).tokens].every((id) => id === b)).toBe(true);
    expect(corpus.summary).toMatchObject({ trainTokens: 900, heldOutTokens: 100 });
  });

  it('draws from every place of the training text, its ends included', async () => {
    const corpus = await make('0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'.repeat(1), {
      heldOutShare: 0,
      textWindow: 0,
    });
    const seen = new Set(corpus.trainRows(Random.fromSeed(5), 600, 16).tokens);
    expect(seen.size).toBe(62 - 16);
  });

  it('counts characters, not code units, and reads emoji', async () => {
    const corpus = await make('🌊🦊'.repeat(30));
    expect(corpus.summary.size).toBe(60);
    expect(corpus.summary.vocabSize).toBe(4);
    expect(corpus.tokenizer.tokenText(corpus.tokenizer.encode('🦊')[0]!)).toBe('🦊');
  });

  it('keeps the vocabulary within what was asked for', async () => {
    expect((await make(TEXT, { tokenizer: 'word', vocabSize: 20 })).summary.vocabSize).toBe(20);
    expect((await make(TEXT, { tokenizer: 'bpe', vocabSize: 300 })).summary.vocabSize).toBe(300);
    expect((await make(TEXT, { tokenizer: 'bpe', vocabSize: 10 })).summary.vocabSize).toBe(257);
  });

  it('reports progress and waits for whoever listens', async () => {
    const reports: TrainingProgress[] = [];
    let waiting = false;
    await createTextCorpus(TEXT, { ...CONFIG, tokenizer: 'bpe' }, 16, 1, async (progress) => {
      expect(waiting).toBe(false);
      waiting = true;
      await new Promise((resolve) => setImmediate(resolve));
      waiting = false;
      reports.push(progress);
    });
    expect(new Set(reports.map(({ label }) => label))).toEqual(new Set(['learning merges', 'encoding']));
    expect(reports.every(({ done, total }) => done > 0 && done <= total)).toBe(true);
  });

  it('encodes a text of many pieces as if it were one', async () => {
    const long = 'some words, 12 of them: naïve 🌊 tokens\n'.repeat(30_000);
    for (const tokenizer of KINDS) {
      const corpus = await make(long, { tokenizer });
      const length = corpus.summary.trainTokens + corpus.summary.heldOutTokens;
      expect(length, tokenizer).toBe(corpus.tokenizer.encode(long).length);
    }
  });

  it('computes no attributes and no gold score', async () => {
    const corpus = await make(TEXT);
    expect(corpus.attributes('a', 'b', true)).toBeNull();
    expect(corpus.gold({ name: 'happy' }, 'a', 'b', true)).toBeNull();
    expect(corpus.samples(Random.fromSeed(1), 2).map(({ attributes }) => attributes)).toEqual([null, null]);
  });
});

describe('texts that only a machine would write', () => {
  const noise = Array.from({ length: 200_000 }, (_, i) => String.fromCharCode(97 + ((i * i * 7 + (i >> 3)) % 26))).join(
    '',
  );
  const texts: Record<string, string> = {
    'a ruler of "="': '='.repeat(300_000),
    'a log with zeros between two paragraphs': `One paragraph of a log.\n\n${'\u0000'.repeat(393_216)}\n\nAnother one.`,
    'letters without a break': noise,
    'one equal letter without a break': 'a'.repeat(200_000),
    'letters of other scripts without a break': '漢字かな交じり文'.repeat(20_000),
    'white space between two words': `a${' '.repeat(200_000)}b`,
    'signs and marks without a break': `e${'\u0301'.repeat(100_000)}${'!?'.repeat(50_000)}`,
  };
  for (const [name, text] of Object.entries(texts)) {
    it.each(KINDS)(`${name}: a tokenizer and a corpus with %s tokens`, async (tokenizer) => {
      const corpus = await make(text, { tokenizer, vocabSize: 512 }, 64);
      const { trainTokens, heldOutTokens, samples } = corpus.summary;
      expect(trainTokens + heldOutTokens).toBe(corpus.tokenizer.encode(text).length);
      expect(samples).toHaveLength(6);
      for (const { prompt, completion } of samples)
        expect([...prompt, ...completion].length).toBeLessThanOrEqual(20_000);
      if (tokenizer !== 'word') expect(corpus.tokenizer.decode(corpus.tokenizer.encode(text))).toBe(text);
    });
  }

  it('lets whoever listens end the work, in every stage of it', async () => {
    for (const tokenizer of KINDS) {
      const labels = new Set<string>();
      await createTextCorpus(noise.repeat(3), { ...CONFIG, tokenizer }, 16, 1, ({ label }) => void labels.add(label));
      expect(labels.size, tokenizer).toBe(2);
      for (const label of labels) {
        const stopping = createTextCorpus(noise.repeat(3), { ...CONFIG, tokenizer }, 16, 1, (progress) => {
          if (progress.label === label) throw new Error(`enough of ${label}`);
        });
        await expect(stopping, tokenizer).rejects.toThrow(`enough of ${label}`);
      }
    }
  });
});

describe('vocabularies of own text', () => {
  it('give what they lack <unk>, and say what that was', () => {
    const characters = finish(learnCharTokenizer('abc'));
    expect(characters.decode(characters.encode('abz'))).toBe('ab\uFFFD');
    expect(characters.unknownWords('abz🌊')).toEqual(['z', '🌊']);
    const words = finish(learnWordTokenizer('to be or not to be', 4));
    expect(words.save().tokens).toEqual(['<pad>', '<unk>', ' be', 'to']);
    expect(words.unknownWords('to be or not')).toEqual(['or', 'not']);
    expect(words.decode(words.encode('to be or'))).toBe('to be \uFFFD');
  });

  it('do not confuse a text that spells a special token with the token', () => {
    const words = finish(learnWordTokenizer('<pad> <unk> <pad>', 50));
    expect(words.encode('<pad>')).not.toContain(words.padId);
    expect(words.decode(words.encode('<pad> <unk>'))).toBe('<pad> <unk>');
  });
});

describe('prompts and their continuations', () => {
  withBackend('cpu');

  it.each(['char', 'word'] as const)('are the text itself when joined without a space (%s)', async (tokenizer) => {
    const corpus = await make(TEXT, { tokenizer, vocabSize: 2000 }, 24);
    for (const { prompt, completion } of corpus.samples(Random.fromSeed(3), 40)) {
      const whole = prompt + completion;
      expect(TEXT).toContain(whole);
      expect(corpus.tokenizer.unknownWords(whole)).toEqual([]);
    }
  });

  it('are cut to fit by reading each character a few times, however many are too many', async () => {
    const corpus = await make(TEXT.repeat(9), { tokenizer: 'char' }, 900);
    const { encode } = corpus.tokenizer;
    let characters = 0;
    corpus.tokenizer.encode = (text) => {
      characters += text.length;
      return encode(text).flatMap((id) => [id, id, id]);
    };
    for (const prompt of corpus.prompts(Random.fromSeed(5), 20)) {
      const { length } = corpus.encodePrompt(prompt);
      expect(length).toBeLessThanOrEqual(corpus.promptLength);
      expect(length).toBeGreaterThan(0.9 * corpus.promptLength);
    }
    expect(characters).toBeLessThan(20 * 3 * corpus.promptLength);
  });

  it.each(KINDS)('are the same tokens to the model as the text in one piece (%s)', async (tokenizer) => {
    const corpus = await make(TEXT, { tokenizer, vocabSize: 2000 }, 24);
    const texts = corpus.samples(Random.fromSeed(4), 8);
    const encoded = encodeTexts(corpus, texts);
    const ids = Array.from(await encoded.batch.tokens.data());
    const columns = encoded.batch.tokens.shape[1] ?? 0;
    disposeTexts(encoded);
    for (const [row, { prompt, completion }] of texts.entries()) {
      expect(corpus.tokenizer.decode(ids.slice(row * columns, (row + 1) * columns))).toBe(prompt + completion);
    }
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TokenizerData } from '../../src/contract/checkpoint';
import type { ModelConfig } from '../../src/contract/config';
import { ForeignTokenizer } from '../../src/core/text/huggingFace/tokenizer';
import { restoreTokenizer } from '../../src/core/text/textTokenizers';
import { createStoryTokenizer } from '../../src/core/text/wordTokenizer';
import { decodeSafetensors } from '../../src/formats/safetensors';
import { startPortable } from '../../src/headless/engine';
import { exportTo } from '../../src/headless/export';
import type { ExportGolden } from '../../src/headless/exportGolden';
import { logitsDoor } from '../../src/headless/logits';
import { type Asked, ownText, saveMadeModel, TEXT } from '../helpers/madeModel';

let scratch: string;
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'export-'));
  await startPortable();
});
afterAll(() => rmSync(scratch, { recursive: true }));

const save = (asked: Asked): Promise<string> => saveMadeModel(scratch, asked);
async function exported(asked: Asked): Promise<{ folder: string; golden: ExportGolden; files: string[] }> {
  const folder = join(scratch, asked.name);
  const { files } = await exportTo(await save(asked), folder, `${folder}.json`);
  return { folder, files, golden: JSON.parse(readFileSync(`${folder}.json`, 'utf8')) as ExportGolden };
}
const jsonIn = (folder: string, name: string) =>
  JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, unknown>;
const stories = createStoryTokenizer().save();
const TOKENIZERS: [string, () => Promise<TokenizerData>][] = [
  ['stories', async () => stories],
  ['char', () => ownText('char')],
  ['word', () => ownText('word')],
  ['bpe', () => ownText('bpe')],
];

describe('a place that nothing can be written to', () => {
  it('is refused by its name', async () => {
    const model = 'public/checkpoints/tiny.safetensors';
    const file = join(scratch, 'a-file');
    writeFileSync(file, '');
    await expect(exportTo(model, file, null)).rejects.toThrow(`${file} cannot be written: it is a file`);
    await expect(exportTo(model, join(scratch, 'there'), join(file, 'golden.json'))).rejects.toThrow(
      /golden\.json cannot be written/,
    );
    await expect(exportTo(file, join(scratch, 'there'), null)).rejects.toThrow(`${file}: the file has 0 bytes`);
  });
});

describe('a model that is exported for transformers', () => {
  it.each(TOKENIZERS)('says the same when it is opened as any other: %s', async (name, made) => {
    const { folder, golden, files } = await exported({ name, tokenizer: await made() });
    expect(files).toEqual([
      ...['README.md', 'config.json', 'generation_config.json', 'model.safetensors'],
      ...['tokenizer.json', 'tokenizer_config.json'],
    ]);
    const answer = await logitsDoor({ folder, adapter: null, greedy: 12, tell: () => {} });
    for (const [i, { ids, positions, values }] of golden.logits!.entries()) {
      const said = await answer(JSON.stringify(ids));
      positions.forEach((position, row) => {
        values[row]!.forEach((value, token) => {
          expect(Math.abs(said.logits[position]![token]! - value)).toBeLessThan(1e-5);
        });
      });
      const written = golden.greedy![i]!.ids;
      expect(said.greedy!.slice(0, written.length)).toEqual(written);
    }
  });

  it.each(TOKENIZERS)('gives texts the numbers that the lab gives them: %s', async (name, made) => {
    const data = await made();
    const { folder, golden } = await exported({ name: `tokens-${name}`, tokenizer: data });
    const [own, theirs] = [restoreTokenizer(data), ForeignTokenizer.from(jsonIn(folder, 'tokenizer.json'))];
    const before = own.bosId === null ? [] : [own.bosId];
    for (const text of [TEXT, 'The lamp.', "It isn't here,\n", ' ', '', 'once a brave robin made a key.'])
      if (own.unknownWords(text).length === 0)
        expect(theirs.encode(text), text).toEqual([...before, ...own.encode(text)]);
    expect(golden.encode.length).toBeGreaterThan(4);
    for (const { text, ids } of golden.encode) expect(theirs.encode(text)).toEqual(ids);
    const config = jsonIn(folder, 'tokenizer_config.json');
    expect(config).toMatchObject({ tokenizer_class: 'PreTrainedTokenizerFast', clean_up_tokenization_spaces: false });
  });

  it('says which of its tokens begin, end and fill a text, or that there are none', async () => {
    const withEnds = await exported({ name: 'ends', tokenizer: stories });
    expect(jsonIn(withEnds.folder, 'config.json')).toMatchObject({ bos_token_id: 1, eos_token_id: 2, pad_token_id: 0 });
    const without = await exported({ name: 'no-ends', tokenizer: await ownText('bpe'), model: { tiedHead: false } });
    const { vocab_size: size, ...config } = jsonIn(without.folder, 'config.json');
    expect(config).toMatchObject({ bos_token_id: null, eos_token_id: null, pad_token_id: (size as number) - 1 });
    expect(config.tie_word_embeddings).toBe(false);
  });

  it('has on its card what it was made from, and nothing of a visitor’s that is markup', async () => {
    const { folder } = await exported({
      name: 'card',
      tokenizer: stories,
      model: { layers: 1, heads: 1 },
      step: 1,
      kind: 'policy',
      metrics: { 'eval/loss': 1.25 },
      ancestors: [{ checkpointId: 'a', name: '<b>Base|[x](y)</b>', kind: 'base', parents: [] }],
    });
    const card = readFileSync(join(folder, 'README.md'), 'utf8');
    expect(card).toContain('| eval/loss | 1.25 |');
    expect(card).toContain('Base  x (y)');
    expect(card).not.toContain('<b>');
    expect(card).toMatch(/, 1 layer, width 32, 1 head, context \d+, after 1 step\.$/m);
  });
});

describe('a reward model', () => {
  const heads = { language: false, scalar: true };

  it('scores alike in a layer without a bias: the shift lies in the last norm', async () => {
    const asked = { tokenizer: stories, kind: 'reward', pooling: 'last', heads } as const;
    const { folder, golden, files } = await exported({ ...asked, name: 'reward', scale: [1.75, -0.6] });
    expect(files).not.toContain('generation_config.json');
    expect(jsonIn(folder, 'config.json')).toMatchObject({
      architectures: ['GPT2ForSequenceClassification'],
      num_labels: 1,
      problem_type: 'regression',
    });
    const { tensors } = decodeSafetensors(readFileSync(join(folder, 'model.safetensors')));
    expect(Object.keys(tensors).filter((name) => !name.startsWith('transformer.'))).toEqual(['score.weight']);
    const plain = await exported({ ...asked, name: 'reward-plain', scale: [1, 0] });
    const own = decodeSafetensors(readFileSync(join(plain.folder, 'model.safetensors'))).tensors;
    const weight = tensors['score.weight']!.data;
    weight.forEach((x, i) => {
      expect(x).toBeCloseTo(1.75 * own['score.weight']!.data[i]!, 6);
    });
    const moved = tensors['transformer.ln_f.bias']!.data;
    const dot = (bias: Float32Array) => bias.reduce((sum, x, i) => sum + x * weight[i]!, 0);
    const raw = golden.scores!.map(({ score }, i) => score - 1.75 * plain.golden.scores![i]!.score);
    for (const shift of raw) expect(shift).toBeCloseTo(-0.6, 4);
    // what the plain one has in its norm already is its head's own bias
    expect(dot(moved) - dot(own['transformer.ln_f.bias']!.data)).toBeCloseTo(-0.6, 4);
  });

  it.each(['sum', 'mean'] as const)('whose score is the %s of its tokens is refused in words', async (pooling) => {
    const file = await save({ name: pooling, tokenizer: stories, kind: 'reward', pooling, heads });
    await expect(exportTo(file, join(scratch, 'none'), null)).rejects.toThrow(new RegExp(`${pooling} of its tokens`));
  });
});

describe('what GPT-2 cannot express is refused in words', () => {
  it.each<[Partial<ModelConfig>, RegExp]>([
    [{ norm: 'post' }, /layer norm after each block/],
    [{ positions: 'sinusoidal' }, /sinusoidal/],
  ])('%o', async (model, words) => {
    const file = await save({ name: 'odd', tokenizer: stories, model });
    await expect(exportTo(file, join(scratch, 'none'), null)).rejects.toThrow(words);
  });

  it('and so is what is no model of the lab', async () => {
    await expect(exportTo(join(scratch, 'nowhere'), scratch, null)).rejects.toThrow(/no such file/);
    await expect(exportTo('tests/fixtures/interop/gpt2/plain/model.safetensors', scratch, null)).rejects.toThrow(
      /another program saved this file/,
    );
  });
});

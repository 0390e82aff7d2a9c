import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStoryTokenizer } from '../../src/core/text/wordTokenizer';
import { startPortable } from '../../src/headless/engine';
import { type Asked, ownText, saveMadeModel } from '../helpers/madeModel';
import { lab, python } from './peers';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'export-'));
  await startPortable();
});
afterAll(() => rmSync(folder, { recursive: true }));

const stories = async () => createStoryTokenizer().save();
const SCORER = { kind: 'reward', pooling: 'last', heads: { language: false, scalar: true } } as const;
const MODELS: [string, () => Promise<Omit<Asked, 'name'>>][] = [
  ['words of the stories', async () => ({ tokenizer: await stories() })],
  ['words of own text', async () => ({ tokenizer: await ownText('word') })],
  ['characters', async () => ({ tokenizer: await ownText('char'), model: { activation: 'relu' } })],
  ['bytes', async () => ({ tokenizer: await ownText('bpe', 257), model: { tiedHead: false } })],
  ['merges', async () => ({ tokenizer: await ownText('bpe'), model: { activation: 'geluErf' } })],
  ['a policy', async () => ({ tokenizer: await stories(), kind: 'policy', heads: { language: true, scalar: true } })],
  ['a reward model', async () => ({ tokenizer: await stories(), ...SCORER })],
  ['a reward model with scale and shift', async () => ({ tokenizer: await stories(), ...SCORER, scale: [1.75, -0.6] })],
  ['a reward model of characters', async () => ({ tokenizer: await ownText('char'), ...SCORER, scale: [0.5, 2] })],
];

function checked(checkpoint: string): string {
  const out = join(folder, `out-${Math.random()}`);
  const golden = `${out}.json`;
  const { status, lines } = lab(['export', checkpoint, out, '--golden', golden]);
  expect([status, lines]).toEqual([0, [expect.objectContaining({ files: expect.any(Array) })]]);
  return python('check_export.py', out, golden);
}

describe('what the lab saves for transformers', () => {
  it.each(MODELS)('is opened there without code of ours and says the same: %s', async (name, made) => {
    const path = await saveMadeModel(folder, { name: name.replaceAll(' ', '-'), ...(await made()) });
    expect(checked(path)).toMatch(/all agree\n$/);
  });

  it.each(['tiny', 'small'])('and so is the trained model that ships: %s', (preset) => {
    expect(checked(`public/checkpoints/${preset}.safetensors`)).toMatch(/all agree\n$/);
  });
});

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lab, python } from './peers';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tokenizers-'));
  python('make_tokenizers.py', folder, '23');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('tokenizers that the library trained', () => {
  it.each([
    ...['byte-level', 'only-bytes', 'added', 'words', 'words-and-signs', 'older-form'],
    ...['punctuation', 'unknown-left-out', 'unknown-together'],
  ])('%s gives the same numbers here', (name) => {
    const rows = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as { text: string; ids: number[] }[];
    expect(rows.length).toBeGreaterThan(100);
    const { status, lines } = lab(
      ['tokenize', join(folder, name)],
      rows.map(({ text }) => text),
    );
    expect(status).toBe(0);
    for (const [i, { text, ids }] of rows.entries()) expect(lines[i], JSON.stringify(text)).toEqual(ids);
  });

  it.each([
    ['word-piece', /WordPiece/],
    ['unigram', /Unigram/],
  ])('%s is refused by its name', (name, words) => {
    const { status, lines } = lab(['tokenize', join(folder, name)], ['a']);
    expect([status, lines]).toEqual([1, [{ refused: expect.stringMatching(words) }]]);
  });
});

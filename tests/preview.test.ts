import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

describe('npm start', () => {
  let folder: string;
  let server: PreviewServer;
  let address: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rlhf-lab-preview-'));
    for (const name of ['index.html', 'thread.js']) writeFileSync(join(folder, name), '');
    server = await preview({ build: { outDir: folder }, preview: { port: 0, open: false }, logLevel: 'silent' });
    address = server.resolvedUrls?.local[0] ?? '';
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  it.each(['', 'thread.js'])('isolates the page with every answer, "not modified" too: /%s', async (path) => {
    const first = await fetch(address + path);
    const again = await fetch(address + path, { headers: { 'If-None-Match': first.headers.get('etag') ?? '' } });
    expect([first.status, again.status]).toEqual([200, 304]);
    for (const { headers } of [first, again]) {
      expect(headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin');
      expect(headers.get('Cross-Origin-Embedder-Policy')).toBe('require-corp');
    }
  });
});

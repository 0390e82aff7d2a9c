/** Builds the page and serves it from a folder of its own, as a test's visitors find it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, preview } from 'vite';

/** deep on purpose: the page has to work below any path */
const PATH = '/some/where/';

export interface ServedPage {
  url: string;
  /** where it is built */
  folder: string;
  close(): Promise<void>;
}

export async function servePage(): Promise<ServedPage> {
  const outDir = mkdtempSync(join(tmpdir(), 'rlhf-lab-page-'));
  process.env.NODE_ENV = 'production'; // vitest says 'test', and Vite would build what the dev server serves
  await build({ build: { outDir, emptyOutDir: true }, logLevel: 'warn' });
  const server = await preview({ base: PATH, build: { outDir }, preview: { port: 0, open: false }, logLevel: 'warn' });
  const address = server.httpServer.address();
  if (address === null || typeof address === 'string') throw new Error('the preview server has no port');
  const close = async () => {
    await server.close();
    rmSync(outDir, { recursive: true });
  };
  return { url: `http://localhost:${address.port}${PATH}`, folder: outDir, close };
}

/** The built page on a static host of its own, as a test's visitors find it. */
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

/**
 * Builds the page into a folder of its own, unless one that is built is named, and serves it below a path, as a static
 * host would.
 */
export async function servePage(built?: string): Promise<ServedPage> {
  const outDir = built ?? mkdtempSync(join(tmpdir(), 'rlhf-lab-page-'));
  process.env.NODE_ENV = 'production'; // vitest says 'test', and Vite would build what the dev server serves
  if (!built) await build({ build: { outDir, emptyOutDir: true }, logLevel: 'warn' });
  const server = await preview({ base: PATH, build: { outDir }, preview: { port: 0, open: false }, logLevel: 'warn' });
  const address = server.httpServer.address();
  if (address === null || typeof address === 'string') throw new Error('the preview server has no port');
  return {
    url: `http://localhost:${address.port}${PATH}`,
    folder: outDir,
    async close() {
      await server.close();
      if (!built) rmSync(outDir, { recursive: true });
    },
  };
}

/** Builds the page once, into a folder of its own, and serves it as a static host would, below a path, for all end-to-end tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, preview } from 'vite';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    pageUrl: string;
  }
}

const PATH = '/some/where/';

export default async function serve(project: TestProject): Promise<() => Promise<void>> {
  const outDir = mkdtempSync(join(tmpdir(), 'rlhf-lab-page-'));
  process.env.NODE_ENV = 'production'; // vitest says 'test', and Vite would build what the dev server serves
  await build({ build: { outDir, emptyOutDir: true }, logLevel: 'warn' });
  const server = await preview({ base: PATH, build: { outDir }, preview: { port: 0, open: false }, logLevel: 'warn' });
  const address = server.httpServer.address();
  if (address === null || typeof address === 'string') throw new Error('the preview server has no port');
  project.provide('pageUrl', `http://localhost:${address.port}${PATH}`);
  return async () => {
    await server.close();
    rmSync(outDir, { recursive: true });
  };
}

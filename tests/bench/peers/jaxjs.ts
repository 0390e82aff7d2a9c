/** jax-js beside us in a page of Chromium: built and served for this run, isolated, so that memory can be shared. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { build, preview } from 'vite';
import { kernelModules } from '../../../build/kernels';
import { devDependencies } from '../../../package.json';
import { stepFlops } from '../../../src/worker/estimate';
import { BROWSER_ARGS, browserVersion, requireBrowser } from '../../helpers/browser';
import { loopModule } from '../limit';
import { inRounds, type Rounds } from '../measure';
import { S } from '../work';
import type { PageAnswer, PageQuestion, Side, Started } from './page/questions';
import { assertSameWork, PeerError } from './peer';
import { limitRows, orLeftOut, type PeersFound, peerRows } from './rows';

const ROOT = join(import.meta.dirname, 'page');
const HEADERS = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

interface SideBySide {
  browser: string;
  /** @throws PeerError in the page's own words */
  ask<A extends PageAnswer>(question: PageQuestion): Promise<A>;
  close(): Promise<void>;
}

async function serve(): Promise<{ url: string; close(): Promise<void> }> {
  const outDir = mkdtempSync(join(tmpdir(), 'rlhf-lab-peers-'));
  const common = { configFile: false, root: ROOT, logLevel: 'warn' } as const;
  const worker = { format: 'es', plugins: () => [kernelModules()] } as const;
  await build({
    ...common,
    worker,
    build: { outDir, emptyOutDir: true, target: 'esnext', chunkSizeWarningLimit: 10_000 },
  });
  const server = await preview({ ...common, build: { outDir }, preview: { port: 0, open: false, headers: HEADERS } });
  const address = server.httpServer.address();
  if (address === null || typeof address === 'string') throw new Error('the preview server has no port');
  return {
    url: `http://localhost:${address.port}/`,
    async close() {
      await server.close();
      rmSync(outDir, { recursive: true });
    },
  };
}

type Asking = { ask(question: PageQuestion): Promise<PageAnswer> };

async function ask<A extends PageAnswer>(page: Page, question: PageQuestion): Promise<A> {
  const answer = await page.evaluate((asked) => (window as unknown as Asking).ask(asked), question);
  if ('error' in answer) throw new PeerError(answer.error);
  return answer as A;
}

async function openSideBySide(): Promise<SideBySide> {
  const executablePath = requireBrowser();
  const { url, close } = await serve();
  const browser = await chromium.launch({ executablePath, args: BROWSER_ARGS });
  const page = await browser.newPage();
  await page.goto(url);
  return {
    browser: browserVersion(executablePath),
    ask: (question) => ask(page, question),
    async close() {
      await browser.close();
      await close();
    },
  };
}

const ROWS = { wasm: 'peer.jaxjs.wasm.step.S', webgpu: 'peer.jaxjs.webgpu.step.S' } as const;
type Backend = keyof typeof ROWS;

async function stepRow(backend: Backend, { ask }: SideBySide, rounds: Rounds, found: PeersFound): Promise<void> {
  const loop = Buffer.from(await loopModule()).toString('base64');
  const { ours, theirs, executor, threads, adapter } = await ask<Started>({ start: backend, loop });
  assertSameWork(ours, theirs);
  found.peers.push(`${ROWS[backend]} beside ours, ${executor}, ${adapter ?? `${threads} threads`}`);
  const sides: Side[] = ['ours', 'jaxjs', ...(backend === 'wasm' ? (['loop', 'products'] as const) : [])];
  const each = sides.map((side) => async () => (await ask<{ ms: number }>({ run: side })).ms);
  const [step, jaxjs, ...limits] = await inRounds(rounds, each);
  found.rows.push(...peerRows([{ id: ROWS[backend], against: 'jax-js' }], [step!, jaxjs!]));
  const { config, batch, length } = S;
  const flops = stepFlops(config, batch, length);
  if (limits.length > 0) found.rows.push(...limitRows('page.step.S', threads, flops, [step!, ...limits]));
  console.error(`${ROWS[backend]} done`);
}

/** a step of S in one page, ours and theirs in turn: on WebAssembly with all threads, then on WebGPU */
export async function inPage(rounds: Rounds, filter: string, found: PeersFound): Promise<void> {
  const backends = (['wasm', 'webgpu'] as const).filter((backend) => ROWS[backend].includes(filter));
  if (backends.length === 0) return;
  const page = await openSideBySide();
  found.peers.push(`jax-js ${devDependencies['@jax-js/jax']} in ${page.browser}`);
  try {
    for (const backend of backends) await orLeftOut(found, ROWS[backend], () => stepRow(backend, page, rounds, found));
  } finally {
    await page.close();
  }
}

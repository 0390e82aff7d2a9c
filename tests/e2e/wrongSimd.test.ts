/**
 * A browser that takes modules with 128-bit instructions and computes something else with them: it is found out by
 * computing, and what the visitor trains then is right. Chromium is made one by a line before the thread's script.
 */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { MINIATURE, numbers, openStage, trainUntil, useLab } from './lab';

/** wherever WebAssembly gets a module from, a sum stands in the place of every product of four numbers */
const SUMS_FOR_PRODUCTS = `{
  const changed = (source) => {
    if (source instanceof WebAssembly.Module) return source;
    const bytes = new Uint8Array(ArrayBuffer.isView(source) ? source.buffer.slice(source.byteOffset, source.byteOffset + source.byteLength) : source.slice(0));
    for (let at = 0; at + 2 < bytes.length; at++) if (bytes[at] === 0xfd && bytes[at + 1] === 0xe6 && bytes[at + 2] === 0x01) bytes[at + 1] = 0xe4;
    return bytes;
  };
  for (const name of ['compile', 'instantiate']) {
    const stock = WebAssembly[name];
    WebAssembly[name] = (source, ...more) => stock.call(WebAssembly, changed(source), ...more);
    WebAssembly[name + 'Streaming'] = async (response, ...more) => WebAssembly[name](await (await response).arrayBuffer(), ...more);
  }
}
`;
/** the script of the computing thread holds the kernels themselves, and has the functions that name them */
const KERNELS = 'data:application/wasm;base64,';

/** @returns how many scripts were changed so far */
async function misleadThread(page: Page): Promise<() => number> {
  let changed = 0;
  await page.route(/\/assets\/[^/]+\.js$/, async (route) => {
    const response = await route.fetch();
    const script = await response.text();
    const computes = script.includes(KERNELS);
    if (computes) changed++;
    await route.fulfill({ response, body: computes ? SUMS_FOR_PRODUCTS + script : script });
  });
  return () => changed;
}

const ADDRESS = `?backend=wasm&seed=6&${MINIATURE}&evalEvery=20&steps=20&stories=400#/data`;
const engine = (page: Page) => page.getByRole('button', { name: /^Engine: WebAssembly/ });

/** losses of a run of twenty steps */
async function losses(page: Page): Promise<number[]> {
  await page.getByRole('button', { name: 'Generate' }).click();
  await openStage(page, 'Pretrain');
  await trainUntil(page, /step 20 of 20/);
  return (await numbers(page)).map((point) => Number(point['train/loss']));
}

describe('a browser whose 128-bit instructions are wrong', () => {
  const { visit } = useLab();

  it('trains without them, to the numbers of one where they are right, and says why', async () => {
    const right = await visit(ADDRESS);
    await engine(right.page).filter({ hasText: 'fused' }).waitFor();
    const expected = await losses(right.page);

    const { page } = await visit();
    const changed = await misleadThread(page);
    await page.goto(new URL(ADDRESS, page.url()).href);
    await page.reload();
    await engine(page).filter({ hasText: 'portable' }).waitFor();
    expect(changed()).toBeGreaterThan(0);
    await engine(page).click();
    const words = page.getByRole('dialog', { name: 'Engine' });
    await words.getByText(/128-bit instructions of WebAssembly do not compute here what they should/).waitFor();
    await page.keyboard.press('Escape');
    const found = await losses(page);
    expect(found).toHaveLength(20);
    found.forEach((loss, step) => {
      expect(Math.abs(loss - expected[step]!), `step ${step}`).toBeLessThan(1e-3);
    });
    expect(expected.at(-1)).toBeLessThan(expected[0]!);
  });
});

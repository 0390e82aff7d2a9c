/** Takes the check of a page's layout into a browser. */
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { build, type Rolldown } from 'vite';

const ENTRY = resolve(import.meta.dirname, 'faults.ts');

async function bundle(): Promise<string> {
  const [built] = (await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: false, lib: { entry: ENTRY, formats: ['iife'], name: 'check' } },
  })) as Rolldown.RolldownOutput[];
  return built!.output[0].code;
}

let code: Promise<string> | null = null;

/** @returns what is wrong in the first element that matches, one line each; none when everything in it can be read */
export async function layoutFaultsOf(page: Page, selector = 'body'): Promise<string[]> {
  code ??= bundle();
  return page.evaluate(
    `(() => { ${await code}; return check.layoutFaults(document.querySelector(${JSON.stringify(selector)})); })()`,
  );
}

/** Waits until what a new size has changed is drawn. */
export const settled = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise<void>((done) =>
        requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
      ),
  );

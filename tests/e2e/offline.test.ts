/** The page as a static host deploys it: kept for visits without a network, and never swapped under a run. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { type StaticHost, staticHost } from '../helpers/staticHost';
import { MINIATURE, openStage, pause, progress, startTrained, useLab } from './lab';

const hosts: StaticHost[] = [];
const folders: string[] = [];
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** the built page in a folder of the test's own, which it may deploy over */
function deployed(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rlhf-lab-host-'));
  cpSync(inject('pageFolder'), folder, { recursive: true });
  folders.push(folder);
  return folder;
}

async function open(hasHeaders = true): Promise<StaticHost> {
  const host = await staticHost(deployed(), hasHeaders);
  hosts.push(host);
  return host;
}

const isKept = (page: Page) =>
  page.getByText('works: all of the page is here, and kept for the next visit').waitFor({ timeout: 120_000 });

function change(folder: string, file: string, from: string | RegExp, to: string): void {
  const text = readFileSync(join(folder, file), 'utf8');
  expect(text).toMatch(from);
  writeFileSync(join(folder, file), text.replace(from, to));
}

/** a newer version: another page, another worker, and the part with the arena under a name that nobody knows yet */
function deployNewer(folder: string): void {
  change(folder, 'index.html', '</head>', '<meta name="version" content="2" /></head>');
  change(folder, 'sw.js', /VERSION = '[0-9a-f]+'/, "VERSION = 'newer'");
  for (const name of readdirSync(join(folder, 'assets')).filter((one) => /^Arena-.*\.js$/.test(one))) {
    change(folder, 'sw.js', name, `newer-${name}`);
    cpSync(join(folder, 'assets', name), join(folder, 'assets', `newer-${name}`));
    rmSync(join(folder, 'assets', name));
  }
}

const lookForNewer = (page: Page) =>
  page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
const isNewer = (page: Page) => page.evaluate(() => document.querySelector('meta[name=version]') !== null);

describe('the page after one visit', () => {
  const { visit } = useLab();

  it('opens, shows every stage and trains where there is no server any more', async () => {
    const host = await open();
    const { page, context } = await visit('?backend=wasm', { url: host.url, keepsPage: true });
    await isKept(page);
    await page.close();
    await host.close();
    const again = await context.newPage();
    await again.goto(`${host.url}?backend=wasm&seed=3&stories=400&steps=20&${MINIATURE}`);
    await again.getByRole('heading', { level: 1, name: 'Start' }).waitFor();
    await startTrained(again);
    for (const stage of ['Data', 'Pretrain', 'Fine-tune', 'Compare', 'Reward model', 'Optimise'])
      await openStage(again, stage);
    await openStage(again, 'Data');
    await again.getByRole('button', { name: 'Generate' }).click();
    await openStage(again, 'Pretrain');
    const bar = again.getByRole('toolbar', { name: 'Transport' });
    await bar.getByRole('button', { name: 'Train', exact: true, disabled: false }).click();
    await progress(again, /step 20 of 20/).waitFor({ timeout: 60_000 });
    await again.evaluate(() => location.assign('#/arena'));
    await again.getByRole('heading', { level: 1, name: 'Arena' }).waitFor();
    await again.evaluate(() => location.assign('#/recorded'));
    await again.getByRole('button', { name: 'Play DPO on the same votes' }).click();
    const recording = again.getByRole('toolbar', { name: 'Recording' });
    await recording.getByRole('slider').press('End');
    await recording.getByText('60 of 60').waitFor();
  });

  it('has one worker, whatever address below the base it was opened at', async () => {
    const host = await open();
    const { page } = await visit('index.html?backend=wasm', { url: host.url, keepsPage: true });
    await isKept(page);
    const scopes = () =>
      page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope));
    expect(await scopes()).toEqual([host.url]);
    await page.goto(`${host.url}no/such/place`);
    await page.getByRole('heading', { level: 1, name: 'Start' }).waitFor();
    expect(page.url()).toMatch(new RegExp(`^${host.url}(#|$)`));
    await isKept(page);
    expect(await scopes()).toEqual([host.url]);
  });
});

describe('a version that is deployed during a run', () => {
  const { visit } = useLab();

  it('is offered, leaves the run and its lazy stages alone, and comes when it is asked for', async () => {
    const host = await open();
    const address = `?backend=wasm&seed=3&stories=400&steps=1000000&${MINIATURE}`;
    const { page } = await visit(address, { url: host.url, keepsPage: true });
    await isKept(page);
    await openStage(page, 'Data');
    await page.getByRole('button', { name: 'Generate' }).click();
    await openStage(page, 'Pretrain');
    await page
      .getByRole('toolbar', { name: 'Transport' })
      .getByRole('button', { name: 'Train', exact: true, disabled: false })
      .click();
    await progress(page, /step [1-9]\d* of/).waitFor({ timeout: 60_000 });

    deployNewer(host.folder);
    await lookForNewer(page);
    const offer = page.getByRole('button', { name: 'Load it' });
    await offer.waitFor({ timeout: 60_000 });
    await offer.click();
    await page.getByText('Something runs. Pause it, then load the new version.').waitFor();
    expect(await isNewer(page)).toBe(false);

    await page.reload(); // the old version still, and a stage whose file is on no server any more
    await page.getByRole('heading', { level: 1, name: 'Pretrain' }).waitFor();
    expect(await isNewer(page)).toBe(false);
    await page.evaluate(() => location.assign('#/arena'));
    await page.getByRole('heading', { level: 1, name: 'Arena' }).waitFor();

    await openStage(page, 'Pretrain');
    if (await page.getByRole('button', { name: 'Pause' }).isVisible()) await pause(page);
    await offer.waitFor({ timeout: 120_000 });
    await Promise.all([page.waitForEvent('load'), offer.click()]);
    await page.getByRole('heading', { level: 1, name: 'Pretrain' }).waitFor();
    expect(await isNewer(page)).toBe(true);
    await progress(page, /step [1-9]\d* of/).waitFor({ timeout: 60_000 });
  });
});

describe('a static host', () => {
  const { visit } = useLab();
  const trained = async (page: Page) => {
    await page.getByRole('button', { name: 'Engine: WebAssembly' }).waitFor();
    await startTrained(page);
  };

  it('that reads the headers beside the page isolates it, and threads may play together', async () => {
    const { url } = await open(true);
    const { page } = await visit('?backend=wasm', { url });
    await page.getByText('yes: precise timers').waitFor();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await trained(page);
  });

  it('that sends none is said, and one thread does the work', async () => {
    const { url } = await open(false);
    const { page } = await visit('?backend=wasm', { url });
    await page.getByText('no: the server sends no isolation headers').waitFor();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    await trained(page);
  });
});

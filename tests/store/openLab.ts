import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { memoryAddress } from '../../src/store/address/url';
import { createLab, type Lab } from '../../src/store/lab';
import { idbStorage } from '../../src/store/persistence/idbStorage';
import type { LabStorage } from '../../src/store/persistence/storage';
import type { LabOptions } from '../../src/store/surroundings';
import { FakeClient } from '../helpers/fakeClient';

/** an empty disk */
export const freshDisk = (): void => {
  globalThis.indexedDB = new IDBFactory();
};

/** A page of a test: its clock stands still unless moved, its files are kept, its scheduler commits at once. */
export interface Page {
  lab: Lab;
  client: FakeClient;
  address: ReturnType<typeof memoryAddress>;
  files: { fileName: string; content: string | Uint8Array | Blob }[];
  /** time passes */
  wait(ms: number): void;
  /** somebody sets the date of the machine, forward or back; no time passes */
  setDate(ms: number): void;
  /** the tab is killed: nothing is asked of the page any more */
  kill(): void;
}

export interface PageOptions extends LabOptions {
  href?: string;
  client?: FakeClient;
  storage?: LabStorage;
  boot?: boolean;
}

export async function openPage({
  href = '',
  client = new FakeClient(),
  storage = idbStorage(),
  boot = true,
  ...options
}: PageOptions = {}): Promise<Page> {
  let clock = 0;
  let date = 1_700_000_000_000;
  const address = memoryAddress(href);
  const files: Page['files'] = [];
  const lab = createLab(client, storage, {
    address,
    now: () => clock,
    today: () => date,
    schedule: (commit) => queueMicrotask(commit),
    saveFile: (fileName, content) => files.push({ fileName, content }),
    ...options,
  });
  if (boot) await lab.getState().session.boot();
  const wait = (ms: number) => {
    clock += ms;
    date += ms;
  };
  const setDate = (ms: number) => {
    date += ms;
  };
  const kill = () => {
    lab.dispose();
    client.dispose();
    storage.close();
  };
  return { lab, client, address, files, wait, setDate, kill };
}

/**
 * lets the disk and the queue of changes finish: counted in turns of the event loop, so that a busy machine changes
 * nothing
 */
export async function settle(turns = 200): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** a page on Compare with the shipped model and a pair on the screen */
export async function openVoting(options: PageOptions = {}): Promise<Page> {
  const page = await openPage(options);
  await page.lab.getState().shelf.startTrained('tiny');
  return page;
}

export async function vote(page: Page, choice: 'a' | 'b' | 'tie' | 'bothBad' = 'a'): Promise<void> {
  page.wait(1000);
  await page.lab.getState().pairs.vote(choice);
}

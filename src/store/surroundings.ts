/** What a lab has around it: the page's own, or what a test brings. */
import type { LabClient } from '../client/client';
import { type Address, memoryAddress } from './address/url';
import { beatScheduler, microtaskScheduler, type Scheduler } from './batch';
import type { Context } from './context';
import { type CardNotes, noCards } from './persistence/cards';
import { memoryStorage } from './persistence/memoryStorage';
import { noReminder, type Reminder } from './persistence/reminder';
import { aloneLock, type TabLock } from './persistence/tabLock';

/** What a page has and a test replaces. */
export interface LabOptions {
  address?: Address;
  lock?: TabLock;
  reminder?: Reminder;
  cards?: CardNotes;
  askToKeep?: Context['askToKeep'];
  isKept?: Context['isKept'];
  versions?: Context['versions'];
  /** a new thread after a crash; without it a crash is the end */
  connect?: () => LabClient;
  storageBeside?: Context['storageBeside'];
  schedule?: Scheduler;
  now?: Context['now'];
  today?: Context['today'];
  later?: Context['later'];
  saveFile?: Context['saveFile'];
}

const downloadFile: Context['saveFile'] = (fileName, content, type) => {
  const url = URL.createObjectURL(new Blob([content as BlobPart], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
};

export const usualScheduler = (): Scheduler =>
  typeof requestAnimationFrame === 'function' ? beatScheduler() : microtaskScheduler;

/** the page's own where a test brings none */
export const surroundings = (options: LabOptions) => ({
  address: options.address ?? memoryAddress(),
  lock: options.lock ?? aloneLock(),
  reminder: options.reminder ?? noReminder(),
  cards: options.cards ?? noCards(),
  storageBeside: options.storageBeside ?? memoryStorage,
  askToKeep: options.askToKeep ?? (() => undefined),
  isKept: options.isKept ?? (async () => true),
  versions: options.versions ?? (async () => ({ keep: async () => false, take: () => false })),
  now: options.now ?? (() => performance.now()),
  today: options.today ?? Date.now,
  saveFile: options.saveFile ?? downloadFile,
  later: options.later ?? ((task: () => void, ms: number) => void setTimeout(task, ms)),
});

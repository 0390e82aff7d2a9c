/**
 * how long a tab waits for the lab, in ms: the lock of a tab that was just killed is held a moment longer than the tab
 * is seen
 */
const PATIENCE_MS = 1000;

/** Sees to it that only one tab writes a lab. */
export interface TabLock {
  /** @returns whether this tab owns the lab now; `onLost` is told when another tab takes it over */
  acquire(onLost: () => void): Promise<boolean>;
  /** takes the lab from the tab that owns it */
  takeOver(onLost: () => void): Promise<void>;
  release(): void;
}

/** Web Locks: the browser itself lets go of the lock when a tab dies, so a crash never locks anyone out. */
export function webLock(
  name = 'rlhf-lab',
  locks: LockManager | undefined = globalThis.navigator?.locks,
  patienceMs = PATIENCE_MS,
): TabLock {
  if (!locks) return aloneLock();
  let release: () => void = () => undefined;
  const hold = (options: LockOptions, onLost: () => void) =>
    new Promise<boolean>((resolve) => {
      let held = false;
      const holdOn = (lock: Lock | null) => {
        held = lock !== null;
        resolve(held);
        return held ? new Promise<void>((done) => (release = done)) : undefined;
      };
      locks.request(name, options, holdOn).catch(() => (held ? onLost() : resolve(false)));
    });
  return {
    // a page that was too busy to hear that the lock is its own asks once more
    acquire: async (onLost) =>
      (await hold({ signal: AbortSignal.timeout(patienceMs) }, onLost)) || hold({ ifAvailable: true }, onLost),
    takeOver: async (onLost) => {
      await hold({ steal: true }, onLost);
    },
    release: () => release(),
  };
}

/** Where the browser has no locks: every tab is on its own. */
export const aloneLock = (): TabLock => ({
  acquire: async () => true,
  takeOver: async () => undefined,
  release: () => undefined,
});

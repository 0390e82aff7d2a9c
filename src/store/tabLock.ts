/** Sees to it that only one tab writes a lab. */
export interface TabLock {
  /** @returns whether this tab owns the lab now; `onLost` is told when another tab takes it over */
  acquire(onLost: () => void): Promise<boolean>;
  /** takes the lab from the tab that owns it */
  takeOver(onLost: () => void): Promise<void>;
  release(): void;
}

/** Web Locks: the browser itself lets go of the lock when a tab dies, so a crash never locks anyone out. */
export function webLock(name = 'rlhf-lab', locks: LockManager | undefined = globalThis.navigator?.locks): TabLock {
  if (!locks) return aloneLock();
  let release: () => void = () => undefined;
  const hold = (options: LockOptions, onLost: () => void) =>
    new Promise<boolean>((resolve) => {
      locks
        .request(name, options, (lock) => {
          resolve(lock !== null);
          return lock === null ? undefined : new Promise<void>((done) => (release = done));
        })
        .catch(onLost);
    });
  return {
    acquire: (onLost) => hold({ ifAvailable: true }, onLost),
    takeOver: async (onLost) => {
      await hold({ steal: true }, onLost);
    },
    release: () => release(),
  };
}

/** Where the browser has no locks: every tab is on its own. */
export const aloneLock = (): TabLock => ({ acquire: async () => true, takeOver: async () => undefined, release: () => undefined });

/** @returns whether the browser has promised to keep what this page stores; it has not where it cannot be asked */
export async function isKept(storage: StorageManager | undefined = globalThis.navigator?.storage): Promise<boolean> {
  try {
    return (await storage?.persisted()) ?? false;
  } catch {
    return false;
  }
}

/**
 * Browsers may delete what a page stores when the disk is nearly full, unless they were asked to keep it.
 * @returns what asks, at most once a page; some browsers pass the question on to the visitor, so there should be
 * something to keep
 */
export function askToKeep(storage: StorageManager | undefined = globalThis.navigator?.storage): () => Promise<void> {
  let isAsked = false;
  return async () => {
    if (isAsked) return;
    isAsked = true;
    try {
      if (storage && !(await storage.persisted())) await storage.persist();
    } catch {
      // not in this window
    }
  };
}

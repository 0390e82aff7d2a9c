/** Storage as an earlier version of the page left it, made of what today's wrote. */

/**
 * Runs in a document of the page's origin that is not the page: every database becomes one of version 5, in which files of
 * models and states of runs stood whole in the records that name them.
 * @returns how many files were joined
 */
export async function toVersion5(): Promise<number> {
  const done = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  let joined = 0;
  for (const { name } of await indexedDB.databases()) {
    const today = await done(indexedDB.open(name!));
    const stores: { name: string; keyPath: string | string[] | null; keys: IDBValidKey[]; values: unknown[] }[] = [];
    for (const store of today.objectStoreNames) {
      const from = today.transaction(store).objectStore(store);
      const { keyPath } = from;
      stores.push({ name: store, keyPath, keys: await done(from.getAllKeys()), values: await done(from.getAll()) });
    }
    const list = (store: string): boolean =>
      (store === 'opinions' || store === 'duels') && today.objectStoreNames.contains(store);
    const pieces = stores.find((store) => store.name === 'pieces')!;
    const bytesOf = async (file: number) => {
      const own = pieces.values.filter((_, i) => (pieces.keys[i] as [number, number])[0] === file) as BlobPart[];
      joined++;
      return new Uint8Array(await new Blob(own).arrayBuffer());
    };
    for (const store of stores)
      if (store.name === 'checkpoints' || store.name === 'snapshots')
        for (const [i, value] of store.values.entries()) {
          const { file, size: _, ...rest } = value as { file: number; size: number };
          store.values[i] = { ...rest, bytes: await bytesOf(file) };
        }
    today.close();
    await done(indexedDB.deleteDatabase(name!));
    const opening = indexedDB.open(name!, 5);
    opening.onupgradeneeded = () => {
      for (const store of stores) {
        if (store === pieces) continue;
        const { keyPath } = store;
        const made = opening.result.createObjectStore(
          store.name,
          list(store.name) ? { autoIncrement: true } : { keyPath },
        );
        if (list(store.name)) made.createIndex('rankingId', 'rankingId', { unique: true });
        for (const [i, value] of store.values.entries())
          if (keyPath === null) made.put(value, store.keys[i]);
          else made.put(value);
      }
    };
    (await done(opening)).close();
  }
  return joined;
}

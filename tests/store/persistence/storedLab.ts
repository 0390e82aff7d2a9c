/** A stored lab as a JSON file: every store of the database with its keys, its indexes and its values. */
interface StoredStore {
  name: string;
  options: IDBObjectStoreParameters;
  indexes: { name: string; keyPath: string; unique: boolean }[];
  keys: IDBValidKey[];
  values: unknown[];
}
export interface StoredDatabase {
  name: string;
  version: number;
  stores: StoredStore[];
}

const answered = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function dumpStore(database: IDBDatabase, name: string): Promise<StoredStore> {
  const store = database.transaction(name).objectStore(name);
  const indexes = [...store.indexNames].map((index) => {
    const { keyPath, unique } = store.index(index);
    return { name: index, keyPath: keyPath as string, unique };
  });
  const [keys, values] = await Promise.all([answered(store.getAllKeys()), answered(store.getAll())]);
  const options = { keyPath: store.keyPath, autoIncrement: store.autoIncrement };
  return { name, options, indexes, keys, values };
}

export async function dumpDatabase(name = 'rlhf-lab'): Promise<StoredDatabase> {
  const database = await answered(indexedDB.open(name));
  const stores: StoredStore[] = [];
  for (const store of database.objectStoreNames) stores.push(await dumpStore(database, store));
  const { version } = database;
  database.close();
  return { name, version, stores };
}

/** on an empty disk */
export async function writeDatabase({ name, version, stores }: StoredDatabase): Promise<void> {
  const opening = indexedDB.open(name, version);
  opening.onupgradeneeded = () => {
    for (const { name: store, options, indexes, keys, values } of stores) {
      const made = opening.result.createObjectStore(store, options);
      for (const index of indexes) made.createIndex(index.name, index.keyPath, { unique: index.unique });
      for (const [i, value] of values.entries()) made.put(value, options.keyPath == null ? keys[i] : undefined);
    }
  };
  const database = await answered(opening);
  database.close();
}

/** bytes in base64, so that the file is JSON */
export const toJson = (value: unknown): string =>
  JSON.stringify(
    value,
    (_, one: unknown) => (one instanceof Uint8Array ? { $bytes: Buffer.from(one).toString('base64') } : one),
    1,
  );

export const fromJson = <T>(text: string): T =>
  JSON.parse(text, (_, one: { $bytes?: string } | null) =>
    typeof one?.$bytes === 'string' ? new Uint8Array(Buffer.from(one.$bytes, 'base64')) : one,
  ) as T;

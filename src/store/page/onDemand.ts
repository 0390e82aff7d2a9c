/** Parts that the first screen does without. All of them are fetched while the visitor reads it, or when one is needed. */
import { LabError } from '../../contract/errors';

const named = new Set<() => Promise<unknown>>();

/** all that were named so far; parts that come may name further ones, which are at its end then */
export const allOnDemand: ReadonlySet<() => Promise<unknown>> = named;

/**
 * @param does what the part does, in words
 * @returns what fetches it, once; what did not come is fetched again the next time. @throws LabError page/partMissing
 */
export function onDemand<T>(does: string, load: () => Promise<T>): () => Promise<T> {
  let coming: Promise<T> | null = null;
  const fetch = () => {
    coming ??= load().catch(() => {
      coming = null;
      throw new LabError('page/partMissing', `What ${does} is not here: the network is away.`);
    });
    return coming;
  };
  named.add(fetch);
  return fetch;
}

/** What a part makes for one lab. */
export interface MadeOnDemand<T> {
  /** once, when it is first asked for; @throws LabError page/partMissing, and is asked again the next time */
  get(): Promise<T>;
  /** null while nobody has asked */
  here(): T | null;
}

export function madeOnDemand<C, T>(part: () => Promise<(context: C) => T>, context: C): MadeOnDemand<T> {
  let made: T | null = null;
  return {
    async get() {
      const make = await part();
      made ??= make(context);
      return made;
    },
    here: () => made,
  };
}

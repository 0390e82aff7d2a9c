/**
 * The page comes in parts, so that the first screen is small: a part is fetched when it is first shown, or before that
 * while the visitor reads. Afterwards the page needs no network.
 */
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

/** Fetches a module of the page. */
type Load<C> = () => Promise<{ default: C }>;

/** A part of the page that did not come: no mistake in it, but a network that went away. */
export class PartMissing extends Error {}

interface Part {
  fetch(): Promise<unknown>;
  /** after a failure: the next time it is drawn it is fetched again */
  renew(): void;
}
/** parts name further parts when they come, as a stage does its charts */
const parts = new Set<Part>();

/**
 * @returns the component of a module that is fetched when it is first drawn, or by `fetchParts`; it suspends, and
 * throws PartMissing
 */
export function part<P extends object = object>(load: Load<ComponentType<P>>): ComponentType<P> {
  let coming: ReturnType<typeof load> | null = null;
  const fetch = () => {
    coming ??= load().catch((cause) => {
      coming = null;
      throw new PartMissing('the network is not there', { cause });
    });
    return coming;
  };
  /** React keeps a failure for good, also where the module has come since */
  let failed = false;
  const drawn = () =>
    lazy(() =>
      fetch().catch((error) => {
        failed = true;
        throw error;
      }),
    );
  let Shown: LazyExoticComponent<ComponentType<P>> = drawn();
  const renew = () => {
    if (failed) Shown = drawn();
    failed = false;
  };
  parts.add({ fetch, renew });
  return (props: P) => <Shown {...props} />;
}

/** one part in each pause of the page: none of them is wanted yet */
const pause = (): Promise<void> =>
  new Promise((resolve) => {
    if (typeof requestIdleCallback === 'function') requestIdleCallback(() => resolve(), { timeout: 500 });
    else setTimeout(resolve, 50);
  });

/** Fetches everything that the page may show. @throws PartMissing when something did not come; what came is kept */
export async function fetchParts(): Promise<void> {
  const missing: unknown[] = [];
  for (const { fetch } of parts) {
    await pause();
    await fetch().catch((error) => missing.push(error));
  }
  if (missing.length > 0) throw missing[0];
}

/** Lets whatever could not be fetched be fetched again when it is next drawn, styles too. */
export async function renewParts(): Promise<void> {
  await Promise.all(
    [...document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')]
      .filter(({ sheet }) => !sheet)
      .map(fetchAgain),
  );
  for (const { renew } of parts) renew();
}

/** a style sheet that failed is not asked for again by the module that wants it */
function fetchAgain(link: HTMLLinkElement): Promise<void> {
  const again = link.cloneNode() as HTMLLinkElement;
  return new Promise((resolve) => {
    again.onload = again.onerror = () => resolve();
    link.replaceWith(again);
  });
}

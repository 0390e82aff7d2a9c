/**
 * The page comes in parts, so that the first screen is small: a part is fetched when it is first shown, or before that
 * while the visitor reads. Afterwards the page needs no network.
 */
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import { allOnDemand, onDemand } from '../store/page/onDemand';

/** Fetches a module of the page. */
type Load<C> = () => Promise<{ default: C }>;

/** after a failure: the next time a part is drawn it is fetched again */
const renewals = new Set<() => void>();

/**
 * @returns the component of a module that is fetched when it is first drawn, or by `fetchParts`; it suspends, and
 * throws LabError page/partMissing
 */
export function part<P extends object = object>(load: Load<ComponentType<P>>): ComponentType<P> {
  const fetch = onDemand('is shown here', load);
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
  renewals.add(renew);
  return (props: P) => <Shown {...props} />;
}

/** one part in each pause of the page: none of them is wanted yet */
const pause = (): Promise<void> =>
  new Promise((resolve) => {
    if (typeof requestIdleCallback === 'function') requestIdleCallback(() => resolve(), { timeout: 500 });
    else setTimeout(resolve, 50);
  });

/**
 * Fetches everything that the page may show or do. @throws LabError when something did not come; what came is kept
 */
export async function fetchParts(): Promise<void> {
  const missing: unknown[] = [];
  for (const fetch of allOnDemand) {
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
  for (const renew of renewals) renew();
}

/** a style sheet that failed is not asked for again by the module that wants it */
function fetchAgain(link: HTMLLinkElement): Promise<void> {
  const again = link.cloneNode() as HTMLLinkElement;
  return new Promise((resolve) => {
    again.onload = again.onerror = () => resolve();
    link.replaceWith(again);
  });
}

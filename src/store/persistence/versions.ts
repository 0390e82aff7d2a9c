/**
 * The service worker as the page sees it: it keeps this version for visits without a network, and knows of newer ones.
 */
import * as v from 'valibot';
import { localNote } from './localNote';

export interface Versions {
  /**
   * keeps the page in this browser
   * @param offered is told when a newer version is here and waits
   * @returns whether it is kept
   */
  keep(offered: () => void): Promise<boolean>;
  /**
   * lets the newer version take over and loads the page again
   * @param now milliseconds since 1970
   * @returns false where the page was loaded again by this less than ten seconds ago: then it stays
   */
  take(now: number): boolean;
}

/** a class stays for hours on one page */
const LOOK_EVERY_MS = 60 * 60 * 1000;
const BETWEEN_RELOADS_MS = 10_000;
/** beside the assets, whatever the address of the page below its base is */
const WORKER = '../sw.js';

type Container = Pick<ServiceWorkerContainer, 'register' | 'ready' | 'controller' | 'addEventListener'>;

/** Tells of a version that is here and waits, now or later; the first one replaces nothing. */
function listen(registration: ServiceWorkerRegistration, container: Container, offered: () => void): void {
  const look = () => {
    if (registration.waiting && container.controller) offered();
  };
  look();
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look));
}

function lookAgain(registration: ServiceWorkerRegistration): void {
  const update = () => void registration.update().catch(() => undefined); // without a network there is none
  setInterval(update, LOOK_EVERY_MS);
  addEventListener('online', update);
}

/** WebKit once saved no file through the worker; until that is understood no page is kept there. */
const keepsPages = (navigator: Navigator): boolean =>
  'userAgentData' in navigator || navigator.userAgent.includes('Firefox/');

/**
 * @param container null where the browser has none, as over plain http
 * @param reload loads the page again
 */
export function workerVersions(
  container: Container | null = keepsPages(globalThis.navigator) ? (navigator.serviceWorker ?? null) : null,
  reload: () => void = () => location.reload(),
): Versions {
  let registration: ServiceWorkerRegistration | null = null;
  const reloaded = localNote('rlhf-lab reloaded', v.number(), () => sessionStorage);
  return {
    async keep(offered) {
      try {
        registration = (await container?.register(new URL(WORKER, import.meta.url))) ?? null;
        if (!container || !registration) return false;
        listen(registration, container, offered);
        lookAgain(registration);
        return (await container.ready).active !== null;
      } catch {
        return false; // not in this window, or served without one
      }
    },
    take(now) {
      const since = now - (reloaded.read() ?? Number.NEGATIVE_INFINITY);
      if (since >= 0 && since < BETWEEN_RELOADS_MS) return false; // below 0 the clock was set back since
      reloaded.write(now);
      const { waiting } = registration ?? {};
      if (!waiting) reload();
      container?.addEventListener('controllerchange', reload, { once: true });
      waiting?.postMessage('take over');
      return true;
    },
  };
}

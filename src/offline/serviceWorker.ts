/**
 * The page for visits without a network. One version of the page is one cache, filled whole before it serves anything;
 * a newer version waits beside it until the page asks for it, so nothing is swapped under a run. build/serviceWorker.ts
 * compiles this file and fills in what it keeps.
 */

/**
 * paths below the page, of everything that a visit may load; what lies in assets/ has its content's hash in its name
 */
declare const FILES: readonly string[];
/** a hash of all of them */
declare const VERSION: string;

interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Asked extends Event {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
/** what the thread of a service worker has of its own */
interface Thread {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(kind: 'install' | 'activate', listener: (event: Lasting) => void): void;
  addEventListener(kind: 'fetch', listener: (event: Asked) => void): void;
  addEventListener(kind: 'message', listener: (event: MessageEvent) => void): void;
}

const thread = self as unknown as Thread;
const page = new URL(thread.registration.scope);
/** others on the same origin have caches of their own */
const PREFIX = `rlhf-lab ${page.pathname} `;
const CACHE = PREFIX + VERSION;
/** servers name headers that the answer does not depend on, and the address of an experiment is no other page */
const ANY = { ignoreVary: true, ignoreSearch: true };
const kept = new Set(FILES);

const isHashed = (path: string): boolean => path.startsWith('assets/');

/**
 * Some hosts answer a file that is not there with a page, some lead to another address: neither may be kept as it is.
 */
function checked(path: string, response: Response): Response {
  const isPage = response.headers.get('Content-Type')?.includes('text/html') === true;
  if (!response.ok || (isPage && path !== '')) throw new Error(`${path} is not there`);
  const { body, status, statusText, headers } = response;
  return response.redirected ? new Response(body, { status, statusText, headers }) : response;
}

/** A file whose name has not changed since the last version is taken from there. */
async function fileOf(path: string): Promise<Response> {
  const url = new URL(path, page);
  const known = isHashed(path) ? await caches.match(url, ANY) : undefined;
  return known ?? checked(path, await fetch(url, { cache: isHashed(path) ? 'default' : 'no-cache' }));
}

/** one after the other: the visitor may be training */
async function fill(): Promise<void> {
  const cache = await caches.open(CACHE);
  for (const path of ['', ...FILES]) await cache.put(new URL(path, page), await fileOf(path));
}

/**
 * The version before stays: another tab may still show it, and open a part of it that it has not opened yet. Nobody
 * waits until all clients are claimed: a page's threads of WebAssembly are clients too, those that stand in
 * Atomics.wait do not answer Firefox, and until a worker is active no page is loaded through it.
 */
async function clear(): Promise<void> {
  const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
  void thread.clients.claim();
}

async function fromCaches(url: URL): Promise<Response | undefined> {
  const mine = await caches.open(CACHE);
  return (await mine.match(url, ANY)) ?? (await caches.match(url, ANY));
}

/** The page itself comes from here; an address below it that nothing answers leads to it. */
async function navigated(url: URL, path: string, request: Request): Promise<Response> {
  if (path === '' || path === 'index.html') return (await fromCaches(page)) ?? fetch(request);
  const found = kept.has(path) ? await fromCaches(url) : undefined;
  const answer = found ?? (await fetch(request).catch(() => null));
  return answer && answer.status !== 404 ? answer : Response.redirect(page.href);
}

thread.addEventListener('install', (event) => event.waitUntil(fill()));
thread.addEventListener('activate', (event) => event.waitUntil(clear()));
thread.addEventListener('message', ({ data }) => {
  if (data === 'take over') void thread.skipWaiting();
});
thread.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || !url.href.startsWith(page.href)) return;
  const path = url.pathname.slice(page.pathname.length);
  if (request.mode === 'navigate') event.respondWith(navigated(url, path, request));
  else if (kept.has(path) || isHashed(path))
    event.respondWith(fromCaches(url).then((found) => found ?? fetch(request)));
});

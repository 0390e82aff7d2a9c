/**
 * Asks for the computing thread while the page's own script is still on its way. A script of its own, which nothing
 * waits for and nothing imports: where it fails, the page starts a thread as if it had never been there.
 */

declare global {
  /** where the page finds the thread, until it takes it */
  var earlyThread: Worker | undefined;
}

// a presenter's second window has no lab
if (!location.hash.startsWith('#/notes/')) {
  const thread = new Worker(new URL('../worker/main.ts', import.meta.url), { type: 'module', name: 'lab' });
  globalThis.earlyThread = thread;
  // one that does not come up is not taken
  thread.addEventListener('error', () => {
    globalThis.earlyThread = undefined;
  });
}

export {};

import type { HelperNews, HelperWish } from '../contract/protocol';

/** The part of a Worker that is needed of a thread that helps the computing one. */
export type Helper = Pick<Worker, 'onmessage' | 'onerror' | 'postMessage' | 'terminate'>;

/**
 * Starts or ends a thread that the computing one asks for; `../worker/threads.ts` says why the page does.
 * @param helpers those that were started, by number
 * @param tell the computing thread
 */
export function help(helpers: Helper[], { helper, post }: HelperWish, tell: (news: HelperNews) => void): void {
  if (post) {
    const thread = new Worker(new URL('../worker/kernelThread.ts', import.meta.url), {
      type: 'module',
      name: 'kernels',
    });
    helpers[helper] = thread;
    thread.onmessage = () => tell({ helper, isUp: true });
    thread.onerror = () => tell({ helper, isUp: false });
    thread.postMessage(post);
  } else helpers[helper]?.terminate();
}

/** The threads that play kernels together with this one. */
import type { Post, ThreadPool, ThreadSource } from '../core/kernels/wasm/player';

/** more share too little work */
const MOST = 8;
/** a thread that is not up by then is not waited for: one plays alone */
const PATIENCE_MS = 3000;

class WorkerThreads implements ThreadPool {
  private readonly workers: Worker[] = [];

  constructor(readonly threads: number) {}

  post(post: Post): Promise<void> {
    const worker = new Worker(new URL('./kernelThread.ts', import.meta.url), {
      type: 'module',
      name: `kernels ${post.thread}`,
    });
    this.workers.push(worker);
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('a thread did not come up')), PATIENCE_MS);
      const settle = (done: () => void) => () => {
        clearTimeout(late);
        done();
      };
      worker.addEventListener('message', settle(resolve), { once: true });
      worker.addEventListener(
        'error',
        settle(() => reject(new Error('a thread did not start'))),
        { once: true },
      );
      worker.postMessage(post);
    });
  }

  dispose(): void {
    for (const worker of this.workers) worker.terminate();
  }
}

/** @returns null where memory cannot be shared */
export function threadsHere(): ThreadSource | null {
  if (!self.crossOriginIsolated) return null;
  return { most: Math.min(MOST, navigator.hardwareConcurrency || 1), pool: (threads) => new WorkerThreads(threads) };
}

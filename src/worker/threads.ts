/**
 * The threads that play kernels together with this one. The page starts them: where something watches Firefox's workers
 * (153; developer tools, a test), a worker that makes another one waits until the page's thread has told the watcher, on
 * a condition on which the new thread waits for work too, and one of the two is woken. Was it the new thread, this one
 * stood still for ever.
 */
import type { HelperNews, HelperWish } from '../contract/protocol';
import type { Post, ThreadPool, ThreadSource } from '../core/kernels/wasm/player';

/** more share too little work */
const MOST = 8;
/** for all that is waited for until it is known how many play, since the first thread was asked for */
const PATIENCE_MS = 3000;

/** What the page is asked for, and what it answers. */
export class Helpers {
  private last = 0;
  private readonly waiting = new Map<number, (isUp: boolean) => void>();

  /** @param tell the page */
  constructor(private readonly tell: (wish: HelperWish) => void) {}

  hear({ helper, isUp }: HelperNews): void {
    this.waiting.get(helper)?.(isUp);
  }

  /** @returns the thread's number, and whether it is about to serve, once that is known */
  start(post: Post): { helper: number; isUp: Promise<boolean> } {
    const helper = ++this.last;
    const isUp = new Promise<boolean>((resolve) => this.waiting.set(helper, resolve));
    this.tell({ helper, post });
    return { helper, isUp };
  }

  end(helper: number): void {
    this.tell({ helper, post: null });
  }
}

class WorkerThreads implements ThreadPool {
  private readonly started: number[] = [];

  /** @param left milliseconds that may yet pass */
  constructor(
    readonly threads: number,
    private readonly helpers: Helpers,
    private readonly left: () => number,
  ) {}

  get patience(): number {
    return Math.max(1, Math.ceil(this.left() / 1000));
  }

  async post(post: Post): Promise<void> {
    const { helper, isUp } = this.helpers.start(post);
    this.started.push(helper);
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('a thread did not come up')), this.left());
      void isUp.then((up) => {
        clearTimeout(late);
        if (up) resolve();
        else reject(new Error('a thread did not start'));
      });
    });
  }

  dispose(): void {
    for (const helper of this.started) this.helpers.end(helper);
  }
}

/**
 * @param now milliseconds, steady
 * @returns null where memory cannot be shared
 */
export function threadsHere(helpers: Helpers, now: () => number): ThreadSource | null {
  if (!self.crossOriginIsolated) return null;
  let deadline: number | null = null;
  const left = (): number => {
    deadline ??= now() + PATIENCE_MS;
    return Math.max(0, deadline - now());
  };
  return {
    most: Math.min(MOST, navigator.hardwareConcurrency || 1),
    pool: (threads) => new WorkerThreads(threads, helpers, left),
  };
}

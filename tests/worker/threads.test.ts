/** The threads of the page that help to compute: where they come from, and what becomes of those that do not come. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Post } from '../../src/core/kernels/wasm/player';
import { threadsHere } from '../../src/worker/threads';

const POST = { control: 256, thread: 1 } as unknown as Post;

/** what a browser does with a thread that is asked for */
let answer: (thread: FakeWorker) => void;
const made: FakeWorker[] = [];

class FakeWorker extends EventTarget {
  posted: unknown[] = [];
  isEnded = false;

  constructor() {
    super();
    made.push(this);
  }

  postMessage(message: unknown): void {
    this.posted.push(message);
    answer(this);
  }

  terminate(): void {
    this.isEnded = true;
  }
}

const machine = (cores: number | undefined, isolated = true): void => {
  vi.stubGlobal('self', { crossOriginIsolated: isolated });
  vi.stubGlobal('navigator', { hardwareConcurrency: cores });
};

beforeEach(() => {
  made.length = 0;
  vi.stubGlobal('Worker', FakeWorker);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('threads that help to compute', () => {
  it('are not asked for where memory cannot be shared', () => {
    machine(8, false);
    expect(threadsHere()).toBeNull();
  });

  it.each([
    [1, 1],
    [2, 2],
    [6, 6],
    [8, 8],
    [32, 8],
    [undefined, 1],
  ])('are worth trying up to the number of cores, and up to eight: of %s, %i', (cores, most) => {
    machine(cores);
    expect(threadsHere()?.most).toBe(most);
  });

  it('are told once where to serve, and ended with their pool', async () => {
    machine(2);
    answer = (thread) => thread.dispatchEvent(new MessageEvent('message', { data: 'ready' }));
    const pool = threadsHere()!.pool(2);
    expect(pool.threads).toBe(2);
    await pool.post(POST);
    expect(made.map(({ posted }) => posted)).toEqual([[POST]]);
    expect(made[0]!.isEnded).toBe(false);
    pool.dispose();
    expect(made[0]!.isEnded).toBe(true);
  });

  it('are given up where one does not start', async () => {
    machine(2);
    answer = (thread) => thread.dispatchEvent(new Event('error'));
    await expect(threadsHere()!.pool(2).post(POST)).rejects.toThrow('did not start');
  });

  it('are given up where memory cannot be posted, whatever the page says of itself', async () => {
    machine(2);
    answer = () => {
      throw new DOMException('shared memory cannot be cloned', 'DataCloneError');
    };
    await expect(threadsHere()!.pool(2).post(POST)).rejects.toThrow('cannot be cloned');
  });

  it('are given up within seconds where one never answers', async () => {
    machine(2);
    answer = () => undefined;
    const coming = threadsHere()!.pool(2).post(POST);
    const told = expect(coming).rejects.toThrow('did not come up');
    await vi.advanceTimersByTimeAsync(3000);
    await told;
  });
});

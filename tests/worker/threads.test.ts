/** The threads of the page that help to compute: where they come from, and what becomes of those that do not come. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Helper, help } from '../../src/client/helpers';
import { type Post, startKernels, stopKernels } from '../../src/core/kernels/wasm/player';
import { Helpers, threadsHere } from '../../src/worker/threads';
import { withBackend } from '../helpers/backend';
import { kernelFiles } from '../helpers/kernels';

const POST = { control: 256 } as unknown as Post;
const now = () => Date.now();

/** what a browser does with a thread that is asked for */
let answer: (thread: FakeWorker) => void;
const made: FakeWorker[] = [];

class FakeWorker {
  onmessage: (() => void) | null = null;
  onerror: (() => void) | null = null;
  posted: unknown[] = [];
  isEnded = false;

  constructor() {
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

/** the computing thread's threads, and those that its page has started for it */
function lab() {
  const running: Helper[] = [];
  const helpers = new Helpers((wish) => help(running, wish, (news) => helpers.hear(news)));
  return { source: threadsHere(helpers, now) };
}

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
  withBackend('wasm');

  it('are not asked for where memory cannot be shared', () => {
    machine(8, false);
    expect(lab().source).toBeNull();
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
    expect(lab().source?.most).toBe(most);
  });

  it('are told once where to serve, and ended with their pool', async () => {
    machine(2);
    answer = (thread) => thread.onmessage?.();
    const pool = lab().source!.pool(2);
    expect(pool.threads).toBe(2);
    await pool.post(POST);
    expect(made.map(({ posted }) => posted)).toEqual([[POST]]);
    expect(made[0]!.isEnded).toBe(false);
    pool.dispose();
    expect(made[0]!.isEnded).toBe(true);
  });

  it('are several pools, each ended alone, one after the other', async () => {
    machine(4);
    answer = (thread) => thread.onmessage?.();
    const { source } = lab();
    const [first, second] = [source!.pool(2), source!.pool(2)];
    await first.post(POST);
    await second.post(POST);
    first.dispose();
    expect(made.map(({ isEnded }) => isEnded)).toEqual([true, false]);
    second.dispose();
    expect(made.map(({ isEnded }) => isEnded)).toEqual([true, true]);
  });

  it('are given up where one does not start', async () => {
    machine(2);
    answer = (thread) => thread.onerror?.();
    await expect(lab().source!.pool(2).post(POST)).rejects.toThrow('did not start');
  });

  it('are given up where memory cannot be posted, whatever the page says of itself', async () => {
    machine(2);
    const helpers = new Helpers(() => {
      throw new DOMException('shared memory cannot be cloned', 'DataCloneError');
    });
    await expect(threadsHere(helpers, now)!.pool(2).post(POST)).rejects.toThrow('cannot be cloned');
  });

  it('are given up within seconds where one never answers', async () => {
    machine(2);
    answer = () => undefined;
    const coming = lab().source!.pool(2).post(POST);
    const told = expect(coming).rejects.toThrow('did not come up');
    await vi.advanceTimersByTimeAsync(3000);
    await told;
  });

  it('leave the work to one after three seconds where eight cores are told of and no thread answers', async () => {
    vi.useRealTimers();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    machine(8);
    answer = () => undefined;
    const starting = startKernels(await kernelFiles(), lab().source);
    while (made.length < 7) await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(3000);
    // the clock stands still from here on: whoever waits any longer waits for ever
    const { threads, threadsUp } = await starting;
    expect([threads, threadsUp, made.length]).toEqual([1, 1, 7]);
    expect(made.every(({ isEnded }) => isEnded)).toBe(true);
    stopKernels();
  });

  it('have one patience, however many are asked for and in however many pools', async () => {
    machine(8);
    answer = () => undefined;
    const source = lab().source!;
    const began = Date.now();
    const [first, second] = [source.pool(8), source.pool(4)];
    const waiting = Promise.allSettled(Array.from({ length: 7 }, () => first.post(POST)));
    await vi.runAllTimersAsync();
    await waiting;
    expect(Date.now() - began).toBe(3000);
    expect(first.patience, 'what is left for a thread that came up and does not play').toBe(1);
    const later = expect(second.post(POST)).rejects.toThrow('did not come up');
    await vi.runAllTimersAsync();
    await later;
    expect(Date.now() - began).toBe(3000);
  });
});

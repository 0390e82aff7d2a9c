/** Threads of Node that serve the kernels, as those of a worker do in the page. */
import { Worker } from 'node:worker_threads';
import type { Post, ThreadPool, ThreadSource } from '../../src/core/kernels/wasm/player';

/** as `src/worker/kernelThread.ts` */
const SCRIPT = `
const { parentPort, workerData: { module, memory, control } } = require('node:worker_threads');
const { join, serve } = new WebAssembly.Instance(module, { env: { memory } }).exports;
const thread = join(control);
parentPort.postMessage('ready');
serve(control, thread);
`;

export class NodeThreads implements ThreadPool {
  private readonly workers: Worker[] = [];
  isDisposed = false;
  readonly patience = 3;

  constructor(readonly threads: number) {}

  post(post: Post): Promise<void> {
    const worker = new Worker(SCRIPT, { eval: true, workerData: post });
    worker.unref();
    this.workers.push(worker);
    return new Promise((resolve, reject) => {
      worker.once('message', () => resolve());
      worker.once('error', reject);
    });
  }

  dispose(): void {
    this.isDisposed = true;
    for (const worker of this.workers) void worker.terminate();
  }

  /** as when a browser takes a thread away */
  async lose(): Promise<void> {
    await this.workers[0]?.terminate();
  }
}

/** so many threads; @param made every pool, as it is made */
export const threadsOf = (most: number, made: NodeThreads[] = []): ThreadSource => ({
  most,
  pool(threads) {
    const pool = new NodeThreads(threads);
    made.push(pool);
    return pool;
  },
});

/** They share all that there is, little as it may be: so that tests of small models have numbers of several threads. */
export const sharingThreads = (most: number, made: NodeThreads[] = []): ThreadSource => ({
  ...threadsOf(most, made),
  worthSharing: 0,
});

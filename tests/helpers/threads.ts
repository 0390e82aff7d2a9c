/** Threads of Node that serve the kernels, as those of a worker do in the page. */
import { Worker } from 'node:worker_threads';
import type { Post, ThreadPool } from '../../src/core/kernels/wasm/player';

/** as `src/worker/kernelThread.ts` */
const SCRIPT = `
const { parentPort, workerData: { module, memory, control, thread, threads } } = require('node:worker_threads');
const { serve } = new WebAssembly.Instance(module, { env: { memory } }).exports;
parentPort.postMessage('ready');
serve(control, thread, threads);
`;

export class NodeThreads implements ThreadPool {
  private readonly workers: Worker[] = [];

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
    for (const worker of this.workers) void worker.terminate();
  }

  /** as when a browser takes a thread away */
  async lose(): Promise<void> {
    await this.workers[0]?.terminate();
  }
}

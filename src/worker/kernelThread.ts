/**
 * Entry of a thread that helps the computing thread: it serves the kernels and does nothing else, until it is ended.
 */
import type { Post } from '../core/kernels/wasm/player';

interface Serving {
  serve(control: number, thread: number): void;
}

self.addEventListener('message', ({ data }: MessageEvent<Post>) => {
  const { module, memory, control, thread } = data;
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  self.postMessage('ready');
  (exports as unknown as Serving).serve(control, thread);
});

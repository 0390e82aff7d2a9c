/**
 * Entry of a thread that helps the computing thread: it serves the kernels and does nothing else, until it is ended.
 */
import type { Post } from '../core/kernels/wasm/player';

interface Serving {
  join(control: number): number;
  serve(control: number, thread: number): void;
}

self.addEventListener('message', ({ data }: MessageEvent<Post>) => {
  const { module, memory, control } = data;
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const { join, serve } = exports as unknown as Serving;
  const thread = join(control);
  self.postMessage('ready');
  serve(control, thread);
});

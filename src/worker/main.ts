/** Entry of the computing thread: everything that touches a worker's globals is here, the rest gets it as arguments. */
import wasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import wasmSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import wasmThreads from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import { LabError } from '../contract/errors';
import type { Cancellation, Request } from '../contract/protocol';
import { createHandlers } from './handlers';
import { emitOn, type Line, serve } from './serve';
import { Session } from './session';

const line = self as unknown as Line;

/** Lets waiting messages in; a timer would sleep 4 ms each time. */
function breather(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port2.onmessage = () => waiting.shift()?.();
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      port1.postMessage(null);
    });
}

/** the page's folder: built, this script lies one folder below it; the dev server serves it from /src/worker/ */
const pageBase = new URL(import.meta.env.DEV ? import.meta.env.BASE_URL : '../', self.location.href);

async function fetchShipped(path: string): Promise<Uint8Array> {
  const response = await fetch(new URL(path, pageBase)).catch(() => null);
  if (!response?.ok) throw new LabError('file/checkpoint', `${path} could not be fetched. Check the connection, or train from scratch.`);
  return new Uint8Array(await response.arrayBuffer());
}

const breathe = breather();
const session = new Session({
  emit: emitOn(line),
  now: () => performance.now(),
  today: () => Date.now(),
  breathe,
  fetchShipped,
  wasmPath: {
    'tfjs-backend-wasm.wasm': wasm,
    'tfjs-backend-wasm-simd.wasm': wasmSimd,
    'tfjs-backend-wasm-threaded-simd.wasm': wasmThreads,
  },
  crossOriginIsolated: self.crossOriginIsolated,
});
const answer = serve(line, createHandlers(session), breathe);
self.addEventListener('message', (event: MessageEvent<Request | Cancellation>) => void answer(event.data));

/** Entry of the computing thread: everything that touches a worker's globals is here, the rest gets it as arguments. */
import wasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import wasmSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import wasmThreads from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import { SHIPPED } from '../contract/config';
import { LabError } from '../contract/errors';
import type { Cancellation, HelperNews, Request } from '../contract/protocol';
import fastAlone from '../core/kernels/assembly/fastPlayer.ts?url';
import fastTogether from '../core/kernels/assembly/fastTogether.ts?url';
import alone from '../core/kernels/assembly/player.ts?url';
import together from '../core/kernels/assembly/together.ts?url';
import { type KernelFiles, startKernels } from '../core/kernels/wasm/player';
import { stepTimes } from '../core/kernels/wasm/probe';
import { fetchBackends, type WasmFile, wasmFileHere } from '../core/tf';
import { createHandlers } from './handlers';
import { emitOn, type Line, serve } from './serve';
import { Session, shippedFile } from './session';
import { Helpers, threadsHere } from './threads';

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

async function download(url: URL, priority: RequestPriority): Promise<Uint8Array<ArrayBuffer> | null> {
  const response = await fetch(url, { priority }).catch(() => null);
  return response?.ok ? new Uint8Array(await response.arrayBuffer()) : null;
}

/** Work that is asked for once, however many want it; what failed is asked for again the next time. */
function once<K, T>(work: (key: K, priority: RequestPriority) => Promise<T>) {
  const asked = new Map<K, Promise<T>>();
  return (key: K, priority: RequestPriority = 'auto'): Promise<T> => {
    const coming = asked.get(key) ?? work(key, priority);
    asked.set(key, coming);
    coming.catch(() => asked.delete(key));
    return coming;
  };
}

/** files that ship with the page */
const shipped = once(async (path: string, priority) => {
  const bytes = await download(new URL(path, pageBase), priority);
  if (bytes) return bytes;
  throw new LabError('file/checkpoint', `${path} could not be fetched. Check the connection, or train from scratch.`);
});

/** the shelf owns what it is given */
const fetchShipped = async (path: string): Promise<Uint8Array> => (await shipped(path)).slice();

/** tf.js looks a file up when it starts its backend, so that an address may change until then */
const wasmPath = {
  'tfjs-backend-wasm.wasm': wasm,
  'tfjs-backend-wasm-simd.wasm': wasmSimd,
  'tfjs-backend-wasm-threaded-simd.wasm': wasmThreads,
};

/** Some hosts answer with a page what they do not have. */
const fetchWasm = once(async (name: WasmFile, priority) => {
  const bytes = await download(new URL(wasmPath[name], self.location.href), priority);
  if (!bytes || !WebAssembly.validate(bytes)) throw new Error(`${name} could not be fetched`);
  wasmPath[name] = URL.createObjectURL(new Blob([bytes], { type: 'application/wasm' }));
});

async function fetchFiles(): Promise<void> {
  for (const preset of SHIPPED) await shipped(shippedFile(preset), 'low');
  // what takes over when a graphics device is lost may find no network then
  await fetchWasm(await wasmFileHere(), 'low');
  await fetchBackends();
}

/** What most visitors want first is on its way before anybody asks; where it does not come, it is asked for then. */
async function fetchAhead(): Promise<void> {
  const graphics = navigator.gpu ? 'low' : 'auto';
  await Promise.all([fetchWasm(await wasmFileHere(), graphics), shipped(shippedFile(SHIPPED[0]!))]);
}
void fetchAhead().catch(() => undefined);

/** they lie in this script */
async function kernelFiles(): Promise<KernelFiles> {
  const bytesOf = async (url: string) => (await fetch(url)).arrayBuffer();
  const urls = [alone, together, fastAlone, fastTogether] as const;
  const [player, both, fastPlayer, fastBoth] = await Promise.all(urls.map(bytesOf));
  return { player: player!, together: both!, fastPlayer: fastPlayer!, fastTogether: fastBoth! };
}

const helpers = new Helpers((wish) => line.postMessage(wish, []));
const now = (): number => performance.now();
const startHere = async () =>
  startKernels(await kernelFiles(), threadsHere(helpers, now), (player, choices) => stepTimes(player, choices, now));

const breathe = breather();
const session = new Session({
  emit: emitOn(line),
  now,
  today: () => Date.now(),
  breathe,
  fetchShipped,
  fetchFiles,
  wasmFiles: { wasmPath, fetchWasm },
  kernels: startHere,
  crossOriginIsolated: self.crossOriginIsolated,
});
const answer = serve(line, createHandlers(session), breathe);
self.addEventListener('message', ({ data }: MessageEvent<Request | Cancellation | HelperNews>) => {
  if ('helper' in data) helpers.hear(data);
  else void answer(data);
});

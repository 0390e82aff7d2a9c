/** tf.js and the kernels on WebAssembly under Node. */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { startKernels } from '../../src/core/kernels/wasm/player';
import { type StartedBackend, startBackend } from '../../src/core/tf';
import { kernelFiles } from './kernels';
import { threadsOf } from './threads';

const wasmPath = `${dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'))}/dist/`;

/** tf.js alone */
export const startPortable = (): Promise<StartedBackend> => startBackend('wasm', { wasmPath });

/** @param threads of the kernels; tf.js itself has one */
export async function startFused(threads: number): Promise<StartedBackend> {
  const started = await startPortable();
  await startKernels(await kernelFiles(), threadsOf(threads));
  return started;
}

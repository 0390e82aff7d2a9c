/** Starts tf.js on wasm in Node, as the headless runs need it. */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { startBackend } from '../../src/core/tf';

const WASM_PATH = `${dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'))}/dist/`;

export async function startWasm(): Promise<void> {
  await startBackend('wasm', { wasmPath: WASM_PATH });
}

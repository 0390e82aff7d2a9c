/** tf.js on WebAssembly under Node. */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { type StartedBackend, startBackend } from '../core/tf';

const require = createRequire(import.meta.url);
export const wasmPath = `${dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'))}/dist/`;

export const startPortable = (): Promise<StartedBackend> => startBackend('wasm', { wasmPath });

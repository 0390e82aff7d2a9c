/** Starts a tf.js backend inside a test file; the wasm files come from node_modules. */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { beforeAll } from 'vitest';
import type { BackendName, ExecutorName } from '../../src/contract/config';
import { preferExecutor } from '../../src/core/model/executor';
import { type BackendOptions, startBackend, tf } from '../../src/core/tf';

const require = createRequire(import.meta.url);
export const WASM_PATH = `${dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'))}/dist/`;

/** call at the top of a file or of a describe block; networks are portable unless the other executor is asked for */
export function withBackend(
  backend: BackendName,
  { executor = 'portable', ...options }: BackendOptions & { executor?: ExecutorName } = {},
): void {
  beforeAll(async () => {
    preferExecutor(executor);
    await startBackend(backend, { wasmPath: WASM_PATH, ...options });
    // small tensors would silently be computed on the CPU
    if (backend === 'webgpu') tf.env().set('WEBGPU_CPU_FORWARD', false);
  });
}

/** In which order the engine of the computing thread comes up. */
import { describe, expect, it } from 'vitest';
import { Engine } from '../../src/worker/engine';
import { withBackend } from '../helpers/backend';

function engineWith(kernels: () => Promise<unknown>, fetchWasm: () => Promise<void>): Engine {
  return new Engine({
    wasmFiles: { fetchWasm },
    kernels,
    crossOriginIsolated: true,
    now: () => 0,
    onLost: () => {},
    onGpuError: () => {},
  });
}

describe('an engine that will compute on WebAssembly', () => {
  withBackend('wasm');

  it('has its kernels start while the file of tf.js is still on its way', async () => {
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    // the file comes only once the kernels are asked for
    const info = await engineWith(
      async () => begin(),
      () => begun,
    ).start('wasm');
    expect(info.backend).toBe('wasm');
  });

  it('asks for none where tf.js alone was asked for', async () => {
    let asked = 0;
    const info = await engineWith(
      async () => asked++,
      async () => {},
    ).start('wasm', 'portable');
    expect(info).toMatchObject({ backend: 'wasm', executor: 'portable' });
    expect(asked).toBe(0);
  });

  it('says why it does not start, whatever became of the kernels', async () => {
    const engine = engineWith(
      () => Promise.reject(new Error('no memory can be shared here')),
      () => Promise.reject(new Error('the network is away')),
    );
    await expect(engine.start('wasm')).rejects.toMatchObject({
      code: 'engine/backend',
      message: 'no wasm: the network is away',
    });
  });
});

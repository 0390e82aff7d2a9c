import { describe, expect, it, vi } from 'vitest';
import { LabError } from '../../src/contract/errors';
import { fetchBackends, startBackend, tf } from '../../src/core/tf';
import { WASM_PATH } from '../helpers/backend';

/** an adapter that can be asked what it is, and cannot give a device */
const adapterNamed = (description: string): GPUAdapter =>
  ({
    info: { vendor: '', architecture: '', device: '', description },
    features: new Set(),
    limits: {},
    requestDevice: () => Promise.reject(new Error('no device left')),
  }) as unknown as GPUAdapter;
const gpuWith = (adapter: GPUAdapter | null): GPU => ({ requestAdapter: async () => adapter }) as unknown as GPU;
const start = (gpu: GPU, preference: 'auto' | 'webgpu' = 'auto') =>
  startBackend(preference, { wasmPath: WASM_PATH, gpu });

describe('starting the engine', () => {
  it('has no kernel registered twice when every backend is fetched', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    await fetchBackends();
    const twice = warned.mock.calls.flat().filter((words) => /already registered/.test(String(words)));
    warned.mockRestore();
    expect(twice).toEqual([]);
    expect(tf.getKernelsForBackend('webgpu').length).toBeGreaterThan(0);
  });

  it('goes on with wasm and says why when no adapter answers', async () => {
    const started = await start(gpuWith(null));
    expect(started).toEqual({
      backend: 'wasm',
      adapter: null,
      device: null,
      reason: 'no webgpu: no graphics adapter answered',
    });
    expect(tf.getBackend()).toBe('wasm');
  });

  it('prefers wasm to a graphics card that is emulated on the processor', async () => {
    const started = await start(gpuWith(adapterNamed('SwiftShader Device (LLVM 16)')));
    expect(started.backend).toBe('wasm');
    expect(started.reason).toContain('SwiftShader Device (LLVM 16)) is emulated in software');
  });

  it('goes on with wasm when the adapter gives no device', async () => {
    const started = await start(gpuWith(adapterNamed('Fast Card')));
    expect(started.reason).toBe('no webgpu: no device left');
  });

  it('refuses a backend that was asked for and does not start, by a typed error', async () => {
    const failure = start(gpuWith(null), 'webgpu');
    await expect(failure).rejects.toBeInstanceOf(LabError);
    await expect(failure).rejects.toMatchObject({
      code: 'engine/backend',
      message: 'no webgpu: no graphics adapter answered',
    });
  });

  it('does not wait for a file of WebAssembly that does not come', async () => {
    const asked: string[] = [];
    const fetchWasm = async (name: string) => {
      asked.push(name);
      throw new Error(`${name} could not be fetched`);
    };
    const failure = startBackend('wasm', { wasmPath: WASM_PATH, fetchWasm });
    await expect(failure).rejects.toMatchObject({
      code: 'engine/backend',
      message: 'no wasm: tfjs-backend-wasm-simd.wasm could not be fetched',
    });
    expect(asked).toEqual(['tfjs-backend-wasm-simd.wasm']);
  });

  it('takes the backend that was asked for, and says that it was', async () => {
    expect(await startBackend('cpu')).toMatchObject({ backend: 'cpu', reason: 'cpu was asked for' });
    expect(tf.getBackend()).toBe('cpu');
    await startBackend('wasm');
  });
});

import { describe, expect, it } from 'vitest';
import { type BackendOptions, startBackend, tf } from '../../src/core/tf';

/** the real adapter, with a device whose end we decide */
async function gpuThatBreaks(lost: Promise<GPUDeviceLostInfo>): Promise<GPU> {
  const adapter = (await navigator.gpu.requestAdapter()) as GPUAdapter;
  const requestDevice = async (descriptor?: GPUDeviceDescriptor) =>
    Object.defineProperty(await adapter.requestDevice(descriptor), 'lost', { value: lost });
  return {
    requestAdapter: async () => ({
      info: adapter.info,
      features: adapter.features,
      limits: adapter.limits,
      requestDevice,
    }),
  } as never;
}
const startOn = (options: BackendOptions) => startBackend('webgpu', options);

describe('our own GPU device', () => {
  it('runs tf.js, a software one too when it was asked for', async () => {
    const { device, backend, adapter, reason } = await startOn({});
    expect(backend).toBe('webgpu');
    expect(adapter).toContain('SwiftShader');
    expect(reason).toContain('software');
    expect((tf.backend() as unknown as { device: GPUDevice }).device).toBe(device);
    expect([...(await tf.add([1, 2], [3, 4]).data())]).toEqual([4, 6]);
  });

  it('has the limits of its adapter, not those every device has', async () => {
    const { device } = await startOn({});
    const adapter = (await navigator.gpu.requestAdapter()) as GPUAdapter;
    expect(device?.limits.maxBufferSize).toBe(adapter.limits.maxBufferSize);
    expect(device?.limits.maxStorageBuffersPerShaderStage).toBe(adapter.limits.maxStorageBuffersPerShaderStage);
  });

  it('tells when it is lost', async () => {
    let lose: (info: GPUDeviceLostInfo) => void = () => {};
    const lost = new Promise<GPUDeviceLostInfo>((resolve) => {
      lose = resolve;
    });
    const told = gpuThatBreaks(lost).then(
      (gpu) => new Promise<string>((onDeviceLost) => startOn({ gpu, onDeviceLost }).then(() => lose(info))),
    );
    const info = { reason: 'unknown', message: 'driver reset' } as GPUDeviceLostInfo;
    expect(await told).toBe('driver reset');
  });

  it('tells when somebody else destroys it', async () => {
    const message = await new Promise<string>((onDeviceLost) => {
      startOn({ onDeviceLost }).then(({ device }) => device?.destroy());
    });
    expect(message).not.toBe('');
  });

  it('is closed without a word when another takes its place', async () => {
    const messages: string[] = [];
    const { device } = await startOn({ onDeviceLost: (message) => messages.push(message) });
    await startOn({});
    expect((await device?.lost)?.reason).toBe('destroyed');
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(messages).toEqual([]);
  });

  it('tells of errors that nobody caught', async () => {
    const message = await new Promise<string>((onGpuError) => {
      startOn({ onGpuError }).then(({ device }) => device?.createBuffer({ size: 4, usage: 0 }));
    });
    expect(message.length).toBeGreaterThan(0);
  });
});

/** A graphics card that counts as a real one, has subgroups, takes no time and computes nothing. */
import { nullGpu } from '../bench/nullGpu';

/** From now on it is the one that `navigator.gpu` finds; what is read from it is 0, not whatever lay there. */
export function standInNullCard(): void {
  const value = { gpu: nullGpu, userAgent: 'node', hardwareConcurrency: 1 };
  Object.defineProperty(globalThis, 'navigator', { value, configurable: true, writable: true });
  const { createBuffer } = GPUDevice.prototype;
  GPUDevice.prototype.createBuffer = function (descriptor) {
    if (!(descriptor.usage & GPUBufferUsage.MAP_READ)) return createBuffer.call(this, descriptor);
    const buffer = createBuffer.call(this, { ...descriptor, mappedAtCreation: true });
    new Uint8Array(buffer.getMappedRange()).fill(0);
    buffer.unmap();
    return buffer;
  };
}

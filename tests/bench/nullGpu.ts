/**
 * A GPU that validates everything and computes nothing: Dawn's null backend. What is left is the JavaScript of a step and the
 * number of dispatches. Imported first, because tf.js looks for WebGPU when it is loaded.
 */
import { create, globals } from 'webgpu';

Object.assign(globalThis, globals);
export const nullGpu: GPU = create(['backend=null']);
Object.defineProperty(globalThis, 'navigator', {
  value: { gpu: nullGpu, userAgent: 'node', hardwareConcurrency: 1 },
  configurable: true,
  writable: true,
});

export const gpuCalls = { dispatches: 0, submits: 0, buffers: 0 };

function count<T extends object>(prototype: T, method: keyof T & string, counter: keyof typeof gpuCalls): void {
  const original = prototype[method] as (...args: unknown[]) => unknown;
  Object.defineProperty(prototype, method, {
    value(this: T, ...args: unknown[]) {
      gpuCalls[counter]++;
      return original.apply(this, args);
    },
  });
}
count(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', 'dispatches');
count(GPUQueue.prototype, 'submit', 'submits');
count(GPUDevice.prototype, 'createBuffer', 'buffers');

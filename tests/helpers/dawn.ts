/**
 * Gives Node a `navigator.gpu`: Dawn, on the software GPU of the installed Chromium. Runs before any test file loads
 * tf.js.
 */
import { create, globals } from 'webgpu';

Object.assign(globalThis, globals);
Object.defineProperty(globalThis, 'navigator', {
  value: { gpu: create([]), userAgent: 'node', hardwareConcurrency: 1 },
  configurable: true,
  writable: true,
});

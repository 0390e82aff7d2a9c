/** The two graphics cards of the benchmark. */
import { spawnSync } from 'node:child_process';
import { create } from 'webgpu';
import { prepareSoftwareGpu } from '../helpers/browser';
import { nullGpu } from './nullGpu';

export { nullGpu };

/** what this machine has: a real card where Dawn finds one, else the software GPU of the installed Chromium */
const anyGpu: GPU = create([]);
Object.defineProperty(globalThis, 'navigator', {
  value: { gpu: anyGpu, userAgent: 'node', hardwareConcurrency: 1 },
  configurable: true,
  writable: true,
});

/**
 * @returns the card that computes, or null where there is none at all. Libraries of a software GPU are found only by a
 * process that was started with their folder: then this one is run again, and ends with what that one said.
 */
export async function computingGpu(): Promise<GPU | null> {
  if (await anyGpu.requestAdapter()) return anyGpu;
  const before = process.env.VK_ICD_FILENAMES;
  prepareSoftwareGpu();
  if (process.env.VK_ICD_FILENAMES === before) return null;
  const { status } = spawnSync(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: process.env,
  });
  process.exit(status ?? 1);
}

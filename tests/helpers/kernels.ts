/** The kernels of WebAssembly inside tests: compiled once before a tier begins, see vitest.config.ts. */
import { type KernelModule, kernelBytes } from '../../build/kernels';
import type { KernelFiles } from '../../src/core/kernels/wasm/player';

const MODULES: KernelModule[] = ['player', 'together'];

export async function kernelFiles(): Promise<KernelFiles> {
  const [player, together] = await Promise.all(MODULES.map(kernelBytes));
  return { player: player!, together: together! };
}

/** vitest calls it before the first file */
export async function setup(): Promise<void> {
  await kernelFiles();
}

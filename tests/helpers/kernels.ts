/** The kernels of WebAssembly inside tests: compiled once before a tier begins, see vitest.config.ts. */
import { type KernelModule, kernelBytes } from '../../build/kernels';
import type { KernelFiles } from '../../src/core/kernels/wasm/player';

const MODULES: readonly KernelModule[] = ['player', 'together', 'fastPlayer', 'fastTogether'];

export async function kernelFiles(): Promise<KernelFiles> {
  const [player, together, fastPlayer, fastTogether] = await Promise.all(MODULES.map(kernelBytes));
  return { player: player!, together: together!, fastPlayer: fastPlayer!, fastTogether: fastTogether! };
}

/** vitest calls it before the first file */
export async function setup(): Promise<void> {
  await kernelFiles();
}

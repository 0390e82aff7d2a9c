/** The kernels of WebAssembly inside tests: compiled once before a tier begins, see vitest.config.ts. */
import { kernelFiles } from '../../build/kernels';

export { kernelFiles };

/** vitest calls it before the first file */
export async function setup(): Promise<void> {
  await kernelFiles();
}

/** What learns here is what learns in the page without a graphics card: the kernels of the lab on WebAssembly. */
import { startKernels } from '../../src/core/kernels/wasm/player';
import { kernelFiles } from '../helpers/kernels';
import { startFused } from '../helpers/wasm';

/** one thread, because other processes are at work on the other cores; the numbers are those of any */
const THREADS = 1;

export const startEngine = () => startFused(THREADS);

/** the same for a session, which starts tf.js itself */
export const kernels = async () => startKernels(await kernelFiles(), null);

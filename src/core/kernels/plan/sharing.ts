/**
 * How kernels of every player share their sums out among parts, so that recorder, optimiser and kernels count alike.
 */

/** gradients are squared and summed in so many parts, whatever their number */
export const NORM_PARTIALS = 256;

/** weights that share one entry of `flags` */
export const FLAG_BLOCK = 64;
/** bits of an entry of `flags` */
export const DECAYS = 1;
export const HEAD = 2;

/** rows of x whose sums for the gain and bias of a norm are left together */
export const NORM_CHUNK = 16;

/** @param rows of x, B·length; @returns chunks that one norm leaves */
export const normChunks = (rows: number): number => Math.ceil(rows / NORM_CHUNK);

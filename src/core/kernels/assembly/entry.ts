/**
 * What a kernel is told, as words of four bytes in linear memory:
 *
 *   entry    id │ address × 9 │ number × 22          one recorded dispatch; written once, by plan.ts
 *   step     the numbers that change from run to run, in the order of `STEP_FIELDS` of ../gpu/kernel.ts
 */

/** bytes of an entry */
export const ENTRY_BYTES: usize = 128;
const NUMBERS: usize = 40;

/** address of the entry's buffer number `index`; 0 where it has none */
@inline
export function bufferOf(entry: usize, index: usize): usize {
  return load<u32>(entry + 4 + 4 * index);
}

@inline
export function numberOf(entry: usize, index: usize): u32 {
  return load<u32>(entry + NUMBERS + 4 * index);
}

/** offsets of the step's numbers in bytes */
export const TEMPERATURE: usize = 0;
export const ACCUMULATE: usize = 4;
export const RATE: usize = 8;
export const HEAD_RATE: usize = 12;
export const KEEP: usize = 16;
export const HEAD_KEEP: usize = 20;
export const EPSILON: usize = 24;
export const ONE_MINUS_BETA1: usize = 28;
export const ONE_MINUS_BETA2: usize = 32;
export const MAX_GRAD_NORM: usize = 36;
export const TOP_P: usize = 40;
export const TOP_K: usize = 44;
export const COLUMN: usize = 48;
export const EOS_ID: usize = 52;
export const PAD_ID: usize = 56;
export const SEED: usize = 60;
export const COUNTER: usize = 64;

/**
 * where the share of a thread begins when `count` pieces are dealt out in runs; a thread's end is the next one's
 * beginning
 */
@inline
export function shareOf(count: u32, thread: u32, threads: u32): u32 {
  return <u32>((<u64>count * thread) / threads);
}

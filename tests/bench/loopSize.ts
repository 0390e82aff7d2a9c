/** The plain multiply-add loop in numbers, which the page knows too. */
export const CHAINS = 12;
/** some nine milliseconds: beside them it is nothing to wake a thread */
export const COUNT = 4_000_000;
/** of one thread */
export const LOOP_FLOPS = 2 * 4 * CHAINS * COUNT;

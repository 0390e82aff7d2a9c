/** Work that leaves the thread free now and then: between two slices whoever runs it may pause or give up. */
import { currentGpu } from '../kernels/gpu/device';
import type { CausalNetwork, GenerateOptions, Rollout, TokenBatch } from '../model/causalNetwork';
import type { Random } from '../tensor/random';

/** Called between slices. The work stands still until it resolves; what it throws ends the work. */
export type Breathe = () => Promise<void>;

/** what was only asked of the device could not be given up */
export const untilDone = async (): Promise<void> => currentGpu()?.device.queue.onSubmittedWorkDone();

/**
 * @returns the result of work that is held after every slice until the device has done it and `breathe` lets it go on
 */
export async function inSlices<T>(work: Generator<void, T>, breathe: Breathe): Promise<T> {
  try {
    for (;;) {
      const slice = work.next();
      if (slice.done) return slice.value;
      await untilDone();
      await breathe();
    }
  } finally {
    work.return(undefined as T); // frees what it holds; nothing where it is done
  }
}

/**
 * @param prompts borrowed
 * @param breathe in one piece when left out; the numbers are the same
 * @returns owned by the caller
 */
export async function rollOutTexts(
  network: CausalNetwork,
  prompts: TokenBatch,
  options: GenerateOptions,
  random: Random,
  breathe?: Breathe,
): Promise<Rollout> {
  return breathe
    ? inSlices(network.generateInSlices(prompts, options, random), breathe)
    : network.generate(prompts, options, random);
}

/** The pairs of a class, written in a thread beside the lab's own, which may compute with anything. */

import type { Following, LabClient } from '../../client/client';
import { ARENA_SEEDS_FROM, type ClassPairs, type ClassSize } from '../../contract/classroom';
import { LabError } from '../../contract/errors';
import { codeOf, seemlySeed, spellsWord } from '../../formats/classCode';
import type { Lab } from '../lab';

/** seeds that may be tried until a code spells nothing */
const TRIES = 8;

/**
 * The default arithmetic of WebAssembly gives the same bits in every browser, so the same seed gives the same texts.
 * @throws LabError('class/arithmetic') where it cannot be had
 */
async function whileWriting<T>(lab: Lab, work: (thread: LabClient) => Promise<T>): Promise<T> {
  const thread = lab.aside();
  if (!thread) throw new LabError('class/arithmetic', 'No second thread can be had here.');
  try {
    await thread.call('engine/start', { backend: 'wasm', executor: 'fused' });
    return await work(thread);
  } finally {
    thread.dispose();
  }
}

export const writePairs = (lab: Lab, seed: number, size: ClassSize, following: Following): Promise<ClassPairs> =>
  whileWriting(lab, (thread) => thread.call('class/write', { seed, size }, following));

/** @param draw a number below its argument, by chance */
export function writeNewPairs(
  lab: Lab,
  size: ClassSize,
  draw: (below: number) => number,
  following: Following,
): Promise<ClassPairs> {
  return whileWriting(lab, async (thread) => {
    for (let tries = 1; ; tries++) {
      const seed = seemlySeed(draw(ARENA_SEEDS_FROM), size, { from: 0, below: ARENA_SEEDS_FROM });
      const set = await thread.call('class/write', { seed, size }, following);
      if (!spellsWord(codeOf(set)) || tries === TRIES) return set;
    }
  });
}

/**
 * We beside other libraries: the same work from the same weights, in rounds in which each has its turn, with as many
 * threads. A peer is timed only where it computes the same numbers.
 */
import { inNode } from './inNode';
import { inPage } from './jaxjs';
import type { PeersFound } from './rows';

export interface PeersOptions {
  /** the Python that may have PyTorch */
  python: string;
  rounds: number;
  /** part of the ids that are wanted */
  filter: string;
}
export async function measurePeers({ python, rounds, filter }: PeersOptions): Promise<PeersFound> {
  const found: PeersFound = { peers: [], leftOut: [], rows: [] };
  const turns = { warmUp: 2, runs: rounds };
  await inNode(python, turns, filter, found);
  await inPage(turns, filter, found);
  return found;
}

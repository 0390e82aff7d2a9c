/**
 * We beside other libraries: the same work from the same weights, in rounds in which each has its turn, with as many threads. A peer is
 * timed only where it computes the same numbers.
 */
import { availableParallelism } from 'node:os';
import type { Row } from '../benchmarks';
import { elapsed, inRounds, median, type Rounds } from '../measure';
import { startWasm } from '../wasm';
import { CONTESTS, type Contest } from './contests';
import { assertSameWork, type Peer, PeerError } from './peer';
import { startPytorch } from './pytorch';

export interface PeersOptions {
  /** the Python that may have PyTorch */
  python: string;
  rounds: number;
  /** part of the ids that are wanted */
  filter: string;
}
export interface PeersFound {
  peers: string[];
  /** what was not measured, and why */
  leftOut: string[];
  rows: Row[];
}

/** Who takes part besides us in a contest. */
interface Entry {
  id: string;
  against: NonNullable<Row['against']>;
  /** @returns what measures it once; @throws PeerError where it cannot take part */
  prepare(contest: Contest): Promise<() => Promise<number>>;
}

/** The usual is all threads, and the library as it comes; what is otherwise is said. */
export const idOf = (peer: string, work: string, { compiled = false, alone = false }): string =>
  ['peer', peer, work, ...(compiled ? ['compiled'] : []), ...(alone ? ['oneThread'] : [])].join('.');

/** @param ours, theirs ms of each round, theirs in the order of the entries; a ratio above 1 says that we are faster */
export const peerRows = (entries: readonly Pick<Entry, 'id' | 'against'>[], [ours, ...theirs]: readonly (readonly number[])[]): Row[] =>
  entries.map(({ id, against }, i) => {
    const rounds = { value: ours!, baseline: theirs[i]! };
    const [value, baseline] = [median(rounds.value), median(rounds.baseline)];
    return { id, value, unit: 'ms', baseline, ratio: baseline / value, against, rounds };
  });

/** every entry a library has for a work: as it comes, and compiled */
function pytorchEntries(pytorch: Peer, work: string, threads: number): Entry[] {
  // a cache that grows with every token has no shape that could be compiled once
  const ways = work.startsWith('generate') ? [false] : [false, true];
  return ways.map((compiled) => ({
    id: idOf('torch.cpu', work, { compiled, alone: threads === 1 }),
    against: compiled ? 'compiled PyTorch' : 'PyTorch',
    async prepare({ task, check }) {
      const prepared = await pytorch.prepare(task, { threads, compiled });
      assertSameWork(check, prepared.check);
      return prepared.run;
    },
  }));
}

/** tf.js has one thread here */
function naiveEntry(work: string): Entry {
  return {
    id: idOf('tfjs.wasm', work, { alone: true }),
    against: 'naive',
    async prepare({ check, naive }) {
      const step = naive!();
      assertSameWork(check, [await step.step()]);
      return () => elapsed(step);
    },
  };
}

/** Everyone in turn. @returns rows of those that could take part; the others are added to `leftOut` */
async function hold(work: string, entries: readonly Entry[], rounds: Rounds, leftOut: string[]): Promise<Row[]> {
  const contest = await CONTESTS[work]!();
  const ready: Entry[] = [];
  const each = [() => elapsed(contest.ours)];
  for (const entry of entries) {
    try {
      each.push(await entry.prepare(contest));
      ready.push(entry);
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
      leftOut.push(`${entry.id}: ${error.message}`);
    }
  }
  const readings = ready.length > 0 ? await inRounds(rounds, each) : [];
  contest.ours.dispose();
  return peerRows(ready, readings);
}

async function pytorchOrNot(python: string, leftOut: string[]): Promise<Peer | null> {
  try {
    return await startPytorch(python);
  } catch (error) {
    if (!(error instanceof PeerError)) throw error;
    leftOut.push(`peer.torch.cpu, ${python}: ${error.message}`);
    return null;
  }
}

export async function measurePeers({ python, rounds, filter }: PeersOptions): Promise<PeersFound> {
  const found: PeersFound = { peers: [], leftOut: [], rows: [] };
  const pytorch = await pytorchOrNot(python, found.leftOut);
  if (pytorch) found.peers.push(pytorch.name);
  try {
    for (const threads of new Set([availableParallelism(), 1])) {
      await startWasm(threads);
      for (const work of Object.keys(CONTESTS)) {
        const naive = threads === 1 && work.startsWith('step') ? [naiveEntry(work)] : [];
        const entries = [...(pytorch ? pytorchEntries(pytorch, work, threads) : []), ...naive];
        const wanted = entries.filter(({ id }) => id.includes(filter));
        if (wanted.length === 0) continue;
        found.rows.push(...(await hold(work, wanted, { warmUp: 2, runs: rounds }, found.leftOut)));
        console.error(`${work} on ${threads} done`);
      }
    }
  } finally {
    await pytorch?.close();
  }
  return found;
}

/**
 * The rows that Node measures: PyTorch in a process beside it, and the naive composition of tf.js in its own. Beside a
 * step the plain multiply-add loop and the matrix products have their turns, on as many threads: two cores of a machine
 * that is shared may be halves of one, or far apart, from one minute to the next.
 */
import { availableParallelism } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { currentKernels } from '../../../src/core/kernels/wasm/player';
import { startFused } from '../../helpers/wasm';
import type { Row } from '../benchmarks';
import { multiplyAddLoop } from '../limit';
import { elapsed, inRounds, type Rounds } from '../measure';
import { products } from '../products';
import type { Work } from '../work';
import { CONTESTS, type Contest } from './contests';
import { assertSameWork } from './peer';
import { preparePytorch } from './pytorch';
import { idOf, limitRows, orLeftOut, type PeersFound, peerRows, type RowHead } from './rows';

/** ready to run, again and again */
interface Turn {
  /** @param times one after the other; @returns milliseconds of one */
  run(times: number): Promise<number>;
  dispose(): void;
}

/** for so long the threads of who had its turn may still turn and wait for more */
const REST_MS = 30;

async function rested({ run }: Turn, times: number): Promise<number> {
  await setTimeout(REST_MS);
  return run(times);
}

async function inARow(work: Work, times: number): Promise<number> {
  let ms = 0;
  for (let done = 0; done < times; done++) ms += await elapsed(work);
  return ms / times;
}

/** Who takes part besides us in a contest. */
interface Entry extends RowHead {
  /** @throws PeerError where it cannot take part */
  prepare(contest: Contest): Promise<Turn>;
}

/** every entry a library has for a work: as it comes, and compiled */
function pytorchEntries(python: string, work: string, threads: number, found: PeersFound): Entry[] {
  // a cache that grows with every token has no shape that could be compiled once
  const ways = work.startsWith('generate') ? [false] : [false, true];
  return ways.map((compiled) => ({
    id: idOf('torch.cpu', work, { compiled, alone: threads === 1 }),
    against: compiled ? 'compiled PyTorch' : 'PyTorch',
    async prepare({ task, check }) {
      const prepared = await preparePytorch(python, task, { threads, compiled });
      assertSameWork(check, prepared.check);
      if (!found.peers.includes(prepared.name)) found.peers.push(prepared.name);
      return prepared;
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
      return { run: () => elapsed(step), dispose: step.dispose }; // once: it takes a second
    },
  };
}

const turnOf = (work: Work): Turn => ({ run: (times) => inARow(work, times), dispose: work.dispose });

/** what cores can do, and what our matrix products do with them */
const limitTurns = async (threads: number): Promise<Turn[]> => [
  turnOf(await multiplyAddLoop(threads)),
  turnOf(products(currentKernels()!)),
];

/** Everyone in turn. @returns rows of those that could take part */
async function hold(
  work: string,
  threads: number,
  entries: readonly Entry[],
  rounds: Rounds,
  found: PeersFound,
): Promise<Row[]> {
  const contest = await CONTESTS[work]!();
  const { flops, ours } = contest;
  const limits = flops === undefined ? [] : await limitTurns(threads);
  const turns: Turn[] = [turnOf(ours), ...limits];
  const ready: Entry[] = [];
  for (const entry of entries) {
    const turn = await orLeftOut(found, entry.id, () => entry.prepare(contest));
    if (!turn) continue;
    turns.push(turn);
    ready.push(entry);
  }
  const each = turns.map((turn) => () => rested(turn, contest.inARow));
  const readings = ready.length > 0 ? await inRounds(rounds, each) : [];
  for (const { dispose } of turns) dispose();
  console.error(`${work} done`);
  if (ready.length === 0) return [];
  const theirs = readings.slice(1 + limits.length);
  const reached =
    flops === undefined ? [] : limitRows(threads === 1 ? `${work}.oneThread` : work, threads, flops, readings);
  return [...peerRows(ready, [readings[0]!, ...theirs]), ...reached];
}

/** @param python the one that may have PyTorch */
export async function inNode(python: string, rounds: Rounds, filter: string, found: PeersFound): Promise<void> {
  const entriesOf = (work: string, threads: number): Entry[] => {
    const naive = threads === 1 && work.startsWith('step') ? [naiveEntry(work)] : [];
    return [...pytorchEntries(python, work, threads, found), ...naive].filter(({ id }) => id.includes(filter));
  };
  for (const threads of new Set([availableParallelism(), 1])) {
    const wanted = Object.keys(CONTESTS).map((work) => [work, entriesOf(work, threads)] as const);
    if (wanted.every(([, entries]) => entries.length === 0)) continue;
    await startFused(threads);
    for (const [work, entries] of wanted)
      if (entries.length > 0) found.rows.push(...(await hold(work, threads, entries, rounds, found)));
  }
}

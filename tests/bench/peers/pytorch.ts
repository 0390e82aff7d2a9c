/** PyTorch beside us: a Python process that does what it is told, one line at a time. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Model, PeerError, type PeerOptions, type Prepared, type Task } from './peer';

const PROGRAM = join(import.meta.dirname, 'pytorch/main.py');

export type Answer = { ready: string } | { check: number[] } | { ms: number };

/** @throws PeerError when the line tells of trouble, or is none of the answers */
export function answerOf(line: string): Answer {
  let said: unknown = null;
  try {
    said = JSON.parse(line);
  } catch {} // told below
  const { error, ready, check, ms } = (said ?? {}) as Record<string, unknown>;
  if (typeof error === 'string') throw new PeerError(firstLine(error));
  if (typeof ready === 'string') return { ready };
  if (typeof ms === 'number') return { ms };
  if (Array.isArray(check)) return { check: check.map((value) => (typeof value === 'number' ? value : Number.NaN)) };
  throw new PeerError(`it answered ${line}`);
}

const firstLine = (words: string): string => words.trim().split('\n')[0]!;
const lastLine = (words: string): string => words.trim().split('\n').at(-1)!;

/** A process that answers each line with one. */
class Dialogue {
  private readonly lines: AsyncIterator<string>;
  private complaints = '';

  constructor(private readonly child: ChildProcessWithoutNullStreams) {
    this.lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    child.stderr.on('data', (chunk) => {
      this.complaints = (this.complaints + chunk).slice(-2000);
    });
    child.on('error', ({ message }) => {
      this.complaints = message;
    });
    child.stdin.on('error', () => {}); // the next line that is waited for tells it
  }

  async hear(): Promise<Answer> {
    const { value, done } = await this.lines.next();
    if (done) throw new PeerError(lastLine(this.complaints) || 'it ended');
    return answerOf(value);
  }

  ask(question: object): Promise<Answer> {
    this.child.stdin.write(`${JSON.stringify(question)}\n`);
    return this.hear();
  }
}

/** Files of a model as `model.py` reads them. @returns their folder */
function writeModel({ config, weights }: Model, folder: string): string {
  const tensors = Object.entries(weights).filter(([name]) => name !== 'scoreScale');
  const described = { config, tensors: tensors.map(([name, { shape }]) => ({ name, shape })) };
  mkdirSync(folder);
  writeFileSync(join(folder, 'model.json'), JSON.stringify(described));
  writeFileSync(
    join(folder, 'weights.bin'),
    Buffer.concat(tensors.map(([, { data }]) => new Uint8Array(Float32Array.from(data).buffer))),
  );
  return folder;
}

/** a task as the process hears it: models are folders */
function told(task: Task, parent: string): object {
  const { model, ...rest } = task;
  const folder = writeModel(model, join(parent, 'model'));
  if (!('rewardModel' in rest)) return { ...rest, folder };
  const { rewardModel, ...others } = rest;
  return { ...others, folder, rewardFolder: writeModel(rewardModel, join(parent, 'rewardModel')) };
}

/**
 * A process of its own for each work, so that none finds its memory as another left it.
 * @throws PeerError where there is no such Python, no PyTorch in it, or nothing that this work needs
 */
export async function preparePytorch(python: string, task: Task, options: PeerOptions): Promise<Prepared> {
  const child = spawn(python, [PROGRAM]);
  const dialogue = new Dialogue(child);
  const folder = mkdtempSync(join(tmpdir(), 'rlhf-lab-peers-'));
  try {
    const { ready } = (await dialogue.hear()) as { ready: string };
    const { check } = (await dialogue.ask({ prepare: task.kind, ...options, ...told(task, folder) })) as {
      check: number[];
    };
    const run = async (times: number) => ((await dialogue.ask({ run: task.kind, times })) as { ms: number }).ms;
    return { name: ready, check, run, dispose: () => void child.kill() };
  } catch (error) {
    child.kill();
    throw error;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

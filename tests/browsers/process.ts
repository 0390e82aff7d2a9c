/** Programs that a test starts: each in a folder of its own, ended with everything that it started. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const STARTING_MS = 30_000;

export interface Started {
  child: ChildProcess;
  /** ends the program and its children */
  end(): Promise<void>;
}

/**
 * A program in a process group of its own, so that its helpers end with it; a pipe stands at 3 for what it has to tell.
 */
export function start(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Started {
  const child = spawn(program, args, { env, detached: true, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  return {
    child,
    async end() {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // it has ended by itself
      }
      await gone;
    },
  };
}

/** @returns the first match of a pattern in the lines that a program writes */
export async function lineOf(started: Started, stream: 2 | 3, pattern: RegExp): Promise<RegExpExecArray> {
  const lines = createInterface({ input: started.child.stdio[stream] as NodeJS.ReadableStream });
  const read = async () => {
    for await (const line of lines) {
      const match = pattern.exec(line);
      if (match) return match;
    }
    throw new Error(`${started.child.spawnfile} ended before it was ready`);
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${started.child.spawnfile} said nothing for ${STARTING_MS} ms`)),
      STARTING_MS,
    );
  });
  return Promise.race([read(), late]).finally(() => clearTimeout(timer));
}

export interface Home {
  path: string;
  downloads: string;
  remove(): void;
}

/** an empty folder that a browser takes for its user's */
export function makeHome(): Home {
  const path = mkdtempSync(join(tmpdir(), 'rlhf-lab-home-'));
  const downloads = join(path, 'Downloads');
  mkdirSync(downloads);
  return { path, downloads, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** @returns a port that was free a moment ago */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

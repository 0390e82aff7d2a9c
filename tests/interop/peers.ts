/** The libraries beside the lab: Python scripts of this folder, and the commands of the lab as a shell runs them. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { preparePython, pythonEnvironment } from '../helpers/python';

const MOST_OUTPUT = 2 ** 28;

/** @param script of this folder, or anywhere by its whole path. @returns what it says; @throws Error with its last words where it does not end with 0 */
export function python(script: string, ...args: string[]): string {
  const peers = preparePython();
  if (typeof peers === 'string') throw new Error(peers);
  const { status, stdout, stderr } = spawnSync(peers.program, [resolve('tests/interop', script), ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...pythonEnvironment(peers) },
    maxBuffer: MOST_OUTPUT,
  });
  if (status !== 0) throw new Error(`${script} ended with ${status}: ${stdout.slice(-3000)}\n${stderr.slice(-3000)}`);
  return stdout;
}

export interface Said {
  status: number | null;
  /** a line of JSON each */
  lines: unknown[];
  told: string;
}

const LAB = resolve('src/headless/lab.ts');

/** `npm run -s lab -- …`, with one line of standard input for each of `asked` */
export function lab(args: readonly string[], asked: readonly unknown[] = []): Said {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', LAB, ...args], {
    encoding: 'utf8',
    input: asked.map((value) => `${JSON.stringify(value)}\n`).join(''),
    maxBuffer: MOST_OUTPUT,
  });
  const lines = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);
  return { status, lines, told: stderr };
}

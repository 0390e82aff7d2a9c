/**
 * Python with the libraries that the lab is held against, for `npm run test:interop` alone. It is made once and kept;
 * like Firefox it may stay missing.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** A Python that finds the libraries. */
export interface Python {
  program: string;
  /** where it finds them beside its own; null in an environment of its own */
  path: string | null;
}

/** What making one takes from its surroundings; a test gives its own. */
export interface Surroundings {
  /** of the folder that is kept */
  folder: string;
  /** names what is to be installed */
  requirements: string;
  freeBytes(): number;
  succeeds(command: string, args: readonly string[]): boolean;
  /** a Python that is here already, with the libraries; undefined for none */
  given?: string | undefined;
}

const FOLDER = resolve('.cache/interop');
const REQUIREMENTS = resolve('tests/interop/requirements.txt');
/** before all else, so that nothing after it chooses another */
const TORCH = 'torch==2.13.0';
const GIGABYTE = 1e9;
const NEEDED = 4 * GIGABYTE;
const KEPT = 'it is kept for the next time';

const here = (): Surroundings => ({
  folder: FOLDER,
  requirements: REQUIREMENTS,
  freeBytes() {
    mkdirSync(FOLDER, { recursive: true });
    const { bavail, bsize } = statfsSync(FOLDER);
    return bavail * bsize;
  },
  succeeds: (command, args) => spawnSync(command, args, { stdio: ['ignore', 2, 2] }).status === 0,
  given: process.env.INTEROP_PYTHON,
});

const PIP = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];

/** @returns whether it was made; `venv` is a part that Debian packs apart, and then the libraries get a folder */
function install({ requirements, succeeds }: Surroundings, own: string, apart: string): Python | null {
  const inOwn = { program: join(own, 'bin', 'python'), path: null };
  const all = ['--no-deps', '-r', requirements];
  if (succeeds('python3', ['-m', 'venv', own]))
    return succeeds(inOwn.program, [...PIP, TORCH]) && succeeds(inOwn.program, [...PIP, ...all]) ? inOwn : null;
  const into = ['--target', apart];
  return succeeds('python3', [...PIP, ...into, '--no-deps', TORCH]) && succeeds('python3', [...PIP, ...into, ...all])
    ? { program: 'python3', path: apart }
    : null;
}

/** @returns a Python with the libraries, or why there is none, in a sentence */
export function preparePython(surroundings: Surroundings = here()): Python | string {
  const { folder, requirements, given, succeeds, freeBytes } = surroundings;
  if (given) return { program: given, path: null };
  if (!succeeds('python3', ['--version']))
    return 'There is no python3 here, so nothing was tried against transformers and TRL.';
  const stamp = join(folder, 'made.json');
  const wanted = createHash('sha256').update(TORCH).update(readFileSync(requirements)).digest('hex');
  if (existsSync(stamp)) {
    const { from, python } = JSON.parse(readFileSync(stamp, 'utf8')) as { from: string; python: Python };
    if (from === wanted && succeeds(python.program, ['--version'])) return python;
  }
  const free = freeBytes();
  if (free < NEEDED)
    return `${(free / GIGABYTE).toFixed(1)} GB of disk are free and transformers, TRL and torch need 4 GB, so nothing was tried against them.`;
  process.stderr.write(`python: ${TORCH} and transformers are being installed into ${folder}; ${KEPT}\n`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const python = install(surroundings, join(folder, 'venv'), join(folder, 'site'));
  if (!python)
    return 'transformers and TRL could not be installed (pip says why above), so nothing was tried against them.';
  writeFileSync(stamp, JSON.stringify({ from: wanted, python }));
  return python;
}

/** @returns variables under which nothing is looked up on a network and every run has the same bits */
export const pythonEnvironment = ({ path }: Python): Record<string, string> => ({
  HF_HUB_OFFLINE: '1',
  TRANSFORMERS_VERBOSITY: 'error',
  TOKENIZERS_PARALLELISM: 'false',
  TRL_EXPERIMENTAL_SILENCE: '1',
  CUDA_VISIBLE_DEVICES: '',
  OMP_NUM_THREADS: '1',
  ...(path !== null && { PYTHONPATH: [path, process.env.PYTHONPATH].filter(Boolean).join(delimiter) }),
});

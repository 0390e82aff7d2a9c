/** `npm run parity`: the lab beside TRL, and beside plain PyTorch, on the same model, rows, seeds and settings. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEngine } from '../../scenario/engine';
import { python } from '../peers';
import { type Curves, METHODS, type Method, type Pair } from './curves';
import { labHalf } from './labRuns';
import { report } from './report';

const OTHER: Record<Method, string> = {
  dpo: 'parity/trl_runs.py',
  reward: 'parity/trl_runs.py',
  rloo: 'parity/trl_runs.py',
  ppo: 'parity/ppo_loop.py',
};

const tell = (words: string): void => {
  process.stderr.write(`${words}\n`);
};

async function pairOf(method: Method, seed: number): Promise<Pair> {
  const folder = mkdtempSync(join(tmpdir(), 'parity-'));
  try {
    const lab = await labHalf(method, seed, folder);
    tell(`${method}, seed ${seed}: the lab is done`);
    const other = JSON.parse(python(OTHER[method], folder).trim().split('\n').at(-1)!) as Curves;
    tell(`${method}, seed ${seed}: both are done`);
    return { seed, lab, other };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const { values } = parseArgs({ options: { only: { type: 'string' }, seeds: { type: 'string', default: '3' } } });
const methods = METHODS.filter((method) => values.only === undefined || values.only.split(',').includes(method));
const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => i + 1);
await startEngine();
for (const method of methods) {
  const pairs: Pair[] = [];
  for (const seed of seeds) pairs.push(await pairOf(method, seed));
  report(method, pairs);
  tell(`${method}: drawn`);
}

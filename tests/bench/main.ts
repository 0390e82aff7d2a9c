/**
 * How fast the executors are, always beside a baseline in the same run on the same card: the portable executor beside a naive
 * composition of the same model, the fused one beside the portable. A real graphics card is used where Dawn finds one.
 *
 *   npm run bench [-- --json FILE] [--filter ID]
 *
 * With --page it is the page that is measured instead, in a browser, while PPO runs: medians of --runs (5) times --seconds (60).
 *
 *   npm run bench -- --page [--json FILE] [--runs N] [--seconds N] [--built FOLDER]
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { startKernels } from '../../src/core/kernels/wasm/player';
import { runsOnSoftwareGpu, type StartedBackend, startBackend } from '../../src/core/tf';
import { kernelFiles } from '../helpers/kernels';
import { threadsOf } from '../helpers/threads';
import { BENCHMARKS, type Benchmark, Place, type Row } from './benchmarks';
import { computingGpu, nullGpu } from './gpus';
import { measurePage } from './page';

const wasmPath = `${dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'))}/dist/`;

async function startWasm(threads: number): Promise<StartedBackend> {
  const started = await startBackend('wasm', { wasmPath });
  await startKernels(await kernelFiles(), threadsOf(threads));
  return started;
}

/** @returns null where there is no such card */
async function start(on: Benchmark['on'], card: GPU | null): Promise<StartedBackend | null> {
  if (on === 'wasm' || on === 'wasmThreads') return startWasm(on === 'wasm' ? 1 : cpus().length);
  const gpu = on === 'null' ? nullGpu : card;
  if (!gpu) return null;
  const started = await startBackend('webgpu', { gpu });
  return on === 'realCard' && runsOnSoftwareGpu() ? null : started;
}

function print(rows: readonly Row[]): void {
  const table = rows.map(({ id, value, unit, baseline, ratio, against }) => {
    const compared = baseline === null ? ['', '', ''] : [baseline.toFixed(1), against ?? '', `${(ratio as number).toFixed(2)}×`];
    return [id, value.toFixed(1), unit, ...compared];
  });
  const all = [['benchmark', 'value', 'unit', 'baseline', 'of', 'ratio'], ...table];
  const widths = (all[0] as string[]).map((_, column) => Math.max(...all.map((cells) => (cells[column] as string).length)));
  for (const cells of all) console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[i]!))).join('   '));
  for (const { id, split } of rows) if (split) console.log(`${id}: ${phases(split)}`);
}

const phases = (split: NonNullable<Row['split']>): string =>
  Object.entries(split)
    .map(([phase, ms]) => `${phase} ${ms.toFixed(0)} ms`)
    .join(', ');

function machineWords(): string {
  const [cpu] = cpus();
  return `${cpu?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.versions.node}`;
}

async function executors(filter: string): Promise<{ adapter: string; rows: Row[] }> {
  const wanted = BENCHMARKS.filter(({ id }) => id.includes(filter));
  const card = wanted.some(({ on }) => on === 'card' || on === 'realCard') ? await computingGpu() : null;
  const rows: Row[] = [];
  let adapter = 'none';
  for (const { id, on, run } of wanted) {
    const started = await start(on, card);
    if (!started) continue;
    if (on === 'card') adapter = started.adapter ?? adapter;
    const measured = await run(new Place(started));
    rows.push({ id, ...measured, ratio: measured.baseline === null ? null : measured.baseline / measured.value });
    console.error(`${id} done`);
  }
  return { adapter, rows };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'string' },
      filter: { type: 'string', default: '' },
      page: { type: 'boolean', default: false },
      runs: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '60' },
      built: { type: 'string' },
    },
  });
  const { page, filter, json, built } = values;
  const options = { runs: Number(values.runs), seconds: Number(values.seconds), ...(built && { built }) };
  const found = page ? await measurePage(options) : await executors(filter);
  const machine = machineWords();
  console.log('browser' in found ? `${machine}; ${found.browser}` : `${machine}; adapter: ${found.adapter}`);
  print(found.rows);
  if (json) writeFileSync(json, `${JSON.stringify({ machine, ...found }, null, 2)}\n`);
}

await main();
process.exit(0); // Dawn keeps Node alive

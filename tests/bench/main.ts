/**
 * How fast the executors are, always beside a baseline in the same run on the same card: the portable executor beside a
 * naive composition of the same model, the fused one beside the portable. A real graphics card is used where Dawn finds
 * one.
 *
 *   npm run bench [-- --json FILE] [--filter ID]
 *
 * With --page it is the page that is measured instead, in a browser: while PPO runs, and what is waited for; medians of
 * --runs (5), PPO for --seconds (60).
 *
 *   npm run bench -- --page [--json FILE] [--filter page.ppo|page.wasm|page.wasm.firstPair] [--runs N] [--seconds N] [--built FOLDER]
 *
 * With --peers we stand beside other libraries, --rounds (9) in turn; PyTorch where the Python that --python or PYTHON
 * names has it.
 *
 *   npm run bench -- --peers [--json FILE] [--filter ID] [--rounds N] [--python PROGRAM]
 *
 * With --bundle nothing is measured: the trial and the benchmark of a graphics card become one page, to be opened in a
 * browser on the machine that has the card.
 *
 *   npm run bench -- --bundle FILE.html
 *
 * With --scaling a training step grows in each direction, beside its arithmetic; --picture draws it.
 *
 *   npm run bench -- --scaling [--json FILE] [--picture FILE]
 */
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { append } from '../../src/contract/many';
import { runsOnSoftwareGpu, type StartedBackend, startBackend } from '../../src/core/tf';
import { startFused } from '../helpers/wasm';
import { BENCHMARKS, type Benchmark, NOTHING_BESIDE, Place, type Row } from './benchmarks';
import { bundleCard } from './card/bundle';
import { countOf } from './countOf';
import { computingGpu, nullGpu } from './gpus';
import { measurePage, type PageOptions } from './page';
import { measurePeers } from './peers/peers';
import { longRun, measureScaling, type Point } from './scaling';
import { longRunWords, scalingPicture, scalingTable } from './scalingReport';
import { measureWaits } from './waits';

/** @returns null where there is no such card */
async function start(on: Benchmark['on'], card: GPU | null): Promise<StartedBackend | null> {
  if (on === 'wasm' || on === 'wasmThreads') return startFused(on === 'wasm' ? 1 : cpus().length);
  const gpu = on === 'null' ? nullGpu : card;
  if (!gpu) return null;
  const started = await startBackend('webgpu', { gpu });
  return on === 'realCard' && runsOnSoftwareGpu() ? null : started;
}

function print(rows: readonly Row[]): void {
  const table = rows.map(({ id, value, unit, baseline, ratio, against }) => {
    const compared =
      baseline === null ? ['', '', ''] : [baseline.toFixed(1), against ?? '', `${(ratio as number).toFixed(2)}×`];
    return [id, value.toFixed(1), unit, ...compared];
  });
  const all = [['benchmark', 'value', 'unit', 'baseline', 'of', 'ratio'], ...table];
  const widths = (all[0] as string[]).map((_, column) =>
    Math.max(...all.map((cells) => (cells[column] as string).length)),
  );
  for (const cells of all)
    console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[i]!))).join('   '));
  for (const { id, split } of rows) if (split) console.log(`${id}: ${phases(split)}`);
}

const phases = (split: NonNullable<Row['split']>): string =>
  Object.entries(split)
    .map(([phase, ms]) => `${phase} ${ms.toFixed(0)} ms`)
    .join(', ');

function machineWords(): string {
  const [cpu] = cpus();
  const [load] = loadavg();
  return `${cpu?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, load ${load!.toFixed(1)}, Node ${process.versions.node}`;
}

/** what was found besides the rows: a browser, an adapter, peers and what of them was left out */
interface Found {
  rows: Row[];
}

const wordsOf = (around: object): string[] =>
  Object.entries(around).flatMap(([name, said]) =>
    [said]
      .flat()
      .filter(isText)
      .map((words) => `${name}: ${words}`),
  );
const isText = (said: unknown): said is string => typeof said === 'string';

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

/** how busy the page's thread is, and what its visitors wait for */
async function ofPage(filter: string, options: PageOptions): Promise<Found & { browser: string; readings: unknown[] }> {
  const parts = [
    ['page.ppo', measurePage],
    ['page.wasm', measureWaits],
  ] as const;
  const rows: Row[] = [];
  const readings: unknown[] = [];
  let browser = '';
  for (const [, measure] of parts.filter(([id]) => id.includes(filter) || filter.startsWith(id))) {
    const found = await measure({ ...options, filter });
    browser = found.browser;
    append(rows, found.rows);
    append<unknown>(readings, found.readings);
  }
  return { browser, rows, readings };
}

async function scaling(picture: string | undefined): Promise<Found & { long: string; points: Point[] }> {
  const points = await measureScaling();
  await startFused(1);
  const long = longRunWords(await longRun());
  console.log(scalingTable(points));
  if (picture) writeFileSync(picture, scalingPicture(points));
  const rows = points.map(({ axis, size, ms }) => ({
    ...NOTHING_BESIDE,
    id: `scaling.${axis}.${size}`,
    value: ms,
    unit: 'ms',
  }));
  return { long, points, rows };
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
      peers: { type: 'boolean', default: false },
      scaling: { type: 'boolean', default: false },
      picture: { type: 'string' },
      rounds: { type: 'string', default: '9' },
      bundle: { type: 'string' },
      python: { type: 'string', default: process.env.PYTHON ?? 'python3' },
    },
  });
  const { json, built, filter, python, bundle } = values;
  if (bundle) {
    await bundleCard(bundle);
    return console.log(`${bundle}: open it in a browser on the machine whose graphics card is to be measured`);
  }
  const measure = (): Promise<Found> => {
    if (values.page)
      return ofPage(filter, {
        runs: countOf('runs', values.runs),
        seconds: countOf('seconds', values.seconds),
        ...(built && { built }),
      });
    if (values.scaling) return scaling(values.picture);
    return values.peers
      ? measurePeers({ python, filter, rounds: countOf('rounds', values.rounds) })
      : executors(filter);
  };
  const machine = machineWords();
  const { rows, ...around } = await measure();
  console.log([machine, ...wordsOf(around)].join('; '));
  print(rows);
  if (json) writeFileSync(json, `${JSON.stringify({ machine, ...around, rows }, null, 2)}\n`);
}

await main();
process.exit(0); // Dawn keeps Node alive

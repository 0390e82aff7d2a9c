/**
 * The science tier: does learning really happen? Everything runs in Node through the same loops as the page, on the
 * kernels of WebAssembly, with fixed seeds. `npm run science` takes one seed and fails when a row misses what is
 * required; `npm run science -- --seeds 3` takes three and writes a Markdown table (`--markdown FILE`). Two processes
 * share the work.
 */
import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { adapters } from './adapters';
import { analogies } from './analogies';
import {
  baseModel,
  corpusQuality,
  fewClicks,
  gentlePpo,
  healthyPpo,
  liveSwitch,
  pretraining,
  type Row,
  rewardModel,
} from './checks';
import { startEngine } from './engine';
import { type Lab, openLab } from './lab';
import { lessonChecks } from './lessonChecks';
import { bestOf, family, greedy, groups, raters, secondRound } from './ppoFamily';
import { dpoChecks, fineTuneChecks, rankingChecks } from './preferences';
import { ruleChecks } from './ruleReward';
import { translating } from './translating';

/** What one process does in one go. */
const PARTS: Record<string, (lab: Lab) => Promise<Row[]>> = {
  base: async (lab) => [...(await baseModel(lab)), ...(await corpusQuality(lab))],
  pretraining,
  last: async (lab) => {
    const { network, rows } = await rewardModel(lab, 'last');
    const healthy = await healthyPpo(lab, network);
    const kl = healthy.find(({ id }) => id === 'ppo.kl')!.value;
    const gentle = await gentlePpo(lab, network, kl);
    network.dispose();
    return [...rows, ...healthy, ...gentle];
  },
  sum: async (lab) => {
    const { network, rows } = await rewardModel(lab, 'sum');
    const switched = await liveSwitch(lab, network);
    network.dispose();
    return [...rows, ...switched];
  },
  clicks: fewClicks,
  dpo: dpoChecks,
  finetune: fineTuneChecks,
  rankings: rankingChecks,
  bestOf,
  greedy,
  groups,
  family,
  adapters,
  rounds: secondRound,
  raters,
  rule: ruleChecks,
  lessons: lessonChecks,
  translate: translating,
  wordsSmall: (lab) => analogies('small', lab),
  wordsMedium: (lab) => analogies('medium', lab),
};
/** take minutes each, and are left out where one seed is a check of every day */
const SEVERAL_SEEDS: ReadonlySet<string> = new Set(['wordsSmall', 'wordsMedium']);
/** Rows as the table lists them; longest parts are started first. */
const TABLE_ORDER = [
  'base',
  'pretraining',
  'last',
  'sum',
  'clicks',
  'finetune',
  'rankings',
  'dpo',
  'bestOf',
  'groups',
  'family',
  'adapters',
  'greedy',
  'rule',
  'raters',
  'rounds',
  'lessons',
  'translate',
  'wordsSmall',
  'wordsMedium',
];
const START_ORDER = [
  'wordsMedium',
  'wordsSmall',
  'lessons',
  'raters',
  'family',
  'adapters',
  'last',
  'sum',
  'groups',
  'rounds',
  'greedy',
  'bestOf',
  'clicks',
  'rule',
  'translate',
  'pretraining',
  'rankings',
  'dpo',
  'base',
  'finetune',
];
/** Means over several seeds have to reach more than the worst seed may. */
const MEAN_AT_LEAST: Record<string, number> = { 'reward.last': 0.86, 'reward.sum': 0.79, 'ppo.win': 0.78 };

interface Task {
  part: string;
  seed: number;
}
type Outcome = { rows: Row[] } | { error: string };

/** In the child: one task, then the end. */
async function work({ part, seed }: Task): Promise<void> {
  await startEngine();
  console.log(`\n${part}, seed ${seed}`);
  const started = performance.now();
  const rows = await PARTS[part]!(openLab(seed));
  console.log(`  ${part}, seed ${seed}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
  process.send!({ rows } satisfies Outcome);
  process.disconnect();
}

/** In the parent: the child's lines appear together, so that two parts do not mix. */
function runTask(task: Task): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = fork(fileURLToPath(import.meta.url), ['--part', task.part, '--seed', String(task.seed)], {
      silent: true,
    });
    const lines: Buffer[] = [];
    let outcome: Outcome | null = null;
    child.stdout!.on('data', (data) => lines.push(data));
    child.stderr!.on('data', (data) => lines.push(data));
    child.on('message', (message) => {
      outcome = message as Outcome;
    });
    child.on('exit', (code) => {
      process.stdout.write(Buffer.concat(lines));
      resolve(outcome ?? { error: `${task.part}, seed ${task.seed}: ended with ${code}` });
    });
  });
}

async function runAll(tasks: Task[]): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const waiting = [...tasks];
  const worker = async (): Promise<void> => {
    for (let task = waiting.shift(); task; task = waiting.shift())
      outcomes.set(`${task.part} ${task.seed}`, await runTask(task));
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, worker));
  return outcomes;
}

/** One row with the values of all seeds. */
interface Summary extends Row {
  values: number[];
}

function summarise(outcomes: Map<string, Outcome>, seeds: number[]): Summary[] {
  const summaries = new Map<string, Summary>();
  for (const part of TABLE_ORDER) {
    for (const seed of seeds) {
      const outcome = outcomes.get(`${part} ${seed}`);
      if (!outcome || 'error' in outcome) continue;
      for (const row of outcome.rows) {
        const known = summaries.get(row.id) ?? { ...row, passed: true, values: [] };
        known.values.push(row.value);
        known.passed &&= row.passed;
        summaries.set(row.id, known);
      }
    }
  }
  return [...summaries.values()].map((row) => withMean(row, seeds.length));
}

function withMean(row: Summary, seeds: number): Summary {
  const value = row.values.reduce((sum, x) => sum + x, 0) / row.values.length;
  const least = MEAN_AT_LEAST[row.id];
  if (seeds < 3 || least === undefined) return { ...row, value };
  return { ...row, value, required: `${row.required} each, mean ≥ ${least}`, passed: row.passed && value >= least };
}

const short = (x: number): string => (Math.abs(x) >= 1e-4 || x === 0 ? x.toFixed(3) : x.toExponential(1));

function markdown(rows: Summary[], seeds: number[]): string {
  const lines = rows.map(({ check, value, values, required, passed }) => {
    const measured = values.length > 1 ? `${short(value)} (${values.map(short).join(', ')})` : short(value);
    return `| ${check} | ${measured} | ${required} | ${passed ? 'yes' : '**no**'} |`;
  });
  return [
    `| check | measured, seed${seeds.length > 1 ? 's' : ''} ${seeds.join(', ')} | required | reached |`,
    '|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string' },
      seed: { type: 'string' },
      part: { type: 'string' },
      markdown: { type: 'string' },
    },
  });
  const first = Number(values.seed ?? 1);
  if (values.part && process.send) {
    await work({ part: values.part, seed: first });
    return 0;
  }
  const seeds = Array.from({ length: Number(values.seeds ?? 1) }, (_, i) => first + i);
  const parts = values.part
    ? [values.part]
    : START_ORDER.filter((part) => seeds.length >= 3 || !SEVERAL_SEEDS.has(part));
  const outcomes = await runAll(seeds.flatMap((seed) => parts.map((part) => ({ part, seed }))));
  const errors = [...outcomes.values()].flatMap((outcome) => ('error' in outcome ? [outcome.error] : []));
  const rows = summarise(outcomes, seeds);
  const table = markdown(rows, seeds);
  console.log(`\n${table}`);
  if (values.markdown) writeFileSync(values.markdown, table);
  for (const error of errors) console.error(error);
  const failed = rows.filter(({ passed }) => !passed).length + errors.length;
  console.log(`${rows.length + errors.length - failed} passed, ${failed} failed`);
  return failed === 0 && rows.length > 0 ? 0 : 1;
}

process.exitCode = await main();

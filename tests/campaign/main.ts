/**
 * Everything that can go wrong at the worst moment, many times over; far too long for every change:
 *
 *   npm run campaign [-- --only kills,inputs --rows "PPO|lesson" --count 10 --seed 1 --built FOLDER --seconds 400]
 */
import { parseArgs } from 'node:util';
import { endurance } from './endurance';
import { device, quota, tabs } from './faults';
import { inputs } from './inputs';
import { kills } from './kills';
import { type Options, type Part, type Row, table, tell } from './row';

const PARTS: Record<string, Part> = { inputs, endurance, kills, device, quota, tabs };

function readOptions(): Options & { parts: Part[] } {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      rows: { type: 'string' },
      count: { type: 'string' },
      seed: { type: 'string' },
      built: { type: 'string' },
      seconds: { type: 'string', default: 'Infinity' },
    },
  });
  const names = values.only?.split(',') ?? Object.keys(PARTS);
  const unknown = names.filter((name) => !Object.hasOwn(PARTS, name));
  if (unknown.length > 0)
    throw new Error(`no such part: ${unknown.join(', ')}; there are ${Object.keys(PARTS).join(', ')}`);
  const count = values.count === undefined ? null : Number(values.count);
  const rows = new RegExp(values.rows ?? '', 'i');
  const end = performance.now() + 1000 * Number(values.seconds);
  return {
    parts: names.map((name) => PARTS[name] as Part),
    count,
    seed: Number(values.seed ?? 1),
    ...(values.built && { built: values.built }),
    wants: (what) => rows.test(what),
    isOver: () => performance.now() > end,
  };
}

const { parts, ...options } = readOptions();
const rows: Row[] = [];
for (const part of parts) {
  for await (const row of part(options)) {
    tell(row);
    rows.push(row);
  }
}
console.log(`\n${table(rows)}`);
process.exitCode = rows.some(({ failures }) => failures.length > 0) ? 1 : 0;

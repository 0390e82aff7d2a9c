/**
 * Records what a run's numbers look like when it goes well and when it goes wrong, for the tests of the health rules:
 *
 *   npx tsx tests/scenario/record.ts [name …]
 *
 * Writes tests/fixtures/series/<name>.json: how it was made, the reward model's held-out accuracy where one was used,
 * and the metrics of every step as the page would get them, rounded; best of N counts N instead of steps. Tiny, seed 1,
 * the rater who likes happy stories.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import type { MetricValues } from '../../src/contract/metrics';
import type { MetricPoint } from '../../src/contract/observations';
import { startEngine } from './engine';
import { openLab } from './lab';
import { RECORDINGS, type Recording } from './recordings';

/** five digits tell a curve */
const rounded = ({ step, values }: Omit<MetricPoint, 'elapsedMs'>) => ({
  step,
  values: Object.fromEntries(
    Object.entries(values).flatMap(([id, x]) =>
      id.startsWith('perf/') ? [] : [[id, Number((x as number).toPrecision(5))]],
    ),
  ),
});

async function record(name: string, { about, run, ...how }: Recording): Promise<void> {
  const { points: measured, rewardAccuracy } = await run(openLab(1));
  const points = measured.map(rounded);
  mkdirSync('tests/fixtures/series', { recursive: true });
  const command = `npx tsx tests/scenario/record.ts ${name}`;
  writeFileSync(
    `tests/fixtures/series/${name}.json`,
    `${JSON.stringify({ about, command, ...how, rewardAccuracy, points })}\n`,
  );
  const last: MetricValues = Object.assign({}, ...points.map(({ values }) => values));
  console.log(`${name}: accuracy ${rewardAccuracy?.toFixed(2) ?? 'none'}, ends with ${JSON.stringify(last)}`);
}

await startEngine();
const names = process.argv.slice(2);
for (const [name, recording] of Object.entries(RECORDINGS))
  if (names.length === 0 || names.includes(name)) await record(name, recording);

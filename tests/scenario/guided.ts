/**
 * The lessons of the page Lessons over real runs, for their sentences and thresholds: what came of each question and
 * what was measured. `npx tsx tests/scenario/guided.ts --seeds 1,2,3 judge words`; without names all of them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { shippedLesson } from '../../src/store/guide/library';
import { walkLesson } from './walkLesson';

const FOLDER = 'src/lessons/guided/files';

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { seeds: { type: 'string', default: '1' } },
    allowPositionals: true,
  });
  const names = positionals.length > 0 ? positionals : readdirSync(FOLDER).map((file) => file.replace('.json', ''));
  for (const name of names) {
    const lesson = shippedLesson(readFileSync(`${FOLDER}/${name}.json`, 'utf8'));
    for (const seed of values.seeds.split(',').map(Number)) {
      const { progress, seconds } = await walkLesson({ ...lesson, seed });
      console.log(`${name}, seed ${seed}, ${seconds.toFixed(0)} s: ${JSON.stringify(progress.came)}`);
      for (const [number, value] of Object.entries(progress.kept)) console.log(`  ${number} ${value.toFixed(3)}`);
    }
  }
}

await main();

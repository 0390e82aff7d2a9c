/**
 * The lessons of the page Lessons over real runs, for their sentences and thresholds: what came of each question and
 * what was measured. `npx tsx tests/scenario/guided.ts --seeds 1,2,3 judge words`; without names all of them.
 * `--voters happy,shorter,alternating,undecided` says who votes in them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { shippedLesson } from '../../src/store/guide/library';
import { VOTERS, type VoterName, walkLesson } from './walkLesson';

const FOLDER = 'src/lessons/guided/files';

function votersIn(names: string): VoterName[] {
  return names.split(',').map((name) => {
    if (Object.hasOwn(VOTERS, name)) return name as VoterName;
    throw new Error(`nobody votes ${name}: ${Object.keys(VOTERS).join(', ')}`);
  });
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { seeds: { type: 'string', default: '1' }, voters: { type: 'string', default: 'happy' } },
    allowPositionals: true,
  });
  const names = positionals.length > 0 ? positionals : readdirSync(FOLDER).map((file) => file.replace('.json', ''));
  for (const name of names) {
    const lesson = shippedLesson(readFileSync(`${FOLDER}/${name}.json`, 'utf8'));
    const walks = values.seeds
      .split(',')
      .flatMap((seed) => votersIn(values.voters).map((voter) => ({ seed: +seed, voter })));
    for (const { seed, voter } of walks) {
      const { progress, seconds } = await walkLesson({ ...lesson, seed }, voter);
      console.log(`${name}, seed ${seed}, ${voter}, ${seconds.toFixed(0)} s: ${JSON.stringify(progress.came)}`);
      for (const [number, value] of Object.entries(progress.kept)) console.log(`  ${number} ${value.toFixed(3)}`);
    }
  }
}

await main();

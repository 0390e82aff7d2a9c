/**
 * The lessons of “Break it” as the page gives them: the store's own machinery over the real thread on wasm, with the
 * settings that ship. Prints what both runs came to, and the sentence that a visitor would read:
 *
 *   npx tsx tests/scenario/lessons.ts [--seeds 1,2,3] [--record | --add] [lesson …]
 *
 * With `--record` the curves of every seed are written to tests/fixtures/lessons, and the first one whole, for the
 * tests of the sentences; `--add` keeps the seeds that were recorded before, which holds as long as no setting of the
 * lesson was changed.
 */
import { parseArgs } from 'node:util';
import { factsOf, type Reading } from '../../src/lessons/breakIt/facts';
import type { LessonRecord } from '../../src/store/lessons/lessonState';
import { addRecorded, writeRecorded } from '../lessons/recorded';
import { WAYS, type Way } from '../lessons/ways';
import { giveLesson } from './giveLesson';

const row = (name: string, { proxy, gold, kl, grammatical, distinct, distinct2, length }: Reading): string =>
  `  ${name}: proxy ${proxy.toFixed(2)}, gold ${gold.toFixed(2)}, KL ${kl.toFixed(1)}, parse ${grammatical.toFixed(2)}, distinct ${distinct.toFixed(2)}, pairs ${distinct2.toFixed(2)}, length ${length.toFixed(1)}`;

function print(way: Way, record: LessonRecord, seconds: number): void {
  const facts = factsOf(record, way.drawn);
  console.log(`\n${way.title}, seed ${record.seed}, ${seconds.toFixed(0)} s`);
  console.log(row('start', facts.broken.start));
  if (record.forkAt !== null) console.log(row('fork', facts.broken.fork));
  for (const name of ['healthy', 'broken'] as const) {
    const { turn, accuracy } = facts[name];
    const turned = turn
      ? `, gold turned at ${turn.step} (${turn.gold.toFixed(2)}, fallen ${turn.fallen.toFixed(2)})`
      : ', no turn';
    console.log(`${row(name, facts[name].end)}${turned}, accuracy ${accuracy?.toFixed(2) ?? '–'}`);
  }
  for (const { prompt, before, after } of record.arms.broken.rows.slice(0, 3))
    console.log(`    ${prompt} | ${before} → ${after}`);
  console.log(`  ${way.came(record)}: ${way.said(record)}`);
}

const options = {
  seeds: { type: 'string', default: '1' },
  record: { type: 'boolean', default: false },
  add: { type: 'boolean', default: false },
} as const;
const { values, positionals } = parseArgs({ options, allowPositionals: true });
for (const way of WAYS) {
  if (positionals.length > 0 && !positionals.includes(way.id)) continue;
  const records: LessonRecord[] = [];
  for (const seed of values.seeds.split(',').map(Number)) {
    const { record, seconds } = await giveLesson(way, seed);
    print(way, record, seconds);
    records.push(record);
    if (values.add) addRecorded(record);
    else if (values.record) writeRecorded(records); // after every seed: a night that ends early leaves what it has
  }
}

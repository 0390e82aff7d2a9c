/**
 * Lessons as they were really given, for the tests of their sentences; written by `npx tsx tests/scenario/lessons.ts
 * --record`.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { MetricId } from '../../src/contract/metrics';
import type { ArmName, LessonArm, LessonRecord } from '../../src/store/lessons/lessonState';

const FOLDER = 'tests/fixtures/lessons';

/** One arm without its texts: a column for each metric, null where it was not measured. */
interface Columns {
  totalSteps: number;
  accuracy: number | null;
  heldOutPairs?: number;
  steps: number[];
  values: Partial<Record<MetricId, (number | null)[]>>;
}
/** One lesson in a few kilobytes. */
interface Compact {
  seed: number;
  forkAt: number | null;
  arms: Record<ArmName, Columns>;
}

/** five digits tell a curve */
const rounded = (value: number): number => Number(value.toPrecision(5));

function columnsOf({ totalSteps, accuracy, heldOutPairs, history }: LessonArm): Columns {
  const ids = [...new Set(history.flatMap(({ values }) => Object.keys(values) as MetricId[]))];
  const column = (id: MetricId) => history.map(({ values }) => (values[id] === undefined ? null : rounded(values[id])));
  const steps = history.map(({ step }) => step);
  const judged = { accuracy, ...(heldOutPairs !== undefined && { heldOutPairs }) };
  return { totalSteps, ...judged, steps, values: Object.fromEntries(ids.map((id) => [id, column(id)])) };
}

function armOf({ steps, values, ...rest }: Columns): LessonArm {
  const columns = Object.entries(values) as [MetricId, (number | null)[]][];
  const valuesAt = (i: number) =>
    Object.fromEntries(columns.flatMap(([id, column]) => (column[i] === null ? [] : [[id, column[i]]])));
  return { ...rest, rows: [], history: steps.map((step, i) => ({ step, elapsedMs: 0, values: valuesAt(i) })) };
}

const seedsFile = (lessonId: string): string => `${FOLDER}/${lessonId}.seeds.jsonl`;

const compact = ({ seed, forkAt, arms: { healthy, broken } }: LessonRecord): Compact => ({
  seed,
  forkAt,
  arms: { healthy: columnsOf(healthy), broken: columnsOf(broken) },
});

const compactSeeds = (lessonId: string): Compact[] =>
  readFileSync(seedsFile(lessonId), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Compact);

function writeSeeds(lessonId: string, seeds: readonly Compact[]): void {
  writeFileSync(seedsFile(lessonId), `${seeds.map((seed) => JSON.stringify(seed)).join('\n')}\n`);
}

/** @param records of one lesson, one for each seed: the first one whole, all of them as curves */
export function writeRecorded(records: readonly LessonRecord[]): void {
  const [first] = records;
  if (!first) return;
  const whole = (arm: LessonArm): LessonArm => ({ ...armOf(columnsOf(arm)), rows: arm.rows });
  const arms = { healthy: whole(first.arms.healthy), broken: whole(first.arms.broken) };
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}/${first.lessonId}.json`, `${JSON.stringify({ ...first, arms })}\n`);
  writeSeeds(first.lessonId, records.map(compact));
}

/** The curves of one more seed beside those that were recorded, in the order of the seeds. */
export function addRecorded(record: LessonRecord): void {
  const others = compactSeeds(record.lessonId).filter(({ seed }) => seed !== record.seed);
  writeSeeds(
    record.lessonId,
    [...others, compact(record)].sort((a, b) => a.seed - b.seed),
  );
}

/** @returns one lesson whole, texts and all */
export const recordedLesson = (lessonId: string): LessonRecord =>
  JSON.parse(readFileSync(`${FOLDER}/${lessonId}.json`, 'utf8')) as LessonRecord;

/** @returns the curves of a lesson for every seed that it was recorded with */
export const recordedSeeds = (lessonId: string): LessonRecord[] =>
  compactSeeds(lessonId).map(({ seed, forkAt, arms }) => {
    const both = { healthy: armOf(arms.healthy), broken: armOf(arms.broken) };
    return { lessonId, seed, forkAt, arms: both, answer: '', base: 'Shipped tiny', status: 'done' };
  });

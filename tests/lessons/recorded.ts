/** Lessons as they were really given, for the tests of their sentences; written by `npx tsx tests/scenario/lessons.ts --record`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { MetricId } from '../../src/contract/metrics';
import type { ArmName, LessonArm, LessonRecord } from '../../src/store/lessonState';

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
  const valuesAt = (i: number) => Object.fromEntries(columns.flatMap(([id, column]) => (column[i] === null ? [] : [[id, column[i]]])));
  return { ...rest, rows: [], history: steps.map((step, i) => ({ step, elapsedMs: 0, values: valuesAt(i) })) };
}

/** @param records of one lesson, one for each seed: the first one whole, all of them as curves */
export function writeRecorded(records: readonly LessonRecord[]): void {
  const [first] = records;
  if (!first) return;
  const whole = (arm: LessonArm): LessonArm => ({ ...armOf(columnsOf(arm)), rows: arm.rows });
  const arms = { healthy: whole(first.arms.healthy), broken: whole(first.arms.broken) };
  const lines = records.map(({ seed, forkAt, arms: { healthy, broken } }) =>
    JSON.stringify({ seed, forkAt, arms: { healthy: columnsOf(healthy), broken: columnsOf(broken) } } satisfies Compact),
  );
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}/${first.lessonId}.json`, `${JSON.stringify({ ...first, arms })}\n`);
  writeFileSync(`${FOLDER}/${first.lessonId}.seeds.jsonl`, `${lines.join('\n')}\n`);
}

/** @returns one lesson whole, texts and all */
export const recordedLesson = (lessonId: string): LessonRecord =>
  JSON.parse(readFileSync(`${FOLDER}/${lessonId}.json`, 'utf8')) as LessonRecord;

/** @returns the curves of a lesson for every seed that it was recorded with */
export const recordedSeeds = (lessonId: string): LessonRecord[] =>
  readFileSync(`${FOLDER}/${lessonId}.seeds.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const { seed, forkAt, arms } = JSON.parse(line) as Compact;
      const both = { healthy: armOf(arms.healthy), broken: armOf(arms.broken) };
      return { lessonId, seed, forkAt, arms: both, answer: '', base: 'Shipped tiny', status: 'done' };
    });

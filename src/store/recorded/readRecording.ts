/** A recording, read and judged part by part: what is damaged is left out and named, the rest is played. */
import * as v from 'valibot';
import { RUN_KINDS, type RunKind, stepNoun } from '../../contract/domain';
import { LabError } from '../../contract/errors';
import { plural } from '../../contract/numbers';
import type { MetricPoint } from '../../contract/observations';
import { RECORDING_FORMAT, type RecordedTrack, type RecordingAbout, type StepRange } from '../../contract/recording';
import { type Notebook, openNotebook } from '../../formats/notebook/read';
import { text } from '../../formats/opinionSchemas';
import { hashOfNumbers } from '../../formats/recording';
import { repaired } from '../../formats/repair';
import { MomentSchema } from '../../formats/schemas';
import { COUNT } from '../lessons/lessonRecord';
import { RUN_NAMES } from '../models/roles';
import { isSoundLook, isSoundSpec, readPoint } from '../notebook/runRecord';
import { sourceOf } from '../notebook/work';

export interface Recording {
  /** of the file */
  name: string;
  /** a notebook of the lab before its runs, too */
  file: Blob;
  about: RecordingAbout;
  tracks: readonly RecordedTrack[];
  /** what is left out, in words; empty where all is as it was written */
  losses: readonly string[];
}

const ABOUT = v.object({
  format: v.literal(RECORDING_FORMAT),
  title: text(200),
  text: text(1000),
  madeAt: MomentSchema,
  tracks: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(9)),
});
const RUN = v.object({ kind: v.picklist(RUN_KINDS), spec: v.unknown(), totalSteps: COUNT, hash: v.string() });
const LOOK = v.object({
  step: COUNT,
  what: v.picklist(['samples', 'rollouts', 'review', 'beforeAfter']),
  value: v.unknown(),
});

const damaged = (why: string): never => {
  throw new LabError('file/notebook', why);
};

/** what is left out of a recording, in words, in the order in which it was found */
type Losses = string[];

/** the parts that a list has here, and how many it should have */
const partsOf = (notebook: Notebook, folder: string): string[] =>
  [...notebook.paths, ...notebook.damaged.map(({ path }) => path)]
    .filter((path) => path.startsWith(`${folder}/`) && path.endsWith('.jsonl'))
    .sort((one, other) => numberIn(one) - numberIn(other));
const numberIn = (path: string): number => Number(/(\d+)\.jsonl$/.exec(path)?.[1] ?? 0);

/** @returns what every sound part of a list holds, in order, and whether some part or line of it was lost */
async function listIn(notebook: Notebook, folder: string): Promise<{ items: unknown[]; isWhole: boolean }> {
  const items: unknown[] = [];
  let isWhole = true;
  for (const path of new Set(partsOf(notebook, folder))) {
    const found = await notebook.list(path).catch(() => null);
    isWhole &&= found !== null && found.unreadable === 0;
    for (const item of found?.items ?? []) items.push(item);
  }
  return { items, isWhole };
}

/** @returns the steps from the first to the last that have no numbers */
export function lostSteps(points: readonly MetricPoint[], totalSteps: number): StepRange[] {
  const here = new Set(points.map(({ step }) => step));
  const lost: [number, number][] = [];
  for (let step = 1; step <= totalSteps; step++) {
    if (here.has(step)) continue;
    const last = lost.at(-1);
    if (last && last[1] === step - 1) last[1] = step;
    else lost.push([step, step]);
  }
  return lost;
}

const rangeWords = ([first, last]: StepRange): string => (first === last ? `${first}` : `${first}–${last}`);

/** "Iterations 3–8, 12 of PPO are", "Iteration 3 of PPO is" */
export function lostWords(kind: RunKind, lost: readonly StepRange[]): string {
  const count = lost.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  const noun = plural(count, stepNoun(kind)).replace(/^./, (letter) => letter.toUpperCase());
  return `${noun} ${lost.map(rangeWords).join(', ')} of ${RUN_NAMES[kind]} ${plural(count, 'is', 'are')}`;
}

/** the numbers of a run, and which of them were lost. @throws Error where none is left, or some are not those that were written */
async function pointsIn(notebook: Notebook, folder: string, run: v.InferOutput<typeof RUN>) {
  const { items, isWhole } = await listIn(notebook, `${folder}/points`);
  const points = items.flatMap((item) => readPoint(item) ?? []);
  if (points.length === 0) return damaged(`no number of ${folder} is left`);
  const isSame = hashOfNumbers(points) === run.hash;
  if (isSame) return { points, lost: [] };
  const lost = lostSteps(points, run.totalSteps);
  // a part that is gone leaves a hole; numbers that are all here and are others were changed by hand
  if (isWhole && items.length === points.length) return damaged(`the numbers of ${folder} do not match their hash`);
  return { points, lost };
}

async function trackIn(notebook: Notebook, folder: string, losses: Losses): Promise<RecordedTrack> {
  const run = await notebook.record(`${folder}/run.json`);
  if (!v.is(RUN, run) || !isSoundSpec(run.spec, run.kind)) return damaged(`${folder} is no run`);
  const { points, lost } = await pointsIn(notebook, folder, run);
  const looks = await listIn(notebook, `${folder}/looks`);
  const sound = looks.items.filter((look) => v.is(LOOK, look) && isSoundLook(look)) as RecordedTrack['looks'];
  if (lost.length > 0) losses.push(`${lostWords(run.kind, lost)} damaged and left out`);
  if (!looks.isWhole || sound.length < looks.items.length)
    losses.push(`some texts of ${RUN_NAMES[run.kind]} are damaged and left out`);
  const opinions = repaired('votes', (await listIn(notebook, 'opinions')).items).kept;
  const spec = 'opinions' in run.spec ? { ...run.spec, opinions } : run.spec;
  return { ...run, spec, points, looks: sound, ...(lost.length > 0 && { lost }) };
}

const UNKNOWN: Omit<RecordingAbout, 'tracks'> = {
  format: RECORDING_FORMAT,
  title: 'A recording without a name',
  text: '',
  madeAt: 0,
};

/** what it says of itself; where that is damaged, its runs may be sound all the same */
async function aboutIn(notebook: Notebook, losses: Losses): Promise<RecordingAbout> {
  const runs = [...notebook.paths, ...notebook.damaged.map(({ path }) => path)].filter((path) =>
    /^recording\/[1-9]\/run\.json$/.test(path),
  );
  const tracks = new Set(runs).size;
  if (tracks === 0) damaged('it holds no recording');
  const about = await notebook.record('recording/about.json').catch(() => null);
  if (v.is(ABOUT, about)) return about;
  if (about !== null) return damaged('recording/about.json: it is made for another version');
  losses.push('what it says of itself is damaged');
  return { ...UNKNOWN, tracks };
}

/** each run by itself: one that cannot be played costs none of the others. @throws Error where none is left */
async function tracksIn(notebook: Notebook, { tracks: count }: RecordingAbout, losses: Losses) {
  const tracks: RecordedTrack[] = [];
  for (let number = 1; number <= count; number++) {
    try {
      tracks.push(await trackIn(notebook, `recording/${number}`, losses));
    } catch (error) {
      losses.push((error as Error).message);
    }
  }
  if (tracks.length === 0) damaged(losses.at(-1) ?? 'no run of it is left');
  return tracks;
}

/**
 * What is damaged is named in `losses`, and costs itself alone.
 * @throws LabError('file/notebook') that names the file and what is wrong with it, where nothing can be played
 */
export async function readRecording(file: Blob, name: string): Promise<Recording> {
  try {
    const notebook = await openNotebook(sourceOf(file));
    const losses: Losses = [];
    const about = await aboutIn(notebook, losses);
    const tracks = await tracksIn(notebook, about, losses);
    return { name, file, about, tracks, losses };
  } catch (error) {
    throw new LabError('file/notebook', `${name}: ${(error as Error).message}.`);
  }
}

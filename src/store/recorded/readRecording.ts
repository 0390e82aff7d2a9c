/** A recording, read whole and judged: one that is not as it was written is not played at all. */
import * as v from 'valibot';
import { RUN_KINDS } from '../../contract/domain';
import { LabError } from '../../contract/errors';
import { RECORDING_FORMAT, type RecordedTrack, type RecordingAbout } from '../../contract/recording';
import { type Notebook, openNotebook } from '../../formats/notebook/read';
import { text } from '../../formats/opinionSchemas';
import { hashOfNumbers } from '../../formats/recording';
import { repaired } from '../../formats/repair';
import { COUNT } from '../lessons/lessonRecord';
import { isSoundLook, isSoundSpec, readPoint } from '../notebook/runRecord';
import { sourceOf } from '../notebook/work';

export interface Recording {
  /** of the file */
  name: string;
  /** a notebook of the lab before its runs, too */
  file: Blob;
  about: RecordingAbout;
  tracks: readonly RecordedTrack[];
}

const ABOUT = v.object({
  format: v.literal(RECORDING_FORMAT),
  title: text(200),
  text: text(1000),
  madeAt: COUNT,
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

/** every part of a list, in order; one line that cannot be read is one too many */
async function listIn(notebook: Notebook, place: string): Promise<unknown[]> {
  const items: unknown[] = [];
  for (let part = 1; notebook.paths.includes(`${place}/${part}.jsonl`); part++) {
    const found = await notebook.list(`${place}/${part}.jsonl`);
    if (found.unreadable > 0) damaged(`${place} cannot be read`);
    for (const item of found.items) items.push(item);
  }
  return items;
}

async function trackIn(notebook: Notebook, place: string): Promise<RecordedTrack> {
  const run = await notebook.record(`${place}/run.json`);
  if (!v.is(RUN, run) || !isSoundSpec(run.spec, run.kind)) return damaged(`${place} is no run`);
  const points = (await listIn(notebook, `${place}/points`)).flatMap((item) => readPoint(item) ?? []);
  const looks = await listIn(notebook, `${place}/looks`);
  if (points.length === 0 || hashOfNumbers(points) !== run.hash)
    return damaged(`the numbers of ${place} do not match their hash`);
  if (!looks.every((look) => v.is(LOOK, look) && isSoundLook(look)))
    return damaged(`the texts of ${place} cannot be read`);
  const opinions = repaired('votes', await listIn(notebook, 'opinions')).kept;
  const spec = 'opinions' in run.spec ? { ...run.spec, opinions } : run.spec;
  return { ...run, spec, points, looks: looks as RecordedTrack['looks'] };
}

/** @throws LabError('file/notebook') that names the file and what is wrong with it */
export async function readRecording(file: Blob, name: string): Promise<Recording> {
  try {
    const notebook = await openNotebook(sourceOf(file));
    const [first] = notebook.damaged;
    if (first) damaged(`${first.path}: ${first.why}`);
    if (!notebook.paths.includes('recording/about.json')) damaged('it holds no recording');
    const about = await notebook.record('recording/about.json');
    if (!v.is(ABOUT, about)) return damaged('recording/about.json: it is made for another version');
    const tracks: RecordedTrack[] = [];
    for (let number = 1; number <= about.tracks; number++) tracks.push(await trackIn(notebook, `recording/${number}`));
    return { name, file, about, tracks };
  } catch (error) {
    throw new LabError('file/notebook', `${name}: ${(error as Error).message}.`);
  }
}

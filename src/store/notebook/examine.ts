/**
 * A notebook, gone through before anything is changed: every file of it is unpacked once and judged. Small things are
 * kept; weights are checked, let go, and read again when they are stored.
 */
import * as v from 'valibot';
import type { Duel } from '../../contract/arena';
import type { Arithmetic } from '../../contract/config';
import { CHECKPOINT_KINDS, type CheckpointInfo, isOver, RUN_KINDS, type RunKind } from '../../contract/domain';
import { inWords, LIMITS } from '../../contract/limits';
import { countOf, plural } from '../../contract/numbers';
import type { MetricPoint } from '../../contract/observations';
import type { Demonstration, Ranking } from '../../contract/preferences';
import { bytesSource } from '../../formats/bytesSource';
import { ENDING, OWN_TEXT } from '../../formats/notebook/layout';
import { type Damaged, type Notebook, openNotebook } from '../../formats/notebook/read';
import { arithmeticOfSnapshot } from '../../formats/notebook/snapshot';
import { IdSchema, isMeantAsVote, RulePairSchema, text } from '../../formats/opinionSchemas';
import { repaired } from '../../formats/repair';
import { openSafetensors } from '../../formats/safetensors';
import { MomentSchema } from '../../formats/schemas';
import type { Course } from '../page/longWork';
import { SETTING_KEYS } from '../persistence/settings';
import type { RunRecord, Settings } from '../persistence/storage';
import { Examination, Steps } from './examination';
import { LISTS } from './gather';
import { readPoint, readRunRecord } from './runRecord';
import { isSoundSetting } from './soundSettings';

/** A model, whose bytes stay in the file. */
export interface FoundModel {
  info: CheckpointInfo;
  path: string;
}
export interface FoundRun {
  record: RunRecord;
  points: MetricPoint[];
  /** by step, the newest last; their bytes stay in the file */
  snapshots: { step: number; path: string; arithmetic: Arithmetic }[];
}
/** What a lesson has made: a notebook in the notebook, whose bytes stay in the file. */
export interface FoundLesson {
  lessonId: string;
  path: string;
  found: Examined;
}
/** What is sound of a notebook. */
export interface Examined {
  settings: Partial<Settings>;
  opinions: Ranking[];
  duels: Duel[];
  demonstrations: Demonstration[];
  models: FoundModel[];
  runs: FoundRun[];
  /** the visitor's own text */
  textPath: string | null;
  lessons: FoundLesson[];
  damaged: Damaged[];
}

const INFO = v.looseObject({
  checkpointId: IdSchema,
  name: text(LIMITS.id),
  kind: v.picklist(CHECKPOINT_KINDS),
  step: v.pipe(v.number(), v.minValue(0)),
  madeAt: v.optional(v.fallback(v.nullable(MomentSchema), null), null),
  importedFrom: v.optional(v.nullable(v.string()), null),
  shipped: v.boolean(),
});

type Repairable = Parameters<typeof repaired>[0];

function sound<K extends Repairable>(found: Examination, kind: K, path: string, stored: readonly unknown[]) {
  const { kept, unreadable, beyond } = repaired(kind, stored);
  if (unreadable > 0) found.blame(path, `${inWords(unreadable)} of its ${kind} could not be read`);
  if (beyond > 0) found.blame(path, `${inWords(beyond)} of its ${kind} ${plural(beyond, 'is', 'are')} over the limit`);
  return kept;
}

/** @returns votes and rankings in the order in which they stand */
function soundOpinions(found: Examination, path: string, stored: readonly unknown[]): Ranking[] {
  const votes = sound(found, 'votes', path, stored.filter(isMeantAsVote));
  const rankings = sound(
    found,
    'rankings',
    path,
    stored.filter((one) => !isMeantAsVote(one)),
  );
  const byId = new Map<unknown, Ranking>([...votes, ...rankings].map((one) => [one.rankingId, one]));
  const ordered = stored.flatMap((one) => {
    const id = (one as Partial<Ranking> | null)?.rankingId;
    const kept = byId.get(id);
    byId.delete(id);
    return kept ? [kept] : [];
  });
  return ordered;
}

async function findModels(found: Examination, files: Steps): Promise<FoundModel[]> {
  const models: FoundModel[] = [];
  for (const number of found.numbersIn('models', '.json')) {
    const info = await found.record(`models/${number}.json`);
    const path = `models/${number}.safetensors`;
    await files.next(path);
    const weights = await found.try(path, async (at) => openSafetensors(await found.notebook.bytes(at)).shapes.size);
    if (info === null || weights === null) continue;
    if (v.is(INFO, info)) models.push({ info: info as unknown as CheckpointInfo, path });
    else found.blame(`models/${number}.json`, 'it says nothing of a model');
  }
  return models;
}

async function findSnapshots(found: Examination, kind: RunKind, files: Steps): Promise<FoundRun['snapshots']> {
  const snapshots: FoundRun['snapshots'] = [];
  const folder = `runs/${kind}/snapshots`;
  for (const step of found.numbersIn(folder, '.safetensors')) {
    const path = `${folder}/${step}.safetensors`;
    await files.next(path);
    const arithmetic = await found.try(path, async (at) => arithmeticOfSnapshot(await found.notebook.bytes(at)));
    if (arithmetic) snapshots.push({ step, path, arithmetic });
    else if (found.damaged.at(-1)?.path !== path) found.blame(path, 'it is no stored run');
  }
  return snapshots;
}

/** @returns what a run is made from, as far as it is here */
async function findSpec(found: Examination, { kind, spec }: RunRecord): Promise<RunRecord['spec']> {
  const lists: Partial<Record<(typeof LISTS)[number], unknown[]>> = {};
  for (const name of LISTS) {
    const inside = (spec as Partial<Record<string, unknown>> | null)?.[name]; // an earlier version has them in its record
    if (!Array.isArray(inside)) continue;
    const folder = `runs/${kind}/${name}`;
    const items = [...inside, ...(await found.list(folder))];
    lists[name] =
      name === 'opinions' ? soundOpinions(found, folder, items) : sound(found, 'demonstrations', folder, items);
  }
  return spec && ({ ...spec, ...lists } as RunRecord['spec']);
}

async function findLabels(found: Examination, kind: RunKind): Promise<RunRecord['labels']> {
  const folder = `runs/${kind}/labels`;
  const stored = await found.list(folder);
  const labels = stored.filter((one) => v.is(RulePairSchema, one));
  if (labels.length < stored.length)
    found.blame(folder, `${countOf(stored.length - labels.length, 'pair')} could not be read`);
  return labels;
}

/** a run whose state is damaged would begin anew, or go on with other votes: it stands still, with its curves */
const standingStill = (record: RunRecord): RunRecord => {
  const { state } = record;
  if (!state || isOver(state.status)) return record;
  const message = 'This run was damaged in the notebook. Its curves are here; Train starts it afresh.';
  return { ...record, state: { ...state, status: 'stopped', message } };
};

async function findRun(found: Examination, kind: RunKind, files: Steps): Promise<FoundRun | null> {
  const path = `runs/${kind}/run.json`;
  if (!found.has(path)) return null;
  const read = readRunRecord(await found.record(path), kind);
  if (!read) return found.damaged.some((one) => one.path === path) ? null : found.blame(path, 'it is no run');
  const { record, lost } = read;
  if (lost.length > 0) found.blame(path, `its ${lost.join(', ')} could not be read`);
  const spec = await findSpec(found, record);
  const labels = await findLabels(found, kind);
  const isWhole = ![...LISTS, 'labels'].some((name) => found.isDamaged(`runs/${kind}/${name}`));
  const curve = await found.list(`runs/${kind}/curves`);
  const points = curve.map(readPoint).filter((point) => point !== null);
  if (points.length < curve.length)
    found.blame(`runs/${kind}/curves`, `${countOf(curve.length - points.length, 'point')} could not be read`);
  const snapshots = isWhole ? await findSnapshots(found, kind, files) : [];
  const isLost = snapshots.length === 0 && found.isDamaged(`runs/${kind}/snapshots`);
  const whole = { ...record, spec, labels };
  return { record: isWhole && !isLost ? whole : standingStill(whole), points, snapshots };
}

async function findSettings(found: Examination): Promise<Partial<Settings>> {
  const settings: Record<string, unknown> = {};
  for (const key of SETTING_KEYS) {
    const path = `settings/${key}.json`;
    if (!found.has(path)) continue;
    const before = found.damaged.length;
    const value = await found.record(path);
    if (found.damaged.length > before) continue;
    if (isSoundSetting(key, value)) settings[key] = value;
    else found.blame(path, 'it is not what a page stores');
  }
  return settings as Partial<Settings>;
}

/** @throws LabError('work/cancelled') at the next file, once the visitor has cancelled */
export async function examine(notebook: Notebook, course: Pick<Course, 'tell'>): Promise<Examined> {
  const found = new Examination(notebook);
  const files = new Steps(notebook.paths.filter((path) => path.endsWith('.safetensors')).length + 1, course);
  await files.next('settings, votes and duels');
  const settings = await findSettings(found);
  const opinions = soundOpinions(found, 'opinions', await found.list('opinions'));
  const duels = sound(found, 'duels', 'duels', await found.list('duels'));
  const demonstrations = sound(found, 'demonstrations', 'demonstrations', await found.list('demonstrations'));
  const models = await findModels(found, files);
  const runs: FoundRun[] = [];
  for (const kind of RUN_KINDS) {
    const run = await findRun(found, kind, files);
    if (run) runs.push(run);
  }
  const text = found.has(OWN_TEXT) ? await found.try(OWN_TEXT, (path) => notebook.bytes(path)) : null;
  const textPath = text ? OWN_TEXT : null;
  const lessons = await findLessons(found, files);
  return { settings, opinions, duels, demonstrations, models, runs, textPath, lessons, damaged: found.damaged };
}

const QUIET: Pick<Course, 'tell'> = { tell() {} };

/** each by itself; a lesson in a lesson is none */
async function findLessons(found: Examination, files: Steps): Promise<FoundLesson[]> {
  const lessons: FoundLesson[] = [];
  for (const path of found.notebook.paths.filter((one) => one.startsWith('lessons/'))) {
    await files.next(path);
    const lessonId = path.slice('lessons/'.length, -ENDING.length - 1);
    const inside = await found.try(path, async (at) => {
      const notebook = await openNotebook(bytesSource(await found.notebook.bytes(at)));
      return examine({ ...notebook, paths: notebook.paths.filter((one) => !one.startsWith('lessons/')) }, QUIET);
    });
    if (!inside) continue;
    for (const { path: part, why } of inside.damaged) found.blame(`${path}, ${part}`, why);
    lessons.push({ lessonId, path, found: inside });
  }
  return lessons;
}

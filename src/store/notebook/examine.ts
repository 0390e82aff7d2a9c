/**
 * A notebook, gone through before anything is changed: every file of it is unpacked once and judged. Small things are
 * kept; weights are checked, let go, and read again when they are stored.
 */
import * as v from 'valibot';
import type { Duel } from '../../contract/arena';
import type { Arithmetic } from '../../contract/config';
import { CHECKPOINT_KINDS, type CheckpointInfo, RUN_KINDS, type RunKind } from '../../contract/domain';
import { LabError } from '../../contract/errors';
import { LIMITS } from '../../contract/limits';
import { countOf } from '../../contract/numbers';
import type { MetricPoint } from '../../contract/observations';
import type { Demonstration, Ranking } from '../../contract/preferences';
import { OWN_TEXT } from '../../formats/notebook/layout';
import type { Damaged, Notebook } from '../../formats/notebook/read';
import { arithmeticOfSnapshot } from '../../formats/notebook/snapshot';
import { Damage } from '../../formats/notebook/zipEntry';
import { IdSchema, isMeantAsVote, text } from '../../formats/opinionSchemas';
import { repaired } from '../../formats/repair';
import { openSafetensors } from '../../formats/safetensors';
import type { Course } from '../page/longWork';
import { SETTING_KEYS } from '../persistence/settings';
import type { RunRecord, Settings } from '../persistence/storage';
import { LISTS } from './gather';
import { readPoint, readRunRecord } from './runRecord';

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
  damaged: Damaged[];
}

const INFO = v.looseObject({
  checkpointId: IdSchema,
  name: text(LIMITS.id),
  kind: v.picklist(CHECKPOINT_KINDS),
  step: v.pipe(v.number(), v.minValue(0)),
  madeAt: v.optional(v.nullable(v.number()), null),
  importedFrom: v.optional(v.nullable(v.string()), null),
  shipped: v.boolean(),
});

/** What goes through the files of one notebook. */
class Examination {
  readonly damaged: Damaged[];
  private readonly paths: Set<string>;

  constructor(readonly notebook: Notebook) {
    this.damaged = [...notebook.damaged];
    this.paths = new Set(notebook.paths);
  }

  has = (path: string): boolean => this.paths.has(path);

  blame(path: string, why: string): null {
    this.damaged.push({ path, why });
    return null;
  }

  /** @returns null for a file that is missing or damaged; then it has been named */
  async try<T>(path: string, read: (path: string) => Promise<T>): Promise<T | null> {
    try {
      return await read(path);
    } catch (error) {
      const isDamage = error instanceof Damage || (error instanceof LabError && error.code === 'file/checkpoint');
      if (!isDamage) throw error;
      return this.blame(path, error.message);
    }
  }

  record = (path: string): Promise<unknown> => this.try(path, (at) => this.notebook.record(at));

  /** all parts of a list, in order; a part that is damaged costs its own lines */
  async list(place: string): Promise<unknown[]> {
    const items: unknown[] = [];
    for (const path of this.partsOf(place)) {
      const part = await this.try(path, (at) => this.notebook.list(at));
      if (!part) continue;
      for (const item of part.items) items.push(item); // a hundred thousand are too many for one call's arguments
      if (part.unreadable > 0) this.blame(path, `${countOf(part.unreadable, 'line')} could not be read`);
    }
    return items;
  }

  /** @returns the numbers of files in a folder, in order */
  numbersIn(place: string, ending: string): number[] {
    const found = this.notebook.paths
      .filter((path) => path.startsWith(`${place}/`) && path.endsWith(ending))
      .map((path) => Number(path.slice(place.length + 1, -ending.length)))
      .filter(Number.isInteger);
    return found.sort((one, other) => one - other);
  }

  private partsOf = (place: string): string[] =>
    this.numbersIn(place, '.jsonl').map((part) => `${place}/${part}.jsonl`);
}

type Repairable = Parameters<typeof repaired>[0];

function sound<K extends Repairable>(found: Examination, kind: K, path: string, stored: readonly unknown[]) {
  const { kept, unreadable, beyond } = repaired(kind, stored);
  if (unreadable > 0) found.blame(path, `${countOf(unreadable, 'one', 'of them')} of its ${kind} could not be read`);
  if (beyond > 0) found.blame(path, `${countOf(beyond, 'one is', 'are')} over the limit of ${kind}`);
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
  const place = `runs/${kind}/snapshots`;
  for (const step of found.numbersIn(place, '.safetensors')) {
    const path = `${place}/${step}.safetensors`;
    await files.next(path);
    const arithmetic = await found.try(path, async (at) => arithmeticOfSnapshot(await found.notebook.bytes(at)));
    if (arithmetic) snapshots.push({ step, path, arithmetic });
    else if (found.damaged.at(-1)?.path !== path) found.blame(path, 'it is no stored run');
  }
  return snapshots;
}

async function findRun(found: Examination, kind: RunKind, files: Steps): Promise<FoundRun | null> {
  const path = `runs/${kind}/run.json`;
  if (!found.has(path)) return null;
  const read = readRunRecord(await found.record(path), kind);
  if (!read) return found.damaged.some((one) => one.path === path) ? null : found.blame(path, 'it is no run');
  const { record, lost } = read;
  if (lost.length > 0) found.blame(path, `its ${lost.join(', ')} could not be read`);
  const lists: Partial<Record<(typeof LISTS)[number], unknown[]>> = {};
  for (const name of LISTS) {
    if (!record.spec || !(name in record.spec)) continue;
    const place = `runs/${kind}/${name}`;
    const items = await found.list(place);
    lists[name] =
      name === 'opinions' ? soundOpinions(found, place, items) : sound(found, 'demonstrations', place, items);
  }
  const curve = await found.list(`runs/${kind}/curves`);
  const points = curve.map(readPoint).filter((point) => point !== null);
  if (points.length < curve.length)
    found.blame(`runs/${kind}/curves`, `${countOf(curve.length - points.length, 'point')} could not be read`);
  const snapshots = await findSnapshots(found, kind, files);
  const spec = record.spec && ({ ...record.spec, ...lists } as RunRecord['spec']);
  return { record: { ...record, spec }, points, snapshots };
}

async function findSettings(found: Examination): Promise<Partial<Settings>> {
  const settings: Record<string, unknown> = {};
  for (const key of SETTING_KEYS) {
    const path = `settings/${key}.json`;
    if (!found.has(path)) continue;
    const before = found.damaged.length;
    const value = await found.record(path);
    if (found.damaged.length === before) settings[key] = value;
  }
  return settings as Partial<Settings>;
}

/** Tells how far it is before each large file. */
class Steps {
  private done = 0;

  constructor(
    private readonly total: number,
    private readonly course: Course,
  ) {}

  async next(label: string): Promise<void> {
    this.course.tell({ done: this.done++, total: this.total, label });
    await new Promise((resolve) => setTimeout(resolve)); // so that Cancel is heard
  }
}

/** @throws LabError('work/cancelled') at the next file, once the visitor has cancelled */
export async function examine(notebook: Notebook, course: Course): Promise<Examined> {
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
  return { settings, opinions, duels, demonstrations, models, runs, textPath, damaged: found.damaged };
}

/**
 * What was found in a notebook goes into the lab: into an empty one all of it, beside what is here only what is not.
 * It is stored first and then comes back as after a reload, so what a reload can read is what a notebook can bring.
 */
import { RUN_KINDS } from '../../contract/domain';
import type { Wish } from '../../contract/preferences';
import type { Damaged, Notebook } from '../../formats/notebook/read';
import type { Context } from '../context';
import type { Course } from '../page/longWork';
import { bringBack, showCurves, showRuns, standStill } from '../persistence/restore';
import { applySettings } from '../persistence/settings';
import { NOTHING_STORED, type Settings, type StoredLab } from '../persistence/storage';
import type { LabState } from '../state';
import type { Examined, FoundModel, FoundRun } from './examine';
import { takeLesson } from './lessonLabs';

const NO_ROOM = 'the browser had no room for it';

/** nothing is here that a visitor made */
export function isEmptyLab({
  opinions,
  demonstrations,
  arena,
  shelf,
  runs,
  lesson,
  guide,
  sweep,
  classroom,
}: LabState): boolean {
  const lists = [opinions.all, demonstrations.all, arena.duels, shelf.checkpoints, shelf.removed];
  const records = [lesson.records, guide.progress, guide.own, guide.translations, sweep.records].flatMap(Object.keys);
  const isTaught = classroom.student !== null || classroom.teacher !== null;
  return (
    lists.every((list) => list.length === 0) &&
    records.length === 0 &&
    !isTaught &&
    RUN_KINDS.every((kind) => runs[kind].runId === null)
  );
}

/** what stands beside settings that are here: lists and tables, of which the page adds what it has not */
function besideThese({ config, rounds, arena, guide }: LabState, found: Partial<Settings>): Partial<Settings> {
  const { provenance, examples, earlier, placed, lessons, sweeps, classroom } = found;
  return {
    config: config.value,
    ...(provenance && { provenance }),
    ...(examples && { examples }),
    ...(earlier && { earlier }),
    ...(placed && { placed }),
    ...(lessons && { lessons }),
    ...(sweeps && { sweeps }),
    ...(found.guide && { guide: { ...found.guide, language: guide.language } }),
    ...(classroom && { classroom }),
    ...(found.rounds && { rounds: { ...found.rounds, pairing: rounds.pairing } }),
    ...(found.arena && { arena: { ...found.arena, out: arena.out } }),
  };
}

/** @returns what of a notebook is not here yet */
export function missingHere(state: LabState, found: Examined): Examined {
  if (isEmptyLab(state)) return found;
  const ids = (list: readonly { rankingId: string }[]) => new Set(list.map(({ rankingId }) => rankingId));
  const [opinions, duels] = [ids(state.opinions.all), ids(state.arena.duels)];
  const shown = new Set(state.demonstrations.all.map(({ demonstrationId }) => demonstrationId));
  const models = new Set(state.shelf.checkpoints.map(({ checkpointId }) => checkpointId));
  const hasText = state.corpus.origin !== null;
  return {
    ...found,
    settings: besideThese(state, found.settings),
    opinions: found.opinions.filter(({ rankingId }) => !opinions.has(rankingId)),
    duels: found.duels.filter(({ rankingId }) => !duels.has(rankingId)),
    demonstrations: found.demonstrations.filter(({ demonstrationId }) => !shown.has(demonstrationId)),
    models: found.models.filter(({ info }) => !models.has(info.checkpointId)),
    runs: found.runs.filter(({ record }) => state.runs[record.kind].runId === null),
    textPath: hasText ? null : found.textPath,
  };
}

/** as storage would have it */
function asStored({ settings, opinions, duels, demonstrations, models, runs }: Examined, wish: Wish): StoredLab {
  return {
    settings: { ...settings, examples: { wish, ...settings.examples, demonstrations } },
    opinions,
    duels,
    runs: runs.map(({ record }) => record),
    checkpointIds: models.map(({ info }) => info.checkpointId),
  };
}

async function storeRun(
  { vault }: Context,
  notebook: Notebook,
  { record, points, snapshots }: FoundRun,
): Promise<void> {
  await vault.write('putRun', record);
  await vault.write('putPoints', record.runId, points);
  for (const { step, path } of snapshots) {
    const bytes = await notebook.bytes(path);
    await vault.write('putSnapshot', { runId: record.runId, kind: record.kind, step, bytes });
  }
}

/** files first, then what names them: a tab that is killed on the way leaves a lab that opens */
async function store(context: Context, notebook: Notebook, found: Examined, course: Course): Promise<void> {
  const { vault } = context;
  const total = found.models.length + found.runs.length;
  const origin = found.settings.corpus;
  if (found.textPath && origin?.kind === 'text')
    await vault.putText(origin.textId, await notebook.bytes(found.textPath));
  for (const [done, { info, path }] of found.models.entries()) {
    course.tell({ done, total, label: 'storing models' });
    await vault.write('putCheckpoint', { info, bytes: await notebook.bytes(path) });
  }
  for (const [i, run] of found.runs.entries()) {
    course.tell({ done: found.models.length + i, total, label: 'storing runs' });
    await storeRun(context, notebook, run);
  }
  if (found.opinions.length > 0) await vault.opinions.put(found.opinions);
  if (found.duels.length > 0) await vault.duels.put(found.duels);
}

/** an address that spells an experiment out would be stronger than the notebook's, in a lab that has none of its own */
function forgetAddress({ address }: Context): void {
  address.write({ search: '', hash: address.read().hash }, 'replace');
}

/** @returns the same without what the disk had no room for, and that by its name */
async function withRoom({ vault }: Context, found: Examined): Promise<{ stored: Examined; homeless: Damaged[] }> {
  const { checkpointIds, runs } = await vault.read((storage) => storage.load(), NOTHING_STORED);
  const isKept = ({ info }: FoundModel) => checkpointIds.includes(info.checkpointId);
  const isStored = ({ record }: FoundRun) => runs.some(({ runId }) => runId === record.runId);
  const lost = [
    ...found.models.filter((model) => !isKept(model)).map(({ path }) => path),
    ...found.runs.filter((run) => !isStored(run)).map(({ record }) => `runs/${record.kind}`),
  ];
  const stored = { ...found, models: found.models.filter(isKept), runs: found.runs.filter(isStored) };
  return { stored, homeless: lost.map((path) => ({ path, why: NO_ROOM })) };
}

async function show(context: Context, stored: StoredLab): Promise<void> {
  applySettings(context, stored);
  showRuns(context, stored.runs);
  await context.get().engine.start();
  await showCurves(context, stored.runs);
  try {
    if (context.get().engine.status === 'ready') await bringBack(context, stored);
  } finally {
    standStill(context);
  }
}

/**
 * Under `settle`: what is pressed meanwhile waits for it.
 * @param found what is not here yet
 * @returns what there was no room for
 */
export async function takeNotebook(
  context: Context,
  notebook: Notebook,
  found: Examined,
  course: Course,
): Promise<Damaged[]> {
  if (isEmptyLab(context.get())) forgetAddress(context);
  await store(context, notebook, found, course);
  const crowdedOut: Damaged[] = [];
  for (const lesson of found.lessons)
    if ((await takeLesson(context, lesson, notebook, course, store)) === 'noRoom')
      crowdedOut.push({ path: lesson.path, why: NO_ROOM });
  const { stored, homeless } = await withRoom(context, found);
  await show(context, asStored(stored, context.get().demonstrations.wish));
  return [...homeless, ...crowdedOut];
}

/**
 * What the lab takes of the browser's storage, kind by kind, and how some of it is freed. It is looked at when somebody
 * asks: states of runs are read to be measured.
 */
import { type StoreApi, useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { createStore } from 'zustand/vanilla';
import { type CheckpointInfo, isOver, RUN_KINDS, type RunKind } from '../../contract/domain';
import { toReport } from '../context';
import { clearLessonStorage, lessonStorage } from '../guide/lessonStorage';
import { type Lab, useLabStore } from '../lab';
import { usersOf } from '../models/roles';
import { onePerLab } from '../onePerLab';
import type { LabState } from '../state';
import { type LabStorage, TRANSLATOR } from './storage';

export const KEPT_KINDS = ['models', 'snapshots', 'runs', 'opinions', 'duels', 'texts', 'lessons'] as const;
export type KeptKind = (typeof KEPT_KINDS)[number];
/** those of which some can be freed here */
export const FREED_KINDS = ['models', 'snapshots', 'runs', 'lessons'] as const;
export type FreedKind = (typeof FREED_KINDS)[number];

export interface KeptSize {
  count: number;
  bytes: number;
}

export interface StorageUsage {
  measuring: boolean;
  /** null before the first look */
  sizes: Record<KeptKind, KeptSize> | null;
  /** what the browser says of all that this address keeps, the page itself among it; null where it does not say */
  total: { used: number; quota: number } | null;
  /** what came of the last press, in words */
  outcome: string | null;
  measure(): Promise<void>;
  /** asks the browser to keep what is stored, and tells what it said */
  keep(): Promise<void>;
  free(kind: FreedKind): Promise<void>;
}

const NONE: KeptSize = { count: 0, bytes: 0 };
const plus = (one: KeptSize, count: number, bytes: number): KeptSize => ({
  count: one.count + count,
  bytes: one.bytes + bytes,
});
/** as it would be written out: what a database takes for it is of that order */
const sizeOf = (value: unknown): number => JSON.stringify(value)?.length ?? 0;

async function runSizes(
  storage: LabStorage,
  runIds: readonly string[],
): Promise<{ runs: number; snapshots: KeptSize }> {
  let [runs, snapshots] = [0, NONE];
  for (const runId of runIds) {
    runs += sizeOf(await storage.points(runId));
    const kept = await storage.snapshots(runId);
    for (const { bytes } of kept) snapshots = plus(snapshots, 1, bytes.length);
  }
  return { runs, snapshots };
}

export async function sizesIn(
  storage: LabStorage,
  lessons: readonly LabStorage[],
): Promise<Record<KeptKind, KeptSize>> {
  const { settings, opinions, duels, runs } = await storage.load();
  const models = (await storage.models()).reduce((sum, { size }) => plus(sum, 1, size), NONE);
  const ofRuns = await runSizes(storage, [...runs.map(({ runId }) => runId), TRANSLATOR]);
  const origin = settings.corpus;
  const text = origin?.kind === 'text' ? await storage.text(origin.textId) : null;
  let taught = NONE;
  for (const lesson of lessons) {
    const sizes = Object.values(await sizesIn(lesson, []));
    const bytes = sizes.reduce((sum, size) => sum + size.bytes, 0);
    if (sizes.some(({ count }) => count > 0)) taught = plus(taught, 1, bytes);
  }
  return {
    models,
    snapshots: ofRuns.snapshots,
    runs: { count: runs.length, bytes: ofRuns.runs + sizeOf(runs) },
    opinions: { count: opinions.length, bytes: sizeOf(opinions) },
    duels: { count: duels.length, bytes: sizeOf(duels) },
    texts: text ? { count: 1, bytes: text.length } : NONE,
    lessons: taught,
  };
}

/** models that play no part and that nothing goes on from: what goes first */
export function idleModels(state: LabState): CheckpointInfo[] {
  const { slots, checkpoints } = state.shelf;
  const needed = new Set([...Object.values(slots), ...checkpoints.map(({ trunk }) => trunk?.checkpointId ?? null)]);
  return checkpoints.filter((info) => !needed.has(info.checkpointId) && usersOf(state, info).length === 0);
}

/** runs that are over: their models stand on the shelf */
export const overRuns = ({ runs }: LabState): RunKind[] =>
  RUN_KINDS.filter((kind) => runs[kind].runId !== null && isOver(runs[kind].state?.status) && runs[kind].busy === null);

/** lessons that are not on the screen */
export const leftLessons = ({ guide, view }: LabState): string[] =>
  Object.keys(guide.progress).filter((id) => view.stage !== 'lesson' || id !== guide.asked);

/** What was asked about may be at work again by the time its turn comes: then it stays. */
const FREE: Record<FreedKind, (lab: Lab) => Promise<string>> = {
  async models(lab) {
    const idle = idleModels(lab.getState());
    const isIdle = (id: string) => idleModels(lab.getState()).some(({ checkpointId }) => checkpointId === id);
    for (const { checkpointId } of idle) if (isIdle(checkpointId)) await lab.getState().shelf.remove(checkpointId);
    return idle.length === 0
      ? 'Every model plays a part, so none was deleted.'
      : 'They can be put back for 20 seconds.';
  },
  async snapshots(lab) {
    for (const kind of overRuns(lab.getState())) {
      const runId = lab.getState().runs[kind].runId!;
      const isStillOver = () => overRuns(lab.getState()).includes(kind) && lab.getState().runs[kind].runId === runId;
      for (const { step } of await lab.vault.storage.snapshots(runId))
        if (isStillOver()) await lab.vault.write('removeSnapshot', runId, step);
    }
    return 'The states of runs that are over are gone. Runs that are not over kept theirs.';
  },
  async runs(lab) {
    for (const kind of overRuns(lab.getState()))
      if (overRuns(lab.getState()).includes(kind)) await lab.getState().runs.reset(kind);
    return 'Runs that are over are gone with their curves. Their models stayed.';
  },
  async lessons(lab) {
    for (const id of leftLessons(lab.getState())) await clearLessonStorage(lab, id);
    return 'What lessons had made is gone. Answers and tables stayed.';
  },
};

const REFUSED = {
  none: 'This browser cannot be asked to keep what a page stores: over plain http none can. Save a notebook.',
  no: 'The browser did not promise it. It may after more visits, or when the page is installed. Save a notebook until then.',
} as const;

/** @param browser null where it cannot be asked */
export function createUsage(
  lab: Lab,
  browser: StorageManager | null = globalThis.navigator?.storage ?? null,
): StoreApi<StorageUsage> {
  return createStore<StorageUsage>()((patch, get) => ({
    measuring: false,
    sizes: null,
    total: null,
    outcome: null,
    async measure() {
      if (get().measuring) return;
      patch({ measuring: true });
      const lessons = leftLessons(lab.getState()).map((id) => lessonStorage(lab, id));
      const sizes = await lab.vault.read<StorageUsage['sizes']>((storage) => sizesIn(storage, lessons), null);
      for (const lesson of lessons) lesson.close();
      const { usage, quota } = (await browser?.estimate?.().catch(() => null)) ?? {};
      const total = usage === undefined || quota === undefined ? null : { used: usage, quota };
      patch({ sizes, total, measuring: false });
    },
    async keep() {
      const isKept = await browser?.persist?.().catch(() => false);
      await lab.getState().notebook.look();
      patch({ outcome: isKept ? 'The browser promised to keep it.' : REFUSED[isKept === undefined ? 'none' : 'no'] });
    },
    async free(kind) {
      const outcome = await FREE[kind](lab).catch((error) => toReport(error).message);
      patch({ outcome });
      await get().measure();
    },
  }));
}

/** the one of this lab */
export const usageOf = onePerLab((lab) => createUsage(lab));

/** Several fields are compared one by one. */
export function useStorageUsage<T>(selector: (state: StorageUsage) => T): T {
  return useStore(usageOf(useLabStore()), useShallow(selector));
}

import type { Duel } from '../../contract/arena';
import type { RunKind } from '../../contract/domain';
import type { MetricPoint } from '../../contract/observations';
import type { Ranking } from '../../contract/preferences';
import {
  type LabStorage,
  type RunRecord,
  type Settings,
  SNAPSHOTS_KEPT,
  type StoredCheckpoint,
  type StoredSnapshot,
} from './storage';

/** One run of a kind, with its numbers and its last snapshots: they go together. */
function memoryRuns() {
  const runs = new Map<RunKind, RunRecord>();
  const points = new Map<string, Map<number, MetricPoint>>();
  const snapshots = new Map<string, StoredSnapshot[]>();

  const dropRun = (kind: RunKind) => {
    const runId = runs.get(kind)?.runId;
    runs.delete(kind);
    if (runId === undefined) return;
    points.delete(runId);
    snapshots.delete(runId);
  };

  const forget = () => {
    for (const map of [runs, points, snapshots]) map.clear();
  };
  const calls = {
    async putRun(record) {
      if (runs.get(record.kind)?.runId !== record.runId) dropRun(record.kind);
      runs.set(record.kind, record);
    },
    async removeRun(kind) {
      dropRun(kind);
    },
    async putPoints(runId, more) {
      const kept = points.get(runId) ?? new Map<number, MetricPoint>();
      for (const point of more) kept.set(point.step, point);
      points.set(runId, kept);
    },
    points: async (runId) => [...(points.get(runId)?.values() ?? [])].sort((left, right) => left.step - right.step),
    async putSnapshot(snapshot) {
      const older = (snapshots.get(snapshot.runId) ?? []).filter(({ step }) => step < snapshot.step);
      snapshots.set(
        snapshot.runId,
        [{ ...snapshot, bytes: snapshot.bytes.slice() }, ...older].slice(0, SNAPSHOTS_KEPT),
      );
    },
    snapshots: async (runId) =>
      (snapshots.get(runId) ?? []).map((snapshot) => ({ ...snapshot, bytes: snapshot.bytes.slice() })),
    async removeSnapshot(runId, step) {
      snapshots.set(
        runId,
        (snapshots.get(runId) ?? []).filter((snapshot) => snapshot.step !== step),
      );
    },
  } satisfies Partial<LabStorage>;
  return { all: () => [...runs.values()], forget, calls };
}

/** What is put and removed by the id of its ranking. */
function memoryRankings<T extends Pick<Ranking, 'rankingId'>>() {
  const kept = new Map<string, T>();
  return {
    kept,
    async put(more: readonly T[]) {
      for (const one of more) kept.set(one.rankingId, one);
    },
    async remove(rankingIds: readonly string[]) {
      for (const rankingId of rankingIds) kept.delete(rankingId);
    },
  };
}

/**
 * The storage of a window that cannot store: the same promises, kept until the tab closes, so that a crashed thread can
 * still be brought back. Bytes are handed out as copies, since callers transfer them away.
 */
export function memoryStorage(): LabStorage {
  const settings: Partial<Settings> = {};
  const opinions = memoryRankings<Ranking>();
  const duels = memoryRankings<Duel>();
  const runs = memoryRuns();
  const checkpoints = new Map<string, StoredCheckpoint>();
  const texts = new Map<string, Uint8Array>();

  const storage: LabStorage = {
    kind: 'memory',
    listen() {},
    load: async () => ({
      settings: { ...settings },
      opinions: [...opinions.kept.values()],
      duels: [...duels.kept.values()],
      runs: runs.all(),
      checkpointIds: [...checkpoints.keys()],
    }),
    async putSetting(key, value) {
      settings[key] = value;
    },
    putOpinions: opinions.put,
    removeOpinions: opinions.remove,
    putDuels: duels.put,
    removeDuels: duels.remove,
    ...runs.calls,
    async putEnd({ record, checkpoint, settings: changed }) {
      await storage.putCheckpoint(checkpoint);
      await storage.putRun(record);
      Object.assign(settings, changed);
    },
    async putCheckpoint(checkpoint) {
      checkpoints.set(checkpoint.info.checkpointId, { ...checkpoint, bytes: checkpoint.bytes.slice() });
    },
    async relabel(info) {
      const found = checkpoints.get(info.checkpointId);
      if (found) checkpoints.set(info.checkpointId, { ...found, info });
    },
    models: async () => [...checkpoints.values()].map(({ info, bytes }) => ({ info, size: bytes.length })),
    async checkpoint(checkpointId) {
      const found = checkpoints.get(checkpointId);
      return found ? { ...found, bytes: found.bytes.slice() } : null;
    },
    async removeCheckpoint(checkpointId) {
      checkpoints.delete(checkpointId);
    },
    async putText(textId, bytes) {
      texts.set(textId, bytes.slice());
    },
    text: async (textId) => texts.get(textId)?.slice() ?? null,
    async clear() {
      for (const key of Object.keys(settings)) delete settings[key as keyof Settings];
      for (const map of [opinions.kept, duels.kept, checkpoints, texts]) map.clear();
      runs.forget();
    },
    close() {},
  };
  return storage;
}

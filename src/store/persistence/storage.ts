import type { Duel } from '../../contract/arena';
import type { LabConfig } from '../../contract/config';
import type { CheckpointInfo, RunKind, SweepName } from '../../contract/domain';
import type { MetricPoint } from '../../contract/observations';
import type { OwnTaste } from '../../contract/ownTaste';
import type { Demonstration, Ranking, Rater, Wish } from '../../contract/preferences';
import type {
  ArenaSlice,
  ClassroomSlice,
  CorpusOrigin,
  EarlierRun,
  GuideSettings,
  LessonRecord,
  PlacedModel,
  RoundsSlice,
  RunView,
  Slots,
  SweepRecord,
  Theme,
} from '../state';

/** Small things that are written whole. */
export interface Settings {
  config: LabConfig;
  slots: Slots;
  provenance: Record<string, string>;
  corpus: CorpusOrigin | null;
  taste: { vetoed: string[]; useRule: boolean; answered: boolean };
  /** `own` is absent in labs from before there were own raters */
  rater: { rater: Rater; noise: number; own?: OwnTaste };
  /** what is shown to a model, and what was wished for */
  examples: { demonstrations: Demonstration[]; wish: Wish };
  view: { theme: Theme; presenter: boolean; smoothing: number };
  fixedPrompt: string;
  /** the last end of each lesson */
  lessons: Record<string, LessonRecord>;
  /** the last of each setting */
  sweeps: Partial<Record<SweepName, SweepRecord>>;
  /** how far lessons have come, and a visitor's own */
  guide: GuideSettings;
  /** the class that is voted in, and the one that is taught */
  classroom: Pick<ClassroomSlice, 'student' | 'teacher'>;
  /** when a model or a corpus was last taken, milliseconds since 1970 */
  savedAt: number;
  /** how many pairs were shown, and how many were taken from the thread */
  dealt: { turn: number; drawn: number };
  /** how many groups to rank were taken from the thread */
  dealtGroups: { drawn: number };
  /** trails of runs that went, and models placed beside them */
  earlier: EarlierRun[];
  placed: PlacedModel[];
  rounds: Pick<RoundsSlice, 'ended' | 'pairing'>;
  arena: Pick<ArenaSlice, 'names' | 'out'>;
}

/** A run without its numbers and without its weights. */
export interface RunRecord
  extends Pick<
    RunView,
    | 'spec'
    | 'labels'
    | 'state'
    | 'marks'
    | 'live'
    | 'samples'
    | 'review'
    | 'rollouts'
    | 'beforeAfter'
    | 'bestOf'
    | 'madeFrom'
  > {
  kind: RunKind;
  runId: string;
  /** milliseconds since 1970 */
  savedAt: number;
}
/** under which name a translator is stored; there is one at a time, and no run of the pipeline */
export const TRANSLATOR = 'translator';
export interface StoredSnapshot {
  runId: string;
  kind: RunKind | typeof TRANSLATOR;
  step: number;
  bytes: Uint8Array;
}
export interface StoredCheckpoint {
  info: CheckpointInfo;
  bytes: Uint8Array;
}
/** What a run leaves when it is done: its record, its model, and the settings that give the model its role. */
export interface EndOfRun {
  record: RunRecord;
  checkpoint: StoredCheckpoint;
  settings: Pick<Settings, 'slots' | 'provenance' | 'savedAt'>;
}
/** What one look at the storage finds, without the large files. */
export interface StoredLab {
  settings: Partial<Settings>;
  /** oldest first, votes and other rankings */
  opinions: Ranking[];
  /** oldest first */
  duels: Duel[];
  runs: RunRecord[];
  checkpointIds: string[];
}

/** Whether a storage lost everything: while the page was open, or before, because the browser found it damaged. */
export type Lost = 'nothing' | 'underThePage' | 'before';

/** What a storage tells besides its answers. */
export interface StorageEars {
  /** another tab holds an older form of it: it opens when that tab is closed */
  blocked(): void;
  /** it is open, and everything that was in it may have been deleted */
  opened(lost: Lost): void;
  /** a newer version of the page needs it: this one writes nothing any more */
  outdated(): void;
}

/**
 * Where a lab outlives its tab. Every promise resolves when the data is safe, and rejects with the browser's own error
 * (QuotaExceededError when the disk is full) without having written anything.
 */
export interface LabStorage {
  readonly kind: 'persistent' | 'memory';
  /** tells one listener from now on */
  listen(ears: StorageEars): void;
  load(): Promise<StoredLab>;
  putSetting<K extends keyof Settings>(key: K, value: Settings[K]): Promise<void>;
  putOpinions(opinions: readonly Ranking[]): Promise<void>;
  removeOpinions(rankingIds: readonly string[]): Promise<void>;
  putDuels(duels: readonly Duel[]): Promise<void>;
  removeDuels(rankingIds: readonly string[]): Promise<void>;
  putRun(record: RunRecord): Promise<void>;
  /** all of it, or nothing */
  putEnd(end: EndOfRun): Promise<void>;
  /** with its points and snapshots */
  removeRun(kind: RunKind): Promise<void>;
  /** a later point of the same step replaces the earlier one */
  putPoints(runId: string, points: readonly MetricPoint[]): Promise<void>;
  points(runId: string): Promise<MetricPoint[]>;
  /** keeps the newest two of a run */
  putSnapshot(snapshot: StoredSnapshot): Promise<void>;
  /** newest first */
  snapshots(runId: string): Promise<StoredSnapshot[]>;
  removeSnapshot(runId: string, step: number): Promise<void>;
  putCheckpoint(checkpoint: StoredCheckpoint): Promise<void>;
  /** what is known of a stored model, changed without its file */
  relabel(info: CheckpointInfo): Promise<void>;
  /** what is known of all of them, and how many bytes their files have */
  models(): Promise<{ info: CheckpointInfo; size: number }[]>;
  checkpoint(checkpointId: string): Promise<StoredCheckpoint | null>;
  removeCheckpoint(checkpointId: string): Promise<void>;
  putText(textId: string, bytes: Uint8Array): Promise<void>;
  text(textId: string): Promise<Uint8Array | null>;
  clear(): Promise<void>;
  close(): void;
}

export const NOTHING_STORED: StoredLab = { settings: {}, opinions: [], duels: [], runs: [], checkpointIds: [] };

export const SNAPSHOTS_KEPT = 2;

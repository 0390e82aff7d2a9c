import type { Following } from '../client/client';
import type { BackendName, ExecutorName, LabConfig, PresetName, StoryConfig, TextConfig } from '../contract/config';
import type {
  CorpusSummary,
  EngineInfo,
  ModelEstimate,
  ProbeResult,
  Recipe,
  TextSample,
  TokenView,
} from '../contract/domain';
import type { ErrorReport } from '../contract/errors';
import type { ScoredText, TimeReading } from '../contract/observations';
import type { CallKind, Calls } from '../contract/protocol';
import type { ArenaSlice } from './arena/arenaState';
import type { ClassroomSlice } from './classroom/classState';
import type { GuideSlice } from './guide/guideState';
import type { LessonSlice } from './lessons/lessonState';
import type { DifferenceSlice } from './models/differenceState';
import type { HeadsSlice } from './models/headsState';
import type { InspectSlice } from './models/inspectState';
import type { ShelfSlice } from './models/shelfState';
import type { WordsSlice } from './models/wordsState';
import type { NotebookSlice } from './notebook/notebookState';
import type { GroupsSlice, PairsSlice } from './opinions/dealtState';
import type { DemonstrationsSlice } from './opinions/demonstrationsState';
import type { GoldSlice, OpinionsSlice, TasteSlice } from './opinions/opinionsState';
import type { TableSlice } from './opinions/tableState';
import type { ConfigSection } from './page/controls';
import type { NoticesSlice, SessionSlice } from './page/sessionState';
import type { ViewSlice } from './page/viewState';
import type { WorkSlice } from './page/workState';
import type { RoundsSlice } from './rounds/roundsState';
import type { AxisPoint, Method } from './runs/methodTrail';
import type { RunsSlice } from './runs/runsState';
import type { SweepSlice } from './sweep/sweepState';

export type * from './arena/arenaState';
export type * from './classroom/classState';
export type * from './guide/guideState';
export type * from './lessons/lessonState';
export type * from './models/shelfState';
export type * from './opinions/dealtState';
export type * from './opinions/demonstrationsState';
export type * from './opinions/opinionsState';
export type * from './opinions/tableState';
export type { ConfigSection } from './page/controls';
export type * from './page/sessionState';
export type * from './page/stages';
export type * from './page/viewState';
export type * from './page/workState';
export type * from './rounds/roundsState';
export type * from './runs/runsState';
export type * from './sweep/sweepState';

/**
 * Everything the page knows, one slice per concern, state and actions together.
 * Only plain data lives here; clients, files and promises stay in the closures of the slices.
 * Actions never reject: trouble becomes a notice, an `error` field, or both.
 */

export interface EngineSlice {
  status: 'starting' | 'ready' | 'crashed' | 'restarting' | 'failed';
  /** which path runs, and why when it is not the fastest */
  info: EngineInfo | null;
  probe: ProbeResult | null;
  probing: boolean;
  /** the visitor ended the measuring: it does not begin by itself again */
  declined: boolean;
  /** the runs move to another executor */
  moving: boolean;
  /** share of a new model's kernels that is compiled; null when nothing is being compiled */
  compiling: number | null;
  memory: { tensors: number; bytes: number } | null;
  /** where the last seconds went; null until somebody looks */
  time: TimeReading | null;
  error: ErrorReport | null;
  /** once per page; every call to the thread waits for it */
  start(): Promise<void>;
  /** a new thread, with everything imported again from storage */
  restart(): Promise<void>;
  measure(): Promise<void>;
  /** another executor from now on: everything that lives in the thread moves over, and what trained goes on training */
  changeExecutor(executor: ExecutorName | 'auto'): Promise<void>;
  /** fast arithmetic for models that are made from now on */
  setFast(fast: boolean): Promise<void>;
  refreshMemory(): Promise<void>;
  /** kernels are timed as long as this is asked every few seconds */
  refreshTime(): Promise<void>;
  /** what was measured in the last minute, as a file for Perfetto */
  saveTrace(): Promise<void>;
}

export interface ConfigSlice {
  value: LabConfig;
  /** parameters, memory and time of `value.model` on this machine; null before the engine answered */
  estimate: ModelEstimate | null;
  /** the same for the presets as they are recommended; empty before `refreshPresets` */
  presets: Partial<Record<PresetName, ModelEstimate>>;
  /** e.g. change('ppo', { rollouts: 64 }); takes effect for the next run */
  change<S extends ConfigSection>(section: S, fields: Partial<LabConfig[S]>): void;
  setSeed(seed: number): void;
  /** the preset's recommended values everywhere; the seed, the engine and what Compare asks for stay */
  applyPreset(preset: PresetName): void;
  setEngine(backend: BackendName | 'auto', executor: ExecutorName | 'auto'): void;
  refreshEstimate(): Promise<void>;
  /** asks again after a probe: the Start page shows sizes and times before anything runs */
  refreshPresets(): Promise<void>;
}

/** What the current corpus was made from, enough to make it again. */
export type CorpusOrigin =
  | { kind: 'stories'; config: StoryConfig; seed: number }
  | {
      kind: 'text';
      config: TextConfig;
      contextLength: number;
      seed: number;
      name: string;
      textId: string;
      /** the model of another program in whose tokens it is read; absent: it has tokens of its own */
      tokensOf?: string;
    }
  | { kind: 'checkpoint'; checkpointId: string };

export interface CorpusSlice {
  /** which half of the Data page is open; the corpus itself changes when it is made */
  source: 'stories' | 'text';
  /** whether the next text is read in the tokens of the model that writes, where another program made that */
  inModelTokens: boolean;
  summary: CorpusSummary | null;
  origin: CorpusOrigin | null;
  busy: boolean;
  /** more texts than the summary holds, newest last */
  samples: TextSample[];
  /** what was pasted or typed as a text of one's own */
  draft: string;
  /** the draft is the corpus, as it stands */
  draftInUse: boolean;
  tokenText: string;
  tokens: TokenView[];
  error: ErrorReport | null;
  setSource(source: 'stories' | 'text'): void;
  setInModelTokens(on: boolean): void;
  /** makes the corpus of micro-stories from the configuration */
  generate(): Promise<void>;
  /** makes the visitor's own text the corpus; `name` is what the page calls it */
  useText(bytes: Uint8Array, name: string): Promise<void>;
  setDraft(draft: string): void;
  /** makes the draft the corpus */
  useDraft(): Promise<void>;
  moreSamples(): Promise<void>;
  tokenise(text: string): Promise<void>;
}

/** A run of a method that was reset or replaced: its trail stays on the chart. */
export interface EarlierRun {
  runId: string;
  kind: Method;
  /** counts the earlier runs of this method, from 1 */
  number: number;
  /** without the votes, of which there may be 100,000 */
  spec: Recipe;
  /** the model it made, where it came to its end */
  checkpointId: string | null;
  points: AxisPoint[];
  /** the step at which its gold turned; null where it did not, absent in runs stored before this was kept */
  peak?: number | null;
}
export interface EarlierSlice {
  /** oldest first, a handful */
  runs: EarlierRun[];
  forget(): void;
}

/** A model of the shelf as a point of the axis. */
export interface PlacedModel {
  checkpointId: string;
  name: string;
  /** the axis it was measured on, as `axisOf` names it */
  axis: string;
  point: AxisPoint;
}
export interface PlacedSlice {
  models: PlacedModel[];
  busy: boolean;
  /** measures the models of the shelf as the run of this method is measured: from its reference, by its judges */
  measure(method: Method): Promise<void>;
  forget(): void;
}

export interface ScoringSlice {
  text: string;
  result: ScoredText | null;
  busy: boolean;
  error: ErrorReport | null;
  /** scores with the reward model of the shelf; answers that were overtaken are dropped */
  setText(text: string): void;
}

/** What the pages beside the pipeline ask of the thread; what came of it they keep themselves. */
export interface TeachingSlice {
  ask<K extends CallKind>(kind: K, params: Calls[K]['params'], following?: Following): Promise<Calls[K]['result']>;
}

export interface LabState {
  engine: EngineSlice;
  config: ConfigSlice;
  corpus: CorpusSlice;
  shelf: ShelfSlice;
  runs: RunsSlice;
  earlier: EarlierSlice;
  placed: PlacedSlice;
  opinions: OpinionsSlice;
  pairs: PairsSlice;
  groups: GroupsSlice;
  rounds: RoundsSlice;
  arena: ArenaSlice;
  demonstrations: DemonstrationsSlice;
  tables: TableSlice;
  taste: TasteSlice;
  gold: GoldSlice;
  scoring: ScoringSlice;
  inspect: InspectSlice;
  heads: HeadsSlice;
  words: WordsSlice;
  difference: DifferenceSlice;
  view: ViewSlice;
  lesson: LessonSlice;
  guide: GuideSlice;
  sweep: SweepSlice;
  classroom: ClassroomSlice;
  notebook: NotebookSlice;
  work: WorkSlice;
  teaching: TeachingSlice;
  notices: NoticesSlice;
  session: SessionSlice;
}

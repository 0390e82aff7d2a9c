import type { AgreementReport } from './agreement';
import type { ArenaBoard, RatedDuel, RatingOptions } from './arena';
import type { ClassChoice, ClassPair, ClassPairs, ClassSize } from './classroom';
import type {
  BackendName,
  ExecutorName,
  LiveKnobs,
  ModelConfig,
  PresetName,
  SamplingConfig,
  StoryConfig,
  TextConfig,
} from './config';
import type {
  CardTuning,
  CheckpointInfo,
  CorpusSummary,
  EngineInfo,
  ForeignLook,
  ModelEstimate,
  PpoPhase,
  ProbeResult,
  RunKind,
  RunSpec,
  RunStatus,
  SwiftestKernels,
  TextSample,
  TokenView,
} from './domain';
import type { ErrorReport } from './errors';
import type {
  GridGradient,
  GridLearner,
  GridLearning,
  GridPolicy,
  GridProgress,
  GridSolution,
  GridWalk,
  GridWorld,
} from './gridworld';
import type {
  Analogy,
  Arithmetic,
  HeadAt,
  HeadLoss,
  HeldOutChange,
  LayersView,
  ModelDifference,
  NearWord,
  WordMap,
} from './inside';
import type {
  AttentionMaps,
  BeforeAfter,
  BestOfResult,
  FixedSample,
  MetricPoint,
  NextToken,
  PolicyMeasurement,
  RewardReview,
  RolloutRow,
  RowToken,
  ScoredText,
  TimeReading,
  TimeSpan,
} from './observations';
import type {
  Agreement,
  CandidateSet,
  Demonstration,
  Ranking,
  Rater,
  TasteResult,
  TasteWeight,
  Vote,
  Wish,
} from './preferences';
import type { RunBatch } from './stepBatch';
import type { LearnedTaste } from './taste';
import type { Decoding, TranslateAnswer, TranslateProgress, TranslateShape } from './translate';

/** What the page may ask of the computing thread. The kind decides the types on both sides. */
/** A file of a visitor, unread. */
export interface GivenFile {
  /** with the folders that were given with it: `gpt2/config.json` */
  path: string;
  blob: Blob;
}

export interface Calls {
  'engine/start': {
    /** what was found on graphics cards before; one that cannot be run there is found anew */
    params: { backend: BackendName | 'auto'; executor: ExecutorName | 'auto'; swiftest?: SwiftestKernels };
    result: EngineInfo;
  };
  /** fast arithmetic for models that are made from now on: others keep theirs, and so does a run */
  'engine/fast': { params: { fast: boolean }; result: EngineInfo };
  /** a short measured training step on this machine */
  'engine/probe': { params: Record<never, never>; result: ProbeResult };
  /** fetches the files that may be wanted later, so that they are here when the network is not */
  'engine/fetchFiles': { params: Record<never, never>; result: undefined };
  /** where the last seconds went; while it is asked, kernels are timed one by one */
  'engine/time': { params: Record<never, never>; result: TimeReading };
  /** what was measured in the last minute, and what the clock of the spans shows now */
  'engine/trace': { params: Record<never, never>; result: { spans: TimeSpan[]; nowMs: number; today: number } };
  'engine/memory': { params: Record<never, never>; result: { tensors: number; bytes: number } };

  /** makes the corpus and its tokenizer current; every checkpoint remembers its own */
  'corpus/stories': { params: { config: StoryConfig; seed: number }; result: CorpusSummary };
  /** in tokens that are learned from it, or in those of a model that another program saved */
  'corpus/text': {
    params: { bytes: Uint8Array; config: TextConfig; contextLength: number; seed: number; tokensOf?: string };
    result: CorpusSummary;
  };
  /** makes the corpus that a checkpoint was trained on current again */
  'corpus/checkpoint': { params: { checkpointId: string }; result: CorpusSummary };
  /** texts that no model trained on; those to be `shown` of own text come from all of it, each marked */
  'corpus/samples': { params: { count: number; seed: number; shown?: boolean }; result: TextSample[] };
  'corpus/tokens': { params: { text: string }; result: TokenView[] };

  'model/estimate': { params: { model: ModelConfig; batchSize: number }; result: ModelEstimate };

  'shelf/list': { params: Record<never, never>; result: CheckpointInfo[] };
  /** loads a checkpoint that ships with the page; its corpus becomes current with it, unless it is loaded `aside` */
  'shelf/shipped': { params: { preset: PresetName; aside?: boolean }; result: CheckpointInfo };
  /** with its name, its date and its family in the file's metadata, so that a tree comes back from its files */
  'shelf/export': { params: { checkpointId: string }; result: { bytes: Uint8Array; fileName: string } };
  /** what it learned by adapters as peft opens it on the trunk, in an archive; throws file/checkpoint where it did not */
  'shelf/adapter': { params: { checkpointId: string }; result: { bytes: Uint8Array; fileName: string } };
  /**
   * A file from the visitor or from storage; throws file/checkpoint and changes nothing when it cannot be read. From
   * storage it keeps its `checkpointId`, so that parents, votes and snapshots still find it, and what was `known` about
   * it.
   */
  'shelf/import': {
    params: {
      bytes: Uint8Array;
      name: string;
      checkpointId?: string;
      known?: Pick<CheckpointInfo, 'madeAt' | 'importedFrom' | 'shipped'>;
    };
    result: CheckpointInfo;
  };
  /**
   * A model that another program saved: its files together, or one ZIP archive of them. One that takes more memory than
   * `most` is looked at only. An adapter goes on the model of the shelf that it names, else on the one `beside` which it
   * is opened. Throws file/checkpoint and changes nothing when it cannot be opened.
   */
  'shelf/open': {
    params: { files: GivenFile[]; most: number; beside?: string };
    result: { look: ForeignLook; opened: { info: CheckpointInfo; bytes: Uint8Array; notes: string[] } | null };
  };
  /** as a ZIP archive of the folder that transformers opens; throws file/checkpoint where GPT-2 cannot express it */
  'shelf/transformers': { params: { checkpointId: string }; result: { bytes: Uint8Array; fileName: string } };
  'shelf/rename': { params: { checkpointId: string; name: string }; result: CheckpointInfo };
  /** the same model again under a name and id of its own, beside the first in the family */
  'shelf/duplicate': {
    params: {
      checkpointId: string;
      copyId: string;
      name: string;
      /** what it learned by adapters is a part of it from then on, and no longer kept beside it */
      merged?: boolean;
    };
    result: { info: CheckpointInfo; bytes: Uint8Array };
  };
  'shelf/remove': { params: { checkpointId: string }; result: undefined };

  /** builds a run, paused before its first step */
  'run/create': { params: { runId: string; spec: RunSpec }; result: RunState };
  /**
   * rebuilds a run from a snapshot, paused where it was; goes on to the same numbers. One that holds what changes only
   * is read together with what the run was `madeFrom`
   */
  'run/restore': { params: { runId: string; snapshot: Uint8Array; madeFrom?: RunSpec }; result: RunState };
  /**
   * with `until` it pauses by itself once that many steps are finished; an end that comes before it is the end all the
   * same
   */
  'run/play': { params: { runId: string; until?: number }; result: RunState };
  /** resolves when the step in hand is finished */
  'run/pause': { params: { runId: string }; result: RunState };
  /** one step; for PPO one phase */
  'run/step': { params: { runId: string }; result: RunState };
  'run/adjust': { params: { runId: string; knobs: LiveKnobs }; result: RunState };
  /** whole, or the `changes` only: without the lists that the run was made from */
  'run/snapshot': { params: { runId: string; changes?: boolean }; result: Uint8Array };
  /**
   * puts the model as it stands on the shelf, between two steps; the run itself goes on afterwards as if nothing
   * happened
   */
  'run/keep': { params: { runId: string }; result: CheckpointInfo };
  'run/dispose': { params: { runId: string }; result: undefined };
  /**
   * what the newest step was trained on, of PPO the last finished iteration; null before the first one of this tab, and
   * for runs that keep none. Nothing of it is sent unless it is asked for
   */
  'run/batch': { params: { runId: string }; result: RunBatch | null };
  /** which head the 'run/attention' events should follow, and whether anyone is looking */
  'run/watch': { params: { runId: string; attention: boolean }; result: undefined };

  'inspect/attention': { params: { checkpointId: string; text: string }; result: AttentionMaps };
  'inspect/next': { params: { checkpointId: string; text: string; sampling: SamplingConfig }; result: NextToken[] };
  /** one block number by number */
  'inspect/arithmetic': { params: { checkpointId: string; text: string; layer: number }; result: Arithmetic };
  /** @param position null: the newest word; @param off heads that are cut before W_O for the bars `after` */
  'inspect/layers': {
    params: { checkpointId: string; text: string; position: number | null; off: HeadAt[] };
    result: LayersView;
  };
  /** what leaving out these heads together costs on 64 held-out texts */
  'inspect/heldOut': { params: { checkpointId: string; off: HeadAt[] }; result: HeldOutChange };
  /** what leaving out each head alone costs there, dearest first */
  'inspect/heads': { params: { checkpointId: string }; result: HeadLoss[] };
  'inspect/difference': { params: { beforeId: string; afterId: string; text: string }; result: ModelDifference };
  /**
   * the token embeddings on a map. @param all words of no kind too; @param last the map that it is turned and mirrored
   * onto
   */
  'inspect/words': {
    params: { checkpointId: string; text: string; all: boolean; last: Pick<WordMap, 'words' | 'at'> | null };
    result: WordMap;
  };
  /** what to − from + base is nearest to, those three left out */
  'inspect/wordSum': { params: { checkpointId: string } & Analogy; result: NearWord[] };
  'inspect/complete': {
    params: { checkpointIds: string[]; prompts: string[]; sampling: SamplingConfig; seed: number };
    result: string[][];
  };

  /** sets of two; with `againstId` one completion is of either model */
  'compare/pairs': {
    params: { policyId: string; againstId?: string; count: number; seed: number; sampling: SamplingConfig };
    result: CandidateSet[];
  };
  /** pairs that tie for the rater are dropped and drawn again; `noise` is the share of flipped choices */
  'compare/simulate': {
    params: {
      policyId: string;
      againstId?: string;
      rater: Rater;
      count: number;
      noise: number;
      seed: number;
      sampling: SamplingConfig;
    };
    result: Vote[];
  };
  /** K different completions for each of `count` prompts, to be ranked */
  'compare/candidates': {
    params: { policyId: string; count: number; size: number; seed: number; sampling: SamplingConfig };
    result: CandidateSet[];
  };
  /**
   * rankings of K; equal texts tie, sets without a difference are drawn again; `noise`: share of neighbouring ranks
   * exchanged
   */
  'compare/rank': {
    params: {
      policyId: string;
      rater: Rater;
      count: number;
      size: number;
      noise: number;
      seed: number;
      sampling: SamplingConfig;
    };
    result: Ranking[];
  };
  'taste/infer': {
    params: { opinions: Ranking[]; vetoed: string[]; policyId: string; seed: number };
    result: TasteResult;
  };
  /** what the reward model pays for, beside what these votes ask for */
  'taste/learned': {
    params: { opinions: Ranking[]; rewardId: string; policyId: string; seed: number };
    result: LearnedTaste;
  };
  /**
   * how many of these choices a gold rater sides with; a ranking counts as the pairs it makes, those it cannot tell
   * apart not at all
   */
  'taste/agreement': { params: { opinions: Ranking[]; rater: Rater; policyId: string }; result: Agreement };

  /** different stories of the grammar that grant the wish; fewer than `count` when it is rare */
  'finetune/demonstrations': {
    params: { baseId: string; wish: Wish; count: number; seed: number };
    result: Demonstration[];
  };
  /**
   * a demonstration as the row that is trained on, padding included, with how likely the model finds what it is asked
   * for
   */
  'finetune/row': { params: { modelId: string; prompt: string; completion: string }; result: RowToken[] };
  /** for each text, in order, whether it is as wished; never on the visitor's own text */
  'finetune/granted': {
    params: { baseId: string; wish: Wish; texts: { prompt: string; completion: string }[] };
    result: boolean[];
  };
  /**
   * Whether this model can learn from texts that were typed or opened: for each, in order, null or half a sentence
   * about what is wrong (unknown words, too long a prompt, an empty or too long completion, two completions the same).
   */
  'texts/check': {
    /** compared: models wrote them, and somebody said which is better; absent for texts that show how to continue */
    params: { baseId: string; texts: { prompt: string; completions: string[] }[]; compared?: true };
    result: (string | null)[];
  };

  /**
   * Where a model stands on the axis that all methods share, measured on `texts` fresh completions; the same seed takes
   * the same prompts and random numbers for every model. Runs report the same as metrics `axis/…`.
   */
  'measure/policy': {
    params: {
      policyId: string;
      referenceId: string;
      rewardId: string | null;
      rater: Rater | null;
      temperature: number;
      seed: number;
      texts: number;
    };
    result: { measurement: PolicyMeasurement; samples: FixedSample[] };
  };

  /**
   * a translator in place of the one before: at step 0, or where the `saved` one stood, whose seed and points it has. The
   * same seed goes on to the same numbers
   */
  'translate/create': {
    params: { runId: string; seed: number; saved?: Uint8Array };
    result: TranslateProgress & { shape: TranslateShape; seed: number };
  };
  /**
   * so many steps, or fewer: it comes back after a moment, and whenever held-out sentences were looked at. Nothing runs
   * between two calls, so whoever stops asking has paused it
   */
  'translate/advance': { params: { runId: string; steps: number }; result: TranslateProgress };
  /** as it stands between two steps */
  'translate/save': { params: { runId: string }; result: { step: number; bytes: Uint8Array } };
  'translate/read': {
    params: { runId: string; sentence: string; decoding: Decoding; cut: boolean };
    result: TranslateAnswer;
  };

  /** everything that follows from a grid without a walk */
  'grid/solve': { params: { world: GridWorld }; result: GridSolution };
  /** the same seed takes the same walk */
  'grid/walk': { params: { world: GridWorld; policy: GridPolicy; seed: number }; result: GridWalk };
  /** some updates more of a policy, which begins with `learner` null; the same seed gives the same, in any slices */
  'grid/learn': {
    params: { world: GridWorld; learning: GridLearning; learner: GridLearner | null; seed: number; updates: number };
    result: GridProgress;
  };
  /** the gradient of V(start) from so many walks, beside the exact one; `logits` null is the uniform policy */
  'grid/gradient': {
    params: { world: GridWorld; logits: number[][] | null; seed: number; walks: number };
    result: GridGradient;
  };

  /**
   * what duels say of so many models, which they name by numbers from 0; the same duels and options give the same board
   */
  'arena/rate': {
    params: { models: number; duels: RatedDuel[]; options: RatingOptions };
    result: ArenaBoard;
  };

  /**
   * the pairs of a class: the same for the same seed on every machine, because the shipped model writes them with the
   * default arithmetic of WebAssembly; throws class/arithmetic in a thread that has another one
   */
  'class/write': { params: { seed: number; size: ClassSize }; result: ClassPairs };
  /** how far a class agrees; what was skipped was not voted on. The same seed draws the same intervals */
  'class/agreement': { params: { pairs: number; choices: ClassChoice[][]; seed: number }; result: AgreementReport };
  /** what each student seems to like; null for one who chose a side too seldom */
  'class/tastes': {
    params: { pairs: ClassPair[]; choices: ClassChoice[][] };
    result: (TasteWeight[] | null)[];
  };

  'reward/score': { params: { checkpointId: string; text: string }; result: ScoredText };
}

export type CallKind = keyof Calls;
export type Request = { [K in CallKind]: { id: number; kind: K; params: Calls[K]['params'] } }[CallKind];
/**
 * The page no longer wants the answer to a request: its handler ends with 'work/cancelled' at the next chance, and
 * nothing is changed.
 */
export interface Cancellation {
  cancel: number;
}
/** how far a piece of work is */
export interface Progress {
  done: number;
  total: number;
  /** what is being done, in a word or two */
  label: string;
}
export type Response = { id: number; ok: true; result: unknown } | { id: number; ok: false; error: ErrorReport };
/** What a handler is given beside its parameters, for work that takes its time. */
export interface Course {
  /**
   * Lets waiting messages in. Throws LabError('work/cancelled') once the page has cancelled: nothing may be changed
   * after the last one.
   */
  breathe(): Promise<void>;
  /** tells the page how far the work is */
  tell(progress: Progress): void;
  /**
   * Waits for what cannot be asked in between, a download say, and no longer than the page does. Throws as `breathe`.
   */
  orCancelled<T>(waited: Promise<T>): Promise<T>;
}
export type Handlers = { [K in CallKind]: (params: Calls[K]['params'], course: Course) => Promise<Calls[K]['result']> };

export interface RunState {
  runId: string;
  kind: RunKind;
  status: RunStatus;
  step: number;
  totalSteps: number;
  /** PPO only: the phase that comes next */
  phase: PpoPhase | null;
  /** PPO only: milliseconds each phase took last */
  phaseMs: Partial<Record<PpoPhase, number>>;
  elapsedMs: number;
  /** one sentence that says where the run stands or why it stopped */
  message: string;
  /** checkpoint that holds the result, once done */
  checkpointId: string | null;
}

/** What the computing thread tells without being asked. Late events of a disposed run are dropped by their runId. */
export interface Events {
  'run/state': RunState;
  'run/metrics': { runId: string; points: MetricPoint[] };
  'run/samples': { runId: string; step: number; samples: FixedSample[] };
  'run/attention': { runId: string; step: number; maps: AttentionMaps };
  'run/review': { runId: string; step: number; review: RewardReview };
  'run/rollouts': { runId: string; step: number; rows: RolloutRow[] };
  'run/beforeAfter': { runId: string; step: number; rows: BeforeAfter[] };
  /** after every prompt that is done, and when someone begins to watch */
  'run/bestOf': { runId: string; step: number; result: BestOfResult };
  /** the run as it stands, for storage: at least every 15 s while it runs, when it pauses and when it fails */
  /** holds what changes only */
  'run/snapshot': { runId: string; kind: RunKind; step: number; bytes: Uint8Array };
  /**
   * a run made a checkpoint: its file, for storage. A result is what the run leaves, and the state in which it is done
   * comes next
   */
  'shelf/saved': { runId: string; info: CheckpointInfo; bytes: Uint8Array; isResult: boolean };
  'run/failed': { runId: string; error: ErrorReport };
  /** the engine works in another way now; with an error it had to, and runs were restored from their last snapshot */
  'engine/changed': { info: EngineInfo; error: ErrorReport | null };
  /** to be remembered, and told at the next start */
  'engine/tuned': CardTuning;
  /** kernels of a new model size are being compiled: share that is done, 1 at the end */
  'engine/compiling': { done: number };
}
export type EventKind = keyof Events;
export type Event = { [K in EventKind]: { event: K; data: Events[K] } }[EventKind];
export type Message = Response | { id: number; progress: Progress } | Event;

import type { BackendName, ExecutorName, ModelConfig, PresetName, StoryConfig, TextConfig } from '../config';
import type {
  CheckpointInfo,
  CorpusSummary,
  EngineInfo,
  ForeignLook,
  ModelEstimate,
  ProbeResult,
  SwiftestKernels,
  TextSample,
  TokenView,
} from '../domain';
import type { TimeReading, TimeSpan } from '../observations';

/** A file of a visitor, unread. */
export interface GivenFile {
  /** with the folders that were given with it: `gpt2/config.json` */
  path: string;
  blob: Blob;
}

export interface ModelCalls {
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
  /**
   * in tokens that are learned from it, or in those of a model that another program saved; what `shortens` has a shorter
   * context where the text is short
   */
  'corpus/text': {
    params: {
      bytes: Uint8Array;
      config: TextConfig;
      contextLength: number;
      seed: number;
      tokensOf?: string;
      shortens?: boolean;
    };
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
  'shelf/export': {
    params: {
      checkpointId: string;
      /** as a plain model where it leaves the weights of its trunk out */
      whole?: boolean;
    };
    result: { bytes: Uint8Array; fileName: string };
  };
  /** what it learned by adapters as peft opens it on the trunk, in an archive; throws file/checkpoint where it did not */
  'shelf/adapter': { params: { checkpointId: string }; result: { bytes: Uint8Array; fileName: string } };
  /**
   * A file from the visitor or from storage, given away; throws file/checkpoint and changes nothing when it cannot be read. From
   * storage it keeps its `checkpointId`, so that parents, votes and snapshots still find it, and what was `known` about
   * it.
   */
  'shelf/import': {
    params: {
      bytes: Uint8Array;
      name: string;
      checkpointId?: string;
      known?: Pick<CheckpointInfo, 'madeAt' | 'importedFrom' | 'shipped'>;
      /** a model that waits for this one as its trunk: another is refused as file/checkpoint */
      trunkOf?: string;
    };
    result: CheckpointInfo;
  };
  /**
   * A model that another program saved: its files together, or one ZIP archive of them. One that takes more memory than
   * `most` is looked at only, and where the visitor `chooses` so is one whose texts would be shorter than its context. An adapter goes on the model of the shelf that it names, else on the one `beside` which it
   * is opened. Throws file/checkpoint and changes nothing when it cannot be opened.
   */
  'shelf/open': {
    params: {
      files: GivenFile[];
      most: number;
      chooses?: boolean;
      beside?: string;
      trunkOf?: string;
      textWindow?: number;
    };
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
}

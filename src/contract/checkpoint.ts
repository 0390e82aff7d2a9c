/** A saved model as plain data: its tensors, and what its file says beside them. */
import type { AdapterMeta, TrunkRef } from './adapters';
import type { ModelConfig, Pooling, StoryConfig, TextConfig } from './config';
import type { Ancestor, CheckpointKind, Lineage } from './domain';
import type { MetricValues } from './metrics';

/** A tensor on the CPU, as saved and loaded. */
export interface NamedTensor {
  shape: number[];
  data: Float32Array;
}
export type NamedTensors = Record<string, NamedTensor>;

/** Tensors that lie in a file or several, read one at a time: a file may be a gigabyte, and its tensors twice that. */
export interface StoredTensors {
  /** by name */
  shapes: ReadonlyMap<string, readonly number[]>;
  /** the names in the order in which they lie: what is packed is unpacked once when they are read so */
  inOrder: readonly string[];
  /** the numbers of one as float32 */
  read(name: string): Promise<Float32Array>;
  /** what keeps one from being read, as far as its header tells; null when nothing does */
  whyNot(name: string): string | null;
}

export interface Heads {
  /** next-token logits */
  language: boolean;
  /** one scalar per position, for values and scores */
  scalar: boolean;
}

/** A tokenizer that another program made, and what its model's config says about it. */
export interface ForeignTokens {
  /** of its `tokenizer.json` */
  json: Readonly<Record<string, unknown>>;
  /** rows of the embedding: as many as there are tokens, or more */
  vocabSize: number;
  /** ends a text; null: nothing does */
  eosId: number | null;
  padId: number;
}

export const TOKENIZER_KINDS = ['word', 'char', 'bpe', 'foreign'] as const;

export interface TokenizerData {
  kind: (typeof TOKENIZER_KINDS)[number];
  /** text of every token in id order; for bpe the special tokens only, none for a foreign one */
  tokens: string[];
  /** bpe: merges in the order learned, [left, right] */
  merges?: [number, number][];
  /** of a foreign one */
  foreign?: ForeignTokens;
}

/** What the network does not know about itself. */
export interface CheckpointLabel {
  name: string;
  kind: CheckpointKind;
  pooling: Pooling | null;
  tokenizer: TokenizerData;
  corpus: { kind: 'stories'; config: StoryConfig; seed: number } | { kind: 'text'; config: TextConfig; seed: number };
  step: number;
  metrics: MetricValues;
  parents: string[];
  /** null for a model from before this was recorded, or from elsewhere */
  lineage?: Lineage | null;
  ancestors?: Ancestor[];
}

/** What a shelf knows about a checkpoint, and a file that was never on one does not. */
export interface ShelfLabel {
  checkpointId: string | null;
  name: string;
  /** milliseconds since 1970 */
  madeAt: number | null;
  ancestors: Ancestor[];
}

/** What the network knows about itself. */
export interface NetworkMeta {
  model: ModelConfig;
  heads: Heads;
  /** score = gain · head + bias */
  scoreScale: { gain: number; bias: number };
  /** of what learned beside a trunk: the model is both, merged */
  adapter?: AdapterMeta;
  /** whose weights are not in the file, which has the adapter and the heads alone; absent where it has them all */
  trunk?: TrunkRef;
}

/** as it is written */
export type SavedMeta = CheckpointLabel & NetworkMeta & Partial<ShelfLabel>;
/** as it is read: what a file leaves out is null or empty */
export type CheckpointMeta = SavedMeta & ShelfLabel & { lineage: Lineage | null };

/** Tensors under the names that Hugging Face gives a GPT-2. */
export interface CheckpointFile<Meta extends SavedMeta = CheckpointMeta> {
  meta: Meta;
  tensors: NamedTensors;
  /** tensors of `meta.adapter` as peft has them, for whoever has the trunk */
  adapterTensors?: NamedTensors;
}

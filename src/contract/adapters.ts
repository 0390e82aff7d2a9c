/** A low-rank adapter, W + scaling · B·A (Hu et al. 2021), by the names that transformers has for the layers of GPT-2. */
export interface LoraRules {
  /** r of a layer by the name of its module, `transformer.h.0.attn.c_attn` */
  rankOf(module: string): number;
  /** what B·A is multiplied by: α/r, or α/√r */
  scalingOf(module: string): number;
  /** whether a layer has an adapter */
  targets(module: string): boolean;
  /** whether a module stands in the file whole */
  isSaved(module: string): boolean;
}

/** Of what rank a matrix is changed, and how much that change counts. */
export interface Change {
  rank: number;
  /** α/r, or α/√r with rank-stabilised adapters (Kalajdzievski 2023) */
  scaling: number;
}

/** Which weights of a network learn, by the lab's names. */
export interface Tuning {
  /** matrices that have adapters */
  changes: Readonly<Record<string, Change>>;
  /** weights that learn themselves; a scalar head always does */
  whole: readonly string[];
}

/** The model that an adapter stands on, where a file leaves its weights out because they are many. */
export interface TrunkRef {
  checkpointId: string;
  name: string;
  /** SHA-256 of the numbers in its file, as 64 letters */
  hash: string;
}

/** What an adapter changes, by the modules of peft and transformers. */
export interface AdapterMeta {
  changes: Record<string, Change>;
  /** modules that were trained whole */
  saved: string[];
}

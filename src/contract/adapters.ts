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

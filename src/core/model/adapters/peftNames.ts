/** How peft calls what an adapter changes: by the layers of transformers' GPT-2. */
import type { ModelConfig } from '../../../contract/config';
import { huggingFaceName } from '../huggingFace';
import { parameterList } from '../layout';

/** as peft calls the weight of a whole language model */
export const fullName = (bare: string): string => (bare.startsWith('lm_head.') ? bare : `transformer.${bare}`);

export interface Layer {
  /** ours */
  name: string;
  /** `transformer.h.0.attn.c_attn` */
  module: string;
  /** `h.0.attn.c_attn` */
  bare: string;
}

/** matrices that may have an adapter */
export const layersOf = (model: ModelConfig): Layer[] =>
  parameterList(model, { language: true, scalar: false })
    .filter(({ shape }) => shape.length === 2)
    .map(({ name }) => {
      const bare = huggingFaceName(name).replace(/\.weight$/, '');
      return { name, bare, module: fullName(`${bare}.`).replace(/\.$/, '') };
    });

/** @returns the bare names of both sides of an adapter */
export function sidesOf({ name, bare }: Layer): { a: string; b: string } {
  const isEmbedding = name === 'tokenEmbedding' || name === 'positionEmbedding';
  return isEmbedding
    ? { a: `${bare}.lora_embedding_A`, b: `${bare}.lora_embedding_B` }
    : { a: `${bare}.lora_A.weight`, b: `${bare}.lora_B.weight` };
}

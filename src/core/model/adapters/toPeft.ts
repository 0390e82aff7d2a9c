/** What learned beside a trunk under the names and in the shapes of peft; the way back of `readAdapter`. */
import type { AdapterMeta, Tuning } from '../../../contract/adapters';
import type { NamedTensors } from '../../../contract/checkpoint';
import type { ModelConfig } from '../../../contract/config';
import { huggingFaceName, transpose } from '../huggingFace';
import { fullName, layersOf, sidesOf } from './peftNames';
import { sideA, sideB } from './tuning';

/** In peft's names and shapes: lora_A [r,in], lora_B [out,r]. */
export interface PeftAdapter extends AdapterMeta {
  tensors: NamedTensors;
}

const PREFIX = 'base_model.model.';

/** @param learned as a network that learns in part saves it; a scalar head in it is not the adapter's */
export function toPeft(model: ModelConfig, { changes, whole }: Tuning, learned: NamedTensors): PeftAdapter {
  const layers = layersOf(model).filter(({ name }) => changes[name]);
  const matrices = layers.flatMap((layer) => {
    const { a, b } = sidesOf(layer);
    return [
      [`${PREFIX}${fullName(a)}`, transpose(learned[sideA(layer.name)]!)],
      [`${PREFIX}${fullName(b)}`, transpose(learned[sideB(layer.name)]!)],
    ] as const;
  });
  const saved = whole.map((name) => [fullName(huggingFaceName(name)), learned[name]!] as const);
  return {
    changes: Object.fromEntries(layers.map(({ name, module }) => [module, changes[name]!])),
    saved: [...new Set(saved.map(([name]) => name.replace(/\.(?:weight|bias)$/, '')))],
    tensors: Object.fromEntries([...matrices, ...saved.map(([name, tensor]) => [`${PREFIX}${name}`, tensor] as const)]),
  };
}

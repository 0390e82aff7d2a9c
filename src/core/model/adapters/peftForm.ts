/** What learned beside a trunk, in the names and shapes of peft and back: how it lies in the lab's own files. */
import type { AdapterMeta, Tuning } from '../../../contract/adapters';
import type { NamedTensor, NamedTensors } from '../../../contract/checkpoint';
import type { ModelConfig } from '../../../contract/config';
import { isShape } from '../../tensor/shapes';
import { huggingFaceName, transpose } from '../huggingFace';
import { parameterList } from '../layout';
import { fail } from './adapterFile';
import { fullName, type Layer, layersOf, sidesOf } from './peftNames';
import { sideA, sideB } from './tuning';

/** In peft's names and shapes: lora_A [r,in], lora_B [out,r]. */
export interface PeftAdapter extends AdapterMeta {
  tensors: NamedTensors;
}

const PREFIX = 'base_model.model.';
const moduleOf = (name: string): string => name.replace(/\.(?:weight|bias)$/, '');

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
    saved: [...new Set(saved.map(([name]) => moduleOf(name)))],
    tensors: Object.fromEntries([...matrices, ...saved.map(([name, tensor]) => [`${PREFIX}${name}`, tensor] as const)]),
  };
}

export interface Learned {
  tuning: Tuning;
  /** as a network that learns in part saves it, without a scalar head */
  learned: NamedTensors;
}

/** @throws when it is missing, of another shape, or with numbers that are none */
function tensorOf(tensors: NamedTensors, bare: string, wanted: readonly number[]): NamedTensor {
  const name = `${PREFIX}${fullName(bare)}`;
  const tensor = tensors[name] ?? fail(`tensor ${name} is missing`);
  if (!isShape(tensor.shape, wanted)) fail(`tensor ${name} is [${tensor.shape}], the adapter needs [${wanted}]`);
  return tensor.data.every(Number.isFinite) ? tensor : fail(`tensor ${name} holds numbers that are not finite`);
}

/** @throws LabError('file/checkpoint') that names the tensor */
export function fromPeft(model: ModelConfig, { changes, saved, tensors }: PeftAdapter): Learned {
  const list = parameterList(model, { language: true, scalar: false });
  const shapes = new Map(list.map(({ name, shape }) => [name, shape]));
  const layers = layersOf(model).filter(({ module }) => changes[module]);
  if (layers.length !== Object.keys(changes).length) fail('its adapter changes a layer that the model does not have');
  const sides = (layer: Layer) => {
    const [[inputs, outputs], { rank }, { a, b }] = [shapes.get(layer.name)!, changes[layer.module]!, sidesOf(layer)];
    return [
      [sideA(layer.name), transpose(tensorOf(tensors, a, [rank, inputs!]))],
      [sideB(layer.name), transpose(tensorOf(tensors, b, [outputs!, rank]))],
    ] as const;
  };
  const whole = list.filter(({ name }) => saved.includes(moduleOf(fullName(huggingFaceName(name)))));
  return {
    tuning: {
      changes: Object.fromEntries(layers.map(({ name, module }) => [name, changes[module]!])),
      whole: whole.map(({ name }) => name),
    },
    learned: Object.fromEntries([
      ...layers.flatMap(sides),
      ...whole.map(({ name, shape }) => [name, tensorOf(tensors, huggingFaceName(name), shape)] as const),
    ]),
  };
}

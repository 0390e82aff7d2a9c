/** An adapter added to the weights that it was trained beside: W += scaling · A·B. */
import type { LoraRules } from '../../../contract/adapters';
import type { NamedTensor, StoredTensors } from '../../../contract/checkpoint';
import { type ModelWeights, type OpenedAdapter, readAdapter } from './readAdapter';
import { sideA, sideB } from './tuning';

/**
 * @param a [in,r], @param b [r,out]
 * @returns W + scaling · A·B, [in,out]
 */
function changed(
  weight: NamedTensor,
  { data: a }: NamedTensor,
  { data: b }: NamedTensor,
  scaling: number,
): NamedTensor {
  const [inputs, outputs] = weight.shape as [number, number];
  const rank = a.length / inputs;
  const data = Float32Array.from(weight.data);
  for (let i = 0; i < inputs; i++)
    for (let o = 0; o < outputs; o++) {
      let sum = 0;
      for (let r = 0; r < rank; r++) sum += a[i * rank + r]! * b[r * outputs + o]!;
      data[i * outputs + o]! += scaling * sum;
    }
  return { shape: weight.shape, data };
}

/** @returns a plain model; tied no more where the adapter changed one of the two ends */
export function merged({ model, tensors, tuning, learned }: OpenedAdapter): ModelWeights {
  const all = { ...tensors };
  for (const name of tuning.whole) all[name] = learned[name]!;
  for (const [name, { scaling }] of Object.entries(tuning.changes))
    all[name] = changed(all[name]!, learned[sideA(name)]!, learned[sideB(name)]!, scaling);
  return { model, tensors: all };
}

/**
 * @param stored tensors of the adapter's file
 * @throws LabError('file/checkpoint') that names what does not fit
 */
export const mergeAdapter = async (base: ModelWeights, stored: StoredTensors, lora: LoraRules): Promise<ModelWeights> =>
  merged(await readAdapter(base, stored, lora));

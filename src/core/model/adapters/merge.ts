/** An adapter added to the weights that it was trained beside: W += scaling · A·B. */
import type { LoraRules } from '../../../contract/adapters';
import type { NamedTensor, StoredTensors } from '../../../contract/checkpoint';
import { type ModelWeights, readAdapter } from './readAdapter';
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

/**
 * @param stored tensors of the adapter's file
 * @returns a plain model; tied no more where the adapter changed one of the two ends
 * @throws LabError('file/checkpoint') that names what does not fit
 */
export async function mergeAdapter(base: ModelWeights, stored: StoredTensors, lora: LoraRules): Promise<ModelWeights> {
  const { model, tensors, tuning, learned } = await readAdapter(base, stored, lora);
  const merged = { ...tensors };
  for (const name of tuning.whole) merged[name] = learned[name]!;
  for (const [name, { scaling }] of Object.entries(tuning.changes))
    merged[name] = changed(merged[name]!, learned[sideA(name)]!, learned[sideB(name)]!, scaling);
  return { model, tensors: merged };
}

/**
 * Low-rank adapters that peft trained (Hu et al. 2021), added to the weights that they were trained beside:
 *   W += scaling · (B·A)ᵀ,   lora_A [r, in], lora_B [out, r], W [in, out]
 */
import type { LoraRules } from '../../../contract/adapters';
import type { NamedTensor, NamedTensors, StoredTensors } from '../../../contract/checkpoint';
import type { ModelConfig } from '../../../contract/config';
import { LabError } from '../../../contract/errors';
import { countOf } from '../../../contract/numbers';
import { huggingFaceName, transpose } from '../huggingFace';
import { parameterList } from '../layout';

export interface ModelWeights {
  model: ModelConfig;
  tensors: NamedTensors;
}

const fail = (message: string): never => {
  throw new LabError('file/checkpoint', message);
};

/** as peft calls the weight of a whole language model */
const fullName = (bare: string): string => (bare.startsWith('lm_head.') ? bare : `transformer.${bare}`);

/** what is in front of a name in an adapter's file, or between its parts */
const bareName = (name: string): string =>
  name
    .replace(/^(?:base_model\.model\.)?(?:transformer\.)?/, '')
    .replace(/\.modules_to_save(?:\.default)?\./, '.')
    .replace(/\.(lora_[AB])\.default\./, '.$1.')
    .replace(/\.(lora_embedding_[AB])(?:\.default|\.weight)?$/, '.$1');

/** the files of an adapter under bare names */
function renamed(stored: StoredTensors): Map<string, string> {
  const names = new Map<string, string>();
  for (const name of stored.shapes.keys()) {
    const bare = bareName(name);
    if (names.has(bare)) fail(`tensors ${names.get(bare)} and ${name} are one by two names`);
    names.set(bare, name);
  }
  return names;
}

interface Layer {
  /** ours */
  name: string;
  /** `transformer.h.0.attn.c_attn` */
  module: string;
  /** `h.0.attn.c_attn` */
  bare: string;
}

/** matrices that may have an adapter */
const layersOf = (model: ModelConfig): Layer[] =>
  parameterList(model, { language: true, scalar: false })
    .filter(({ shape }) => shape.length === 2)
    .map(({ name }) => {
      const bare = huggingFaceName(name).replace(/\.weight$/, '');
      return { name, bare, module: fullName(`${bare}.`).replace(/\.$/, '') };
    });

const isTiedEnd = (module: string): boolean => module === 'lm_head' || module === 'transformer.wte';

/** an adapter on a tied embedding changes one of its two uses: from then on they are two matrices */
function untied({ model, tensors }: ModelWeights, lora: LoraRules): ModelWeights {
  const changes = ['lm_head', 'transformer.wte'].some(lora.targets);
  if (!model.tiedHead || !changes) return { model, tensors };
  const head = transpose(tensors.tokenEmbedding!);
  return { model: { ...model, tiedHead: false }, tensors: { ...tensors, 'languageHead/weight': head } };
}

/** @returns W + scaling · (B·A)ᵀ */
function changed(weight: NamedTensor, a: Float32Array, b: Float32Array, rank: number, scaling: number): NamedTensor {
  const [inputs, outputs] = weight.shape as [number, number];
  const data = Float32Array.from(weight.data);
  for (let i = 0; i < inputs; i++)
    for (let o = 0; o < outputs; o++) {
      let sum = 0;
      for (let r = 0; r < rank; r++) sum += a[r * inputs + i]! * b[o * rank + r]!;
      data[i * outputs + o]! += scaling * sum;
    }
  return { shape: weight.shape, data };
}

class AdapterFile {
  private readonly names: Map<string, string>;
  private readonly unread: Set<string>;

  constructor(private readonly stored: StoredTensors) {
    this.names = renamed(stored);
    this.unread = new Set(this.names.keys());
  }

  has(bare: string): boolean {
    return this.names.has(bare);
  }

  /** @throws when it is missing, of another shape, or with numbers that are none */
  async read(bare: string, wanted: readonly number[]): Promise<Float32Array> {
    const name = this.names.get(bare) ?? fail(`tensor ${bare} is missing in the adapter, whose config asks for it`);
    const shape = this.stored.shapes.get(name)!;
    if (shape.join() !== wanted.join()) fail(`tensor ${name} is [${shape}], the adapter’s config asks for [${wanted}]`);
    this.unread.delete(bare);
    const data = await this.stored.read(name);
    return data.every(Number.isFinite) ? data : fail(`tensor ${name} holds numbers that are not finite`);
  }

  /** @throws when something of the file was not asked for */
  close(): void {
    const [first] = this.unread;
    if (first === undefined) return;
    fail(
      `${countOf(this.unread.size, 'tensor', 'tensors')} of the adapter ${this.unread.size === 1 ? 'is' : 'are'} for no layer that its config names: ${this.names.get(first)}`,
    );
  }
}

async function withLayer(file: AdapterFile, { name, module, bare }: Layer, weight: NamedTensor, lora: LoraRules) {
  const rank = lora.rankOf(module);
  const [inputs, outputs] = weight.shape as [number, number];
  const isEmbedding = name === 'tokenEmbedding' || name === 'positionEmbedding';
  const part = (side: 'A' | 'B') => (isEmbedding ? `${bare}.lora_embedding_${side}` : `${bare}.lora_${side}.weight`);
  const [a, b] = [await file.read(part('A'), [rank, inputs]), await file.read(part('B'), [outputs, rank])];
  return changed(weight, a, b, rank, lora.scalingOf(module));
}

/** modules that were trained whole stand in the file in place of the model's */
async function withSaved(file: AdapterFile, weights: ModelWeights, lora: LoraRules): Promise<NamedTensors> {
  const tensors = { ...weights.tensors };
  for (const { name, shape } of parameterList(weights.model, { language: true, scalar: false })) {
    const bare = huggingFaceName(name);
    const module = fullName(bare).replace(/\.(?:weight|bias)$/, '');
    if (!lora.isSaved(module)) continue;
    if (weights.model.tiedHead && isTiedEnd(module))
      fail(`modules_to_save names ${module}, which is tied: one of its two uses would change`);
    const isHead = name === 'languageHead/weight';
    const data = await file.read(bare, isHead ? shape.toReversed() : shape);
    tensors[name] = isHead ? transpose({ shape: shape.toReversed(), data }) : { shape, data };
  }
  return tensors;
}

/**
 * @param stored tensors of the adapter's file
 * @returns a plain model; tied no more where the adapter changed one of the two ends
 * @throws LabError('file/checkpoint') that names what does not fit
 */
export async function mergeAdapter(base: ModelWeights, stored: StoredTensors, lora: LoraRules): Promise<ModelWeights> {
  const file = new AdapterFile(stored);
  const { model, tensors } = untied(base, lora);
  const merged = await withSaved(file, { model, tensors }, lora);
  const targets = layersOf(model).filter(({ module }) => lora.targets(module));
  if (targets.length === 0) fail('the adapter’s config names no layer of this model');
  for (const layer of targets) merged[layer.name] = await withLayer(file, layer, merged[layer.name]!, lora);
  file.close();
  return { model, tensors: merged };
}

/**
 * Our weights under the names Hugging Face gives a GPT-2, so that a saved model opens elsewhere. Its Conv1D matrices
 * are [in,out] like ours; its linear heads are [out,in].
 */
import type { NamedTensor, NamedTensors } from './causalNetwork';

const WHOLE: Record<string, string> = {
  tokenEmbedding: 'wte.weight',
  positionEmbedding: 'wpe.weight',
  'finalNorm/gain': 'ln_f.weight',
  'finalNorm/bias': 'ln_f.bias',
  'languageHead/weight': 'lm_head.weight',
  'scalarHead/weight': 'score.weight',
  'scalarHead/bias': 'score.bias',
};
const IN_BLOCK: Record<string, string> = {
  'norm1/gain': 'ln_1.weight',
  'norm1/bias': 'ln_1.bias',
  'attn/wQkv': 'attn.c_attn.weight',
  'attn/bQkv': 'attn.c_attn.bias',
  'attn/wOut': 'attn.c_proj.weight',
  'attn/bOut': 'attn.c_proj.bias',
  'norm2/gain': 'ln_2.weight',
  'norm2/bias': 'ln_2.bias',
  'mlp/wIn': 'mlp.c_fc.weight',
  'mlp/bIn': 'mlp.c_fc.bias',
  'mlp/wOut': 'mlp.c_proj.weight',
  'mlp/bOut': 'mlp.c_proj.bias',
};
const TRANSPOSED = new Set(['languageHead/weight', 'scalarHead/weight']);

/** @throws for a name that is not ours */
export function huggingFaceName(name: string): string {
  const [, layer, part] = /^block(\d+)\/(.+)$/.exec(name) ?? [];
  const theirs =
    layer === undefined ? WHOLE[name] : IN_BLOCK[part as string] && `h.${layer}.${IN_BLOCK[part as string]}`;
  if (!theirs) throw new Error(`no Hugging Face name for ${name}`);
  return theirs;
}

export function transpose({ shape: [rows, columns], data }: NamedTensor): NamedTensor {
  const turned = new Float32Array(data.length);
  for (let r = 0; r < rows!; r++) for (let c = 0; c < columns!; c++) turned[c * rows! + r] = data[r * columns! + c]!;
  return { shape: [columns!, rows!], data: turned };
}

export function toHuggingFace(weights: NamedTensors): NamedTensors {
  const entries = Object.entries(weights).map(([name, tensor]) => [
    huggingFaceName(name),
    TRANSPOSED.has(name) ? transpose(tensor) : tensor,
  ]);
  return Object.fromEntries(entries) as NamedTensors;
}

/**
 * @param names ours, all of which are wanted
 * @returns what is there under our names; a `transformer.` in front of theirs is fine
 */
export function fromHuggingFace(tensors: NamedTensors, names: readonly string[]): NamedTensors {
  const found = names.flatMap((name) => {
    const theirs = huggingFaceName(name);
    const tensor = tensors[theirs] ?? tensors[`transformer.${theirs}`];
    if (!tensor) return [];
    return [[name, TRANSPOSED.has(name) && tensor.shape.length === 2 ? transpose(tensor) : tensor] as const];
  });
  return Object.fromEntries(found);
}

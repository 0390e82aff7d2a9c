/** Files of models of other programs, as a visitor gives them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import type { NamedTensor } from '../../src/contract/checkpoint';
import type { GivenFile } from '../../src/contract/protocol';
import { Random } from '../../src/core/tensor/random';
import { encodeSafetensors } from '../../src/formats/safetensors';

const FIXTURES = 'tests/fixtures/interop';

/** by name */
export type ModelFiles = Record<string, Uint8Array<ArrayBuffer>>;

/** @param from a fixture, without its right values */
export const filesOfModel = (from: string): ModelFiles => filesIn(join(FIXTURES, 'gpt2', from));
export const filesOfAdapter = (from: string): ModelFiles => filesIn(join(FIXTURES, 'lora', from));

function filesIn(folder: string): ModelFiles {
  const names = readdirSync(folder).filter((name) => name !== 'golden.json');
  return Object.fromEntries(names.map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]));
}

export const given = (files: ModelFiles, folder = ''): GivenFile[] =>
  Object.entries(files).map(([name, bytes]) => ({ path: `${folder}${name}`, blob: new Blob([bytes]) }));

export const zipped = (files: ModelFiles, folder = 'owl/'): Uint8Array<ArrayBuffer> =>
  new Uint8Array(zipSync(Object.fromEntries(Object.entries(files).map(([name, bytes]) => [folder + name, bytes]))));

/**
 * A model of GPT-2's shape and vocabulary that is just large enough to be stored once, as F32: 17 million numbers, one
 * layer. Its tokens are the first 500 of its rows.
 */
export function filesOfMiddlingModel(width = 336, vocabSize = 50_257): ModelFiles {
  const shape = { vocab_size: vocabSize, n_positions: 64, n_embd: width, n_layer: 1, n_head: 4 };
  const random = Random.fromSeed(4);
  const noise = (...sizes: number[]): NamedTensor => ({
    shape: sizes,
    data: Float32Array.from({ length: sizes.reduce((product, size) => product * size, 1) }, () => random.next() - 0.5),
  });
  const ones = (): NamedTensor => ({ shape: [width], data: new Float32Array(width).fill(1) });
  const linear = (name: string, inputs: number, outputs: number) => ({
    [`h.0.${name}.weight`]: noise(inputs, outputs),
    [`h.0.${name}.bias`]: noise(outputs),
  });
  const norm = (name: string) => ({ [`${name}.weight`]: ones(), [`${name}.bias`]: noise(width) });
  const tensors = {
    ...{ 'wte.weight': noise(vocabSize, width), 'wpe.weight': noise(64, width) },
    ...{ ...norm('h.0.ln_1'), ...norm('h.0.ln_2'), ...norm('ln_f') },
    ...{ ...linear('attn.c_attn', width, 3 * width), ...linear('attn.c_proj', width, width) },
    ...{ ...linear('mlp.c_fc', width, 4 * width), ...linear('mlp.c_proj', 4 * width, width) },
  };
  return { ...withConfig(shape), 'model.safetensors': encodeSafetensors(tensors, { format: 'pt' }) };
}

/** An adapter of peft for its attention, which changes what it says. */
export function filesOfMiddlingAdapter(width = 336): ModelFiles {
  const at = 'base_model.model.transformer.h.0.attn.c_attn';
  const side = (...shape: [number, number]): NamedTensor => ({
    shape,
    data: Float32Array.from({ length: shape[0] * shape[1] }, (_, i) => Math.sin(i)),
  });
  const tensors = { [`${at}.lora_A.weight`]: side(2, width), [`${at}.lora_B.weight`]: side(3 * width, 2) };
  const config = { peft_type: 'LORA', r: 2, lora_alpha: 4, target_modules: ['c_attn'] };
  return {
    'adapter_config.json': new TextEncoder().encode(JSON.stringify(config)),
    'adapter_model.safetensors': encodeSafetensors(tensors, { format: 'pt' }),
  };
}

/** the files of `plain` with its config changed */
export function withConfig(changed: Record<string, unknown>): ModelFiles {
  const files = filesOfModel('plain');
  const config = JSON.parse(new TextDecoder().decode(files['config.json'])) as object;
  return { ...files, 'config.json': new TextEncoder().encode(JSON.stringify({ ...config, ...changed })) };
}

/**
 * A model as other programs keep it: its config, its tensors in one file or several, and its tokenizer in the newer form
 * or the older one. Nothing of the tensors is read here but where they lie.
 */
import type { ForeignTokens, StoredTensors } from '../contract/checkpoint';
import type { ModelConfig } from '../contract/config';
import { LabError } from '../contract/errors';
import { LIMITS, startOf } from '../contract/limits';
import type { FileSet } from './fileSet';
import type { ForeignConfig } from './foreignConfig';
import { modelOfGpt2 } from './gpt2Config';
import { tokenizerOfVocabulary } from './gpt2Vocabulary';
import { objectIn } from './json';
import { openStoredTensors } from './safetensors';
import { joinShards, MODEL_FILE, SHARD_INDEX, shardsOf } from './shards';
import { decodeLines, megabytes } from './text';

export const CONFIG_FILE = 'config.json';
const [WHOLE, VOCABULARY, MERGES] = ['tokenizer.json', 'vocab.json', 'merges.txt'] as const;

const fail = (message: string): never => {
  throw new LabError('file/checkpoint', message);
};

/** names of files that a message tells */
const TOLD = 4;

/** @returns that a file is missing, and what is there instead */
function missing(name: string, names: readonly string[]): string {
  const first = names.slice(0, TOLD).map((found) => startOf(found, LIMITS.quoted));
  const rest = names.length - first.length;
  const found = [...first, ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
  return `${name} is missing${found && `; what came is ${found}`}`;
}

async function wholeFile({ names, open }: FileSet, name: string): Promise<Uint8Array> {
  if (!names.includes(name)) return fail(missing(name, names));
  const source = await open(name);
  return source.size > LIMITS.jsonBytes
    ? fail(`${name} has ${megabytes(source.size)}, and none has so many`)
    : source.read(0, source.size);
}

/** @returns the object that a file of JSON holds */
export async function objectFile(files: FileSet, name: string): Promise<Record<string, unknown>> {
  return objectIn(await wholeFile(files, name)) ?? fail(`${name} holds no JSON object`);
}

/** what stands where the weights should, and why it is not opened */
const INSTEAD: readonly (readonly [RegExp, string])[] = [
  [
    /^(pytorch_model.*\.bin|.*\.(pt|pth|ckpt|pkl))$/,
    'is a pickle of Python, which may run anything when it is opened. Save the model again with save_pretrained, which writes safetensors',
  ],
  [/\.gguf$/, 'is a model in GGUF form. Take its safetensors'],
  [/^(tf_model\.h5|flax_model\.msgpack|.*\.onnx)$/, 'is of another program. Take the safetensors'],
  [
    /^adapter_model\.safetensors$/,
    'is an adapter, which is no model by itself. Open it together with adapter_config.json',
  ],
  [/^adapter_config\.json$/, 'is the config of an adapter, which is no model by itself'],
  [/^model-\d+-of-\d+\.safetensors$/, `is one of several parts. Add the others and ${SHARD_INDEX}`],
];

function whyNoWeights(names: readonly string[]): string {
  for (const [pattern, why] of INSTEAD) {
    const found = names.find((name) => pattern.test(name));
    if (found !== undefined) return `${MODEL_FILE} is missing, and ${startOf(found, LIMITS.quoted)} ${why}`;
  }
  const [only] = names;
  if (only !== undefined && names.length === 1)
    return `${MODEL_FILE} is missing, and ${startOf(only, LIMITS.quoted)} alone is no model`;
  return missing(MODEL_FILE, names);
}

/** @throws LabError that names what stands in the way */
export async function tensorsIn(files: FileSet): Promise<StoredTensors> {
  const { names, open } = files;
  if (names.includes(MODEL_FILE)) return openStoredTensors(await open(MODEL_FILE));
  if (!names.includes(SHARD_INDEX)) return fail(whyNoWeights(names));
  const places = shardsOf(names, await objectFile(files, SHARD_INDEX));
  const opened = new Map<string, StoredTensors>();
  for (const name of new Set(places.values())) opened.set(name, await openStoredTensors(await open(name)));
  return joinShards(places, opened);
}

/** @returns what a `tokenizer.json` holds, made of the older form where there is none */
export async function tokenizerIn(files: FileSet): Promise<Record<string, unknown>> {
  if (files.names.includes(WHOLE)) return objectFile(files, WHOLE);
  const missing = [VOCABULARY, MERGES].filter((name) => !files.names.includes(name));
  if (missing.length === 0) {
    const merges = decodeLines(await wholeFile(files, MERGES), 'file/checkpoint', MERGES);
    const beside = async (name: string) => (files.names.includes(name) ? objectFile(files, name) : {});
    return tokenizerOfVocabulary(await objectFile(files, VOCABULARY), merges, {
      config: await beside('tokenizer_config.json'),
      added: await beside('added_tokens.json'),
      special: await beside('special_tokens_map.json'),
    });
  }
  const [piece] = files.names.filter((name) => /\.model$/.test(name));
  if (piece !== undefined)
    return fail(
      `${WHOLE} is missing, and ${startOf(piece, LIMITS.quoted)} is of SentencePiece, which the lab does not read`,
    );
  return fail(`${WHOLE} is missing, and of its older form ${missing.join(' and ')}`);
}

/** numbers of tokens that a config names; several may end a text, of which the first is taken */
function idIn(config: ForeignConfig, name: string, { vocabSize }: ModelConfig): number | null {
  const [id] = [config[name]].flat();
  return typeof id === 'number' && Number.isInteger(id) && id >= 0 && id < vocabSize ? id : null;
}

/** @param json of the tokenizer */
export function tokensOf(config: ForeignConfig, model: ModelConfig, json: Record<string, unknown>): ForeignTokens {
  const eosId = idIn(config, 'eos_token_id', model);
  return { json, vocabSize: model.vocabSize, eosId, padId: idIn(config, 'pad_token_id', model) ?? eosId ?? 0 };
}

/** @returns how the model is called where its config or its folder says so */
export function modelName(config: ForeignConfig, folder: string | null): string {
  const path = typeof config._name_or_path === 'string' ? config._name_or_path : '';
  const last = path.split(/[\\/]/).findLast((part) => part.trim() !== '');
  return startOf((folder ?? last ?? 'GPT-2').trim() || 'GPT-2', LIMITS.name);
}

/** The parts of a model, its tensors not yet looked at. */
export interface ModelParts {
  config: ForeignConfig;
  /** as the config has it */
  model: ModelConfig;
  stored: StoredTensors;
}

/** @throws LabError that names what stands in the way */
export async function modelIn(files: FileSet): Promise<ModelParts> {
  const { names } = files;
  const hasWeights = names.includes(MODEL_FILE) || names.includes(SHARD_INDEX);
  if (!names.includes(CONFIG_FILE) && !hasWeights) fail(whyNoWeights(names));
  const config = await objectFile(files, CONFIG_FILE);
  const model = modelOfGpt2(config); // before gigabytes are looked at
  return { config, model, stored: await tensorsIn(files) };
}

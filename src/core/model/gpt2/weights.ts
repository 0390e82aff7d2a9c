/** The weights of a GPT-2 that another program saved, under our names: read one at a time, all of them looked at. */
import type { NamedTensor, NamedTensors, StoredTensors } from '../../../contract/checkpoint';
import type { ModelConfig } from '../../../contract/config';
import { LabError } from '../../../contract/errors';
import { countOf } from '../../../contract/numbers';
import { isShape } from '../../tensor/shapes';
import { huggingFaceName, transpose } from '../huggingFace';
import { parameterList } from '../layout';

const HEAD = 'lm_head.weight';
const PREFIX = 'transformer.';
/** a mask is no weight, whatever its type; heads of other tasks say nothing about the next token */
const PASSED_OVER =
  /^(?:transformer\.)?h\.\d+\.attn\.(?:bias|masked_bias)$|^(?:score|classifier|qa_outputs|multiple_choice_head)\b/;

export interface ForeignWeights {
  /** as the weights have it: with a head of its own where the file's is not the embedding */
  model: ModelConfig;
  tensors: NamedTensors;
  /** what a visitor should know, in sentences */
  notes: string[];
}

const fail = (message: string): never => {
  throw new LabError('file/checkpoint', message);
};

/** @returns the name in the file, `transformer.` in front of it or not */
function storedName(bare: string, { shapes }: StoredTensors): string | null {
  if (shapes.has(bare) && shapes.has(PREFIX + bare))
    return fail(`tensor ${bare} stands twice, with and without ${PREFIX}`);
  return [bare, PREFIX + bare].find((name) => shapes.has(name)) ?? null;
}

/** how files with this prefix would call it, for a message */
const missingName = (bare: string, { shapes }: StoredTensors): string =>
  bare !== HEAD && [...shapes.keys()].some((name) => name.startsWith(PREFIX)) ? PREFIX + bare : bare;

/**
 * Looks at what the header says of it, before a number is read.
 * @returns its name in the file
 * @throws when there is none, of another shape, or in numbers that are not read
 */
function checkOne(stored: StoredTensors, bare: string, wanted: readonly number[]): string {
  const name = storedName(bare, stored) ?? fail(`tensor ${missingName(bare, stored)} is missing`);
  const shape = stored.shapes.get(name)!;
  if (!isShape(shape, wanted)) fail(`tensor ${name} is [${shape}], the config asks for [${wanted}]`);
  const trouble = stored.whyNot(name);
  return trouble === null ? name : fail(trouble);
}

/** @throws as checkOne does, and when it holds numbers that are none */
async function readOne(stored: StoredTensors, bare: string, wanted: readonly number[]): Promise<Float32Array> {
  const name = checkOne(stored, bare, wanted);
  const data = await stored.read(name);
  return data.every(Number.isFinite) ? data : fail(`tensor ${name} holds numbers that are not finite`);
}

/** @returns a model whose config says that its head is the embedding, as its file has it */
async function withOwnHead(stored: StoredTensors, model: ModelConfig): Promise<ModelConfig> {
  if (!model.tiedHead || !stored.shapes.has(HEAD)) return model;
  const shape = [model.vocabSize, model.width];
  const [head, embedding] = await Promise.all([HEAD, 'wte.weight'].map((name) => readOne(stored, name, shape)));
  return head!.every((value, i) => value === embedding![i]) ? model : { ...model, tiedHead: false };
}

function checkRest(stored: StoredTensors, known: ReadonlySet<string>, { layers }: ModelConfig): void {
  const rest = [...stored.shapes.keys()].filter((name) => !known.has(name) && name !== HEAD && !PASSED_OVER.test(name));
  const [first] = rest;
  if (first === undefined) return;
  const layer = Number(/^(?:transformer\.)?h\.(\d+)\./.exec(first)?.[1] ?? -1);
  if (layer >= layers)
    fail(`tensor ${first} is of layer ${layer}, and the config says ${countOf(layers, 'layer')}, from 0`);
  const others = rest.length > 1 ? `, and ${countOf(rest.length - 1, 'other is', 'others are')} not either` : '';
  fail(`tensor ${first} is not in a GPT-2 of this config${others}`);
}

const SAYS_TIED =
  'The config says that the output layer is the embedding, and the file has another one: the file’s is used.';

/** What the files of a GPT-2 hold: names, shapes and types are right, and no number was read. */
export interface ForeignModel {
  /** as the weights have it: with a head of its own where the file's is not the embedding */
  model: ModelConfig;
  /** by the bare names and in the shapes of GPT-2, read one at a time */
  stored: StoredTensors;
  /** what a visitor should know, in sentences */
  notes: string[];
}

/**
 * @param model as the config has it
 * @throws LabError('file/checkpoint') that names the tensor
 */
export async function openForeignModel(stored: StoredTensors, model: ModelConfig): Promise<ForeignModel> {
  const actual = await withOwnHead(stored, model);
  const wanted = new Map(
    parameterList(actual, { language: true, scalar: false }).map(({ name, shape }) => {
      const bare = huggingFaceName(name);
      return [bare, bare === HEAD ? shape.toReversed() : shape] as const;
    }),
  );
  checkRest(stored, new Set([...wanted.keys()].map((bare) => storedName(bare, stored) ?? bare)), actual);
  const bareOf = new Map([...wanted].map(([bare, shape]) => [checkOne(stored, bare, shape), bare]));
  return {
    model: actual,
    stored: {
      shapes: wanted,
      inOrder: stored.inOrder.flatMap((name) => bareOf.get(name) ?? []),
      read: (bare) => readOne(stored, bare, wanted.get(bare)!),
      whyNot: (bare) => stored.whyNot(storedName(bare, stored) ?? bare),
    },
    notes: actual === model ? [] : [SAYS_TIED],
  };
}

/**
 * All of them at once.
 * @throws LabError('file/checkpoint') that names the tensor
 */
export async function readForeignWeights(stored: StoredTensors, config: ModelConfig): Promise<ForeignWeights> {
  const { model, stored: bare, notes } = await openForeignModel(stored, config);
  const read = new Map<string, NamedTensor>();
  for (const theirs of bare.inOrder)
    read.set(theirs, { shape: [...bare.shapes.get(theirs)!], data: await bare.read(theirs) });
  const tensors: NamedTensors = {};
  for (const { name } of parameterList(model, { language: true, scalar: false })) {
    const theirs = huggingFaceName(name);
    const tensor = read.get(theirs)!;
    tensors[name] = theirs === HEAD ? transpose(tensor) : tensor;
  }
  return { model, tensors, notes };
}

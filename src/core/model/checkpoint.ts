/**
 * A model as a file: safetensors with the tensor names of a Hugging Face GPT-2, and in the metadata everything this lab needs to
 * go on with it. Reading checks all of it before any weight reaches the device.
 */
import * as v from 'valibot';
import type { Pooling, StoryConfig, TextConfig } from '../../contract/config';
import { type Ancestor, CHECKPOINT_KINDS, type CheckpointKind, type Lineage, RUN_KINDS } from '../../contract/domain';
import { LabError } from '../../contract/errors';
import { isMetricId, type MetricValues } from '../../contract/metrics';
import type { TokenizerData } from '../text/corpus';
import type { CausalNetwork, NamedTensors } from './causalNetwork';
import { restoreNetwork } from './createNetwork';
import { fromHuggingFace, toHuggingFace } from './huggingFace';
import { parameterList } from './layout';
import { decodeSafetensors, encodeSafetensors, type StoredType, withMetadata } from './safetensors';

const VERSION = 1;
const KEY = 'rlhfLab';

/** limits far above any preset, so that a hostile file cannot ask for a million layers */
const upTo = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most));
const finite = v.pipe(v.number(), v.finite());
const modelSchema = v.object({
  vocabSize: upTo(65_536),
  contextLength: upTo(4096),
  layers: upTo(64),
  heads: upTo(64),
  width: upTo(4096),
  positions: v.picklist(['learned', 'sinusoidal']),
  norm: v.picklist(['pre', 'post']),
  activation: v.picklist(['gelu', 'relu']),
  tiedHead: v.boolean(),
});
const storySchema = v.object({
  happyShare: finite,
  sadShare: finite,
  meanMiddle: finite,
  politeShare: finite,
  rudeShare: finite,
  moodAgreement: finite,
  stories: finite,
});
const textSchema = v.object({ tokenizer: v.picklist(['char', 'word', 'bpe']), vocabSize: finite, heldOutShare: finite });
/** a metric that was not finite is null in JSON; one of another version has another name */
function knownMetrics(stored: Record<string, number | null>): MetricValues {
  return Object.fromEntries(Object.entries(stored).filter(([id, value]) => isMetricId(id) && value !== null));
}

const words = (longest: number) => v.pipe(v.string(), v.maxLength(longest));
const id = v.pipe(v.string(), v.regex(/^[\w-]{1,200}$/));
/** settings lie at most this deep in a run: `config.optimizer.beta1` */
const leaf = v.union([words(2000), finite, v.boolean(), v.null()]);
const leaves = v.record(words(100), leaf);
const setting = v.union([leaf, v.record(words(100), v.union([leaf, leaves]))]);
const counts = v.object({
  human: v.exactOptional(finite),
  simulated: v.exactOptional(finite),
  imported: v.exactOptional(finite),
  grammar: v.exactOptional(finite),
});
const lineageSchema = v.object({ recipe: v.objectWithRest({ kind: v.picklist(RUN_KINDS) }, setting), sources: counts });
const ancestorSchema = v.object({ checkpointId: id, name: words(200), kind: v.picklist(CHECKPOINT_KINDS), parents: v.array(id) });

const tokenId = v.pipe(v.number(), v.integer(), v.minValue(0));
const metaSchema = v.object({
  version: v.literal(VERSION),
  name: v.string(),
  kind: v.picklist(CHECKPOINT_KINDS),
  model: modelSchema,
  heads: v.object({ language: v.boolean(), scalar: v.boolean() }),
  pooling: v.nullable(v.picklist(['last', 'sum', 'mean'])),
  scoreScale: v.object({ gain: finite, bias: finite }),
  tokenizer: v.object({
    kind: v.picklist(['word', 'char', 'bpe']),
    tokens: v.array(v.string()),
    merges: v.optional(v.array(v.tuple([tokenId, tokenId]))),
  }),
  corpus: v.variant('kind', [
    v.object({ kind: v.literal('stories'), config: storySchema, seed: finite }),
    v.object({ kind: v.literal('text'), config: textSchema, seed: finite }),
  ]),
  step: finite,
  metrics: v.pipe(v.record(v.string(), v.nullable(v.number())), v.transform(knownMetrics)),
  parents: v.array(v.string()),
  // since a shelf is a family: what came before, or comes from elsewhere, has none of these, and its model can be used all the same
  checkpointId: v.fallback(v.nullable(id), null),
  madeAt: v.fallback(v.nullable(finite), null),
  lineage: v.fallback(v.nullable(lineageSchema), null),
  ancestors: v.fallback(v.pipe(v.array(ancestorSchema), v.maxLength(1000)), []),
});

export type CheckpointMeta = Omit<v.InferOutput<typeof metaSchema>, 'version'>;

/** What the network does not know about itself. */
export interface CheckpointLabel {
  name: string;
  kind: CheckpointKind;
  pooling: Pooling | null;
  tokenizer: TokenizerData;
  corpus: { kind: 'stories'; config: StoryConfig; seed: number } | { kind: 'text'; config: TextConfig; seed: number };
  step: number;
  metrics: MetricValues;
  parents: string[];
  lineage?: Lineage;
  ancestors?: Ancestor[];
}

export interface LoadedCheckpoint {
  meta: CheckpointMeta;
  /** by our names, complete and of the right shapes; with `scoreScale` when there is a scalar head */
  tensors: NamedTensors;
  /** a fresh network with these weights, owned by the caller */
  createNetwork(name: string): CausalNetwork;
}

/** @param dtype F16 for files that ship with the page: half the bytes, 11 significant bits */
export async function saveCheckpoint(
  network: CausalNetwork,
  label: CheckpointLabel,
  dtype: StoredType = 'F32',
): Promise<Uint8Array<ArrayBuffer>> {
  const { scoreScale: _, ...weights } = await network.save();
  const meta = { version: VERSION, ...label, model: network.config, heads: network.heads, scoreScale: network.scoreScale };
  return encodeSafetensors(toHuggingFace(weights), { format: 'pt', [KEY]: JSON.stringify(meta) }, dtype);
}

const fail = (message: string): never => {
  throw new LabError('file/checkpoint', message);
};

function readMeta(text: string | undefined): CheckpointMeta {
  if (text === undefined) return fail(`the metadata has no ${KEY}: another program saved this file`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail(`metadata ${KEY} is not JSON`);
  }
  const result = v.safeParse(metaSchema, value);
  if (!result.success) return fail(`metadata ${KEY}.${v.getDotPath(result.issues[0]) ?? ''}: ${result.issues[0].message}`);
  const { version: _, ...meta } = result.output;
  if (meta.model.width % meta.model.heads !== 0) return fail(`width ${meta.model.width} is not a multiple of ${meta.model.heads} heads`);
  return meta;
}

/** every weight the model has, nothing else, in the right shape, all numbers finite */
function readWeights(stored: NamedTensors, { model, heads }: CheckpointMeta): NamedTensors {
  const list = parameterList(model, heads);
  const weights = fromHuggingFace(
    stored,
    list.map(({ name }) => name),
  );
  for (const { name, shape } of list) {
    const weight = weights[name];
    if (!weight) return fail(`tensor ${name} is missing`);
    if (weight.shape.join() !== shape.join()) return fail(`tensor ${name} is [${weight.shape}], the model needs [${shape}]`);
    if (!weight.data.every(Number.isFinite)) return fail(`tensor ${name} holds numbers that are not finite`);
  }
  if (Object.keys(stored).length !== list.length) return fail(`${Object.keys(stored).length} tensors, the model has ${list.length}`);
  return weights;
}

/** @throws LabError('file/checkpoint') that names the place */
export function loadCheckpoint(bytes: Uint8Array): LoadedCheckpoint {
  const { tensors: stored, metadata } = decodeSafetensors(bytes);
  const meta = readMeta(metadata[KEY]);
  const tensors = readWeights(stored, meta);
  const { gain, bias } = meta.scoreScale;
  if (meta.heads.scalar) tensors.scoreScale = { shape: [2], data: Float32Array.of(gain, bias) };
  return { meta, tensors, createNetwork: (name) => restoreNetwork(meta.model, meta.heads, tensors, name) };
}

/** What a shelf knows about a checkpoint and its file does not. */
export interface ShelfLabel {
  checkpointId: string;
  name: string;
  madeAt: number | null;
  ancestors: Ancestor[];
}

/** @returns the same checkpoint, not one weight changed, that says in its metadata what the shelf knows about it */
export function labelCheckpoint(bytes: Uint8Array, label: ShelfLabel): Uint8Array<ArrayBuffer> {
  const { metadata } = decodeSafetensors(bytes);
  const stored = JSON.parse(metadata[KEY] ?? '{}') as object;
  return withMetadata(bytes, { ...metadata, [KEY]: JSON.stringify({ ...stored, ...label }) });
}

/**
 * A model as a file: safetensors with the tensor names of a Hugging Face GPT-2, and in the metadata, under one key,
 * everything this lab needs to go on with it.
 */
import * as v from 'valibot';
import type { CheckpointFile, CheckpointMeta, SavedMeta, ShelfLabel, StoredTensors } from '../contract/checkpoint';
import { CHECKPOINT_KINDS, RUN_KINDS } from '../contract/domain';
import { LabError } from '../contract/errors';
import { isMetricId, type MetricValues } from '../contract/labels';
import { LIMITS, startOf } from '../contract/limits';
import {
  encodeSafetensors,
  encodeStoredTensors,
  openSafetensors,
  type StoredType,
  tensorsOf,
  withMetadata,
} from './safetensors';
import { ModelSchema, MomentSchema, StorySchema, TextSchema, TokenizerSchema, TrunkSchema } from './schemas';

const VERSION = 1;
const KEY = 'rlhfLab';

const finite = v.pipe(v.number(), v.finite());
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
const ancestorSchema = v.object({
  checkpointId: id,
  name: words(LIMITS.nameInFile),
  kind: v.picklist(CHECKPOINT_KINDS),
  parents: v.array(id),
});

const change = v.object({ rank: v.pipe(v.number(), v.integer(), v.minValue(1)), scaling: finite });
/** of modules and tensors of an adapter */
const ADAPTER = 'base_model.model.';

const metaSchema = v.object({
  version: v.literal(VERSION),
  name: v.pipe(
    v.string(),
    v.transform((name) => startOf(name, LIMITS.nameInFile)),
  ),
  kind: v.picklist(CHECKPOINT_KINDS),
  model: ModelSchema,
  heads: v.object({ language: v.boolean(), scalar: v.boolean() }),
  pooling: v.nullable(v.picklist(['last', 'sum', 'mean'])),
  scoreScale: v.object({ gain: finite, bias: finite }),
  adapter: v.exactOptional(
    v.object({ changes: v.record(words(LIMITS.nameInFile), change), saved: v.array(words(LIMITS.nameInFile)) }),
  ),
  trunk: v.exactOptional(TrunkSchema),
  tokenizer: TokenizerSchema,
  corpus: v.variant('kind', [
    v.object({ kind: v.literal('stories'), config: StorySchema, seed: finite }),
    v.object({ kind: v.literal('text'), config: TextSchema, seed: finite }),
  ]),
  step: finite,
  metrics: v.pipe(v.record(v.string(), v.nullable(v.number())), v.transform(knownMetrics)),
  parents: v.array(v.string()),
  // since a shelf is a family: what came before, or comes from elsewhere, has none of these, and its model can be used
  // all the same
  checkpointId: v.fallback(v.nullable(id), null),
  madeAt: v.fallback(v.nullable(MomentSchema), null),
  lineage: v.fallback(v.nullable(lineageSchema), null),
  ancestors: v.fallback(v.pipe(v.array(ancestorSchema), v.maxLength(1000)), []),
});

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
  if (!result.success)
    return fail(`metadata ${KEY}.${v.getDotPath(result.issues[0]) ?? ''}: ${result.issues[0].message}`);
  const { version: _, ...meta } = result.output;
  return meta;
}

/** @param dtype F16 for files that ship with the page: half the bytes, 11 significant bits */
export function encodeCheckpoint(
  { meta, tensors, adapterTensors }: CheckpointFile<SavedMeta>,
  dtype: StoredType = 'F32',
): Uint8Array<ArrayBuffer> {
  return encodeSafetensors({ ...tensors, ...adapterTensors }, metadataOf(meta), dtype);
}

const metadataOf = (meta: SavedMeta) => ({ format: 'pt', [KEY]: JSON.stringify({ version: VERSION, ...meta }) });

/** The same of tensors that lie elsewhere; beside the file one of them is in memory. */
export const encodeStoredCheckpoint = (
  meta: SavedMeta,
  stored: StoredTensors,
  onRead: (share: number) => Promise<void> | void,
): Promise<Uint8Array<ArrayBuffer>> => encodeStoredTensors(stored, metadataOf(meta), onRead);

/**
 * @throws LabError('file/checkpoint') that names the place; whether the tensors fit the model is for `openCheckpoint`
 * to say
 */
export function decodeCheckpoint(bytes: Uint8Array): CheckpointFile {
  const file = openSafetensors(bytes);
  const meta = readMeta(file.metadata[KEY]);
  const all = Object.entries(tensorsOf(file));
  if (!meta.adapter) return { meta, tensors: Object.fromEntries(all) };
  const isAdapter = ([name]: (typeof all)[number]): boolean => name.startsWith(ADAPTER);
  return {
    meta,
    tensors: Object.fromEntries(all.filter((entry) => !isAdapter(entry))),
    adapterTensors: Object.fromEntries(all.filter(isAdapter)),
  };
}

/** @returns whether the lab saved this file, sound or not */
export function isOfLab(bytes: Uint8Array): boolean {
  try {
    return Object.hasOwn(openSafetensors(bytes).metadata, KEY);
  } catch {
    return false;
  }
}

/** @param file with all tensors; @returns the same model as a plain one: what it learned by adapters is a part of it already, and is kept no longer */
export function mergedCheckpoint({ meta, tensors }: CheckpointFile): Uint8Array<ArrayBuffer> {
  const { adapter: _, trunk: __, ...plain } = meta;
  return encodeCheckpoint({ meta: plain, tensors });
}

/** @returns the same checkpoint, not one weight changed, that says in its metadata what the shelf knows about it */
export function labelCheckpoint(bytes: Uint8Array, label: ShelfLabel): Uint8Array<ArrayBuffer> {
  const { metadata } = openSafetensors(bytes);
  const stored = JSON.parse(metadata[KEY] ?? '{}') as object;
  return withMetadata(bytes, { ...metadata, [KEY]: JSON.stringify({ ...stored, ...label }) });
}

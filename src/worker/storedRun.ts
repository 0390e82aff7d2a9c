/**
 * A run as a file: its tensors as safetensors, everything else as JSON in the metadata. What the page stores every few
 * seconds leaves out the lists that the run is made from, and the pairs that a rule labelled for it, which may be
 * megabytes and never change: the page has them once, and they are put in again before the file is read.
 */
import * as v from 'valibot';
import { ARITHMETICS, KERNEL_STYLES } from '../contract/config';
import type { RunSpec } from '../contract/domain';
import { LabError } from '../contract/errors';
import { isMetricId } from '../contract/labels';
import type { RulePair } from '../contract/preferences';
import { RULE_LABELS } from '../contract/settings/training';
import type { TokenizerData } from '../core/text/corpus';
import type { SavedRun } from '../core/train/snapshot';
import { RUN_KEY } from '../formats/notebook/snapshot';
import { RulePairSchema } from '../formats/opinionSchemas';
import { decodeSafetensors, encodeSafetensors } from '../formats/safetensors';
import { StorySchema, TextSchema, TokenizerSchema, TrunkSchema } from '../formats/schemas';
import type { CorpusMemory } from './corpora';
import type { RunMemory } from './driver';
import { firstIssue, parseStoredSpec, SeedSchema } from './schemas';

export interface StoredRun {
  spec: RunSpec;
  /** pairs that the rule labelled when it was made */
  labels: readonly RulePair[];
  corpus: CorpusMemory;
  memory: RunMemory;
  saved: SavedRun<unknown>;
}

/** of a spec, whatever its kind */
const LISTS = ['opinions', 'demonstrations'] as const;

/** 2 where labels are apart: a page that knows 1 alone would go on without them */
const VERSIONS = { whole: 1, labelsApart: 2 } as const;

export const LabelsSchema = v.pipe(v.array(RulePairSchema), v.maxLength(RULE_LABELS.max));
/** until 2026-11-30 every snapshot had them in its state */
const EarlierStateSchema = v.object({ rulePairs: v.optional(LabelsSchema, []) });

const StoredSchema = v.object({
  version: v.picklist(Object.values(VERSIONS)),
  /** absent where the spec is whole */
  lists: v.exactOptional(v.literal('apart')),
  spec: v.unknown(),
  /** or how many are apart; absent where there are none, and in earlier files */
  labels: v.exactOptional(v.union([LabelsSchema, v.pipe(v.number(), v.safeInteger(), v.minValue(1))])),
  corpus: v.object({
    origin: v.variant('kind', [
      v.object({ kind: v.literal('stories'), config: StorySchema, seed: SeedSchema }),
      v.object({ kind: v.literal('text'), config: TextSchema, seed: SeedSchema }),
    ]),
    tokenizer: TokenizerSchema,
  }),
  memory: v.object({
    elapsedMs: v.pipe(v.number(), v.finite(), v.minValue(0)),
    latest: v.record(v.pipe(v.string(), v.check(isMetricId)), v.number()),
    checkpointId: v.nullable(v.string()),
    arithmetic: v.exactOptional(v.picklist(ARITHMETICS)),
    kernels: v.exactOptional(v.picklist(KERNEL_STYLES)),
    trunk: v.exactOptional(TrunkSchema),
  }),
  state: v.unknown(),
});

function encode({ corpus, memory, saved }: StoredRun, told: object): Uint8Array {
  const text = JSON.stringify({ version: VERSIONS.whole, ...told, corpus, memory, state: saved.state });
  return encodeSafetensors(saved.tensors, { [RUN_KEY]: text });
}

/** A file that can be read without anything else. */
export const encodeRun = (run: StoredRun): Uint8Array =>
  encode(run, { spec: run.spec, ...(run.labels.length > 0 && { labels: run.labels }) });

/** What changes of a run. @returns a file that is read together with what the run was made from */
export function encodeChanges(run: StoredRun): Uint8Array {
  const rest = Object.entries(run.spec).filter(([key]) => !LISTS.some((list) => list === key));
  const apart = run.labels.length > 0 && { version: VERSIONS.labelsApart, labels: run.labels.length };
  return encode(run, { lists: 'apart', spec: Object.fromEntries(rest), ...apart });
}

/** @param madeFrom what the run was made from; its settings may have changed since, its lists have not */
function withLists({ lists, spec }: { lists?: unknown; spec?: unknown }, madeFrom: RunSpec | undefined): unknown {
  if (lists === undefined) return spec;
  if (!madeFrom) throw new Error('what it was made from is missing');
  const kept = Object.entries(madeFrom).filter(([key]) => LISTS.some((list) => list === key));
  return { ...(spec as object), ...Object.fromEntries(kept) };
}

/** @param kept what the page has of them */
function labelsOf(
  { labels, state }: Pick<v.InferOutput<typeof StoredSchema>, 'labels' | 'state'>,
  kept: readonly RulePair[],
): readonly RulePair[] {
  if (typeof labels === 'object') return labels;
  if (labels === undefined) return v.parse(EarlierStateSchema, state).rulePairs;
  if (labels !== kept.length) throw new Error(`of its ${labels} pairs by the rule ${kept.length} are here`);
  return kept;
}

const corrupt = (message: string): never => {
  throw new LabError('storage/corrupt', `The stored run cannot be read: ${message}`);
};

/**
 * @param madeFrom needed where the file holds what changes only, and the labels too
 * @throws LabError('storage/corrupt') that names the place
 */
export function decodeRun(bytes: Uint8Array, madeFrom?: RunSpec, labels: readonly RulePair[] = []): StoredRun {
  let tensors: StoredRun['saved']['tensors'];
  let stored: unknown;
  let spec: RunSpec;
  try {
    const file = decodeSafetensors(bytes);
    tensors = file.tensors;
    stored = JSON.parse(file.metadata[RUN_KEY] ?? 'null');
    spec = parseStoredSpec(withLists((stored ?? {}) as object, madeFrom));
  } catch (error) {
    return corrupt((error as Error).message);
  }
  const result = v.safeParse(StoredSchema, stored);
  if (!result.success) return corrupt(firstIssue(result.issues));
  const { corpus, memory, state } = result.output;
  const tokenizer: TokenizerData = corpus.tokenizer;
  const origin = { origin: corpus.origin, tokenizer };
  try {
    const whole = labelsOf(result.output, labels);
    return { spec, labels: whole, corpus: origin, memory: memory as RunMemory, saved: { tensors, state } };
  } catch (error) {
    return corrupt((error as Error).message);
  }
}

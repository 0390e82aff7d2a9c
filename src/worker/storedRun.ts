/** A run as a file: its tensors as safetensors, everything else as JSON in the metadata. */
import * as v from 'valibot';
import { ARITHMETICS, KERNEL_STYLES } from '../contract/config';
import type { RunSpec } from '../contract/domain';
import { LabError } from '../contract/errors';
import { isMetricId } from '../contract/labels';
import type { TokenizerData } from '../core/text/corpus';
import type { SavedRun } from '../core/train/snapshot';
import { decodeSafetensors, encodeSafetensors } from '../formats/safetensors';
import { StorySchema, TextSchema } from '../formats/schemas';
import type { CorpusMemory } from './corpora';
import type { RunMemory } from './driver';
import { firstIssue, parseStoredSpec, SeedSchema } from './schemas';

export interface StoredRun {
  spec: RunSpec;
  corpus: CorpusMemory;
  memory: RunMemory;
  saved: SavedRun<unknown>;
}

const KEY = 'rlhfLabRun';
const VERSION = 1;

const tokenId = v.pipe(v.number(), v.integer(), v.minValue(0));
const StoredSchema = v.object({
  version: v.literal(VERSION),
  spec: v.unknown(),
  corpus: v.object({
    origin: v.variant('kind', [
      v.object({ kind: v.literal('stories'), config: StorySchema, seed: SeedSchema }),
      v.object({ kind: v.literal('text'), config: TextSchema, seed: SeedSchema }),
    ]),
    tokenizer: v.object({
      kind: v.picklist(['word', 'char', 'bpe']),
      tokens: v.array(v.string()),
      merges: v.optional(v.array(v.tuple([tokenId, tokenId]))),
    }),
  }),
  memory: v.object({
    elapsedMs: v.pipe(v.number(), v.finite(), v.minValue(0)),
    latest: v.record(v.pipe(v.string(), v.check(isMetricId)), v.number()),
    checkpointId: v.nullable(v.string()),
    arithmetic: v.exactOptional(v.picklist(ARITHMETICS)),
    kernels: v.exactOptional(v.picklist(KERNEL_STYLES)),
  }),
  state: v.unknown(),
});

export function encodeRun({ spec, corpus, memory, saved }: StoredRun): Uint8Array {
  const text = JSON.stringify({ version: VERSION, spec, corpus, memory, state: saved.state });
  return encodeSafetensors(saved.tensors, { [KEY]: text });
}

const corrupt = (message: string): never => {
  throw new LabError('storage/corrupt', `The stored run cannot be read: ${message}`);
};

/** @throws LabError('storage/corrupt') that names the place */
export function decodeRun(bytes: Uint8Array): StoredRun {
  let tensors: StoredRun['saved']['tensors'];
  let stored: unknown;
  let spec: RunSpec;
  try {
    const file = decodeSafetensors(bytes);
    tensors = file.tensors;
    stored = JSON.parse(file.metadata[KEY] ?? 'null');
    spec = parseStoredSpec((stored as { spec?: unknown } | null)?.spec);
  } catch (error) {
    return corrupt((error as Error).message);
  }
  const result = v.safeParse(StoredSchema, stored);
  if (!result.success) return corrupt(firstIssue(result.issues));
  const { corpus, memory, state } = result.output;
  const tokenizer = corpus.tokenizer as TokenizerData;
  return { spec, corpus: { origin: corpus.origin, tokenizer }, memory: memory as RunMemory, saved: { tensors, state } };
}

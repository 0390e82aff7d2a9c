/**
 * A translator in the middle of its training as a file: tensors as safetensors, everything else as JSON in the
 * metadata.
 */
import * as v from 'valibot';
import { LabError } from '../contract/errors';
import { isMetricId, type MetricValues } from '../contract/labels';
import type { MetricPoint } from '../contract/observations';
import type { NamedTensors } from '../core/model/causalNetwork';
import { decodeSafetensors, encodeSafetensors } from '../formats/safetensors';
import { IndexSchema, parse, SeedSchema } from './schemas';

export interface StoredTranslator {
  seed: number;
  step: number;
  elapsedMs: number;
  /** one a step, from the first */
  points: MetricPoint[];
  tensors: NamedTensors;
}

const KEY = 'rlhfLabTranslator';
const VERSION = 1;

const finite = v.pipe(v.number(), v.finite());
const elapsedMs = v.pipe(finite, v.minValue(0));
const values = v.custom<MetricValues>((value) =>
  v.is(v.record(v.pipe(v.string(), v.check(isMetricId)), finite), value),
);
const StoredSchema = v.object({
  version: v.literal(VERSION),
  seed: SeedSchema,
  step: IndexSchema,
  elapsedMs,
  points: v.array(v.object({ step: IndexSchema, elapsedMs, values })),
});

export const encodeTranslator = ({ tensors, ...rest }: StoredTranslator): Uint8Array =>
  encodeSafetensors(tensors, { [KEY]: JSON.stringify({ version: VERSION, ...rest }) });

/** @throws LabError('storage/corrupt') that names the place */
export function decodeTranslator(bytes: Uint8Array): StoredTranslator {
  try {
    const { tensors, metadata } = decodeSafetensors(bytes);
    const { version: _, ...rest } = parse(StoredSchema, JSON.parse(metadata[KEY] ?? 'null'));
    return { ...rest, tensors };
  } catch (error) {
    throw new LabError('storage/corrupt', `The stored translator cannot be read: ${(error as Error).message}`);
  }
}

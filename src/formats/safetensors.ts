/**
 * The safetensors file format: eight bytes with the header's length, a JSON header that names every tensor with its
 * type, shape and place, then the numbers. Simple enough to check completely before a single weight is touched.
 * https://huggingface.co/docs/safetensors
 */

import * as v from 'valibot';
import type { NamedTensors } from '../contract/checkpoint';
import { LabError } from '../contract/errors';
import { countOf } from '../contract/numbers';
import { fromHalves, toHalf } from './halfFloat';
import { duplicateKey } from './json';
import { formatNameOf } from './signatures';

export type StoredType = 'F32' | 'F16';
const BYTES: Record<StoredType, number> = { F32: 4, F16: 2 };
const METADATA = '__metadata__';
const LENGTH_BYTES = 8;

const wholeNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const entrySchema = v.strictObject({
  dtype: v.picklist(['F32', 'F16']),
  shape: v.pipe(v.array(wholeNumber), v.maxLength(8)),
  data_offsets: v.tuple([wholeNumber, wholeNumber]),
});
type Entry = v.InferOutput<typeof entrySchema>;

const fail = (message: string): never => {
  throw new LabError('file/checkpoint', message);
};
const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);

/**
 * @param metadata strings only, as the format wants it
 * @param dtype F16 halves the file and rounds every number to 11 significant bits
 */
export function encodeSafetensors(
  tensors: NamedTensors,
  metadata: Record<string, string>,
  dtype: StoredType = 'F32',
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { [METADATA]: metadata };
  let end = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    const begin = end;
    end += data.length * BYTES[dtype];
    header[name] = { dtype, shape, data_offsets: [begin, end] };
  }
  const { file, start } = fileWith(header, end);
  writeNumbers(file, start, tensors, dtype);
  return file;
}

/** @returns a file with this header, and room for the numbers from `start` on */
function fileWith(
  header: Record<string, unknown>,
  numbersBytes: number,
): { file: Uint8Array<ArrayBuffer>; start: number } {
  const encoded = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = Math.ceil(encoded.length / 8) * 8; // padded with spaces, so that the numbers are aligned
  const start = LENGTH_BYTES + headerBytes;
  const file = new Uint8Array(start + numbersBytes).fill(0x20, LENGTH_BYTES, start);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.set(encoded, LENGTH_BYTES);
  return { file, start };
}

/** @returns the same file with other metadata; no number is touched, whatever its type */
export function withMetadata(bytes: Uint8Array, metadata: Record<string, string>): Uint8Array<ArrayBuffer> {
  const { header, start } = readHeader(bytes);
  const numbers = bytes.subarray(start);
  const copy = fileWith({ ...header, [METADATA]: metadata }, numbers.length);
  copy.file.set(numbers, copy.start);
  return copy.file;
}

/** @returns the tensors of a file as they lie in it, without its header */
export const numbersOf = (bytes: Uint8Array): Uint8Array => bytes.subarray(readHeader(bytes).start);

/** Float32 goes over byte by byte: the format is little-endian, and so is every machine that runs WebAssembly. */
function writeNumbers(file: Uint8Array<ArrayBuffer>, start: number, tensors: NamedTensors, dtype: StoredType): void {
  let at = start;
  for (const { data } of Object.values(tensors)) {
    const numbers = dtype === 'F32' ? data : Uint16Array.from(data, toHalf);
    file.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength), at);
    at += numbers.byteLength;
  }
}

function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; start: number } {
  const size = countOf(bytes.length, 'byte');
  if (bytes.length < LENGTH_BYTES) return fail(`the file has ${size}, a safetensors file has at least 8`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const start = LENGTH_BYTES + length;
  if (start > bytes.length) {
    const other = formatNameOf(bytes);
    if (other !== null) return fail(`it is ${other}, and no safetensors file`);
    return fail(`its first eight bytes announce a header longer than the file (${size}), which is impossible`);
  }
  return { header: headerIn(bytes.subarray(LENGTH_BYTES, start)), start };
}

function headerIn(bytes: Uint8Array): Record<string, unknown> {
  const noObject = 'the header (bytes 8 and on) is not a JSON object';
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    header = JSON.parse(text);
  } catch {
    return fail(noObject);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) return fail(noObject);
  const twice = duplicateKey(text);
  return twice === null ? (header as Record<string, unknown>) : fail(`tensor ${twice} stands twice in the header`);
}

/** what the lab does not read, or what is no entry at all */
const troubleOf = (issue: v.BaseIssue<unknown>): string =>
  v.getDotPath(issue) === 'dtype' && typeof issue.input === 'string'
    ? `its numbers are ${issue.input}, and the lab reads F32 and F16`
    : `"${v.getDotPath(issue) ?? 'entry'}" is not usable`;

function readEntry(name: string, value: unknown, available: number): Entry {
  const result = v.safeParse(entrySchema, value);
  if (!result.success) return fail(`tensor ${name}: ${troubleOf(result.issues[0])}`);
  const { dtype, shape, data_offsets } = result.output;
  const [begin, end] = data_offsets;
  if (end < begin || end > available)
    return fail(`tensor ${name}: bytes ${begin}–${end} lie outside the ${available} that the file has`);
  if (end - begin !== sizeOf(shape) * BYTES[dtype])
    return fail(`tensor ${name}: [${shape.join(',')}] of ${dtype} does not take ${end - begin} bytes`);
  return result.output;
}

/** the numbers fill the rest of the file without gaps or overlaps */
function checkCoverage(entries: readonly (readonly [string, Entry])[], available: number): void {
  const ranges = entries.map(([name, { data_offsets }]) => ({ name, begin: data_offsets[0], end: data_offsets[1] }));
  let at = 0;
  for (const { name, begin, end } of ranges.sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at) fail(`tensor ${name} begins at byte ${begin}, expected ${at}`);
    at = end;
  }
  if (at !== available) fail(`the tensors take ${at} bytes, the file has ${available}`);
}

function readNumbers(bytes: Uint8Array, start: number, { dtype, data_offsets: [begin, end] }: Entry): Float32Array {
  // a copy is aligned, wherever the file lies
  const { buffer } = new Uint8Array(bytes.subarray(start + begin, start + end));
  return dtype === 'F32' ? new Float32Array(buffer) : fromHalves(new Uint16Array(buffer));
}

export interface SafetensorsFile {
  metadata: Record<string, string>;
  /** by name */
  shapes: ReadonlyMap<string, readonly number[]>;
  /** reads the numbers of one tensor as float32; a file may be a gigabyte, and its tensors twice that */
  read(name: string): Float32Array;
}

/**
 * Reads all but the numbers, and checks that they are there.
 * @throws LabError('file/checkpoint') that names the place
 */
export function openSafetensors(bytes: Uint8Array): SafetensorsFile {
  const { header, start } = readHeader(bytes);
  const { [METADATA]: stored = {}, ...rest } = header;
  const metadata = v.safeParse(v.record(v.string(), v.string()), stored);
  if (!metadata.success) return fail('the metadata is not a table of strings');
  const entries = new Map(
    Object.entries(rest).map(([name, value]) => [name, readEntry(name, value, bytes.length - start)]),
  );
  checkCoverage([...entries], bytes.length - start);
  return {
    metadata: metadata.output,
    shapes: new Map([...entries].map(([name, { shape }]) => [name, shape])),
    read: (name) => readNumbers(bytes, start, entries.get(name) ?? fail(`tensor ${name} is missing`)),
  };
}

/** @returns all tensors as float32 */
export const tensorsOf = ({ shapes, read }: SafetensorsFile): NamedTensors =>
  Object.fromEntries([...shapes].map(([name, shape]) => [name, { shape: [...shape], data: read(name) }]));

/**
 * @returns all tensors as float32, and the file's metadata
 * @throws LabError('file/checkpoint') that names the place; nothing is returned in part
 */
export function decodeSafetensors(bytes: Uint8Array): { tensors: NamedTensors; metadata: Record<string, string> } {
  const file = openSafetensors(bytes);
  return { tensors: tensorsOf(file), metadata: file.metadata };
}

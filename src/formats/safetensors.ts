/**
 * The safetensors file format: eight bytes with the header's length, a JSON header that names every tensor with its
 * type, shape and place, then the numbers. Simple enough to check completely before a single weight is touched.
 * https://huggingface.co/docs/safetensors
 */

import * as v from 'valibot';
import type { NamedTensors, StoredTensors } from '../contract/checkpoint';
import { LabError } from '../contract/errors';
import { inWords, LIMITS } from '../contract/limits';
import { countOf } from '../contract/numbers';
import { fromBrains, fromHalves, toHalf } from './halfFloat';
import { duplicateKey } from './json';
import { FORMAT_HEAD, formatNameOf } from './signatures';

/** types in which the lab writes */
export type StoredType = 'F32' | 'F16';
/** types that the lab reads as numbers, and those that a file may hold beside them: bytes of one number */
const READABLE = { F32: 4, F16: 2, BF16: 2, F64: 8 } as const;
const BYTES = { ...READABLE, BOOL: 1, U8: 1, I8: 1, I16: 2, U16: 2, I32: 4, U32: 4, I64: 8, U64: 8 } as const;
type NumberType = keyof typeof BYTES;
const isReadable = (dtype: NumberType): dtype is keyof typeof READABLE => Object.hasOwn(READABLE, dtype);
const METADATA = '__metadata__';
const LENGTH_BYTES = 8;

const wholeNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const entrySchema = v.strictObject({
  dtype: v.picklist(Object.keys(BYTES) as NumberType[]),
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
  const shapes = new Map(Object.entries(tensors).map(([name, { shape }]) => [name, shape]));
  const { file, start } = emptyFile(shapes, metadata, dtype);
  let at = start;
  for (const { data } of Object.values(tensors)) at = writeNumbers(file, at, data, dtype);
  return file;
}

/**
 * The same of tensors that lie elsewhere, each read when its turn comes: beside the file one of them is in memory.
 * @param onRead called after each with the share of all bytes that is done
 */
export async function encodeStoredTensors(
  { shapes, inOrder, read }: StoredTensors,
  metadata: Record<string, string>,
  onRead: (share: number) => Promise<void> | void = () => {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { file, start } = emptyFile(shapes, metadata, 'F32');
  const places = new Map<string, number>();
  let at = start;
  for (const [name, shape] of shapes) {
    places.set(name, at);
    at += sizeOf(shape) * BYTES.F32;
  }
  let done = 0;
  for (const name of inOrder) {
    const place = places.get(name)!;
    done += writeNumbers(file, place, await read(name), 'F32') - place;
    await onRead(done / (file.length - start));
  }
  return file;
}

/** @returns a file with a header for these tensors, without their numbers, which begin at `start` */
function emptyFile(shapes: StoredTensors['shapes'], metadata: Record<string, string>, dtype: StoredType) {
  const header: Record<string, unknown> = { [METADATA]: metadata };
  let end = 0;
  for (const [name, shape] of shapes) {
    const begin = end;
    end += sizeOf(shape) * BYTES[dtype];
    header[name] = { dtype, shape, data_offsets: [begin, end] };
  }
  return fileWith(header, end);
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

/**
 * Float32 goes over byte by byte: the format is little-endian, and so is every machine that runs WebAssembly.
 * @returns where the next tensor begins
 */
function writeNumbers(file: Uint8Array<ArrayBuffer>, at: number, data: Float32Array, dtype: StoredType): number {
  const numbers = dtype === 'F32' ? data : Uint16Array.from(data, toHalf);
  file.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength), at);
  return at + numbers.byteLength;
}

/**
 * @param head first bytes of the file
 * @param size of the file, in bytes
 * @returns where the numbers begin
 */
function startOfNumbers(head: Uint8Array, size: number): number {
  const bytes = countOf(size, 'byte');
  if (size < LENGTH_BYTES) return fail(`the file has ${bytes}, a safetensors file has at least 8`);
  const start = LENGTH_BYTES + Number(new DataView(head.buffer, head.byteOffset).getBigUint64(0, true));
  if (start === LENGTH_BYTES) return fail(`its first eight bytes announce no header, in a file of ${bytes}`);
  if (start <= size) return start;
  const other = formatNameOf(head);
  if (other !== null) return fail(`it is ${other}, and no safetensors file`);
  return fail(`its first eight bytes announce a header longer than the file (${bytes}), which is impossible`);
}

function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; start: number } {
  const start = startOfNumbers(bytes, bytes.length);
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
  if (twice === null) return header as Record<string, unknown>;
  return fail(`${Object.hasOwn(header, twice) ? 'tensor ' : 'the key '}${twice} stands twice in the header`);
}

const numbersAre = (type: string): string => `its numbers are ${type}, and the lab reads F32, F16, BF16 and F64`;

/** what no lab reads, or what is no entry at all */
const troubleOf = (issue: v.BaseIssue<unknown>): string =>
  v.getDotPath(issue) === 'dtype' && typeof issue.input === 'string'
    ? numbersAre(issue.input)
    : `"${v.getDotPath(issue) ?? 'entry'}" is not usable`;

function readEntry(name: string, value: unknown, available: number): Entry {
  const result = v.safeParse(entrySchema, value);
  if (!result.success) return fail(`tensor ${name}: ${troubleOf(result.issues[0])}`);
  const { dtype, shape, data_offsets } = result.output;
  const [begin, end] = data_offsets;
  if (end < begin || end > available)
    return fail(
      `tensor ${name}: bytes ${inWords(begin)}–${inWords(end)} lie outside the ${inWords(available)} that the file has`,
    );
  if (end - begin !== sizeOf(shape) * BYTES[dtype])
    return fail(`tensor ${name}: [${shape.join(',')}] of ${dtype} does not take ${countOf(end - begin, 'byte')}`);
  return result.output;
}

/** the numbers fill the rest of the file without gaps or overlaps */
function checkCoverage(entries: readonly (readonly [string, Entry])[], available: number): void {
  const ranges = entries.map(([name, { data_offsets }]) => ({ name, begin: data_offsets[0], end: data_offsets[1] }));
  let at = 0;
  for (const { name, begin, end } of ranges.sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at) fail(`tensor ${name} begins at byte ${inWords(begin)}, expected ${inWords(at)}`);
    at = end;
  }
  if (at !== available) fail(`the tensors take ${countOf(at, 'byte')}, the file has ${inWords(available)}`);
}

const AS_NUMBERS: Record<Exclude<keyof typeof READABLE, 'F32'>, (buffer: ArrayBuffer) => Float32Array> = {
  F16: (buffer) => fromHalves(new Uint16Array(buffer)),
  BF16: (buffer) => fromBrains(new Uint16Array(buffer)),
  F64: (buffer) => Float32Array.from(new Float64Array(buffer)),
};

/** @returns what is said of numbers that are not read; null of those that are */
const typeTrouble = (name: string, dtype: NumberType): string | null =>
  isReadable(dtype) ? null : `tensor ${name}: ${numbersAre(dtype)}`;

/**
 * @param bytes of this tensor alone
 * @returns its numbers, where they can be without a copy those of the file itself: nobody writes into them
 */
function numbersIn(name: string, dtype: NumberType, bytes: Uint8Array): Float32Array {
  if (!isReadable(dtype)) return fail(typeTrouble(name, dtype)!);
  const isAligned = dtype === 'F32' && bytes.byteOffset % BYTES.F32 === 0;
  const { buffer, byteOffset, byteLength } = isAligned ? bytes : new Uint8Array(bytes);
  return dtype === 'F32'
    ? new Float32Array(buffer, byteOffset, byteLength / BYTES.F32)
    : AS_NUMBERS[dtype](buffer as ArrayBuffer);
}

interface Contents {
  metadata: Record<string, string>;
  shapes: ReadonlyMap<string, readonly number[]>;
  /** @throws when there is none of this name */
  entry(name: string): Entry;
}

/** @param available bytes of numbers that the file has */
function contentsOf(header: Record<string, unknown>, available: number): Contents {
  const { [METADATA]: stored = {}, ...rest } = header;
  const metadata = v.safeParse(v.record(v.string(), v.string()), stored);
  if (!metadata.success) return fail('the metadata is not a table of strings');
  const entries = new Map(Object.entries(rest).map(([name, value]) => [name, readEntry(name, value, available)]));
  checkCoverage([...entries], available);
  return {
    metadata: metadata.output,
    shapes: new Map([...entries].map(([name, { shape }]) => [name, shape])),
    entry: (name) => entries.get(name) ?? fail(`tensor ${name} is missing`),
  };
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
  const { metadata, shapes, entry } = contentsOf(header, bytes.length - start);
  const read = (name: string): Float32Array => {
    const { dtype, data_offsets } = entry(name);
    return numbersIn(name, dtype, bytes.subarray(start + data_offsets[0], start + data_offsets[1]));
  };
  return { metadata, shapes, read };
}

/** Bytes that lie somewhere else, a file on a disk or of a visitor: read a part at a time. */
export interface ByteSource {
  size: number;
  /** @returns the bytes from `begin` up to `end`, which lie within it */
  read(begin: number, end: number): Promise<Uint8Array>;
}

/**
 * The same for a file that is never whole in memory.
 * @throws LabError('file/checkpoint') that names the place
 */
export async function openStoredTensors(source: ByteSource): Promise<StoredTensors> {
  const start = startOfNumbers(await source.read(0, Math.min(source.size, FORMAT_HEAD)), source.size);
  if (start > LIMITS.headerBytes) return fail(`its header has ${countOf(start, 'byte')}, and none has so many`);
  const header = headerIn(await source.read(LENGTH_BYTES, start));
  const { shapes, entry } = contentsOf(header, source.size - start);
  const read = async (name: string): Promise<Float32Array> => {
    const { dtype, data_offsets } = entry(name);
    return numbersIn(name, dtype, await source.read(start + data_offsets[0], start + data_offsets[1]));
  };
  const whyNot = (name: string): string | null => typeTrouble(name, entry(name).dtype);
  const inOrder = [...shapes.keys()].sort((one, other) => entry(one).data_offsets[0] - entry(other).data_offsets[0]);
  return { shapes, inOrder, read, whyNot };
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

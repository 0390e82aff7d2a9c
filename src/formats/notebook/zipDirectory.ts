/**
 * The table of contents of a zip file, which stands at its end. It is read first and judged whole: how many files, how
 * large each says it is, where its bytes lie and what it is called, so that no byte is unpacked, and no memory taken,
 * for a file that was made to do harm.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
import { LabError } from '../../contract/errors';
import { inWords, LIMITS, shortened } from '../../contract/limits';
import type { ByteSource } from '../safetensors';

/** One file of a zip, as the table of contents has it. */
export interface ZipEntry {
  path: string;
  /** as it is packed: stored as it is, or by deflate; null for any other way */
  packing: 'stored' | 'deflated' | null;
  crc: number;
  /** bytes in the zip, and unpacked */
  packedSize: number;
  size: number;
  /** of its own head, from the beginning of the file */
  at: number;
}

export const SIGNATURE = { entry: 0x04034b50, listed: 0x02014b50, end: 0x06054b50 } as const;
/** of the form for files beyond 4 GB: where its end is told, that end, and what a line adds in it */
const LARGE = { whereEnd: 0x07064b50, end: 0x06064b50, field: 1 } as const;
const [WHERE_END_BYTES, LARGE_END_BYTES] = [20, 56];
/** bytes of a head without its name and extras */
export const HEAD_BYTES = 30;
const LISTED_BYTES = 46;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const LONGEST_PATH = 200;
/** deflate turns no byte into more than this many */
const MOST_INFLATION = 1032;
/** what stands in a field whose number is elsewhere, in a form for files beyond 4 GB */
const ELSEWHERE = 0xffffffff;
const ENCRYPTED = 1;
const PACKINGS: Readonly<Record<number, ZipEntry['packing']>> = { 0: 'stored', 8: 'deflated' };

export const refuse = (message: string): never => {
  throw new LabError('file/notebook', message);
};

/** What a zip may have, and who says that it has more. */
export interface ZipLimits {
  /** what it should be, for a message */
  noun: string;
  files: number;
  /** of itself */
  bytes: number;
  /** unpacked */
  contents: number;
  /** @throws always */
  refuse(message: string): never;
}

const OF_A_NOTEBOOK: ZipLimits = {
  noun: 'a notebook',
  files: LIMITS.notebookFiles,
  bytes: LIMITS.notebookBytes,
  contents: LIMITS.notebookContents,
  refuse,
};
const mb = (bytes: number): string => `${inWords(Math.round(bytes / 2 ** 20))} MB`;

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

interface End {
  count: number;
  size: number;
  at: number;
}

/** As it stands there. */
interface ToldEnd extends End {
  isPart: boolean;
  /** from the beginning of the file, of the record that tells it */
  toldAt: number;
}

const shortEnd = (view: DataView, at: number, toldAt: number): ToldEnd => {
  const [disk, diskOfTable, here, count] = [4, 6, 8, 10].map((field) => view.getUint16(at + field, true));
  const [size, begin] = [12, 16].map((field) => view.getUint32(at + field, true));
  return { count: count!, size: size!, at: begin!, isPart: disk !== 0 || diskOfTable !== 0 || here !== count, toldAt };
};

const large = (view: DataView, at: number): number => Number(view.getBigUint64(at, true));

/** @returns what stands before the end where numbers are too large for it; null where they are not */
async function largeEnd(source: ByteSource, endsAt: number): Promise<ToldEnd | null> {
  if (endsAt < WHERE_END_BYTES + LARGE_END_BYTES) return null;
  const where = viewOf(await source.read(endsAt - WHERE_END_BYTES, endsAt));
  if (where.getUint32(0, true) !== LARGE.whereEnd) return null;
  const toldAt = large(where, 8);
  if (toldAt + LARGE_END_BYTES > endsAt - WHERE_END_BYTES) return null;
  const view = viewOf(await source.read(toldAt, toldAt + LARGE_END_BYTES));
  if (view.getUint32(0, true) !== LARGE.end) return null;
  const [here, count, size, at] = [24, 32, 40, 48].map((field) => large(view, field));
  const isPart = view.getUint32(16, true) !== 0 || view.getUint32(20, true) !== 0 || here !== count;
  return { count: count!, size: size!, at: at!, isPart, toldAt };
}

/** It stands last in the file, but for a comment whose length it says. */
async function findEnd(source: ByteSource, limits: ZipLimits): Promise<End> {
  const from = Math.max(0, source.size - END_BYTES - LONGEST_COMMENT);
  const tail = await source.read(from, source.size);
  const view = viewOf(tail);
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) !== SIGNATURE.end) continue;
    if (at + END_BYTES + view.getUint16(at + 20, true) !== tail.length) continue;
    const large = await largeEnd(source, from + at);
    return endIn(large ?? shortEnd(view, at, from + at), limits);
  }
  return limits.refuse(
    `its table of contents, which stands at the end, is missing: the file was cut, or is not ${limits.noun}`,
  );
}

function endIn({ count, size, at, isPart, toldAt }: ToldEnd, { refuse, files, noun }: ZipLimits): End {
  if (isPart) return refuse('it is one part of several');
  if (size === ELSEWHERE || at === ELSEWHERE || count === 0xffff) return refuse(`it is larger than ${noun} can be`);
  if (at + size !== toldAt) return refuse('its table of contents is not where it says');
  if (count > files) return refuse(`it holds ${inWords(count)} files, and ${noun} has ${inWords(files)} at most`);
  return { count, size, at };
}

/** @returns numbers of a line, those that are too large for it from what it adds */
function withLarge(numbers: readonly number[], extra: Uint8Array): number[] {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== LARGE.field) continue;
    const end = Math.min(extra.length, at + 4 + view.getUint16(at + 2, true));
    let next = at + 4;
    return numbers.map((number) => {
      if (number !== ELSEWHERE || next + 8 > end) return number;
      next += 8;
      return large(view, next - 8);
    });
  }
  return [...numbers];
}

/** @returns one line of the table, and where the next begins */
function entryIn(table: Uint8Array, at: number, { refuse }: ZipLimits): { entry: ZipEntry; next: number } {
  const view = viewOf(table);
  if (at + LISTED_BYTES > table.length || view.getUint32(at, true) !== SIGNATURE.listed)
    return refuse('its table of contents is damaged');
  const flags = view.getUint16(at + 8, true);
  const [nameLength, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
  const next = at + LISTED_BYTES + nameLength! + extra! + comment!;
  if (next > table.length) return refuse('its table of contents is damaged');
  const name = table.subarray(at + LISTED_BYTES, at + LISTED_BYTES + nameLength!);
  const added = table.subarray(at + LISTED_BYTES + nameLength!, at + LISTED_BYTES + nameLength! + extra!);
  const told = [24, 20, 42].map((field) => view.getUint32(at + field, true));
  const [size, packedSize, begin] = withLarge(told, added);
  const entry: ZipEntry = {
    path: new TextDecoder().decode(name),
    packing: flags & ENCRYPTED ? null : (PACKINGS[view.getUint16(at + 10, true)] ?? null),
    crc: view.getUint32(at + 16, true),
    packedSize: packedSize!,
    size: size!,
    at: begin!,
  };
  return { entry, next };
}

const isOutside = (path: string): boolean =>
  path.startsWith('/') ||
  path.includes('\\') ||
  path.includes('\0') ||
  path.split('/').includes('..') ||
  /^\w:/.test(path);

function checkName({ path }: ZipEntry, known: Set<string>, { refuse }: ZipLimits): void {
  const shown = shortened(path);
  if (path.length > LONGEST_PATH) refuse(`a name in it is too long: ${shown}`);
  if (isOutside(path)) refuse(`a name in it leads out of it: ${shown}`);
  const plain = path.toLowerCase();
  if (known.has(plain)) refuse(`${shown} stands in it twice`);
  known.add(plain);
}

function checkSize({ path, packing, packedSize, size }: ZipEntry, most: number, { refuse }: ZipLimits): void {
  if (size > most) refuse(`${path} would be ${mb(size)} unpacked, and ${mb(most)} is the most`);
  if (packing === 'stored' && size !== packedSize) refuse(`${path} says two sizes of itself`);
  if (packing === 'deflated' && size > packedSize * MOST_INFLATION)
    refuse(`${path} cannot become as large as it says: ${mb(size)} from ${inWords(packedSize)} bytes`);
}

/** no two share a byte, and none reaches into the table */
function checkPlaces(entries: readonly ZipEntry[], tableAt: number, { refuse }: ZipLimits): void {
  const inOrder = [...entries].sort((one, other) => one.at - other.at);
  for (const [i, { at, path, packedSize }] of inOrder.entries()) {
    const end = at + HEAD_BYTES + path.length + packedSize;
    if (end > (inOrder[i + 1]?.at ?? tableAt)) refuse(`${path} lies over another part of the file`);
  }
}

/**
 * @param mostOf bytes that a file of this path may have unpacked
 * @returns what is in a zip, in the order of its table; folders are passed over
 * @param limits of a notebook unless given
 * @throws LabError('file/notebook'), or what the limits throw, for whatever no page has written
 */
export async function readDirectory(
  source: ByteSource,
  mostOf: (path: string) => number,
  limits: ZipLimits = OF_A_NOTEBOOK,
): Promise<ZipEntry[]> {
  const { refuse, noun, bytes } = limits;
  if (source.size > bytes) return refuse(`it has ${mb(source.size)}, and ${noun} ${mb(bytes)} at most`);
  const end = await findEnd(source, limits);
  const table = await source.read(end.at, end.at + end.size);
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let i = 0; i < end.count; i++) {
    const { entry, next } = entryIn(table, at, limits);
    entries.push(entry);
    at = next;
  }
  if (at !== table.length) return refuse('its table of contents is damaged');
  return checked(entries, end.at, mostOf, limits);
}

function checked(
  entries: ZipEntry[],
  tableAt: number,
  mostOf: (path: string) => number,
  limits: ZipLimits,
): ZipEntry[] {
  const names = new Set<string>();
  for (const entry of entries) checkName(entry, names, limits);
  for (const entry of entries) checkSize(entry, mostOf(entry.path), limits);
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total > limits.contents)
    limits.refuse(`it would be ${mb(total)} unpacked, and ${mb(limits.contents)} is the most`);
  checkPlaces(entries, tableAt, limits);
  return entries.filter(({ path }) => !path.endsWith('/'));
}

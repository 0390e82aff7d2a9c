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

/** It stands last in the file, but for a comment whose length it says. */
async function findEnd(source: ByteSource, limits: ZipLimits): Promise<End> {
  const from = Math.max(0, source.size - END_BYTES - LONGEST_COMMENT);
  const tail = await source.read(from, source.size);
  const view = viewOf(tail);
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) !== SIGNATURE.end) continue;
    if (at + END_BYTES + view.getUint16(at + 20, true) !== tail.length) continue;
    return endIn(view, at, from + at, limits);
  }
  return limits.refuse(
    `its table of contents, which stands at the end, is missing: the file was cut, or is not ${limits.noun}`,
  );
}

function endIn(view: DataView, at: number, endsAt: number, { refuse, files, noun }: ZipLimits): End {
  const [disk, diskOfTable, here, count] = [4, 6, 8, 10].map((field) => view.getUint16(at + field, true));
  const [size, begin] = [12, 16].map((field) => view.getUint32(at + field, true)) as [number, number];
  if (disk !== 0 || diskOfTable !== 0 || here !== count) return refuse('it is one part of several');
  if (size === ELSEWHERE || begin === ELSEWHERE || count === 0xffff) return refuse(`it is larger than ${noun} can be`);
  if (begin + size !== endsAt) return refuse('its table of contents is not where it says');
  if (count! > files) return refuse(`it holds ${inWords(count!)} files, and ${noun} has ${inWords(files)} at most`);
  return { count: count!, size, at: begin };
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
  const [crc, packedSize, size] = [16, 20, 24].map((field) => view.getUint32(at + field, true));
  const entry: ZipEntry = {
    path: new TextDecoder().decode(name),
    packing: flags & ENCRYPTED ? null : (PACKINGS[view.getUint16(at + 10, true)] ?? null),
    crc: crc!,
    packedSize: packedSize!,
    size: size!,
    at: view.getUint32(at + 42, true),
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

/**
 * A ZIP archive that is read by its directory, which lies at the end of the file: what is stored is read where it lies,
 * what is packed is unpacked when it is asked for, and never to more than the directory says.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
import { Inflate } from 'fflate';
import { LabError } from '../contract/errors';
import { shortened } from '../contract/limits';
import type { FileSet } from './fileSet';
import type { ByteSource } from './safetensors';
import { megabytes } from './text';

const [END_SIGN, ENTRY_SIGN] = [0x06054b50, 0x02014b50];
const [END_BYTES, ENTRY_BYTES, LOCAL_BYTES] = [22, 46, 30];
/** a comment may stand behind the end */
const LONGEST_END = END_BYTES + 0xffff;
const LONGEST_DIRECTORY = 16 * 2 ** 20;
/** unpacked it is a thousand times as much at most */
const PACKED_AT_ONCE = 2 ** 16;
const [STORED, PACKED] = [0, 8];
/** stands for a number in a larger form, which archives over 4 GB need */
const ELSEWHERE = 0xffffffff;

interface Entry {
  /** how it is packed */
  method: number;
  encrypted: boolean;
  packedSize: number;
  size: number;
  /** of its own head */
  at: number;
}

const refuse = (message: string): never => {
  throw new LabError('file/checkpoint', message);
};
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const damaged = (): never => refuse('the ZIP archive is damaged or cut off: pack the folder again');

/** @returns the bytes of the directory */
async function directoryOf(source: ByteSource): Promise<Uint8Array> {
  const from = Math.max(0, source.size - LONGEST_END);
  const tail = viewOf(await source.read(from, source.size));
  let at = tail.byteLength - END_BYTES;
  while (at >= 0 && tail.getUint32(at, true) !== END_SIGN) at--;
  if (at < 0) return damaged();
  const [size, begin] = [tail.getUint32(at + 12, true), tail.getUint32(at + 16, true)];
  if (begin === ELSEWHERE) return refuse('the ZIP archive is over 4 GB: drop the files of the folder instead');
  if (size > LONGEST_DIRECTORY || begin + size > source.size) return damaged();
  return source.read(begin, begin + size);
}

/** @returns entries by their paths, folders left out */
function entriesIn(directory: Uint8Array): Map<string, Entry> {
  const view = viewOf(directory);
  const entries = new Map<string, Entry>();
  for (let at = 0; at + ENTRY_BYTES <= view.byteLength && view.getUint32(at, true) === ENTRY_SIGN; ) {
    const short = (offset: number) => view.getUint16(at + offset, true);
    const long = (offset: number) => view.getUint32(at + offset, true);
    const nameBytes = directory.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + short(28));
    const name = new TextDecoder().decode(nameBytes);
    const entry = {
      method: short(10),
      encrypted: (short(8) & 1) === 1,
      packedSize: long(20),
      size: long(24),
      at: long(42),
    };
    if (!name.endsWith('/')) entries.set(name, entry);
    at += ENTRY_BYTES + short(28) + short(30) + short(32);
  }
  return entries;
}

async function startOfNumbers(source: ByteSource, { at, packedSize }: Entry): Promise<number> {
  if (at + LOCAL_BYTES > source.size) return damaged();
  const head = viewOf(await source.read(at, at + LOCAL_BYTES));
  const start = at + LOCAL_BYTES + head.getUint16(26, true) + head.getUint16(28, true);
  return start + packedSize > source.size ? damaged() : start;
}

/** @throws when it is not as long as the directory says */
async function unpack(source: ByteSource, start: number, { packedSize, size }: Entry): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let [written, ended] = [0, false];
  const inflate = new Inflate((chunk, final) => {
    if (written + chunk.length > size)
      refuse('the ZIP archive unpacks to more than it says: it is damaged, or made to fill the memory');
    bytes.set(chunk, written);
    written += chunk.length;
    ended = final;
  });
  for (let from = 0; from < packedSize && !ended; from += PACKED_AT_ONCE) {
    const to = Math.min(packedSize, from + PACKED_AT_ONCE);
    const packed = await source.read(start + from, start + to);
    try {
      inflate.push(packed, to === packedSize);
    } catch (error) {
      if (error instanceof LabError) throw error;
      return damaged();
    }
  }
  return written === size ? bytes : damaged();
}

const partOf = (source: ByteSource, start: number, size: number): ByteSource => ({
  size,
  read: (begin, end) => source.read(start + begin, start + end),
});

/**
 * @param most bytes that a file in it may have
 * @throws LabError('file/checkpoint') in words
 */
export async function openZip(source: ByteSource, most: number): Promise<FileSet> {
  const entries = entriesIn(await directoryOf(source));
  const open = async (name: string): Promise<ByteSource> => {
    const entry = entries.get(name) ?? refuse(`there is no ${shortened(name)} in the archive`);
    if (entry.encrypted) return refuse('the ZIP archive is locked with a password');
    if (entry.size > most)
      return refuse(
        `${shortened(name)} unpacks to ${megabytes(entry.size)}; the lab reads ${megabytes(most)} of it at most`,
      );
    const start = await startOfNumbers(source, entry);
    if (entry.method === STORED) return partOf(source, start, entry.packedSize);
    if (entry.method !== PACKED)
      return refuse(
        `${shortened(name)} is packed in a way that the lab does not read: pack the folder again as a plain ZIP`,
      );
    const bytes = await unpack(source, start, entry);
    return { size: bytes.length, read: async (begin, end) => bytes.subarray(begin, end) };
  };
  return { names: [...entries.keys()], open };
}

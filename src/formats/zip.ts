/** A ZIP archive that a visitor brought as files that came together: what is stored in it is read where it lies. */
import { LabError } from '../contract/errors';
import { LIMITS, shortened } from '../contract/limits';
import { countOf } from '../contract/numbers';
import type { FileSet } from './fileSet';
import { readDirectory, type ZipEntry, type ZipLimits } from './notebook/zipDirectory';
import { Damage, startOfBytes } from './notebook/zipEntry';
import type { ByteSource } from './safetensors';
import { megabytes } from './text';
import { unpackedSource } from './zipMember';

const refuse = (message: string): never => {
  throw new LabError('file/checkpoint', `the ZIP archive cannot be opened: ${message}`);
};

/** a model in F64 is twice as large as here, and folders hold more than one file */
const MOST: ZipLimits = {
  noun: 'an archive of a model',
  files: 2000,
  bytes: 8 * LIMITS.modelBytes,
  contents: 8 * LIMITS.modelBytes,
  refuse,
};

/** what so many equal bytes are packed for is to fill a memory: weights hardly shrink */
const BOMB = { bytes: 2 ** 26, times: 100 };

function checkPacking({ path, size, packedSize }: ZipEntry): void {
  const times = Math.round(size / Math.max(1, packedSize));
  if (size > BOMB.bytes && times > BOMB.times)
    refuse(
      `${shortened(path)} unpacks to ${megabytes(size)}, ${countOf(times, 'time', 'times')} what it takes there. No weights are so alike: give its files as they are`,
    );
}

/** called now and then while something is unpacked, with its name and the share that is; what it throws ends the work */
export type OnUnpacked = (path: string, done: number) => Promise<void> | void;

async function opened(source: ByteSource, entry: ZipEntry, onUnpacked: OnUnpacked): Promise<ByteSource> {
  const inWords = (error: unknown): never => {
    if (error instanceof Damage) return refuse(`${shortened(entry.path)}: ${error.message}`);
    throw error;
  };
  if (entry.packing === null)
    return refuse(`${shortened(entry.path)}: it is packed in a way that this page does not read`);
  if (entry.packing === 'stored') {
    const start = await startOfBytes(source, entry).catch(inWords);
    return { size: entry.size, read: (begin, end) => source.read(start + begin, start + end) };
  }
  checkPacking(entry);
  const told = (done: number) => onUnpacked(entry.path, done);
  const { size, read } = await unpackedSource(source, entry, told).catch(inWords);
  return { size, read: (begin, end) => read(begin, end).catch(inWords) };
}

/** what macOS puts beside each file */
const BESIDE = /^__MACOSX\/|(?:^|\/)(?:\._[^/]*|\.DS_Store)$/;

/**
 * Nothing is unpacked before it is asked for.
 * @throws LabError('file/checkpoint') in words
 */
export async function openZip(source: ByteSource, onUnpacked: OnUnpacked = () => {}): Promise<FileSet> {
  const directory = await readDirectory(source, () => 2 * LIMITS.modelBytes, MOST);
  const entries = new Map(directory.filter(({ path }) => !BESIDE.test(path)).map((entry) => [entry.path, entry]));
  return {
    names: [...entries.keys()],
    open: (name) => opened(source, entries.get(name) ?? refuse(`there is no ${shortened(name)} in it`), onUnpacked),
  };
}

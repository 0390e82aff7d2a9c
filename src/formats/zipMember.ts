/**
 * One packed file of an archive as bytes that lie somewhere else: unpacked as it is read, a piece at a time, so that a
 * gigabyte is never whole in memory beside what is made of it. Who reads on goes on; who reads what is past begins again.
 */
import { Inflate } from 'fflate';
import { crc32 } from './notebook/crc32';
import type { ZipEntry } from './notebook/zipDirectory';
import { Damage, startOfBytes } from './notebook/zipEntry';
import type { ByteSource } from './safetensors';

/** bytes that are read at a time, and those of them that are unpacked at a time: sixteen thousand become 16 MB at most */
const READ = 2 ** 20;
const PIECE = 2 ** 14;

/** How far a file is unpacked. */
class Unpacking {
  /** unpacked bytes that nobody has taken yet, of which the first is the one at `at` */
  private pieces: Uint8Array[] = [];
  at = 0;
  private made = 0;
  private sum = 0;
  private packedAt = 0;
  private readonly inflate = new Inflate((piece) => this.keep(piece));

  constructor(
    private readonly source: ByteSource,
    private readonly entry: ZipEntry,
    private readonly start: number,
  ) {}

  private keep(piece: Uint8Array): void {
    this.made += piece.length;
    if (this.made > this.entry.size) throw new Damage('it unpacks to more than it says');
    this.sum = crc32(piece, this.sum);
    if (piece.length > 0) this.pieces.push(piece);
  }

  /** unpacks on; @throws Damage where nothing more comes */
  private async more(): Promise<void> {
    const { packedSize, size, crc } = this.entry;
    if (this.packedAt === packedSize) throw new Damage('it ends too early');
    const end = Math.min(packedSize, this.packedAt + READ);
    const packed = await this.source.read(this.start + this.packedAt, this.start + end);
    try {
      for (let at = 0; at < packed.length; at += PIECE)
        this.inflate.push(packed.subarray(at, at + PIECE), end === packedSize && at + PIECE >= packed.length);
    } catch (error) {
      throw error instanceof Damage ? error : new Damage('it cannot be unpacked');
    }
    this.packedAt = end;
    if (end < packedSize) return;
    if (this.made < size) throw new Damage('it ends too early');
    if (this.sum !== crc) throw new Damage('its checksum is wrong');
  }

  /** the next so many bytes; into nothing where they are passed over */
  async take(count: number, into: Uint8Array | null, onMore: () => Promise<void> | void): Promise<void> {
    for (let done = 0; done < count; ) {
      const piece = this.pieces[0];
      if (!piece) {
        await this.more();
        await onMore();
        continue;
      }
      const part = piece.subarray(0, count - done);
      into?.set(part, done);
      done += part.length;
      this.at += part.length;
      if (part.length === piece.length) this.pieces.shift();
      else this.pieces[0] = piece.subarray(part.length);
    }
  }
}

/**
 * @param onMore called after each megabyte of the archive with the share that is unpacked; what it throws ends the work
 * @throws Damage that says what is wrong with it, as do its reads
 */
export async function unpackedSource(
  source: ByteSource,
  entry: ZipEntry,
  onMore: (done: number) => Promise<void> | void = () => {},
): Promise<ByteSource> {
  const start = await startOfBytes(source, entry);
  let unpacking = new Unpacking(source, entry, start);
  let turn: Promise<unknown> = Promise.resolve();
  const readNow = async (begin: number, end: number): Promise<Uint8Array> => {
    if (begin < unpacking.at) unpacking = new Unpacking(source, entry, start);
    const tell = () => onMore(unpacking.at / Math.max(1, entry.size));
    await unpacking.take(begin - unpacking.at, null, tell);
    const bytes = new Uint8Array(end - begin);
    await unpacking.take(bytes.length, bytes, tell);
    return bytes;
  };
  const read = (begin: number, end: number): Promise<Uint8Array> => {
    const reading = turn.then(() => readNow(begin, end));
    turn = reading.catch(() => undefined);
    return reading;
  };
  return { size: entry.size, read };
}

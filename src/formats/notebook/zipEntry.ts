/** One file out of a zip: unpacked a piece at a time, never beyond the size that the table of contents allows. */
import { Inflate } from 'fflate';
import type { ByteSource } from '../safetensors';
import { crc32 } from './crc32';
import { HEAD_BYTES, SIGNATURE, viewOf, type ZipEntry } from './zipDirectory';

/** What is wrong with one file of a notebook; the others may be sound. */
export class Damage extends Error {
  override readonly name = 'Damage';
}
const damaged = (message: string): never => {
  throw new Damage(message);
};

/** bytes that are read at a time; sixteen thousand unpack to sixteen million at most */
const STORED_PIECE = 2 ** 20;
const PACKED_PIECE = 2 ** 14;

/** The head before the bytes must name the same file. @returns where the bytes begin */
export async function startOfBytes(source: ByteSource, { path, at, packedSize }: ZipEntry): Promise<number> {
  const end = Math.min(source.size, at + HEAD_BYTES + path.length * 4);
  const head = await source.read(at, end);
  const view = viewOf(head);
  if (head.length < HEAD_BYTES || view.getUint32(0, true) !== SIGNATURE.entry) return damaged('its head is damaged');
  const [nameLength, extra] = [view.getUint16(26, true), view.getUint16(28, true)];
  const name = new TextDecoder().decode(head.subarray(HEAD_BYTES, HEAD_BYTES + nameLength));
  if (name !== path) return damaged('its head has another name');
  const start = at + HEAD_BYTES + nameLength + extra;
  return start + packedSize > source.size ? damaged('it ends too early') : start;
}

/** Takes unpacked pieces in; @throws Damage when they are more than was said. */
class Filling {
  private at = 0;
  private sum = 0;
  readonly bytes: Uint8Array<ArrayBuffer>;

  constructor(private readonly entry: ZipEntry) {
    this.bytes = new Uint8Array(entry.size);
  }

  take(piece: Uint8Array): void {
    if (this.at + piece.length > this.bytes.length) damaged('it unpacks to more than it says');
    this.bytes.set(piece, this.at);
    this.at += piece.length;
    this.sum = crc32(piece, this.sum);
  }

  whole(): Uint8Array<ArrayBuffer> {
    if (this.at < this.bytes.length) damaged('it ends too early');
    return this.sum === this.entry.crc ? this.bytes : damaged('its checksum is wrong');
  }
}

/**
 * @returns what takes packed pieces in; stored ones are taken as they are
 */
function unpacking({ packing }: ZipEntry, filling: Filling): (piece: Uint8Array, isLast: boolean) => void {
  if (packing === 'stored') return (piece) => filling.take(piece);
  const inflate = new Inflate((piece) => filling.take(piece));
  return (piece, isLast) => {
    try {
      inflate.push(piece, isLast);
    } catch (error) {
      throw error instanceof Damage ? error : new Damage('it cannot be unpacked');
    }
  };
}

/** @throws Damage that says what is wrong with it */
export async function readEntry(source: ByteSource, entry: ZipEntry): Promise<Uint8Array<ArrayBuffer>> {
  if (entry.packing === null) return damaged('it is packed in a way that this page does not read');
  const start = await startOfBytes(source, entry);
  const end = start + entry.packedSize;
  const filling = new Filling(entry);
  const take = unpacking(entry, filling);
  const most = entry.packing === 'stored' ? STORED_PIECE : PACKED_PIECE;
  for (let at = start; at < end; at += most) {
    const next = Math.min(end, at + most);
    take(await source.read(at, next), next === end);
  }
  return filling.whole();
}

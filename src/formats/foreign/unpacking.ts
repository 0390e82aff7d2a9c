/** How much a table in Parquet may be when it is unpacked. A file may hold more than it says of itself. */
import { LabError } from '../../contract/errors';
import { LIMITS } from '../../contract/limits';
import { megabytes } from '../text';

export function tooLarge(bytes: number, most: number = LIMITS.tableBytes): never {
  const message = `unpacked it has ${megabytes(bytes)}, and the lab reads up to ${megabytes(most)} of a table`;
  throw new LabError('file/votes', message);
}

type Unpack = (packed: Uint8Array, size: number) => Uint8Array;

/**
 * @param readers what unpacks pages, by how they are packed
 * @returns the same, counting: the page for which there is no room left is not unpacked
 */
export function counting<T extends Partial<Record<string, Unpack>>>(readers: T, most: number = LIMITS.tableBytes): T {
  let unpacked = 0;
  const counted = (unpack: Unpack): Unpack => {
    return (packed, size) => {
      unpacked += size;
      return unpacked > most ? tooLarge(unpacked, most) : unpack(packed, size);
    };
  };
  const all = Object.entries(readers).map(([name, unpack]) => [name, unpack && counted(unpack)]);
  return Object.fromEntries(all) as T;
}

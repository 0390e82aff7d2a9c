import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Ranking } from '../../contract/preferences';
import { toExactJson } from '../../formats/notebook/exactJson';

/** @returns "9a3e 0d77": the beginning of the SHA-256 of the opinions, a line each, as a notebook has them */
export function votesHash(opinions: readonly Ranking[]): string {
  const hash = sha256.create();
  for (const one of opinions) hash.update(new TextEncoder().encode(`${toExactJson(one)}\n`));
  const digits = bytesToHex(hash.digest());
  return `${digits.slice(0, 4)} ${digits.slice(4, 8)}`;
}

/** A notebook, written: whatever is handed over becomes files of a zip, with a list of all of them at the end. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { toExactJson } from './exactJson';
import { FORMAT, KIND, MANIFEST } from './layout';
import { type ZipFile, zipped } from './zipWriter';

/**
 * Something that is kept in a notebook. A list is cut into parts, so that damage costs only one of them; `each` says how
 * many items a part has at most.
 */
export type NotebookItem =
  | { path: string; record: unknown }
  | { path: string; list: readonly unknown[]; each?: number }
  | { path: string; bytes: Uint8Array };

/** characters of a part; a line may be longer */
const PART = 2 ** 20;

const encoder = new TextEncoder();
const packed = (path: string, text: string): ZipFile => ({ path, bytes: encoder.encode(text), packed: true });

function* partsOf(path: string, list: readonly unknown[], each = Number.POSITIVE_INFINITY): Generator<ZipFile> {
  let lines: string[] = [];
  let size = 0;
  let part = 1;
  for (const one of list) {
    const line = `${toExactJson(one)}\n`;
    if (size > 0 && (size + line.length > PART || lines.length >= each)) {
      yield packed(`${path}/${part++}.jsonl`, lines.join(''));
      lines = [];
      size = 0;
    }
    lines.push(line);
    size += line.length;
  }
  if (size > 0) yield packed(`${path}/${part}.jsonl`, lines.join(''));
}

function* filesOf(item: NotebookItem): Generator<ZipFile> {
  if ('list' in item) yield* partsOf(item.path, item.list, item.each);
  else if ('record' in item) yield packed(item.path, toExactJson(item.record));
  else yield { path: item.path, bytes: item.bytes, packed: false };
}

async function* withManifest(items: AsyncIterable<NotebookItem>, savedAt: number): AsyncGenerator<ZipFile> {
  const files: Record<string, { bytes: number; sha256: string }> = {};
  for await (const item of items) {
    for (const file of filesOf(item)) {
      files[file.path] = { bytes: file.bytes.length, sha256: bytesToHex(sha256(file.bytes)) };
      yield file;
    }
  }
  yield packed(MANIFEST, JSON.stringify({ format: FORMAT, kind: KIND, savedAt, files }, null, 1));
}

/**
 * @param savedAt milliseconds since 1970
 * @returns the bytes of the notebook, in order; the same lab gives the same bytes
 */
export const writeNotebook = (items: AsyncIterable<NotebookItem>, savedAt: number): AsyncGenerator<Uint8Array> =>
  zipped(withManifest(items, savedAt), savedAt);

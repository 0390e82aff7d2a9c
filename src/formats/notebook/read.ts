/**
 * A notebook, read: first its table of contents and its own list, then a file at a time, each checked by its checksum
 * and its SHA-256. What is damaged says so by itself, and everything else can be read.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import { objectIn } from '../json';
import type { ByteSource } from '../safetensors';
import { count, MomentSchema } from '../schemas';
import { fromExactJson } from './exactJson';
import { FORMAT, fileKind, KIND, MANIFEST, mostBytes } from './layout';
import { readDirectory, refuse, type ZipEntry } from './zipDirectory';
import { Damage, readEntry } from './zipEntry';

/** A file that is not as it was written, and why. */
export interface Damaged {
  path: string;
  why: string;
}

export interface Notebook {
  /** milliseconds since 1970; null where its own list is damaged */
  savedAt: number | null;
  /** what this page knows, in the order of the file */
  paths: readonly string[];
  /** bytes unpacked */
  sizeOf(path: string): number;
  /** what is known to be wrong before anything is unpacked */
  damaged: readonly Damaged[];
  /** @throws Damage */
  bytes(path: string): Promise<Uint8Array>;
  /** @throws Damage */
  record(path: string): Promise<unknown>;
  /** @returns what stands on its lines, and how many of them are no JSON @throws Damage */
  list(path: string): Promise<{ items: unknown[]; unreadable: number }>;
}

const ManifestSchema = v.object({
  format: count(1, FORMAT),
  kind: v.literal(KIND),
  savedAt: MomentSchema,
  files: v.record(
    v.string(),
    v.object({ bytes: count(0, 2 ** 32), sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) }),
  ),
});
type Manifest = v.InferOutput<typeof ManifestSchema>;

/** @throws Damage; LabError('file/notebook') where it is something else, or of a page to come */
async function readManifest(source: ByteSource, entry: ZipEntry): Promise<Manifest> {
  const found = objectIn(await readEntry(source, entry));
  if (found === null) throw new Damage('it is no JSON');
  const { format, kind } = found;
  if (kind !== KIND) return refuse('it is a zip file, and no notebook');
  if (typeof format === 'number' && format > FORMAT)
    return refuse(`it is made for format ${format}, and this page reads ${FORMAT}`);
  const checked = v.safeParse(ManifestSchema, found);
  if (checked.success) return checked.output;
  const [{ path = [], message }] = checked.issues;
  throw new Damage(`${path.map(({ key }) => String(key)).join('.') || 'it'}: ${message}`);
}

const whyOf = (error: unknown): string => {
  if (error instanceof Damage) return error.message;
  throw error;
};

interface Contents {
  entries: ReadonlyMap<string, ZipEntry>;
  manifest: Manifest | null;
  damaged: Damaged[];
}

async function contentsOf(source: ByteSource): Promise<Contents> {
  const all = await readDirectory(source, mostBytes);
  const listed = all.find(({ path }) => path === MANIFEST);
  const known = all.filter(({ path }) => fileKind(path) !== null);
  if (!listed && known.length === 0) return refuse('it is a zip file, and no notebook');
  const damaged = all
    .filter(({ path }) => path !== MANIFEST && fileKind(path) === null)
    .map(({ path }) => ({ path, why: 'this page does not know what it is' }));
  let manifest: Manifest | null = null;
  try {
    if (!listed) throw new Damage('it is missing');
    manifest = await readManifest(source, listed);
  } catch (error) {
    damaged.push({ path: MANIFEST, why: `${whyOf(error)}, so whether all is here cannot be told` });
  }
  const entries = new Map(known.map((entry) => [entry.path, entry]));
  for (const path of Object.keys(manifest?.files ?? {}))
    if (!entries.has(path) && fileKind(path) !== null) damaged.push({ path, why: 'it is missing' });
  return { entries, manifest, damaged };
}

function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch {
    throw new Damage('it is no JSON');
  }
}

function itemsIn(text: string): { items: unknown[]; unreadable: number } {
  const lines = text.split('\n').filter((line) => line !== '');
  const items = lines.flatMap((line) => {
    try {
      return [fromExactJson(line)];
    } catch {
      return [];
    }
  });
  return { items, unreadable: lines.length - items.length };
}

/** @throws LabError('file/notebook') for what is no notebook, or was made to do harm */
export async function openNotebook(source: ByteSource): Promise<Notebook> {
  const { entries, manifest, damaged } = await contentsOf(source);
  const bytes = async (path: string): Promise<Uint8Array> => {
    const entry = entries.get(path);
    if (!entry) throw new Damage('it is missing');
    const found = await readEntry(source, entry);
    const listed = manifest?.files[path];
    if (manifest && !listed) throw new Damage('the list of the notebook does not name it');
    if (listed && listed.sha256 !== bytesToHex(sha256(found))) throw new Damage('another one stands in its place');
    return found;
  };
  const text = async (path: string): Promise<string> => {
    const found = await bytes(path);
    return parsed(() => new TextDecoder('utf-8', { fatal: true }).decode(found));
  };
  return {
    savedAt: manifest?.savedAt ?? null,
    paths: [...entries.keys()],
    sizeOf: (path) => entries.get(path)?.size ?? 0,
    damaged,
    bytes,
    async record(path) {
      const found = await text(path);
      return parsed(() => fromExactJson(found));
    },
    list: async (path) => itemsIn(await text(path)),
  };
}

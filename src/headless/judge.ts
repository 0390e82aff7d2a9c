/**
 * Which reader a path is for: told by what is there and what it begins with, by the name only where that says nothing.
 */
import { type FileHandle, open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LIMITS } from '../contract/limits';
import { looksLikeRows } from '../formats/lines';
import { beginsAsSafetensors, SAFETENSORS_HEAD } from '../formats/signatures';
import { decodeLines, megabytes } from '../formats/text';
import { judgeOpinions } from './opinionFile';
import { judgeText } from './textFile';
import { type Refusal, refusal, refusalOf, type Verdict } from './verdict';

const MODEL = 'model.safetensors';
const SHARDS = `${MODEL}.index.json`;
const ADAPTER = 'adapter_config.json';
/** of a config.json */
const LARGEST_CONFIG = 2 ** 20;

/** what the system says of a path */
const SYSTEM_WORDS: Record<string, string> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'there is no such file or folder',
  EACCES: 'it may not be read',
  EPERM: 'it may not be read',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'no file can have so long a name',
};

function systemWords(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return SYSTEM_WORDS[code ?? ''] ?? `it could not be read: ${message}`;
}

const isLinesName = (path: string): boolean => /\.(jsonl|ndjson|json)$/i.test(path);

/** @returns the first bytes */
async function headOf(path: string): Promise<Uint8Array> {
  let file: FileHandle | null = null;
  try {
    file = await open(path);
    const { buffer, bytesRead } = await file.read(new Uint8Array(SAFETENSORS_HEAD), 0, SAFETENSORS_HEAD, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file?.close();
  }
}

async function judgeLinesOrText(path: string, size: number): Promise<Verdict> {
  if (size > LIMITS.linesBytes)
    return refusal(null, `${megabytes(size)}; the lab reads up to 50 MB of lines and 20 MB of text`);
  const bytes = await readFile(path);
  let text: string;
  try {
    text = decodeLines(bytes, 'file/votes', 'the file');
  } catch (error) {
    const known = await judgeText(bytes); // says where, too
    return known.kept === 0 ? { ...known, kind: null, rows: 0 } : refusalOf(null, error);
  }
  if (text.trim() === '') return refusal(null, 'nothing but white space is in it');
  return isLinesName(path) || looksLikeRows(text) ? judgeOpinions(text) : judgeText(bytes);
}

async function readModel(path: string, size: number): Promise<Uint8Array | Verdict> {
  if (size > LIMITS.modelBytes) return refusal('model', `${megabytes(size)}; the lab opens models up to 1 GB`);
  return readFile(path);
}

async function judgeFile(path: string, size: number): Promise<Verdict> {
  if (size === 0) return refusal(null, 'the file is empty');
  const head = await headOf(path);
  if (!beginsAsSafetensors(head, size) && !/\.safetensors$/i.test(path)) return judgeLinesOrText(path, size);
  const bytes = await readModel(path, size);
  const { judgeModel } = await import('./modelFile'); // with TensorFlow.js behind it, which other files can do without
  return bytes instanceof Uint8Array ? judgeModel(bytes) : bytes;
}

/** @returns config.json of a folder; null where there is none that can be read */
async function configIn(folder: string): Promise<Record<string, unknown> | null> {
  try {
    const path = join(folder, 'config.json');
    const entry = await stat(path);
    if (!entry.isFile() || entry.size > LARGEST_CONFIG) return null;
    const config: unknown = JSON.parse(await readFile(path, 'utf8'));
    return typeof config === 'object' && config !== null && !Array.isArray(config)
      ? (config as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** why a folder holds no model that could be looked at */
function missingIn(names: readonly string[]): Refusal {
  const shards = names.filter((name) => /^model-\d+-of-\d+\.safetensors$/.test(name)).length;
  if (names.includes(SHARDS))
    return {
      at: SHARDS,
      why: `${SHARDS} says that the model lies in several files (${shards} here); the lab opens one file`,
    };
  if (shards > 0) return { at: null, why: `the model lies in several files (${shards} here); the lab opens one file` };
  if (names.includes(ADAPTER))
    return { at: ADAPTER, why: `${ADAPTER} says that this is an adapter, which is no model by itself` };
  return { at: MODEL, why: `there is no ${MODEL} in this folder, and a folder is read as one model` };
}

function judgeWithout(names: readonly string[]): Verdict {
  const { at, why } = missingIn(names);
  return refusal(at === MODEL && !names.includes('config.json') ? null : 'model', why, at);
}

async function modelIn(folder: string): Promise<Uint8Array | Verdict> {
  const file = join(folder, MODEL);
  const entry = await stat(file);
  return entry.isFile() ? readModel(file, entry.size) : refusal('model', 'it is not a file', MODEL);
}

async function judgeFolder(path: string): Promise<Verdict> {
  const names = await readdir(path);
  if (!names.includes(MODEL)) return judgeWithout(names);
  const bytes = await modelIn(path).catch((error) => refusal('model', systemWords(error), MODEL));
  if (!(bytes instanceof Uint8Array)) return bytes;
  const { judgeForeign, judgeModel } = await import('./modelFile');
  const own = judgeModel(bytes);
  const config = own.kept === 0 ? await configIn(path) : null;
  return config === null || typeof config.model_type !== 'string' ? own : judgeForeign(path);
}

async function judgeAnything(path: string): Promise<Verdict> {
  const entry = await stat(path);
  if (entry.isDirectory()) return judgeFolder(path);
  return entry.isFile() ? judgeFile(path, entry.size) : refusal(null, 'it is neither a file nor a folder');
}

/** @returns a verdict on whatever there is; nothing that a path leads to ends it otherwise */
export async function judge(path: string): Promise<Verdict> {
  try {
    return await judgeAnything(path);
  } catch (error) {
    const isOdd = (error as NodeJS.ErrnoException).code === 'ENOENT' && path.includes('\uFFFD');
    return refusal(null, isOdd ? `${SYSTEM_WORDS.ENOENT}, or its name is no UTF-8` : systemWords(error));
  }
}

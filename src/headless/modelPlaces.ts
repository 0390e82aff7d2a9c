/** Where a model may lie beside a file of its own: in a folder, whole or in parts, or in an archive. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { LabError } from '../contract/errors';
import { LIMITS } from '../contract/limits';
import { ADAPTER_CONFIG } from '../formats/adapterFiles';
import { isOfLab } from '../formats/checkpoint';
import { type FileSet, flattened } from '../formats/fileSet';
import { CONFIG_FILE } from '../formats/modelFiles';
import { MANIFEST } from '../formats/notebook/layout';
import { MODEL_FILE, SHARD_INDEX } from '../formats/shards';
import { beginsAsSafetensors, formatNameOf } from '../formats/signatures';
import { megabytes } from '../formats/text';
import { openZip } from '../formats/zip';
import { withFolder } from './folder';
import { systemWords } from './systemWords';
import { refusal, refusalOf, type Verdict } from './verdict';

export async function readModel(path: string, size: number): Promise<Uint8Array | Verdict> {
  if (size > LIMITS.modelBytes) return refusal('model', `${megabytes(size)}; the lab opens models up to 1 GB`);
  return readFile(path);
}

const ADAPTER = `${ADAPTER_CONFIG} says that this is an adapter, which is no model by itself: Checkpoints opens it on the model that it was trained on`;

/** @param names of a folder without one file that holds a whole model */
async function judgeParts(folder: string, names: readonly string[]): Promise<Verdict> {
  if (names.includes(ADAPTER_CONFIG)) return refusal('model', ADAPTER, ADAPTER_CONFIG);
  const isModel = names.some((name) => name === CONFIG_FILE || name === SHARD_INDEX || MODEL_PARTS.test(name));
  if (!isModel)
    return refusal(null, `there is no ${MODEL_FILE} in this folder, and a folder is read as one model`, MODEL_FILE);
  const { judgeForeign } = await import('./modelFile');
  return withFolder(folder, judgeForeign);
}
const MODEL_PARTS = /^(?:model-\d+-of-\d+\.safetensors|pytorch_model.*\.bin|tf_model\.h5|.*\.gguf)$/;

async function modelIn(folder: string): Promise<Uint8Array | Verdict> {
  const file = join(folder, MODEL_FILE);
  const entry = await stat(file);
  return entry.isFile() ? readModel(file, entry.size) : refusal('model', 'it is not a file', MODEL_FILE);
}

export async function judgeFolder(path: string): Promise<Verdict> {
  const names = await readdir(path);
  if (!names.includes(MODEL_FILE)) return judgeParts(path, names);
  const bytes = await modelIn(path).catch((error) => refusal('model', systemWords(error), MODEL_FILE));
  if (!(bytes instanceof Uint8Array)) return bytes;
  const { judgeForeign, judgeModel } = await import('./modelFile');
  const isOther = !isOfLab(bytes) && (names.includes(CONFIG_FILE) || beginsAsSafetensors(bytes, bytes.length));
  return isOther ? withFolder(path, judgeForeign) : judgeModel(bytes);
}

export const isZip = (head: Uint8Array): boolean => formatNameOf(head)?.startsWith('a ZIP') === true;

const holdsModel = ({ names }: FileSet): boolean =>
  [CONFIG_FILE, MODEL_FILE, SHARD_INDEX].some((name) => names.includes(name));

/** an archive as Checkpoints opens it; one of anything else is told by what it is */
export async function judgeArchive(path: string): Promise<Verdict> {
  const folder = path.slice(0, -basename(path).length) || '.';
  try {
    return await withFolder(folder, async ({ open }) => {
      const all = await openZip(await open(basename(path)));
      if (all.names.includes(MANIFEST)) return refusal(null, 'it is a notebook of the lab: Teach, Notebook opens it');
      const files = flattened(all);
      if (holdsModel(files)) {
        const { judgeForeign } = await import('./modelFile');
        return judgeForeign(files);
      }
      return refusal(null, `it is ${ARCHIVE}, and holds no model: unpack it`);
    });
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    const { refused } = refusalOf(null, error);
    return refusal(null, `it is ${ARCHIVE}; ${refused[0]!.why}`);
  }
}
const ARCHIVE = 'a ZIP archive, as files of Excel, Word and PyTorch are';

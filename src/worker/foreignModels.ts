/** Models that other programs saved, from files that a visitor gave to a checkpoint of the lab. */
import type { ForeignTokens, SavedMeta } from '../contract/checkpoint';
import type { ModelConfig } from '../contract/config';
import type { ForeignLook } from '../contract/domain';
import { LabError } from '../contract/errors';
import { inWords, LIMITS } from '../contract/limits';
import type { GivenFile } from '../contract/protocol';
import { WINDOW_BYTES, windowOf } from '../contract/window';
import { type ForeignModel, openForeignModel } from '../core/model/gpt2/weights';
import { parameterCount } from '../core/model/layout';
import { starterOrigin } from '../core/text/starterCorpus';
import type { OnProgress } from '../core/text/steps';
import { restoreForeign } from '../core/text/textTokenizers';
import { encodeStoredCheckpoint } from '../formats/checkpoint';
import { type FileSet, flattened } from '../formats/fileSet';
import { modelIn, modelName, tokenizerIn, tokensOf } from '../formats/modelFiles';
import type { ByteSource } from '../formats/safetensors';
import { formatNameOf } from '../formats/signatures';
import { megabytes } from '../formats/text';
import { type OnUnpacked, openZip } from '../formats/zip';

const HEADS = { language: true, scalar: false };
/** of the file while it is read, kept by the thread, and stored by the page */
const COPIES = 3;
const FLOAT_BYTES = 4;
const ZIP_NAME = /\.zip$/i;

const fail = (message: string): never => {
  throw new LabError('file/checkpoint', message);
};

const sourceOf = ({ path, blob }: GivenFile): ByteSource => ({
  size: blob.size,
  async read(begin, end) {
    const part = await blob
      .slice(begin, end)
      .arrayBuffer()
      .catch(() => fail(`${path} cannot be read: it was moved or changed since you chose it`));
    return part.byteLength === end - begin ? new Uint8Array(part) : fail(`${path} ends before its numbers do`);
  },
});

/** @returns what was given, or what is in the one archive that was, by the last parts of their paths */
export async function filesOf(given: readonly GivenFile[], onUnpacked?: OnUnpacked): Promise<FileSet> {
  const [first, ...more] = given;
  if (first && more.length === 0 && ZIP_NAME.test(first.path)) {
    const source = sourceOf(first);
    const head = await source.read(0, Math.min(source.size, 4));
    if (formatNameOf(head)?.startsWith('a ZIP') !== true) fail(`${first.path} is no ZIP archive`);
    return flattened(await openZip(source, onUnpacked));
  }
  const byPath = new Map(given.map((file) => [file.path, sourceOf(file)]));
  const open = async (name: string) => byPath.get(name) ?? fail(`${name} is missing`);
  return flattened({ names: [...byPath.keys()], open });
}

/** @returns the folder that all of it lies in, or the archive, as a model is called; null where there is none */
function folderOf(given: readonly GivenFile[]): string | null {
  const [path = ''] = given.map((file) => file.path);
  if (given.length === 1 && ZIP_NAME.test(path)) return path.replace(ZIP_NAME, '');
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : null;
}

/** A model that was looked at: its tensors lie where they lay. */
export interface Opened extends ForeignModel {
  look: ForeignLook;
  /** tokens of the texts that it begins with */
  window: number;
  tokens: ForeignTokens;
}

/**
 * @param textWindow tokens of the texts that it begins with; 0 for as many as memory allows
 * @throws LabError that names what stands in the way
 */
export async function openForeign(files: FileSet, given: readonly GivenFile[], textWindow = 0): Promise<Opened> {
  const { config, model, stored } = await modelIn(files);
  const parameters = parameterCount(model, HEADS);
  const bytes = FLOAT_BYTES * parameters;
  if (bytes > LIMITS.modelBytes)
    fail(`its weights take ${megabytes(bytes)} here, and the lab opens models up to ${megabytes(LIMITS.modelBytes)}`);
  const tokens = tokensOf(config, model, await tokenizerIn(files));
  restoreForeign({ kind: 'foreign', tokens: [], foreign: tokens }); // before the weights are read
  const foreign = await openForeignModel(stored, model);
  const name = modelName(config, folderOf(given));
  const window = windowOf(foreign.model, textWindow);
  const notes = [...foreign.notes, ...windowNotes(foreign.model, window, textWindow)];
  const { contextLength } = foreign.model;
  const lengths = { contextLength, window: windowOf(foreign.model) };
  return {
    ...foreign,
    notes,
    tokens,
    window,
    look: { name, parameters, bytes, memoryBytes: COPIES * bytes, ...lengths },
  };
}

/** @returns what a visitor should know whose model reads more than a step of training holds */
function windowNotes(model: ModelConfig, window: number, asked: number): string[] {
  if (window === model.contextLength) return [];
  const why = asked === 0 ? `so that a step of training keeps to ${megabytes(WINDOW_BYTES)}` : 'as Window says';
  return [
    `Its context is ${inWords(model.contextLength)} tokens; texts that it writes and learns from have up to ${window} of them here, ${why}. For a text of yours, Window on Data says otherwise.`,
  ];
}

const metaOf = ({ look, model, tokens, window }: Opened): SavedMeta => ({
  name: look.name,
  kind: 'base',
  model,
  heads: HEADS,
  scoreScale: { gain: 1, bias: 0 },
  pooling: null,
  tokenizer: { kind: 'foreign', tokens: [], foreign: tokens },
  corpus: starterOrigin(window),
  step: 0,
  metrics: {},
  parents: [],
});

/** @returns a file of the lab; each tensor is read when its turn comes */
export function asCheckpoint(opened: Opened, onProgress: OnProgress): Promise<Uint8Array<ArrayBuffer>> {
  const { stored, look } = opened;
  const label = `reading tensors, with up to ${megabytes(look.memoryBytes)} of memory`;
  return encodeStoredCheckpoint(metaOf(opened), stored, (done) => onProgress({ done, total: 1, label }));
}

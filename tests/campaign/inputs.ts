/** Damaged files for every importer, and damaged addresses: a typed error or success, and none takes a second. */
import { presetConfig } from '../../src/contract/config';
import { LabError } from '../../src/contract/errors';
import { finish } from '../../src/contract/steps';
import { openCheckpoint, saveCheckpoint } from '../../src/core/model/checkpoint';
import { createNetwork } from '../../src/core/model/createNetwork';
import { Random } from '../../src/core/tensor/random';
import { createStoryCorpus } from '../../src/core/text/storyCorpus';
import { tokenizeText } from '../../src/core/text/textCorpus';
import { tf } from '../../src/core/tf';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/formats/checkpoint';
import { openNotebook } from '../../src/formats/notebook/read';
import { type NotebookItem, writeNotebook } from '../../src/formats/notebook/write';
import { readDemonstrations, readOpinions } from '../../src/formats/opinions';
import { decodeLines, decodeText } from '../../src/formats/text';
import { judgeModel } from '../../src/headless/modelFile';
import { judgeOpinions } from '../../src/headless/opinionFile';
import { readUrl, writeSearch } from '../../src/store/address/url';
import { examine } from '../../src/store/notebook/examine';
import { startPortable } from '../helpers/wasm';
import { type Importer, moreImporters } from './moreInputs';
import { mutate, mutateHeader } from './mutate';
import type { Options, Part, Row } from './row';
import { storedRuns } from './storedRuns';

const EACH = 100_000;
/** of the processor's time, so that a busy machine changes nothing */
const LONGEST_MS = 1000;

const processorMs = (): number => process.cpuUsage().user / 1000;

const lab = presetConfig('tiny', 1);
const corpus = createStoryCorpus({ ...lab.stories, stories: 200 }, 1);
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const lines = (rows: readonly object[]): Uint8Array => encode(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
const samples = corpus.samples(Random.fromSeed(1), 12);
const [one, two] = [samples[0]!, samples[1]!];

const VOTES = lines([
  {
    ...{
      voteId: 'v1',
      pairId: 'p1',
      prompt: one.prompt,
      chosen: one.completion,
      rejected: two.completion,
      choice: 'a',
      source: 'human',
    },
    ...{
      rater: { name: 'animal', animal: 'fox' },
      swapped: false,
      repeatOf: null,
      policyId: 'base',
      againstId: null,
      round: 1,
      seconds: 1.5,
    },
    ...{ at: 1_700_000_000_000, strength: 1 },
  },
  ...samples
    .slice(2, 8)
    .map(({ prompt, completion }) => ({ prompt, chosen: completion, rejected: two.completion, margin: null })),
  {
    prompt: one.prompt,
    completions: samples.slice(0, 4).map(({ completion }) => completion),
    ranks: [1, 2, 2, 3],
    strengths: [1, 0.5],
  },
  { prompt: one.prompt, completions: ['he was glad .', 'she was sad .'], choice: 'a' },
]);
const DEMONSTRATIONS = lines(samples.map(({ prompt, completion }) => ({ prompt, completion })));
const TEXT = encode(samples.map(({ prompt, completion }) => `${prompt} ${completion}`).join('\n\n'));
const ADDRESS = encode(
  `${writeSearch({ ...lab, seed: 7, ppo: { ...lab.ppo, klCoef: 0.05 } })}&steps=10&klCoef=0.2#/optimise?beta=0.1&tokenizer=bpe`,
);

async function checkpointFile(): Promise<Uint8Array> {
  const model = { ...lab.model, vocabSize: corpus.tokenizer.vocabSize, layers: 1, width: 8, heads: 2 };
  const network = createNetwork(model, { language: true, scalar: true }, Random.fromSeed(1), 'campaign');
  const label = {
    ...{
      name: 'Campaign',
      kind: 'base' as const,
      pooling: 'last' as const,
      tokenizer: corpus.tokenizer.save(),
      step: 3,
    },
    ...{
      corpus: { kind: 'stories' as const, config: lab.stories, seed: 1 },
      metrics: { 'train/loss': 1 },
      parents: [],
    },
  };
  const file = encodeCheckpoint(await saveCheckpoint(network, label));
  network.dispose();
  return file;
}

async function notebookFile(checkpoint: Uint8Array): Promise<Uint8Array> {
  async function* items(): AsyncGenerator<NotebookItem> {
    yield { path: 'settings/config.json', record: lab };
    yield {
      path: 'opinions',
      list: new TextDecoder()
        .decode(VOTES)
        .trim()
        .split('\n')
        .map((row) => JSON.parse(row)),
    };
    yield {
      path: 'models/1.json',
      record: { checkpointId: 'one', name: 'One', kind: 'base', step: 3, shipped: false },
    };
    yield { path: 'models/1.safetensors', bytes: checkpoint };
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of writeNotebook(items(), 1_700_000_000_000)) pieces.push(piece);
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

/** what is damaged in it is named; only what is no notebook is refused */
async function readNotebook(bytes: Uint8Array): Promise<unknown> {
  const source = { size: bytes.length, read: async (begin: number, end: number) => bytes.slice(begin, end) };
  return examine(await openNotebook(source), { tell() {} });
}

const newId = (): (() => string) => {
  let last = 0;
  return () => `id-${last++}`;
};

/** a text is cut by one of the three tokenizers, as Data does */
async function readText(bytes: Uint8Array, random: Random): Promise<unknown> {
  const text = decodeText(bytes);
  return tokenizeText(text, { ...lab.text, tokenizer: random.pick(['char', 'word', 'bpe'] as const), vocabSize: 300 });
}

function readAddress(bytes: Uint8Array): unknown {
  const text = new TextDecoder().decode(bytes);
  const cut = text.includes('#') ? text.indexOf('#') : text.length;
  const { config } = readUrl({ search: text.slice(0, cut), hash: text.slice(cut) });
  if (config === null) return null;
  const again = readUrl({ search: writeSearch(config), hash: '' });
  if (again.ignored.length > 0)
    throw new Error(`the address that it writes itself is not understood: ${again.ignored}`);
  return again;
}

const importers = (checkpoint: Uint8Array, notebook: Uint8Array): Importer[] => [
  {
    what: 'votes and rankings',
    file: VOTES,
    mutate,
    read: (bytes) => finish(readOpinions(decodeLines(bytes, 'file/votes', 'x'), newId())),
  },
  {
    what: 'demonstrations',
    file: DEMONSTRATIONS,
    mutate,
    read: (bytes) => finish(readDemonstrations(decodeLines(bytes, 'file/noDemonstrations', 'x'), newId())),
  },
  { what: 'own text', file: TEXT, mutate, read: readText },
  { what: 'model file, its bytes', file: checkpoint, mutate, read: (bytes) => openCheckpoint(decodeCheckpoint(bytes)) },
  {
    what: 'model file, its header',
    file: checkpoint,
    mutate: mutateHeader,
    read: (bytes) => openCheckpoint(decodeCheckpoint(bytes)),
  },
  { what: 'check, rows', file: VOTES, mutate, read: (bytes) => judgeOpinions(new TextDecoder().decode(bytes)) },
  { what: 'check, a model', file: checkpoint, mutate: mutateHeader, read: (bytes) => judgeModel(bytes) },
  { what: 'a notebook', file: notebook, mutate, read: readNotebook },
  { what: 'the address', file: ADDRESS, mutate, read: readAddress },
];

/** @returns what is wrong with how one damaged input was taken, or null; and whether it was refused */
async function tryOne(
  { file, mutate: damage, read }: Importer,
  random: Random,
): Promise<{ trouble: string | null; refused: boolean; ms: number }> {
  const { bytes, changes } = damage(file, random);
  const begun = processorMs();
  let [trouble, refused]: [string | null, boolean] = [null, false];
  try {
    await read(bytes, random);
  } catch (error) {
    refused = true;
    if (!(error instanceof LabError))
      trouble = `${changes}: ${(error as Error).stack?.split('\n').slice(0, 3).join(' ')}`;
  }
  const ms = processorMs() - begun;
  return { trouble: trouble ?? (ms > LONGEST_MS ? `${changes}: took ${ms.toFixed(0)} ms` : null), refused, ms };
}

const rowOf = ({ what }: Importer): string => `damaged inputs: ${what}`;

/** @returns what went wrong where nobody waits for it: a page would call that a mistake in the lab */
function unheard(): { take(): string | null; stop(): void } {
  let last: string | null = null;
  const hear = (error: unknown) => {
    last = `nobody heard of ${(error as Error)?.stack?.split('\n').slice(0, 3).join(' ') ?? error}`;
  };
  const others = process.listeners('unhandledRejection'); // that of WebAssembly's loader ends the process
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', hear);
  const take = () => {
    const heard = last;
    last = null;
    return heard;
  };
  const stop = () => {
    process.removeAllListeners('unhandledRejection');
    for (const other of others) process.on('unhandledRejection', other);
  };
  return { take, stop };
}

/** tries damaged versions of one file; @returns what came of them */
export async function tryAll(
  importer: Importer,
  count: number,
  { seed, isOver }: Pick<Options, 'seed' | 'isOver'>,
): Promise<Row> {
  const stream = Random.fromSeed(seed).fork(importer.what);
  const failures: string[] = [];
  const rejections = unheard();
  let [refusals, longest] = [0, 0];
  let i = 0;
  for (; i < count && !isOver(); i++) {
    const { trouble: found, refused, ms } = await tryOne(importer, stream.fork(String(i)));
    await new Promise((resolve) => setImmediate(resolve)); // rejections are told between two tasks
    const trouble = found ?? rejections.take();
    if (trouble) failures.push(`input ${i} of seed ${seed}: ${trouble}`);
    if (refused) refusals++;
    longest = Math.max(longest, ms);
  }
  rejections.stop();
  const figures = `${refusals.toLocaleString('en')} refused with a typed error, longest ${longest.toFixed(0)} ms`;
  return { what: rowOf(importer), tries: i, failures, figures };
}

/** @returns a reader for each kind of file that the lab opens, with one that is sound */
export async function everyImporter(): Promise<Importer[]> {
  const file = await checkpointFile();
  return [...importers(file, await notebookFile(file)), ...(await moreImporters()), ...(await storedRuns())];
}

export const inputs: Part = async function* (options) {
  const { count, wants, isOver } = options;
  await startPortable();
  const all = await everyImporter();
  const before = tf.memory().numTensors;
  for (const importer of all)
    if (wants(rowOf(importer)) && !isOver()) yield await tryAll(importer, count ?? EACH, options);
  if (tf.memory().numTensors !== before) throw new Error(`${tf.memory().numTensors - before} tensors were left behind`);
};

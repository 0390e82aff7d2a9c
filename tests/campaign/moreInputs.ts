/**
 * Damaged files and codes for what the pages beside the pipeline read: classes, arenas, lessons, recordings, tables of
 * other programs, models of other programs, what a notebook and a database hold of them.
 */
import { readFileSync } from 'node:fs';
import { strToU8, zipSync } from 'fflate';
import { CLASS_CHOICES, type ClassPairs } from '../../src/contract/classroom';
import { presetConfig } from '../../src/contract/config';
import { LabError } from '../../src/contract/errors';
import { NO_TASTE } from '../../src/contract/ownTaste';
import type { Random } from '../../src/core/tensor/random';
import { TranslatorRun } from '../../src/core/translate/translatorRun';
import { loraOf } from '../../src/formats/adapterConfig';
import { adapterIn } from '../../src/formats/adapterFiles';
import { classCodeIn, codeMessage } from '../../src/formats/classChat';
import { classTag, codeOf, readClassCode } from '../../src/formats/classCode';
import { readClassFile, writeClassFile } from '../../src/formats/classFile';
import { readDuels } from '../../src/formats/duels';
import { type FileSet, flattened } from '../../src/formats/fileSet';
import { foreignTable } from '../../src/formats/foreign/file';
import { readForeign } from '../../src/formats/foreign/read';
import { objectIn } from '../../src/formats/json';
import { readLesson, readTranslation } from '../../src/formats/lessonFile';
import { openNotebook } from '../../src/formats/notebook/read';
import { type NotebookItem, writeNotebook } from '../../src/formats/notebook/write';
import { hashOfNumbers } from '../../src/formats/recording';
import { decodeSafetensors } from '../../src/formats/safetensors';
import { decodeLines } from '../../src/formats/text';
import { encodeVoteCode } from '../../src/formats/voteCode';
import { openZip } from '../../src/formats/zip';
import { trainingAsked } from '../../src/headless/settings';
import { withCodesOf } from '../../src/store/classroom/taken';
import { examine } from '../../src/store/notebook/examine';
import { readRecording } from '../../src/store/recorded/readRecording';
import { openForeign } from '../../src/worker/foreignModels';
import { decodeTranslator, encodeTranslator } from '../../src/worker/storedTranslator';
import { type mutate as Mutate, mutate, mutateHeader } from './mutate';

/** A file, how it is damaged, and what reads it. */
export interface Importer {
  what: string;
  file: Uint8Array;
  mutate: typeof Mutate;
  read(bytes: Uint8Array, random: Random): unknown;
}

const FIXTURES = 'tests/fixtures/interop';
const lab = presetConfig('tiny', 1);
const encode = (value: unknown): Uint8Array =>
  strToU8(typeof value === 'string' ? value : JSON.stringify(value, null, 1));
const words = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const fixture = (path: string): Uint8Array => new Uint8Array(readFileSync(`${FIXTURES}/${path}`));
const newId = (): (() => string) => {
  let last = 0;
  return () => `id-${last++}`;
};
const sourceOf = (bytes: Uint8Array) => ({
  size: bytes.length,
  read: async (begin: number, end: number) => bytes.slice(begin, end),
});

const set: ClassPairs = {
  seed: 7,
  modelHash: 'ab'.repeat(32),
  pairs: Array.from({ length: 12 }, (_, i) => ({
    prompt: `the fox found kite ${i} .`,
    completions: [`he was glad ${i} .`, `she was sad ${i} .`],
  })),
};
const code = codeOf(set);
const teacher = { code, set, students: 30, taken: [] };
const VOTE_CODES = Array.from({ length: 12 }, (_, i) =>
  encodeVoteCode({ choices: set.pairs.map((_, j) => CLASS_CHOICES[(i + j) % 5]!), number: i }, classTag(code, set)),
);
const CHAT = encode(
  VOTE_CODES.map(
    (one, i) => `[10:0${i % 10}] Student ${i}: ${i % 2 ? codeMessage(code, one) : one.match(/.{1,4}/g)!.join(' ')}`,
  ).join('\n'),
);
const DUELS = encode(
  Array.from(
    { length: 8 },
    (_, i) =>
      `${JSON.stringify({
        prompt: `the fox ${i}`,
        completions: ['he was glad .', 'she was sad .'],
        choice: ['a', 'b', 'tie', 'bothBad'][i % 4],
        models: ['tiny', `policy-${i % 3}`],
        names: ['Tiny', `PPO ${i % 3}`],
        at: 1_700_000_000_000 + i,
        voteId: `d${i}`,
      })}\n`,
  ).join(''),
);

const LESSON = new Uint8Array(readFileSync('src/lessons/guided/files/firstTaste.json'));
const lessonOf = () => {
  const reading = readLesson(LESSON);
  if (reading.kind === 'refused') throw new Error('the lesson that ships is refused');
  return reading.value;
};
const TRANSLATION = encode({
  of: 'firstTaste',
  language: 'de',
  texts: { title: 'Erster Geschmack', 'writer.heading': 'Ein Schreiber ohne Wunsch' },
});

/** whether something is refused by a reading, which throws nothing */
function asError(reading: { kind: string }): void {
  if (reading.kind === 'refused') throw new LabError('file/votes', 'refused');
}

const POINTS = [1, 2].map((step) => ({ step, elapsedMs: step, values: { 'train/loss': 2 / step } }));
const RECORDING: readonly [string, unknown][] = [
  ['recording/about.json', { format: 1, title: 'A run', text: 'Of two steps.', madeAt: 1, tracks: 1 }],
  [
    'recording/1/run.json',
    {
      kind: 'pretrain',
      spec: { kind: 'pretrain', seed: 1, config: lab.pretrain, model: lab.model, fixedPrompt: 'the fox' },
      totalSteps: 2,
      hash: hashOfNumbers(POINTS),
    },
  ],
  ['recording/1/points/1.jsonl', POINTS],
  [
    'recording/1/looks/1.jsonl',
    [{ step: 1, what: 'samples', value: [{ prompt: 'the fox', completion: 'was glad .' }] }],
  ],
];
const curve = [{ step: 1, elapsedMs: 5, values: { 'train/loss': 2.5 } }];
const arm = { totalSteps: 1, history: curve, rows: [], accuracy: null };
/** what the newer pages store among the settings */
const STORED: readonly [string, unknown][] = [
  ['settings/config.json', lab],
  ['settings/classroom.json', { student: null, teacher }],
  [
    'settings/lessons.json',
    {
      leash: {
        lessonId: 'leash',
        seed: 1,
        answer: 'falls',
        base: 'Tiny',
        status: 'done',
        arms: { healthy: arm, broken: arm },
        forkAt: null,
      },
    },
  ],
  [
    'settings/sweeps.json',
    {
      ppoBeta: {
        sweepId: 'ppoBeta',
        seed: 1,
        status: 'done',
        runs: [{ value: 0.1, totalSteps: 1, history: curve, status: 'done', message: '' }],
      },
    },
  ],
  [
    'settings/guide.json',
    {
      progress: {
        firstTaste: {
          lessonId: 'firstTaste',
          at: 'choose',
          way: ['writer', 'choose'],
          guesses: { writer: 'a' },
          came: { writer: 'b' },
          kept: { votes: 12 },
          begun: true,
          isDone: false,
        },
      },
      own: {},
      translations: {},
      language: 'en',
    },
  ],
  [
    'settings/rater.json',
    { rater: { name: 'own' }, noise: 0.1, own: { ...NO_TASTE, liked: ['the beach'], pattern: '^this morning' } },
  ],
  ['settings/arena.json', { names: { tiny: 'Tiny' }, out: ['tiny'] }],
  ['settings/rounds.json', { ended: { base: ['policy'] }, pairing: 'versus' }],
  [
    'duels/1.jsonl',
    words(DUELS)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ],
];

const TRAINING = {
  ...{ kind: 'ppo', from: ['tuned.safetensors', 'reward.safetensors'], out: 'policy.safetensors', seed: 3 },
  ...{ data: 'votes.jsonl', rater: { name: 'happy' }, useRule: true, vetoed: ['length'], fixedPrompt: 'the fox' },
  ...{ iterations: 20, klCoef: 0.05, rollouts: 8, clipRange: 0.2, preset: 'tiny' },
};

/** parts of a zip in one text, so that damage may come into each of them and their hashes are right all the same */
const MARK = /^=== (\S+)\n/m;
const bundle = (parts: readonly [string, unknown][]): Uint8Array =>
  encode(
    parts
      .map(([path, value]) => {
        const text = path.endsWith('.jsonl')
          ? (value as unknown[]).map((one) => JSON.stringify(one)).join('\n')
          : JSON.stringify(value);
        return `=== ${path}\n${text}\n`;
      })
      .join(''),
  );

async function unbundled(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const [, ...parts] = words(bytes).split(MARK);
  async function* items(): AsyncGenerator<NotebookItem> {
    for (let i = 0; i + 1 < parts.length; i += 2)
      yield { path: parts[i]!.slice(0, 1000), bytes: encode(parts[i + 1]!.trimEnd()) };
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of writeNotebook(items(), 1_700_000_000_000)) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

async function readParts(bytes: Uint8Array): Promise<unknown> {
  return examine(await openNotebook(sourceOf(await unbundled(bytes))), { tell() {} });
}
const readRun = async (bytes: Uint8Array): Promise<unknown> =>
  readRecording(new Blob([await unbundled(bytes)]), 'run.rlhflab');

const readTable = async (bytes: Uint8Array): Promise<unknown> => readForeign(await foreignTable(bytes));

const GPT2 = ['config.json', 'tokenizer.json', 'model.safetensors'];
const foreignModel = (files: Record<string, Uint8Array>) => {
  const set: FileSet = { names: Object.keys(files), open: async (name) => sourceOf(files[name]!) };
  return openForeign(set, []);
};
/** a folder as it lies in the fixtures */
const modelFiles = (model: string, names: readonly string[]): Record<string, Uint8Array> =>
  Object.fromEntries(names.map((name) => [name, fixture(`gpt2/${model}/${name}`)]));
const PLAIN = modelFiles('plain', GPT2);
const HUB = modelFiles('hub-names', ['config.json', 'vocab.json', 'merges.txt', 'model.safetensors']);
/** the plain one with a list of its parts, of which there is one */
const INDEX = 'model.safetensors.index.json';
const PART = 'model-00001-of-00001.safetensors';
const PARTED = {
  'config.json': PLAIN['config.json']!,
  'tokenizer.json': PLAIN['tokenizer.json']!,
  [PART]: PLAIN['model.safetensors']!,
  [INDEX]: encode({
    metadata: { total_size: PLAIN['model.safetensors']!.length },
    weight_map: Object.fromEntries(
      Object.keys(decodeSafetensors(PLAIN['model.safetensors']!).tensors).map((name) => [name, PART]),
    ),
  }),
};
const ofModel = (what: string, name: string, damage = mutate, files = PLAIN): Importer => ({
  what: `a folder of a GPT-2, ${what}`,
  file: files[name]!,
  mutate: damage,
  read: (bytes) => foreignModel({ ...files, [name]: bytes }),
});

async function readZip(bytes: Uint8Array): Promise<unknown> {
  return openForeign(flattened(await openZip(sourceOf(bytes))), []);
}

const ADAPTER = 'lora/attn-mlp-r8/adapter_';
const adapterWith = async (weights: Uint8Array): Promise<unknown> =>
  adapterIn({
    names: ['adapter_config.json', 'adapter_model.safetensors'],
    open: async (name) => sourceOf(name.endsWith('.json') ? fixture(`${ADAPTER}config.json`) : weights),
  });

async function readAdapter(bytes: Uint8Array): Promise<unknown> {
  const config = objectIn(bytes);
  if (!config) throw new LabError('file/checkpoint', 'no object');
  const rules = loraOf(config);
  return ['transformer.h.0.attn.c_attn', 'transformer.wte'].map((module) => [
    rules.targets(module),
    rules.targets(module) && rules.rankOf(module),
    rules.isSaved(module),
  ]);
}

async function translatorFile(): Promise<Uint8Array> {
  const run = new TranslatorRun(1);
  const { tensors } = await run.save();
  run.dispose();
  return encodeTranslator({ seed: 1, step: 2, elapsedMs: 5, points: POINTS, tensors });
}

function readTranslator(bytes: Uint8Array): unknown {
  const { seed, step, tensors } = decodeTranslator(bytes);
  const run = new TranslatorRun(seed);
  try {
    run.load({ tensors, state: { step } });
  } catch (error) {
    throw new LabError('storage/corrupt', (error as Error).message); // as the thread says it
  } finally {
    run.dispose();
  }
  return step;
}

const tables = (): Importer[] =>
  [
    'comma.csv',
    'tabs.tsv',
    'argilla-records.json',
    'trl-conversational.jsonl',
    'trl-implicit.jsonl',
    'hh-transcripts.jsonl',
    'ultrafeedback.jsonl',
    'label-studio.json',
    'llama-factory/alpaca_ranking.json',
    'llama-factory/sharegpt_ranking.json',
    'from-pandas-records.json',
    'parquet/snappy.parquet',
    'parquet/zstd.parquet',
  ].map((name) => ({
    what: `a table, ${name.split('/').at(-1)}`,
    file: fixture(`data/${name}`),
    mutate,
    read: readTable,
  }));

/** @returns what reads each file of the pages beside the pipeline */
export async function moreImporters(): Promise<Importer[]> {
  const lesson = lessonOf();
  const zipped = zipSync(Object.fromEntries(Object.entries(PLAIN).map(([name, bytes]) => [`gpt2/${name}`, bytes])), {
    level: 0,
  });
  return [
    {
      what: 'a class code',
      file: encode(codeMessage(code)),
      mutate,
      read: (bytes) => asError(readClassCode(classCodeIn(words(bytes)) ?? words(bytes))),
    },
    { what: 'codes in a chat', file: CHAT, mutate, read: (bytes) => withCodesOf(teacher, words(bytes)) },
    {
      what: 'a file of a class',
      file: encode(writeClassFile({ ...teacher, codes: VOTE_CODES })),
      mutate,
      read: (bytes) => asError(readClassFile(bytes)),
    },
    {
      what: 'duels of an arena',
      file: DUELS,
      mutate,
      read: (bytes) => readDuels(decodeLines(bytes, 'file/votes', 'x'), [], newId()),
    },
    { what: 'a lesson', file: LESSON, mutate, read: (bytes) => asError(readLesson(bytes)) },
    {
      what: 'a translated lesson',
      file: TRANSLATION,
      mutate,
      read: (bytes) => asError(readTranslation(bytes, lesson)),
    },
    { what: 'a recording, its parts', file: bundle(RECORDING), mutate, read: readRun },
    { what: 'a notebook, its parts', file: bundle(STORED), mutate, read: readParts },
    ...tables(),
    ofModel('its config', 'config.json'),
    ofModel('its tokenizer', 'tokenizer.json'),
    ofModel('its header', 'model.safetensors', mutateHeader),
    ofModel('its vocabulary', 'vocab.json', mutate, HUB),
    ofModel('its merges', 'merges.txt', mutate, HUB),
    ofModel('the list of its parts', INDEX, mutate, PARTED),
    { what: 'a zip of a GPT-2', file: zipped, mutate, read: readZip },
    {
      what: 'an adapter, its config',
      file: fixture(`${ADAPTER}config.json`),
      mutate,
      read: readAdapter,
    },
    {
      what: 'an adapter, its header',
      file: fixture(`${ADAPTER}model.safetensors`),
      mutate: mutateHeader,
      read: adapterWith,
    },
    {
      what: 'what `lab train` is asked for',
      file: encode(TRAINING),
      mutate,
      read: (bytes) => trainingAsked(objectIn(bytes) ?? {}),
    },
    { what: 'a stored translator', file: await translatorFile(), mutate: mutateHeader, read: readTranslator },
  ];
}

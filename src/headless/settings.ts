/**
 * What `lab train` is asked for, in a file of JSON: the keys of an address, flat, beside what the page would have by
 * then. Unlike an address, which anyone may have written, nothing in it is passed over.
 */
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import type { LabConfig } from '../contract/config';
import type { RunKind } from '../contract/domain';
import { LabError } from '../contract/errors';
import { asSentence } from '../contract/settings/setting';
import { readExperiment, URL_KEYS } from '../formats/address';
import { duplicateKey, objectIn } from '../formats/json';
import { RaterSchema, TextOfOpinion } from '../formats/opinionSchemas';
import { systemWords } from './systemWords';

/** runs that leave a model */
const KINDS = ['pretrain', 'finetune', 'reward', 'dpo', 'ppo'] as const satisfies RunKind[];

const Path = v.pipe(v.string('the path of a file'), v.nonEmpty('is empty'));
const WORDS = 'a list of attributes';
const Beside = v.object({
  kind: v.picklist(KINDS, `one of ${KINDS.join(', ')}`),
  /** rows to learn from; of a model that is to be trained from nothing, the text */
  data: v.optional(Path),
  /** models of the lab, by their files or by the names of those that ship */
  from: v.optional(v.union([Path, v.array(Path)], 'the path or the name of a model, or a list of them'), []),
  /** own text that a model was trained on, for its prompts */
  text: v.optional(Path),
  out: Path,
  rater: v.optional(v.pipe(v.looseObject({}, 'an object with a name'), RaterSchema), { name: 'happy' }),
  /** whether a rule that is guessed from the votes labels pairs too, where it says anything */
  useRule: v.optional(v.boolean('true or false'), true),
  vetoed: v.optional(v.array(v.string(WORDS), WORDS), []),
  fixedPrompt: v.optional(v.pipe(v.string('a text'), TextOfOpinion)),
});

export interface TrainingAsked extends v.InferOutput<typeof Beside> {
  from: string[];
  config: LabConfig;
}

const fail = (message: string): never => {
  throw new LabError('run/missingInput', message);
};

const asText = (key: string, value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : fail(`${key}: a number, a word, true or false`);

function experimentOf(said: ReadonlyMap<string, unknown>): LabConfig {
  const unknown = [...said.keys()].find((key) => !Object.hasOwn(URL_KEYS, key));
  if (unknown !== undefined) fail(`${unknown}: the lab has no setting of this name`);
  const texts = new Map([...said].map(([key, value]) => [key, asText(key, value)]));
  const { config, refused } = readExperiment(texts);
  const [first] = refused;
  if (first) fail(`${first.keys.join(', ')}: ${asSentence(first.why)}`);
  return config;
}

/** @throws LabError in words */
export function trainingAsked(settings: Readonly<Record<string, unknown>>): TrainingAsked {
  const isBeside = (key: string): boolean => Object.hasOwn(Beside.entries, key);
  const read = v.safeParse(Beside, Object.fromEntries(Object.entries(settings).filter(([key]) => isBeside(key))));
  if (!read.success) {
    const [issue] = read.issues;
    return fail(`${v.getDotPath(issue)}: ${issue.received === 'undefined' ? 'is missing' : issue.message}`);
  }
  const config = experimentOf(new Map(Object.entries(settings).filter(([key]) => !isBeside(key))));
  const { from, ...beside } = read.output;
  return { ...beside, from: [from].flat(), config };
}

/** @throws LabError in words */
export async function readTraining(path: string): Promise<TrainingAsked> {
  const bytes = await readFile(path).catch((error) => fail(`${path}: ${systemWords(error, path)}`));
  const settings = objectIn(bytes) ?? fail(`${path}: the settings are no JSON object`);
  const twice = duplicateKey(new TextDecoder().decode(bytes));
  return twice === null ? trainingAsked(settings) : fail(`${path}: ${twice} stands twice in it`);
}

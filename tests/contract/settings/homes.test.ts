/** A knob stands in the table and in the algorithm; who else speaks of one is listed here, with the reason. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SETTING_ROWS } from '../../../src/contract/settings/table';

const SRC = resolve('src');
const HOMES = /^(core|contract\/settings)\//;
/**
 * experiments and members of a family are settings; a model is named after some; advice leads to the control that helps
 */
const MADE_OF_SETTINGS =
  /^(contract\/ppoVariants\.ts|contract\/lineage\.ts|contract\/sweeps\.ts|store\/health\/knobs\.ts)$/;
/** the γ, λ and ε of a cat on a grid are no settings of the lab */
const OF_THE_GRID =
  /^(contract\/gridworld\.ts|worker\/handlers\/grid\.ts|(store\/gridworld|ui\/panels\/GridWorld)\/\w+\.tsx?)$/;
/** the pictures of one pass through a model ask what shape it has, as the network does */
const OF_ONE_PASS =
  /^(contract\/inside\.ts|worker\/(inside\/\w+|wordMap)\.ts|ui\/panels\/Inspect\/(arithmetic|layers)\/\w+\.tsx?)$/;
/** models of other programs are read and written by what GPT-2 has of these */
const OF_GPT2 = /^(formats\/(gpt2Config|transformers\/\w+)|headless\/exportGolden)\.ts$/;
/** a project for a cluster says every setting in the words of the programs that it is made for */
const FOR_A_CLUSTER = /^formats\/cluster\/\w+\.ts$/;
/** formulas with their numbers put in ask for every setting that a formula has */
const FILLED_IN = /^ui\/panels\/InNumbers\/\w+\.tsx?$/;

/** words that name other things as well: a shape of pixels, a list of texts, whatever has a seed */
const WORDS_OF_ALL = new Set([
  ...[
    'preset',
    'seed',
    'backend',
    'executor',
    'layers',
    'width',
    'heads',
    'contextLength',
    'norm',
    'stories',
    'tokenizer',
    'vocabSize',
    'task',
  ],
  ...[
    'steps',
    'schedule',
    'epochs',
    'iterations',
    'rollouts',
    'minibatches',
    'completionLength',
    'temperature',
    'samples',
    'prompts',
    'loss',
  ],
  ...[
    'pooling',
    'advantages',
    'valueModel',
    'klCeiling',
    'topK',
    'topP',
    'learningRate',
    'batchSize',
    'ruleLabels',
    'beta',
  ],
]);

/** a control of its own on a stage, a number that is told from the setting, or the type that stands in for it */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  positions: ['ui/panels/Start/CustomModel.tsx'],
  activation: ['ui/panels/Start/CustomModel.tsx'],
  tiedHead: ['ui/panels/Start/CustomModel.tsx'],
  happyShare: ['ui/panels/Data/StoryKnobs.tsx'],
  sadShare: ['ui/panels/Data/StoryKnobs.tsx'],
  politeShare: ['ui/panels/Data/StoryKnobs.tsx'],
  rudeShare: ['ui/panels/Data/StoryKnobs.tsx'],
  meanMiddle: ['ui/panels/Data/StoryKnobs.tsx'],
  moodAgreement: ['ui/panels/Data/StoryKnobs.tsx'],
  heldOutShare: ['ui/panels/Data/OwnText.tsx'],
  textWindow: [
    ...['contract/calls/models.ts', 'store/models/foreignModels.ts', 'store/text/corpus.ts'],
    ...['ui/panels/Data/OwnText.tsx', 'ui/panels/ModelOffer.tsx'],
    ...['worker/corpora.ts', 'worker/foreignModels.ts', 'worker/handlers/shelf.ts'],
  ],
  rankingSize: [
    ...['store/opinions/groupsSlice.ts', 'store/opinions/simulate.ts', 'store/reactions.ts'],
    ...['ui/panels/Compare/RankView.tsx', 'ui/panels/Compare/TaskSwitch.tsx'],
  ],
  strengthMargin: ['store/opinions/rowsOut.ts'],
  evalSamples: ['store/lessons/lessonRunner.ts'],
  selectBy: [
    ...['contract/config.ts', 'worker/drivers/createDriver.ts'],
    ...[
      'FineTune.tsx',
      'FineTuneSetup.tsx',
      'FineTuneVerdict.tsx',
      'LossCard.tsx',
      'epochs.ts',
      'fineTuneSentence.ts',
    ].map((file) => `ui/panels/FineTune/${file}`),
  ],
  normalizeSamples: ['ui/panels/Reward/Reward.tsx'],
  warmupSteps: ['contract/config.ts'],
  klCoef: ['LiveKnobs.tsx', 'PpoSettings.tsx', 'ppoSentence.ts'].map((file) => `ui/panels/Optimise/${file}`),
  klControl: ['ui/panels/Optimise/OptimiseVerdict.tsx'],
  klTarget: ['OptimiseVerdict.tsx', 'ppoSentence.ts'].map((file) => `ui/panels/Optimise/${file}`),
  klEstimator: ['contract/config.ts'],
  ptxCoef: ['worker/session.ts'],
  labelSmoothing: ['ui/panels/Optimise/DpoKnobs.tsx', 'ui/panels/Optimise/dpoMethod.ts'],
  rpoAlpha: ['ui/panels/Optimise/DpoKnobs.tsx', 'ui/panels/Optimise/dpoLines.ts'],
};

const code = new Map(
  readdirSync(SRC, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [relative(SRC, file), readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')]),
);
const NOT_ASKED = [HOMES, MADE_OF_SETTINGS, OF_THE_GRID, OF_ONE_PASS, OF_GPT2, FOR_A_CLUSTER, FILLED_IN];
const others = [...code].filter(([file]) => !NOT_ASKED.some((home) => home.test(file)));
const filesWith = (key: string): string[] =>
  others.filter(([, text]) => new RegExp(`\\b${key}\\b`).test(text)).map(([file]) => file);

describe('the key of a setting', () => {
  const keys = [...new Set(SETTING_ROWS.map(({ path }) => path.at(-1) as string))].filter(
    (key) => !WORDS_OF_ALL.has(key),
  );

  it('is told from the words of all in most cases', () => expect(keys.length).toBeGreaterThan(WORDS_OF_ALL.size));

  it.each(keys)('%s stands in the table, in core, and where a list says why', (key) => {
    expect(filesWith(key).sort()).toEqual([...(ALSO[key] ?? [])].sort());
  });
});

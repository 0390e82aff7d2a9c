/**
 * What does not go together, though each may be what it is: said by the page, left out of addresses, refused by the
 * thread.
 */
import { type DpoConfig, KL_ERROR_CLIP, type LabConfig, type ModelConfig, type PpoConfig } from '../config';
import { countOf, rounded } from '../numbers';
import type { LoraConfig } from './lora';

type Reason<Config> = (config: Config) => string | null;

export const shapeClash: Reason<Pick<ModelConfig, 'width' | 'heads'>> = ({ width, heads }) =>
  width % heads === 0 ? null : `Width ${width} cannot be shared by ${heads} heads: choose a multiple of ${heads}`;

export const smoothingClash: Reason<Pick<DpoConfig, 'loss' | 'labelSmoothing'>> = ({ loss, labelSmoothing }) =>
  loss === 'sigmoid' || loss === 'robust' || labelSmoothing === 0
    ? null
    : 'label smoothing belongs to the losses sigmoid and robust';

/** Sections whose methods may train a part of a model. */
const LEARNING = ['finetune', 'reward', 'ppo', 'dpo'] as const;

/** @param model that is to learn, as it is or as it is set */
export function learningClash(
  { loraRank, frozenLayers }: Pick<LoraConfig, 'loraRank' | 'frozenLayers'>,
  { layers, width }: Pick<ModelConfig, 'layers' | 'width'>,
): string | null {
  if (frozenLayers >= layers)
    return `${countOf(frozenLayers, 'frozen layer')} of a model that has ${layers}: at least one has to learn`;
  if (loraRank > width)
    return `an adapter of rank ${loraRank} in a model of width ${width}: choose a rank up to the width`;
  return null;
}

interface PpoClash {
  /** runs were begun with it before it was refused, and go on: what computes with it has bounds of its own */
  mayGoOn?: boolean;
  /** the settings that do not go together */
  options: readonly (keyof PpoConfig)[];
  /** why, in words; null when all is well */
  reason: Reason<PpoConfig>;
}

const PPO_CLASHES: readonly PpoClash[] = [
  {
    options: ['minibatches', 'rollouts'],
    reason: ({ minibatches, rollouts }) =>
      minibatches > rollouts
        ? `${countOf(minibatches, 'minibatch', 'minibatches')} of ${countOf(rollouts, 'rollout')}`
        : null,
  },
  {
    options: ['klPlacement', 'klEstimator'],
    reason: ({ klPlacement, klEstimator }) =>
      klPlacement === 'loss' && (klEstimator === 'k1' || klEstimator === 'exact')
        ? `${klEstimator} in the loss: k1 has no gradient on average there and the exact distance is paid in the reward only; choose k2 or k3`
        : null,
  },
  {
    options: ['klControl', 'klHorizon', 'rollouts'],
    mayGoOn: true,
    // one update changes β by the factor 1 ± 0.2 · rollouts / horizon, which has to stay above 0
    reason: ({ klControl, klHorizon, rollouts }) =>
      klControl === 'adaptive' && KL_ERROR_CLIP * rollouts >= klHorizon
        ? `a KL horizon of ${klHorizon} for ${countOf(rollouts, 'rollout')}: one iteration could bring β to 0 or below; choose more than ${Number((KL_ERROR_CLIP * rollouts).toFixed(1))}`
        : null,
  },
  {
    options: ['klControl', 'klCoef'],
    mayGoOn: true,
    reason: ({ klControl, klCoef }) =>
      klControl === 'adaptive' && klCoef === 0 ? 'adaptive KL control multiplies β, so it cannot begin at 0' : null,
  },
  {
    options: ['advantages', 'groupSize', 'rollouts'],
    reason: ({ advantages, groupSize, rollouts }) =>
      advantages !== 'gae' && rollouts % groupSize !== 0
        ? `${countOf(rollouts, 'rollout does', 'rollouts do')} not make groups of ${groupSize}`
        : null,
  },
];

const firstClash = (config: PpoConfig, clashes: readonly PpoClash[]): string | null => {
  for (const { reason } of clashes) {
    const found = reason(config);
    if (found !== null) return found;
  }
  return null;
};

/** @returns the first thing that does not go together, in words; null when all is well */
export const ppoClash = (config: PpoConfig): string | null => firstClash(config, PPO_CLASHES);

/** Of a run that was begun earlier: what was let in then goes on. */
export const ppoClashOfStored = (config: PpoConfig): string | null =>
  firstClash(
    config,
    PPO_CLASHES.filter(({ mayGoOn }) => !mayGoOn),
  );

const sharesClash = (what: string, one: number, other: number): string | null =>
  one + other > 1 ? `${what} are shares of one whole, but make ${rounded(one + other, 4)} of it` : null;

const lengthClash: Reason<LabConfig> = ({ ppo: { completionLength }, model: { contextLength } }) =>
  completionLength >= contextLength
    ? `PPO's longest completion of ${countOf(completionLength, 'token')} in a context of ${contextLength}, which holds the prompt too: choose a shorter completion or a longer context`
    : null;

interface Clash {
  /** of the settings in a configuration, as `dpo.loss` */
  paths: readonly string[];
  /** why, in words without a full stop; null when all is well */
  reason: Reason<LabConfig>;
}

/**
 * Settings that only make sense together: where an address brings such, all of them go back to the preset, which has
 * none.
 */
export const CLASHES: readonly Clash[] = [
  { paths: ['dpo.loss', 'dpo.labelSmoothing'], reason: ({ dpo }) => smoothingClash(dpo) },
  { paths: ['model.width', 'model.heads'], reason: ({ model }) => shapeClash(model) },
  {
    paths: ['stories.happyShare', 'stories.sadShare'],
    reason: ({ stories }) => sharesClash('happy and sad endings', stories.happyShare, stories.sadShare),
  },
  {
    paths: ['stories.politeShare', 'stories.rudeShare'],
    reason: ({ stories }) => sharesClash('polite and rude stories', stories.politeShare, stories.rudeShare),
  },
  ...LEARNING.map((section) => ({
    paths: [`${section}.loraRank`, `${section}.frozenLayers`, 'model.layers', 'model.width'],
    reason: (config: LabConfig) => learningClash(config[section], config.model),
  })),
  { paths: ['ppo.completionLength', 'model.contextLength'], reason: lengthClash },
  ...PPO_CLASHES.map(({ options, reason }) => ({
    paths: options.map((option) => `ppo.${option}`),
    reason: ({ ppo }: LabConfig) => reason(ppo),
  })),
];

/**
 * @returns the first thing in a section that does not go together with what else is set, in words; null when all is
 * well
 */
export function clashOf(config: LabConfig, section: string): string | null {
  for (const { paths, reason } of CLASHES) {
    const found = paths.some((path) => path.startsWith(`${section}.`)) ? reason(config) : null;
    if (found !== null) return found;
  }
  return null;
}

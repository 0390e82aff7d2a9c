/** What does not go together, though each may be what it is: said by the page, left out of addresses, refused by the thread. */
import { type DpoConfig, KL_ERROR_CLIP, type LabConfig, type ModelConfig, type PpoConfig } from '../config';
import { countOf } from '../numbers';

type Reason<Config> = (config: Config) => string | null;

export const shapeClash: Reason<Pick<ModelConfig, 'width' | 'heads'>> = ({ width, heads }) =>
  width % heads === 0 ? null : `Width ${width} cannot be shared by ${heads} heads: choose a multiple of ${heads}.`;

export const smoothingClash: Reason<Pick<DpoConfig, 'loss' | 'labelSmoothing'>> = ({ loss, labelSmoothing }) =>
  loss === 'sigmoid' || labelSmoothing === 0 ? null : 'label smoothing belongs to the sigmoid loss';

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
      minibatches > rollouts ? `${countOf(minibatches, 'minibatch', 'minibatches')} of ${countOf(rollouts, 'rollout')}` : null,
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

/** Settings that only make sense together, by their paths: where an address brings such, all of them go back to the preset. */
export const CLASHES: readonly { paths: readonly string[]; clash: (config: LabConfig) => boolean }[] = [
  { paths: ['dpo.loss', 'dpo.labelSmoothing'], clash: ({ dpo }) => smoothingClash(dpo) !== null },
  { paths: ['model.width', 'model.heads'], clash: ({ model }) => shapeClash(model) !== null },
  { paths: ['stories.happyShare', 'stories.sadShare'], clash: ({ stories }) => stories.happyShare + stories.sadShare > 1 },
  { paths: ['stories.politeShare', 'stories.rudeShare'], clash: ({ stories }) => stories.politeShare + stories.rudeShare > 1 },
  { paths: ['ppo.completionLength', 'model.contextLength'], clash: ({ ppo, model }) => ppo.completionLength >= model.contextLength },
  ...PPO_CLASHES.map(({ options, reason }) => ({
    paths: options.map((option) => `ppo.${option}`),
    clash: ({ ppo }: LabConfig) => reason(ppo) !== null,
  })),
];

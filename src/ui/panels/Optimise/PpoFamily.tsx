import type { PpoConfig, PresetName } from '../../../contract/config';
import { PPO_VARIANT_NAMES, PPO_VARIANTS, type PpoVariantName, ppoVariant } from '../../../contract/ppoVariants';
import { withRewardOf } from '../../../contract/settings/whichReward';
import { useLab } from '../../../store/lab';
import { Select } from '../../primitives/Select';

const OWN = 'own';

/** How long a run is belongs to no method, nor does which reward it is paid. */
const withoutLength = ({ iterations: _, ...rest }: PpoConfig) =>
  JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));

/** @returns the member of the family that these settings are; null for the visitor's own mixture */
export const variantOf = (config: PpoConfig, preset: PresetName): PpoVariantName | null =>
  PPO_VARIANT_NAMES.find(
    (name) => withoutLength(withRewardOf(ppoVariant(name, preset), config)) === withoutLength(config),
  ) ?? null;

/** Takes all settings of one member of the family at once; the run's length and its reward stay. */
export function PpoFamily() {
  const { ppo, preset } = useLab((state) => state.config.value);
  const change = useLab((state) => state.config.change);
  const name = variantOf(ppo, preset);
  const variant = name && PPO_VARIANTS[name];
  return (
    <Select
      label="Member of the PPO family"
      value={name ?? OWN}
      options={[
        ...PPO_VARIANT_NAMES.map((value) => ({ value, label: PPO_VARIANTS[value].label })),
        { value: OWN, label: 'your own mixture', disabled: true },
      ]}
      hint={variant ? `${variant.meaning} ${variant.source}` : 'Choosing a member takes all of its settings over.'}
      onChange={(next) => {
        if (next === OWN) return;
        change('ppo', { ...withRewardOf(ppoVariant(next, preset), ppo), iterations: ppo.iterations });
      }}
    />
  );
}

import { acts, type Form } from '../../../contract/settings/setting';
import { SETTINGS } from '../../../contract/settings/table';
import {
  asksModel,
  type RewardChoice,
  type RewardRows,
  WHICH_REWARD_KEYS,
} from '../../../contract/settings/whichReward';
import { useLab } from '../../../store/lab';
import { Explain } from '../../primitives/Explain';
import { SettingsForm } from '../settings/SettingsForm';
import styles from './Optimise.module.css';
import { rewardWords } from './rewardWords';
import { usePpoChange } from './usePpoChange';

/** Which reward PPO and its relatives learn from. */
export function PpoReward() {
  return <WhichReward section="ppo" onChange={usePpoChange()} />;
}

/** By what the best of N is chosen. */
export function BestOfReward() {
  const change = useLab((state) => state.config.change);
  return <WhichReward section="bestOf" onChange={(fields) => change('bestOf', fields)} />;
}

interface WhichRewardProps {
  section: 'ppo' | 'bestOf';
  onChange: (fields: Partial<RewardChoice>) => void;
}

/** Who pays, with the settings that act, and what it means in words. */
function WhichReward({ section, onChange }: WhichRewardProps) {
  const value: RewardChoice = useLab((state) => state.config.value[section]);
  const rows: RewardRows = SETTINGS[section];
  const keys = WHICH_REWARD_KEYS.filter((key) => acts(rows[key], value));
  const form: Form<RewardRows> = [{ title: 'Which reward', keys }];
  const words = rewardWords(value);
  return (
    <>
      <SettingsForm section={section} rows={rows} form={form} value={value} onChange={onChange} compact />
      {words && (
        <p className={styles.paid}>
          <span>{words.short}</span>
          <Explain title="Which reward" formula={asksModel(value) ? 'mix' : 'rule'}>
            <p>{words.more}</p>
          </Explain>
        </p>
      )}
    </>
  );
}

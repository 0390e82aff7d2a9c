import { useLab } from '../../../store/lab';
import { Select } from '../../primitives/Select';
import { OPTIMIZER_SETTINGS } from '../settings/optimizerSettings';
import { RestartHint } from '../settings/RestartHint';
import { SettingsDialog } from '../settings/SettingsDialog';
import { SettingsForm } from '../settings/SettingsForm';
import { countSettings } from '../settings/setting';
import styles from './Pooling.module.css';
import { POOLING } from './readiness';
import { REWARD_SETTINGS } from './settings';

const COUNT = countSettings(REWARD_SETTINGS) + countSettings(OPTIMIZER_SETTINGS);

/** From many hidden states to one number: the choice that decides the character of what PPO will write. */
export function Pooling() {
  const config = useLab((state) => state.config.value.reward);
  const change = useLab((state) => state.config.change);
  const sentence = POOLING.find((way) => way.value === config.pooling)?.sentence;
  return (
    <div className={styles.pooling}>
      <Select
        label="Pooling"
        value={config.pooling}
        onChange={(pooling) => change('reward', { pooling })}
        options={POOLING.map(({ value, label }) => ({ value, label }))}
        hint={sentence}
      />
      <SettingsDialog
        section="reward"
        trigger={`All ${COUNT} settings…`}
        title="Settings of the reward model"
        note="They act when the next run starts."
      >
        <SettingsForm section="reward" groups={REWARD_SETTINGS} value={config} onChange={(fields) => change('reward', fields)} />
        <SettingsForm
          section="reward"
          groups={OPTIMIZER_SETTINGS}
          value={config.optimizer}
          onChange={(fields) => change('reward', { optimizer: { ...config.optimizer, ...fields } })}
        />
      </SettingsDialog>
      <RestartHint kind="reward" />
    </div>
  );
}

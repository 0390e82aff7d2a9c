import { OPTIMIZER_FORM, REWARD, REWARD_FORM } from '../../../contract/settings/training';
import { useLab } from '../../../store/lab';
import { Select } from '../../primitives/Select';
import { countSettings } from '../settings/fields';
import { OptimizerForm } from '../settings/OptimizerForm';
import { RestartHint } from '../settings/RestartHint';
import { SettingsDialog } from '../settings/SettingsDialog';
import { SettingsForm } from '../settings/SettingsForm';
import styles from './Pooling.module.css';
import { POOLING } from './readiness';

const COUNT = countSettings(REWARD_FORM, OPTIMIZER_FORM);

/** From many hidden states to one number: the choice that decides the character of what PPO will write. */
export function Pooling() {
  const config = useLab((state) => state.config.value.reward);
  const change = useLab((state) => state.config.change);
  const sentence = POOLING.find((way) => way.value === config.pooling)?.sentence;
  return (
    <div className={styles.pooling}>
      <Select
        label={REWARD.pooling.label}
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
        <SettingsForm
          section="reward"
          rows={REWARD}
          form={REWARD_FORM}
          value={config}
          onChange={(fields) => change('reward', fields)}
        />
        <OptimizerForm section="reward" />
      </SettingsDialog>
      <RestartHint kind="reward" />
    </div>
  );
}

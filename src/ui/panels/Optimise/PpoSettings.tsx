import { useLab } from '../../../store/lab';
import { OPTIMIZER_SETTINGS } from '../settings/optimizerSettings';
import { RestartHint } from '../settings/RestartHint';
import { SettingsDialog } from '../settings/SettingsDialog';
import { SettingsForm } from '../settings/SettingsForm';
import { countSettings } from '../settings/setting';
import { PPO_SETTINGS } from './ppoSettings';

const COUNT = countSettings(PPO_SETTINGS) + countSettings(OPTIMIZER_SETTINGS);

/** Every other hyperparameter of PPO. */
export function PpoSettings() {
  const ppo = useLab((state) => state.config.value.ppo);
  const change = useLab((state) => state.config.change);
  return (
    <SettingsDialog
      trigger={`All ${COUNT} settings…`}
      title="PPO settings"
      note="These act from the next run on; the two live sliders act at once."
    >
      <SettingsForm groups={PPO_SETTINGS} value={ppo} onChange={(fields) => change('ppo', fields)} />
      <SettingsForm
        groups={OPTIMIZER_SETTINGS}
        value={ppo.optimizer}
        onChange={(fields) => change('ppo', { optimizer: { ...ppo.optimizer, ...fields } })}
      />
      <RestartHint kind="ppo" />
    </SettingsDialog>
  );
}

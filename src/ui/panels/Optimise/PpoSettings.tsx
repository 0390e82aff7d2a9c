import { PPO, PPO_FORM } from '../../../contract/settings/ppo';
import { OPTIMIZER_FORM } from '../../../contract/settings/training';
import { useLab } from '../../../store/lab';
import { countSettings } from '../settings/fields';
import { NamedSettings } from '../settings/NamedSettings';
import { OptimizerForm } from '../settings/OptimizerForm';
import { RestartHint } from '../settings/RestartHint';
import { SettingsDialog } from '../settings/SettingsDialog';
import { SettingsForm } from '../settings/SettingsForm';
import { PpoFamily } from './PpoFamily';
import { usePpoChange } from './usePpoChange';

const COUNT = countSettings(PPO_FORM, OPTIMIZER_FORM);

/** Every other hyperparameter of PPO, and the members of its family. */
export function PpoSettings() {
  const ppo = useLab((state) => state.config.value.ppo);
  const change = usePpoChange();
  const form = { section: 'ppo', rows: PPO, value: ppo, onChange: change } as const;
  return (
    <>
      <NamedSettings {...form} except={['klCoef', 'learningRate']} />
      <SettingsDialog
        section="ppo"
        trigger={`All ${COUNT} settings…`}
        title="PPO settings"
        note="These act from the next run on; what is marked LIVE acts at once. Greyed ones have no effect under the others."
      >
        <PpoFamily />
        <SettingsForm {...form} form={PPO_FORM} />
        <OptimizerForm section="ppo" />
        <RestartHint kind="ppo" />
      </SettingsDialog>
    </>
  );
}

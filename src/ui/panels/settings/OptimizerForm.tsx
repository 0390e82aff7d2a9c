import { SETTINGS } from '../../../contract/settings/table';
import { OPTIMIZER_FORM } from '../../../contract/settings/training';
import { useLab } from '../../../store/lab';
import { SettingsForm } from './SettingsForm';

/** The optimiser of a method, whichever it is. */
export function OptimizerForm({ section }: { section: 'pretrain' | 'finetune' | 'reward' | 'ppo' | 'dpo' }) {
  const optimizer = useLab((state) => state.config.value[section].optimizer);
  const change = useLab((state) => state.config.change);
  return (
    <SettingsForm
      section={section}
      rows={SETTINGS[section].optimizer}
      form={OPTIMIZER_FORM}
      value={optimizer}
      onChange={(fields) => change(section, { optimizer: { ...optimizer, ...fields } })}
    />
  );
}

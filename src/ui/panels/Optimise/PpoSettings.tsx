import { LIVE_KNOBS, type LiveKnobs, type PpoConfig } from '../../../contract/config';
import { actsNow, ppoClash } from '../../../contract/ppoVariants';
import { useLab } from '../../../store/lab';
import { Say } from '../../primitives/Say';
import { OPTIMIZER_SETTINGS } from '../settings/optimizerSettings';
import { RestartHint } from '../settings/RestartHint';
import { SettingsDialog } from '../settings/SettingsDialog';
import { SettingsForm } from '../settings/SettingsForm';
import { countSettings } from '../settings/setting';
import { PpoFamily } from './PpoFamily';
import { PPO_SETTINGS } from './ppoSettings';

const COUNT = countSettings(PPO_SETTINGS) + countSettings(OPTIMIZER_SETTINGS);

const isLive = (fields: Partial<PpoConfig>): fields is LiveKnobs =>
  Object.keys(fields).every((key) => (LIVE_KNOBS as readonly string[]).includes(key));

/** Every other hyperparameter of PPO, and the members of its family. */
export function PpoSettings() {
  const ppo = useLab((state) => state.config.value.ppo);
  const change = useLab((state) => state.config.change);
  const adjust = useLab((state) => state.runs.adjust);
  const clash = ppoClash(ppo);
  return (
    <SettingsDialog
      section="ppo"
      trigger={`All ${COUNT} settings…`}
      title="PPO settings"
      note="These act from the next run on; what is marked LIVE acts at once. Greyed ones have no effect under the others."
    >
      <PpoFamily />
      {clash && (
        <Say tone="warn" lead="These do not go together:">
          {clash}.
        </Say>
      )}
      <SettingsForm
        section="ppo"
        groups={PPO_SETTINGS}
        value={ppo}
        acts={(key) => actsNow(key, ppo)}
        onChange={(fields) => (isLive(fields) ? void adjust(fields) : change('ppo', fields))}
      />
      <SettingsForm
        section="ppo"
        groups={OPTIMIZER_SETTINGS}
        value={ppo.optimizer}
        onChange={(fields) => change('ppo', { optimizer: { ...ppo.optimizer, ...fields } })}
      />
      <RestartHint kind="ppo" />
    </SettingsDialog>
  );
}

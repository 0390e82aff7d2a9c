import { useLab } from '../../../store/lab';
import { OPTIMIZER_SETTINGS } from '../settings/optimizerSettings';
import { RestartHint } from '../settings/RestartHint';
import { SettingsDialog } from '../settings/SettingsDialog';
import { SettingsForm } from '../settings/SettingsForm';
import { countSettings } from '../settings/setting';
import styles from './FineTune.module.css';
import { MORE_SETTINGS, mainSettings } from './settings';

const COUNT = countSettings(MORE_SETTINGS) + countSettings(OPTIMIZER_SETTINGS);

/** How long, how fast, and which epoch's model is kept. */
export function FineTuneSetup() {
  const config = useLab((state) => state.config.value.finetune);
  const change = useLab((state) => state.config.change);
  const adjust = useLab((state) => state.runs.adjust);
  const scored = useLab((state) => state.shelf.slots.rewardId !== null);
  return (
    <div className={styles.setup}>
      <RestartHint kind="finetune" />
      <SettingsForm
        section="finetune"
        groups={mainSettings(scored || config.selectBy === 'score')}
        value={config}
        onChange={({ learningRate, ...fields }) =>
          learningRate === undefined ? change('finetune', fields) : void adjust({ learningRate }, 'finetune')
        }
      />
      {config.selectBy === 'score' && !scored && (
        <p role="alert" className={styles.hint}>
          There is no reward model to score with yet: the last epoch’s model would be kept.
        </p>
      )}
      <p className={styles.hint}>
        {scored
          ? 'InstructGPT kept the model that its reward model liked best, though the held-out loss had risen for long by then.'
          : 'Once there is a reward model, the model can also be kept by its score, as InstructGPT did.'}
      </p>
      <SettingsDialog
        section="finetune"
        trigger={`All settings: ${COUNT} more…`}
        title="Fine-tuning settings"
        note="These act from the next run on."
      >
        <SettingsForm section="finetune" groups={MORE_SETTINGS} value={config} onChange={(fields) => change('finetune', fields)} />
        <SettingsForm
          section="finetune"
          groups={OPTIMIZER_SETTINGS}
          value={config.optimizer}
          onChange={(fields) => change('finetune', { optimizer: { ...config.optimizer, ...fields } })}
        />
      </SettingsDialog>
    </div>
  );
}

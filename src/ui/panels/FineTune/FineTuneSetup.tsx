import { FINETUNE, FINETUNE_MAIN, FINETUNE_MORE, OPTIMIZER_FORM } from '../../../contract/settings/training';
import { useLab } from '../../../store/lab';
import { countSettings } from '../settings/fields';
import { NamedSettings } from '../settings/NamedSettings';
import { OptimizerForm } from '../settings/OptimizerForm';
import { RestartHint } from '../settings/RestartHint';
import { SettingsDialog } from '../settings/SettingsDialog';
import { SettingsForm } from '../settings/SettingsForm';
import styles from './FineTune.module.css';

const MAIN = FINETUNE_MAIN.flatMap(({ keys }) => keys);
const COUNT = countSettings(FINETUNE_MORE, OPTIMIZER_FORM);

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
        rows={FINETUNE}
        form={FINETUNE_MAIN}
        without={scored || config.selectBy === 'score' ? undefined : 'score'}
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
      <NamedSettings
        section="finetune"
        rows={FINETUNE}
        value={config}
        onChange={(fields) => change('finetune', fields)}
        except={MAIN}
      />
      <SettingsDialog
        section="finetune"
        trigger={`All settings: ${COUNT} more…`}
        title="Fine-tuning settings"
        note="These act from the next run on."
      >
        <SettingsForm
          section="finetune"
          rows={FINETUNE}
          form={FINETUNE_MORE}
          value={config}
          onChange={(fields) => change('finetune', fields)}
        />
        <OptimizerForm section="finetune" />
      </SettingsDialog>
    </div>
  );
}

import { countOf } from '../../../contract/numbers';
import { useLab } from '../../../store/lab';
import { Button } from '../../primitives/Button';
import { formatBytes, formatCount, formatDuration } from '../../primitives/format';
import { OPTIMIZER_SETTINGS } from '../settings/optimizerSettings';
import { RestartHint } from '../settings/RestartHint';
import { SettingsDialog } from '../settings/SettingsDialog';
import { SettingsForm } from '../settings/SettingsForm';
import { countSettings } from '../settings/setting';
import styles from './PretrainSetup.module.css';
import { MAIN_SETTINGS, MODEL_SETTINGS, MORE_SETTINGS, shapeComplaint } from './pretrainSettings';

const COUNT = countSettings(MORE_SETTINGS) + countSettings(MODEL_SETTINGS) + countSettings(OPTIMIZER_SETTINGS);

/** What will be trained, for how long, and with which settings. */
export function PretrainSetup() {
  const pretrain = useLab((state) => state.config.value.pretrain);
  const model = useLab((state) => state.config.value.model);
  const change = useLab((state) => state.config.change);
  const complaint = shapeComplaint(model);
  return (
    <div className={styles.setup}>
      <Forecast />
      <SettingsForm section="pretrain" groups={MAIN_SETTINGS} value={pretrain} onChange={(fields) => change('pretrain', fields)} />
      {complaint && <p role="alert">{complaint}</p>}
      <SettingsDialog
        section="pretrain"
        trigger={`All settings: ${COUNT} more…`}
        title="Pretraining settings"
        note="These act from the next run on."
      >
        <SettingsForm section="model" groups={MODEL_SETTINGS} value={model} onChange={(fields) => change('model', fields)} />
        {complaint && <p role="alert">{complaint}</p>}
        <SettingsForm section="pretrain" groups={MORE_SETTINGS} value={pretrain} onChange={(fields) => change('pretrain', fields)} />
        <SettingsForm
          section="pretrain"
          groups={OPTIMIZER_SETTINGS}
          value={pretrain.optimizer}
          onChange={(fields) => change('pretrain', { optimizer: { ...pretrain.optimizer, ...fields } })}
        />
      </SettingsDialog>
      <RestartHint kind="pretrain" />
    </div>
  );
}

/** Size, memory and time before anything starts; the time comes from a short measured step on this machine. */
function Forecast() {
  const { layers, width, heads } = useLab((state) => state.config.value.model);
  const steps = useLab((state) => state.config.value.pretrain.steps);
  const estimate = useLab((state) => state.config.estimate);
  const probing = useLab((state) => state.engine.probing);
  const measure = useLab((state) => state.engine.measure);
  const seconds = estimate?.secondsPerStep ?? null;
  return (
    <dl className={styles.forecast}>
      <Fact name="Model" value={`${countOf(layers, 'layer')}, ${countOf(heads, 'head')}, width\u00a0${width}`} />
      <Fact name="Parameters" value={estimate ? formatCount(estimate.parameters) : '–'} />
      <Fact name="Memory" value={estimate ? formatBytes(estimate.trainingBytes) : '–'} />
      <div className={styles.fact}>
        <dt>Time</dt>
        <dd>
          {seconds !== null ? (
            `about ${formatDuration(1000 * seconds * steps)}`
          ) : (
            <Button kind="link" onClick={() => measure()} disabled={probing}>
              {probing ? 'measuring…' : 'measure this machine'}
            </Button>
          )}
        </dd>
      </div>
    </dl>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

import { countOf } from '../../../contract/numbers';
import { clashOf } from '../../../contract/settings/clashes';
import { MODEL, MODEL_FORM } from '../../../contract/settings/lab';
import { asSentence } from '../../../contract/settings/setting';
import { OPTIMIZER_FORM, PRETRAIN, PRETRAIN_MAIN, PRETRAIN_MORE } from '../../../contract/settings/training';
import { useLab } from '../../../store/lab';
import { Button } from '../../primitives/Button';
import { formatBytes, formatCount, formatDuration } from '../../primitives/format';
import { countSettings } from '../settings/fields';
import { NamedSettings } from '../settings/NamedSettings';
import { OptimizerForm } from '../settings/OptimizerForm';
import { RestartHint } from '../settings/RestartHint';
import { SettingsDialog } from '../settings/SettingsDialog';
import { SettingsForm } from '../settings/SettingsForm';
import styles from './PretrainSetup.module.css';

const MAIN = PRETRAIN_MAIN.flatMap(({ keys }) => keys);
const COUNT = countSettings(PRETRAIN_MORE, MODEL_FORM, OPTIMIZER_FORM);

/** What will be trained, for how long, and with which settings. */
export function PretrainSetup() {
  const pretrain = useLab((state) => state.config.value.pretrain);
  const model = useLab((state) => state.config.value.model);
  const change = useLab((state) => state.config.change);
  const clash = useLab((state) => clashOf(state.config.value, 'model'));
  const complaint = clash && <p role="alert">{asSentence(clash)}</p>;
  return (
    <div className={styles.setup}>
      <Forecast />
      <SettingsForm
        section="pretrain"
        rows={PRETRAIN}
        form={PRETRAIN_MAIN}
        value={pretrain}
        onChange={(fields) => change('pretrain', fields)}
      />
      {complaint}
      <NamedSettings section="model" rows={MODEL} value={model} onChange={(fields) => change('model', fields)} />
      <NamedSettings
        section="pretrain"
        rows={PRETRAIN}
        value={pretrain}
        onChange={(fields) => change('pretrain', fields)}
        except={MAIN}
      />
      <SettingsDialog
        section="pretrain"
        trigger={`All settings: ${COUNT} more…`}
        title="Pretraining settings"
        note="These act from the next run on."
      >
        <SettingsForm
          section="model"
          rows={MODEL}
          form={MODEL_FORM}
          value={model}
          onChange={(fields) => change('model', fields)}
        />
        {complaint}
        <SettingsForm
          section="pretrain"
          rows={PRETRAIN}
          form={PRETRAIN_MORE}
          value={pretrain}
          onChange={(fields) => change('pretrain', fields)}
        />
        <OptimizerForm section="pretrain" />
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

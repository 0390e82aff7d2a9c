import { useEffect, useId } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { type PresetName, presetConfig } from '../../../contract/config';
import { useLab } from '../../../store/lab';
import { formatBytes, formatCount } from '../../primitives/format';
import styles from './Start.module.css';
import { isCustom, PRESET_WORDS, presetNames, shapeWords, timeWords, unmeasuredWords } from './words';

function Preset({ preset, chosen, suggested }: { preset: PresetName; chosen: boolean; suggested: boolean }) {
  const id = useId();
  const estimate = useLab((state) => state.config.presets[preset]);
  const applyPreset = useLab((state) => state.config.applyPreset);
  const { model, pretrain } = presetConfig(preset);
  const probing = useLab((state) => state.engine.probing);
  const time = estimate?.secondsPerStep;
  return (
    <div className={styles.preset} data-chosen={chosen}>
      <span className={styles.presetHead}>
        <button
          type="button"
          className={styles.presetName}
          aria-pressed={chosen}
          aria-describedby={id}
          onClick={() => applyPreset(preset)}
        >
          {PRESET_WORDS[preset].name}
        </button>
        {suggested && <span className={styles.suggested}>suits this machine</span>}
      </span>
      <span id={id} className={styles.facts}>
        <span>{PRESET_WORDS[preset].promise} </span>
        <span>{shapeWords(model)} </span>
        <span>
          {estimate
            ? `${formatCount(estimate.parameters)} parameters · ${formatBytes(estimate.trainingBytes)} to train `
            : '…'}
        </span>
        <span>
          {time === null || time === undefined
            ? unmeasuredWords(probing)
            : `pretrains in ${timeWords(time, pretrain.steps)}`}
        </span>
      </span>
    </div>
  );
}

/** Three sizes, each with what it costs on this machine. */
export function Presets() {
  const { preset, custom } = useLab(
    useShallow(({ config }) => ({ preset: config.value.preset, custom: isCustom(config.value) })),
  );
  const ready = useLab((state) => state.engine.status === 'ready');
  const probe = useLab((state) => state.engine.probe);
  const refresh = useLab((state) => state.config.refreshPresets);
  const corpus = useLab((state) => state.corpus.summary);
  // the times are this machine's and the sizes those of the corpus: they change when it has been measured, or another
  // one is taken
  useEffect(() => {
    if (ready || probe || corpus) void refresh();
  }, [ready, probe, corpus, refresh]);
  return (
    <section className={styles.presets} aria-label="Size of the model">
      {presetNames.map((name) => (
        <Preset key={name} preset={name} chosen={!custom && preset === name} suggested={probe?.suggested === name} />
      ))}
    </section>
  );
}

import { useShallow } from 'zustand/react/shallow';
import type { ModelConfig } from '../../../contract/config';
import { MODEL } from '../../../contract/settings/lab';
import { useLab } from '../../../store/lab';
import { corpusWords } from '../../../store/text/corpusWords';
import { Checkbox } from '../../primitives/Checkbox';
import { Disclosure } from '../../primitives/Disclosure';
import { NumberField } from '../../primitives/NumberField';
import { Say } from '../../primitives/Say';
import { Select } from '../../primitives/Select';
import { Slider } from '../../primitives/Slider';
import { boundsOf } from '../settings/fields';
import styles from './Start.module.css';
import { costWords, memoryBudget, tooLarge } from './words';

type Shape = Omit<ModelConfig, 'vocabSize'>;

const whole = (value: number): string => String(value);
const PER_HEAD = [8, 16, 32, 64];

/** The 2017 paper's choices, each beside GPT-2's. */
function Switches({ model, change }: { model: Shape; change: (fields: Partial<Shape>) => void }) {
  return (
    <>
      <Select
        label="Positions"
        value={model.positions}
        onChange={(positions) => change({ positions })}
        options={[
          { value: 'learned', label: 'learned (GPT-2)' },
          { value: 'sinusoidal', label: 'sine waves (2017)' },
        ]}
      />
      <Select
        label="LayerNorm"
        value={model.norm}
        onChange={(norm) => change({ norm })}
        options={[
          { value: 'pre', label: 'before each block (GPT-2)' },
          { value: 'post', label: 'after each block (2017)' },
        ]}
      />
      <Select
        label="Activation"
        value={model.activation}
        onChange={(activation) => change({ activation })}
        options={[
          { value: 'gelu', label: 'GELU (GPT-2)' },
          { value: 'relu', label: 'ReLU (2017)' },
        ]}
      />
      <Checkbox
        label="Output layer shares the token embedding (GPT-2)"
        checked={model.tiedHead}
        onChange={(tiedHead) => change({ tiedHead })}
      />
    </>
  );
}

/** Width is heads × channels per head, so that no choice is impossible. */
function Sizes({ model, change }: { model: Shape; change: (fields: Partial<Shape>) => void }) {
  const { ownText } = useLab((state) => corpusWords(state.corpus.summary));
  const perHead = model.width / model.heads;
  const options = [...new Set([...PER_HEAD, perHead])].sort((a, b) => a - b);
  return (
    <>
      <Slider
        label={MODEL.layers.label}
        {...MODEL.layers.slider}
        format={whole}
        value={model.layers}
        onChange={(layers) => change({ layers })}
      />
      <Slider
        label={MODEL.heads.label}
        {...MODEL.heads.slider}
        format={whole}
        value={model.heads}
        onChange={(heads) => change({ heads, width: heads * perHead })}
      />
      <Select
        label="Channels per head"
        value={String(perHead)}
        onChange={(value) => change({ width: model.heads * Number(value) })}
        options={options.map((value) => ({ value: String(value), label: `${value}, width ${value * model.heads}` }))}
      />
      <NumberField
        {...boundsOf(MODEL.contextLength)}
        label={MODEL.contextLength.label}
        hint={`tokens it can read at once${ownText ? '' : '; stories need 48'}`}
        value={model.contextLength}
        onChange={(contextLength) => change({ contextLength })}
      />
    </>
  );
}

declare global {
  interface Navigator {
    /** gigabytes, rounded; Chromium only */
    readonly deviceMemory?: number;
  }
}

/** A model of the visitor's own, with its price while they turn the knobs. */
export function CustomModel() {
  const { model, steps, estimate } = useLab(
    useShallow(({ config }) => ({
      model: config.value.model,
      steps: config.value.pretrain.steps,
      estimate: config.estimate,
    })),
  );
  const changeConfig = useLab((state) => state.config.change);
  const change = (fields: Partial<Shape>) => changeConfig('model', fields);
  const trouble = estimate && tooLarge(estimate, memoryBudget(navigator.deviceMemory));
  return (
    <Disclosure summary="Build your own transformer, or the one of 2017…">
      <div className={styles.custom}>
        <Sizes model={model} change={change} />
        <Switches model={model} change={change} />
      </div>
      {trouble ? (
        <Say tone="bad" lead="Probably too large.">
          {trouble}
        </Say>
      ) : (
        <Say lead="This model:">{estimate ? costWords(estimate, steps) : 'its size appears when the engine runs.'}</Say>
      )}
    </Disclosure>
  );
}

import { Field, type FieldProps } from './Field';
import styles from './Field.module.css';
import { formatNumber } from './format';

interface SliderProps extends FieldProps {
  value: number;
  onChange: (value: number) => void;
  /** the hand has let go */
  onRest?: () => void;
  min: number;
  max: number;
  step: number;
  format?: (value: number) => string;
  /**
   * 'log': equal ways are equal factors; `min` must be above 0, and `step` is the part of a factor of ten one key press
   * moves
   */
  scale?: 'linear' | 'log';
}

/** keys that move it: several in a row are one hand */
const MOVING = /^(Arrow|Page|Home$|End$)/;

/**
 * A range the arrow keys move too. Linear ones carry their value as it is; logarithmic ones carry its decimal logarithm
 * and say the value.
 */
export function Slider({
  value,
  onChange,
  onRest,
  min,
  max,
  step,
  format = formatNumber,
  scale = 'linear',
  ...field
}: SliderProps) {
  const log = scale === 'log';
  const position = log ? Math.log10(Math.max(min, value)) : value;
  const change = (raw: number) => onChange(log ? Number((10 ** raw).toPrecision(3)) : raw);
  return (
    <Field {...field} shown={format(value)}>
      {({ id, describedBy }) => (
        <input
          className={styles.range}
          id={id}
          type="range"
          min={log ? Math.log10(min) : min}
          max={log ? Math.log10(max) : max}
          step={step}
          value={position}
          disabled={field.disabled}
          aria-valuetext={format(value)}
          aria-describedby={describedBy}
          onChange={(event) => change(event.currentTarget.valueAsNumber)}
          onPointerUp={onRest}
          onKeyDown={({ key }) => !MOVING.test(key) && onRest?.()}
          onBlur={onRest}
        />
      )}
    </Field>
  );
}

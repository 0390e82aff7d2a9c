import {
  acts,
  type Form,
  type Setting,
  type Settings,
  type Value,
  type Values,
} from '../../../contract/settings/setting';
import type { ControlId } from '../../../store/health';
import type { ConfigSection } from '../../../store/state';
import { Checkbox } from '../../primitives/Checkbox';
import { NumberField } from '../../primitives/NumberField';
import { Select } from '../../primitives/Select';
import { Control } from '../Control';
import { boundsOf, choicesOf, frameOf } from './fields';
import styles from './Settings.module.css';

interface SettingFieldProps {
  setting: Setting;
  value: Value;
  onChange: (value: Value) => void;
  /** without effect under the other settings */
  idle: boolean;
  /** an option that is not to be had */
  without?: string;
  className?: string;
}

function SettingField({ setting, value, onChange, idle, without, className }: SettingFieldProps) {
  const frame = { ...frameOf(setting), disabled: idle, className };
  if (setting.kind === 'switch')
    return <Checkbox toggle label={setting.label} checked={Boolean(value)} disabled={idle} onChange={onChange} />;
  if (setting.kind === 'number')
    return <NumberField {...frame} {...boundsOf(setting)} value={Number(value)} onChange={onChange} />;
  const options = choicesOf(setting).filter((option) => option.value !== without);
  return <Select {...frame} value={String(value)} options={options} onChange={onChange} />;
}

interface SettingsFormProps<Rows extends Settings> {
  section: ConfigSection;
  rows: Rows;
  form: Form<Rows>;
  value: Values<Rows>;
  onChange: (fields: Partial<Values<Rows>>) => void;
  /** an option that is not to be had */
  without?: string;
  /** few, in little room: labels beside their controls, titles for screen readers alone */
  compact?: boolean;
}

/** Settings of a stage, in groups that belong together; one that has no effect under the others is greyed. */
export function SettingsForm<Rows extends Settings>({
  section,
  rows,
  form,
  value,
  onChange,
  without,
  compact = false,
}: SettingsFormProps<Rows>) {
  return form.map(({ title, keys }) => (
    <fieldset key={title} className={`${styles.group} ${compact ? styles.compact : ''}`}>
      <legend className={compact ? 'visually-hidden' : styles.legend}>{title}</legend>
      <div className={styles.fields}>
        {keys.map((key) => {
          const setting = rows[key] as Setting;
          return (
            <Control key={key} id={`${section}/${key}` as ControlId}>
              <SettingField
                setting={setting}
                value={value[key] as Value}
                onChange={(next) => onChange({ [key]: next } as Partial<Values<Rows>>)}
                idle={!acts(setting, value)}
                without={without}
                className={compact ? styles.beside : ''}
              />
            </Control>
          );
        })}
      </div>
    </fieldset>
  ));
}

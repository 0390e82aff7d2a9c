import { Checkbox } from '../../primitives/Checkbox';
import { NumberField } from '../../primitives/NumberField';
import { Select } from '../../primitives/Select';
import styles from './Settings.module.css';
import type { Setting, SettingsGroup } from './setting';

interface SettingFieldProps<C> {
  setting: Setting<C>;
  value: C;
  onChange: (fields: Partial<C>) => void;
}

function SettingField<C>({ setting, value, onChange }: SettingFieldProps<C>) {
  const change = (next: number | boolean | string) => onChange({ [setting.key]: next } as unknown as Partial<C>);
  const { label, symbol, hint } = setting;
  if (setting.kind === 'switch') return <Checkbox toggle label={label} checked={Boolean(value[setting.key])} onChange={change} />;
  if (setting.kind === 'choice') {
    return (
      <Select label={label} symbol={symbol} hint={hint} value={String(value[setting.key])} options={setting.options} onChange={change} />
    );
  }
  const { min, max, integer } = setting;
  return (
    <NumberField
      label={label}
      symbol={symbol}
      hint={hint}
      min={min}
      max={max}
      integer={integer}
      value={Number(value[setting.key])}
      onChange={change}
    />
  );
}

interface SettingsFormProps<C> {
  groups: readonly SettingsGroup<C>[];
  value: C;
  onChange: (fields: Partial<C>) => void;
}

/** Every setting of a stage, in groups that belong together. */
export function SettingsForm<C>({ groups, value, onChange }: SettingsFormProps<C>) {
  return groups.map((group) => (
    <fieldset key={group.title} className={styles.group}>
      <legend className={styles.legend}>{group.title}</legend>
      <div className={styles.fields}>
        {group.settings.map((setting) => (
          <SettingField key={setting.key} setting={setting} value={value} onChange={onChange} />
        ))}
      </div>
    </fieldset>
  ));
}

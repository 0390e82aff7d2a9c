import type { ConfigSection } from '../../../store/state';
import { Checkbox } from '../../primitives/Checkbox';
import { NumberField } from '../../primitives/NumberField';
import { Select } from '../../primitives/Select';
import { Control } from '../Control';
import styles from './Settings.module.css';
import type { Setting, SettingsGroup } from './setting';

interface SettingFieldProps<C> {
  setting: Setting<C>;
  value: C;
  onChange: (fields: Partial<C>) => void;
  /** without effect under the other settings */
  idle: boolean;
}

function hintOf<C>({ hint, source }: Setting<C>): string | undefined {
  const text = [hint, source].filter(Boolean).join('. ');
  return text === '' ? undefined : text;
}

function SettingField<C>({ setting, value, onChange, idle }: SettingFieldProps<C>) {
  const change = (next: number | boolean | string) => onChange({ [setting.key]: next } as unknown as Partial<C>);
  const { label, symbol, live } = setting;
  const frame = { label, symbol, live, hint: hintOf(setting), disabled: idle };
  if (setting.kind === 'switch')
    return <Checkbox toggle label={label} checked={Boolean(value[setting.key])} disabled={idle} onChange={change} />;
  if (setting.kind === 'choice')
    return <Select {...frame} value={String(value[setting.key])} options={setting.options} onChange={change} />;
  const { min, max, integer } = setting;
  return <NumberField {...frame} min={min} max={max} integer={integer} value={Number(value[setting.key])} onChange={change} />;
}

interface SettingsFormProps<C> {
  section: ConfigSection;
  groups: readonly SettingsGroup<C>[];
  value: C;
  onChange: (fields: Partial<C>) => void;
  /** @returns false for a setting that has no effect now: it is greyed, not hidden */
  acts?: (key: keyof C & string) => boolean;
}

/** Every setting of a stage, in groups that belong together. */
export function SettingsForm<C>({ section, groups, value, onChange, acts = () => true }: SettingsFormProps<C>) {
  return groups.map((group) => (
    <fieldset key={group.title} className={styles.group}>
      <legend className={styles.legend}>{group.title}</legend>
      <div className={styles.fields}>
        {group.settings.map((setting) => (
          <Control key={setting.key} id={`${section}/${setting.key}`}>
            <SettingField setting={setting} value={value} onChange={onChange} idle={!acts(setting.key)} />
          </Control>
        ))}
      </div>
    </fieldset>
  ));
}

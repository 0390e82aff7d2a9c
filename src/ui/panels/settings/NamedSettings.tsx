import type { Settings, Values } from '../../../contract/settings/setting';
import type { ConfigSection } from '../../../store/state';
import { useNamedSettings } from '../LessonView';
import { SettingsForm } from './SettingsForm';

interface NamedSettingsProps<Rows extends Settings> {
  section: ConfigSection;
  rows: Rows;
  value: Values<Rows>;
  onChange: (fields: Partial<Values<Rows>>) => void;
  /** they stand on the stage already */
  except?: readonly (keyof Rows & string)[];
}

/** In a lesson: settings that its step names and that a stage keeps out of the way. */
export function NamedSettings<Rows extends Settings>({ except = [], ...props }: NamedSettingsProps<Rows>) {
  const keys = Object.keys(props.rows) as (keyof Rows & string)[];
  const named = useNamedSettings(
    props.section,
    keys.filter((key) => !except.includes(key)),
  );
  if (named.length === 0) return null;
  return <SettingsForm {...props} form={[{ title: 'In question', keys: named }]} compact />;
}

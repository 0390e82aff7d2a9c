/** What a row of the table of settings is on the page: the parts of it that each control takes. */
import {
  type ChoiceSetting,
  type Form,
  type NumberSetting,
  optionsOf,
  type Setting,
  type Settings,
} from '../../../contract/settings/setting';

/** label, symbol, LIVE mark and hint */
export function frameOf({ label, symbol, live, hint, source }: Setting) {
  const text = [hint, source].filter(Boolean).join('. ');
  return { label, symbol, live: live !== undefined, hint: text === '' ? undefined : text };
}

/** of a typed number */
export const boundsOf = ({ min, max, integer, excludes, tooLow, step }: NumberSetting) => ({
  min,
  max,
  integer,
  excludes,
  tooLow,
  step,
});

export function choicesOf(setting: ChoiceSetting): { value: string; label: string }[] {
  const { options } = setting;
  return optionsOf(setting).map((value) => ({
    value,
    label: (options as Readonly<Record<string, string>>)[value] ?? value,
  }));
}

export const countSettings = (...forms: readonly Form<Settings>[]): number =>
  forms.flat().reduce((count, { keys }) => count + keys.length, 0);

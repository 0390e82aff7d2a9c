/** The settings that a lesson names: those of the address, by the same names and within the same bounds. */
import { type LabConfig, LIVE_KNOBS, type LiveKnobs, type PresetName, presetConfig } from '../contract/config';
import type { LessonSettings } from '../contract/lesson';
import { CLASHES } from '../contract/settings/clashes';
import { optionsOf, refusal, type Setting } from '../contract/settings/setting';
import { SETTING_ROWS, type SettingRow } from '../contract/settings/table';
import { didYouMean } from './nearestWord';

/** the seed has a place of its own, and what computes is the visitor's choice */
const NOT_OF_LESSONS = ['seed', 'backend', 'executor'];
const ROWS = new Map(
  SETTING_ROWS.filter(({ address }) => !NOT_OF_LESSONS.includes(address)).map((row) => [row.address, row]),
);
export const SETTING_NAMES: readonly string[] = [...ROWS.keys()];

/** @returns why a name is that of no control; null where it is one */
export const controlTrouble = (name: string, more: readonly string[] = []): string | null =>
  ROWS.has(name) || more.includes(name)
    ? null
    : `there is no control “${name}”${didYouMean(name, [...more, ...SETTING_NAMES])}`;

function valueTrouble(name: string, setting: Setting, value: unknown): string | null {
  if (setting.kind === 'number') {
    const why = refusal(setting, value);
    return why === null
      ? null
      : `“${name}” cannot be ${JSON.stringify(value)}: ${why.replace(/\.$/, '').toLowerCase()}`;
  }
  if (setting.kind === 'switch') return typeof value === 'boolean' ? null : `“${name}” is true or false`;
  const options = optionsOf(setting);
  if (typeof value === 'string' && options.includes(value)) return null;
  return `“${name}” is one of ${options.join(', ')}${typeof value === 'string' ? didYouMean(value, options) : ''}`;
}

/** @returns why a setting cannot have a value; null where it can */
export function settingTrouble(name: string, value: unknown): string | null {
  const row = ROWS.get(name);
  return row ? valueTrouble(name, row.setting, value) : controlTrouble(name);
}

/** the object that holds a setting of a configuration */
const holderOf = (config: LabConfig, { path }: SettingRow): Record<string, unknown> =>
  path.slice(0, -1).reduce((tree, step) => tree[step] as Record<string, unknown>, config as Record<string, unknown>);

/** @returns the experiment with these settings, those of a later list over those of an earlier one */
export function configWith(seed: number, ...lists: readonly LessonSettings[]): LabConfig {
  const settings: LessonSettings = Object.fromEntries(lists.flatMap((list) => Object.entries(list)));
  const config = presetConfig((settings.preset as PresetName | undefined) ?? 'tiny', seed);
  for (const [name, value] of Object.entries(settings)) {
    const row = ROWS.get(name);
    if (row) holderOf(config, row)[row.path.at(-1)!] = value;
  }
  return config;
}

/** @returns the value of a setting by its name in the address */
export function settingIn(config: LabConfig, name: string): unknown {
  const row = ROWS.get(name);
  return row && holderOf(config, row)[row.path.at(-1)!];
}

/** names in the address of what may be turned while PPO runs → keys of its configuration */
const LIVE_NAMES = new Map(
  [...ROWS].flatMap(([name, { path }]) => {
    const knob = LIVE_KNOBS.find((key) => path.length === 2 && path[0] === 'ppo' && path[1] === key);
    return knob ? [[name, knob] as const] : [];
  }),
);

/** @returns the settings as knobs of a run under way, and the names of those that cannot be turned meanwhile */
export function liveKnobs(settings: LessonSettings): { knobs: LiveKnobs; others: string[] } {
  const all = Object.entries(settings);
  const knobs = Object.fromEntries(
    all.flatMap(([name, value]) => (LIVE_NAMES.has(name) ? [[LIVE_NAMES.get(name), value]] : [])),
  );
  return { knobs: knobs as LiveKnobs, others: all.map(([name]) => name).filter((name) => !LIVE_NAMES.has(name)) };
}

/** @returns the first two settings that do not go together, in words; null when all do */
export function settingsClash(settings: LessonSettings, changes: LessonSettings = {}): string | null {
  const config = configWith(1, settings, changes);
  for (const { reason } of CLASHES) {
    const why = reason(config);
    if (why !== null) return `these settings do not go together: ${why}`;
  }
  return null;
}

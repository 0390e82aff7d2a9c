/**
 * Every setting of the lab, one row each, by section. To add a knob: a row in its section (rows are in the order of
 * addresses and of what is stored; the form below them says where the page shows it), the line of `core` that reads it,
 * and a test of what it does. A knob that comes after runs were stored says `since`, so that
 * those go on as they were. Types, checks, addresses, controls, words and `README.md` beside this file (by `npm run
 * glossary`) follow.
 */
import { BEST_OF, DPO } from './dpo';
import { COMPARE, LAB, MODEL, SAMPLING, STORIES, TEXT } from './lab';
import { PPO } from './ppo';
import { isSetting, type Setting, type Settings } from './setting';
import { FINETUNE, PRETRAIN, REWARD } from './training';

export const SETTINGS = {
  ...LAB,
  model: MODEL,
  stories: STORIES,
  text: TEXT,
  pretrain: PRETRAIN,
  finetune: FINETUNE,
  compare: COMPARE,
  reward: REWARD,
  ppo: PPO,
  dpo: DPO,
  bestOf: BEST_OF,
  sampling: SAMPLING,
} as const satisfies Settings;

/** A row, by where a configuration and an address have it. */
export interface SettingRow {
  /** steps to it in a configuration: ['ppo', 'optimizer', 'beta1'] */
  path: readonly string[];
  /** its key in the address */
  address: string;
  setting: Setting;
}

const rowsIn = (settings: Settings, above: readonly string[]): SettingRow[] =>
  Object.entries(settings).flatMap(([key, entry]) => {
    const path = [...above, key];
    return isSetting(entry) ? [{ path, address: entry.address ?? key, setting: entry }] : rowsIn(entry, path);
  });

/** all of them, in the order of an address */
export const SETTING_ROWS: readonly SettingRow[] = rowsIn(SETTINGS, []);

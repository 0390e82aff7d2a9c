/**
 * Every setting of the lab, one row each, by section. To add a knob: a row in its section (its place among the rows is
 * its place in addresses and in what is stored; its place in the form below them is where the page shows it), the line
 * of `core` that reads it, and a test of what it does. A knob that comes after runs were stored says `since`, so that
 * those go on as they were. Types, checks, addresses, controls, words and `README.md` beside this file (by `npm run
 * glossary`) follow.
 */
import { BEST_OF, DPO } from './dpo';
import { COMPARE, LAB, MODEL, SAMPLING, STORIES, TEXT } from './lab';
import { PPO } from './ppo';
import { isSetting, type Setting, type Settings } from './setting';
import { FINETUNE, PRETRAIN, REWARD } from './training';

/** in the order of an address */
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

export interface Place {
  /** steps to it in a configuration: ['ppo', 'optimizer', 'beta1'] */
  path: readonly string[];
  /** its key in the address */
  address: string;
  setting: Setting;
}

const placesIn = (rows: Settings, above: readonly string[]): Place[] =>
  Object.entries(rows).flatMap(([key, entry]) => {
    const path = [...above, key];
    return isSetting(entry) ? [{ path, address: entry.address ?? key, setting: entry }] : placesIn(entry, path);
  });

export const PLACES: readonly Place[] = placesIn(SETTINGS, []);

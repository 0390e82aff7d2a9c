import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { type LabConfig, PRESETS, presetConfig } from '../../../src/contract/config';
import { BEST_OF_FORM, DPO_FORM } from '../../../src/contract/settings/dpo';
import { MODEL_FORM } from '../../../src/contract/settings/lab';
import { PPO_FORM } from '../../../src/contract/settings/ppo';
import { optionsOf, refusal, type Setting, type Value } from '../../../src/contract/settings/setting';
import { SETTING_ROWS, SETTINGS, type SettingRow } from '../../../src/contract/settings/table';
import {
  FINETUNE_MAIN,
  FINETUNE_MORE,
  OPTIMIZER_FORM,
  PRETRAIN_MAIN,
  PRETRAIN_MORE,
  REWARD_FORM,
} from '../../../src/contract/settings/training';
import { WHICH_REWARD_KEYS } from '../../../src/contract/settings/whichReward';
import { settingSchema, settingsSchema, settingTextSchema } from '../../../src/formats/schemas';
import { readUrl, writeSearch } from '../../../src/store/address/url';

const nameOf = ({ path }: SettingRow): string => path.join('.');
const named = SETTING_ROWS.map((row) => [nameOf(row), row] as const);
const numbers = named.flatMap(([name, { setting }]) => (setting.kind === 'number' ? [[name, setting] as const] : []));

/** the next double */
const after = (value: number, direction: 1 | -1): number =>
  value + direction * Math.max(Number.MIN_VALUE, Math.abs(value) * Number.EPSILON);

/** the least and the most, or as near to them as a double comes */
function widest({ min, max, excludes }: Extract<Setting, { kind: 'number' }>): [number, number] {
  return [excludes === 'min' ? after(min, 1) : min, excludes === 'max' ? after(max, -1) : max];
}

function beyond({ min, max, excludes, integer }: Extract<Setting, { kind: 'number' }>): number[] {
  const step = (value: number, direction: 1 | -1) => (integer ? value + direction : after(value, direction));
  return [excludes === 'min' ? min : step(min, -1), excludes === 'max' ? max : step(max, 1)];
}

const issueOf = (schema: v.GenericSchema, value: unknown): string | null => {
  const read = v.safeParse(schema, value);
  return read.success ? null : read.issues[0].message;
};

const isDefault = (setting: Setting, value: unknown): boolean => {
  if (setting.kind === 'number') return refusal(setting, value) === null;
  return setting.kind === 'switch' ? typeof value === 'boolean' : optionsOf(setting).includes(value as string);
};

const valuesOf = (setting: Setting): readonly Value[] => {
  if (setting.kind === 'number') return widest(setting);
  return setting.kind === 'switch' ? [true, false] : optionsOf(setting);
};

/** their widest values need other settings to change with them */
const CLASHING = [
  'context',
  'completionLength',
  'happyShare',
  'sadShare',
  'politeShare',
  'rudeShare',
  'minibatches',
  'klPlacement',
  ...['tune', 'reward', 'ppo', 'dpo'].flatMap((method) => [`${method}Rank`, `${method}Frozen`]),
];

/** a configuration in which one setting is otherwise */
function withValue({ path }: SettingRow, value: Value): LabConfig {
  const config = presetConfig('tiny');
  const last = path.at(-1) as string;
  const tree = path
    .slice(0, -1)
    .reduce((inner, step) => inner[step] as Record<string, unknown>, config as unknown as Record<string, unknown>);
  tree[last] = value;
  return config;
}

describe('a setting', () => {
  it.each(named)('%s begins with something it may be, and so do runs from before it', (_, { path, setting }) => {
    for (const preset of PRESETS) {
      const value = path.reduce<unknown>((tree, step) => (tree as Record<string, unknown>)[step], presetConfig(preset));
      expect(isDefault(setting, value), `${preset}: ${value}`).toBe(true);
    }
    if (setting.since) expect(isDefault(setting, setting.since.before)).toBe(true);
  });

  it.each(numbers)('%s may be as much and as little for the page as for an address and the thread', (_, setting) => {
    for (const value of widest(setting)) {
      expect(refusal(setting, value)).toBeNull();
      expect(v.parse(settingSchema(setting), value)).toBe(value);
      expect(v.parse(settingTextSchema(setting), String(value))).toBe(value);
    }
  });

  it.each(numbers)('%s is refused in the same words wherever it comes from', (_, setting) => {
    const fraction = setting.integer ? [setting.min + 0.5] : [];
    for (const value of [...beyond(setting), ...fraction, Number.POSITIVE_INFINITY, Number.NaN]) {
      const words = refusal(setting, value);
      expect(words, String(value)).toMatch(/^[Aa]\w* .*\.?$|^Below .*\.$/);
      expect(issueOf(settingSchema(setting), value)).toBe(words);
      expect(issueOf(settingTextSchema(setting), String(value))).toBe(words);
    }
  });

  it.each(numbers.filter(([, { slider }]) => slider))('%s slides within its bounds', (_, setting) => {
    const { slider, min, max } = setting;
    expect(slider!.min).toBeGreaterThanOrEqual(min);
    expect(slider!.max).toBeLessThanOrEqual(max);
    if (slider!.scale === 'log') expect(slider!.min).toBeGreaterThan(0);
  });

  it.each(named)('%s comes back from the address, whatever was chosen', (_, row) => {
    const { setting, address } = row;
    const read = valuesOf(setting).map((value) => {
      const config = withValue(row, value);
      return { config, reading: readUrl({ search: writeSearch(config), hash: '' }) };
    });
    const clashing = read.filter(({ reading }) => reading.ignored.length > 0);
    for (const { config, reading } of read.filter((one) => !clashing.includes(one)))
      expect(reading.config).toEqual(config);
    expect(clashing.length > 0).toBe(CLASHING.includes(address));
  });

  it.each(named.filter(([, { setting }]) => setting.since))(
    '%s is not missed in a run from before it',
    (_, { path, setting }) => {
      const [section, key] = path as ['ppo' | 'dpo' | 'reward' | 'bestOf', string];
      const { [key]: today, ...stored } = presetConfig('tiny')[section] as Record<string, unknown>;
      expect(today).toBeDefined();
      expect(v.parse(settingsSchema(SETTINGS[section]), stored)).toEqual({ ...stored, [key]: setting.since!.before });
    },
  );

  it('has a key of its own in the address', () => {
    const keys = SETTING_ROWS.map(({ address }) => address);
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  });
});

describe('the forms', () => {
  const forms: Record<string, readonly { keys: readonly string[] }[]> = {
    model: MODEL_FORM,
    pretrain: [...PRETRAIN_MAIN, ...PRETRAIN_MORE, ...OPTIMIZER_FORM],
    finetune: [...FINETUNE_MAIN, ...FINETUNE_MORE, ...OPTIMIZER_FORM],
    reward: [...REWARD_FORM, ...OPTIMIZER_FORM],
    ppo: [...PPO_FORM, ...OPTIMIZER_FORM],
    dpo: [...DPO_FORM, ...OPTIMIZER_FORM],
    bestOf: BEST_OF_FORM,
  };
  /** they stand on the stage itself, in sight */
  const IN_SIGHT = [
    ...WHICH_REWARD_KEYS.flatMap((key) => [`ppo.${key}`, `bestOf.${key}`]),
    'reward.pooling',
    'ppo.learningRate',
    'ppo.klCoef',
    'dpo.loss',
    'dpo.beta',
    'dpo.labelSmoothing',
    'dpo.rpoAlpha',
  ];

  it.each(Object.keys(forms))('show every setting of %s once, or the stage does', (section) => {
    const shown = forms[section]!.flatMap(({ keys }) => keys);
    const all = SETTING_ROWS.filter(({ path }) => path[0] === section && !IN_SIGHT.includes(path.join('.'))).map(
      ({ path }) => path.at(-1),
    );
    expect([...shown].sort()).toEqual(all.sort());
  });
});

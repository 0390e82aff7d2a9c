/**
 * What a row of the table of settings says. Everything else follows from it: the types of a configuration (`Values`),
 * what the thread lets in and what an address may say (formats/schemas.ts), the fields of a form and what they answer
 * to bad input (`refusal`), the name of a setting in a comparison of two runs, and the knobs that a stored run
 * remembers.
 */

import { inWords } from '../limits';

export const PRESETS = ['tiny', 'small', 'medium'] as const;
export type PresetName = (typeof PRESETS)[number];

export type Value = number | string | boolean;
/** the other settings of a section */
export type Section = Readonly<Record<string, unknown>>;

/** what a new experiment begins with; by the model's size where it depends on that */
export type Default<T extends Value> = T | Readonly<Record<PresetName, T>>;

interface Row<T extends Value> {
  default: Default<T>;
  /** on the page; the accessible name of its control */
  label: string;
  /** its letter in the papers */
  symbol?: string;
  /** one line under the control: what it does, or where the default comes from */
  hint?: string;
  /** who proposed it */
  source?: string;
  /** in a comparison of two runs; its key in words unless this is given, as `valueCoef` is "value coef" */
  words?: string;
  /** its name in the address, where its key alone would be taken or unclear */
  address?: string;
  /**
   * it acts while a run goes on. Runs that were saved before `since` remember nothing of it and go on with what they
   * were set to
   */
  live?: { mark: string; since?: string };
  /** the day from which on runs have it; those stored before did with `before` */
  since?: { date: string; before: T };
  /** without effect under other settings of its section unless this holds: then it is greyed, not hidden */
  actsWhen?: (section: Section) => boolean;
}

/** What a number may be: what a browser tab survives, not what is wise. Diverging is a lesson too. */
export interface Bounds {
  min: number;
  max: number;
  integer?: boolean;
  /** the bound that is itself too far */
  excludes?: 'min' | 'max';
  /** what to say below `min`, where the number alone would not tell why */
  tooLow?: string;
}

export interface NumberSetting extends Row<number>, Bounds {
  kind: 'number';
  /**
   * the stretch that a slider covers, and how far one press of a key goes: of a factor of ten where the scale is
   * logarithmic
   */
  slider?: { min: number; max: number; step: number; scale?: 'log' };
  /** how far the arrows of a typed field go */
  step?: number;
}

export interface SwitchSetting extends Row<boolean> {
  kind: 'switch';
}

export interface ChoiceSetting extends Row<string> {
  kind: 'choice';
  /** what the page calls each, in its order; a plain list where the page has sentences of its own for them */
  options: Readonly<Record<string, string>> | readonly string[];
}

export type Setting = NumberSetting | SwitchSetting | ChoiceSetting;
/** Settings of one section by their keys, in the order in which runs and addresses are written. */
export interface Settings {
  readonly [key: string]: Setting | Settings;
}

/** Which of a section's settings the page shows together, under which titles. */
export type Form<Rows> = readonly { title: string; keys: readonly (keyof Rows & string)[] }[];

type OptionOf<O> = O extends readonly (infer Name)[] ? Name : keyof O & string;

export type ValueOf<S> = S extends { kind: 'number' }
  ? number
  : S extends { kind: 'switch' }
    ? boolean
    : S extends { kind: 'choice'; options: infer O }
      ? OptionOf<O>
      : Values<S>;

/** The configuration that some settings describe: `PpoConfig` is `Values<typeof PPO>`. */
export type Values<Rows> = { -readonly [Key in keyof Rows]: ValueOf<Rows[Key]> };

type Plain<S> = Omit<S, 'kind'>;

export const number = <const S extends Plain<NumberSetting>>(row: S) => ({ kind: 'number' as const, ...row });
export const integer = <const S extends Plain<NumberSetting>>(row: S) => ({
  kind: 'number' as const,
  integer: true,
  ...row,
});
export const toggle = <const S extends Plain<SwitchSetting>>(row: S) => ({ kind: 'switch' as const, ...row });
export const choice = <const S extends Plain<ChoiceSetting>>(row: S & { default: OptionOf<S['options']> }) => ({
  kind: 'choice' as const,
  ...(row as S),
});

export const between = (min: number, max: number) => ({ min, max });
/** a probability */
export const SHARE = between(0, 1);
/** of a batch, a group, a draw: what the memory of a tab holds */
export const ROWS = between(1, 1024);
export const STEPS = between(1, 1_000_000);
export const RATE = between(0, 10);

export const isSetting = (entry: Setting | Settings): entry is Setting => typeof entry.kind === 'string';

export const optionsOf = ({ options }: ChoiceSetting): readonly string[] =>
  Array.isArray(options) ? options : Object.keys(options);

/** @returns false for a setting that the others of its section leave without effect */
export const acts = ({ actsWhen }: Setting, section: Section): boolean => actsWhen?.(section) ?? true;

/** a limit may be 0.000001, which is not to be rounded */
const asWritten = (limit: number): string => (Number.isInteger(limit) ? inWords(limit) : String(limit));

/** Every way that a number can be refused, said the same by form, address and thread; null when it may be. */
export function refusal({ min, max, integer, excludes, tooLow }: Bounds, value: unknown): string | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'A number, please.';
  if (integer && !Number.isInteger(value)) return 'A whole number, please.';
  if (value < min || (excludes === 'min' && value === min))
    return tooLow ?? `${excludes === 'min' ? 'Above' : 'At least'} ${asWritten(min)}.`;
  if (value > max || (excludes === 'max' && value === max))
    return `${excludes === 'max' ? 'Below' : 'At most'} ${asWritten(max)}.`;
  return null;
}

/** a reason as a sentence of its own */
export const asSentence = (reason: string): string =>
  `${reason.charAt(0).toUpperCase()}${reason.slice(1)}${reason.endsWith('.') ? '' : '.'}`;

/** @returns what a new experiment of this size begins with, a fresh object */
export function defaultsOf<Rows extends Settings>(rows: Rows, preset: PresetName): Values<Rows> {
  const all = Object.entries(rows).map(([key, entry]) => [
    key,
    isSetting(entry) ? defaultOf(entry, preset) : defaultsOf(entry, preset),
  ]);
  return Object.fromEntries(all) as Values<Rows>;
}

/**
 * @returns the settings of a run as they held, also those that are younger than it; in the order of the rows, so that
 * two runs compare
 */
export function asHeld(rows: Settings, config: Section): Section {
  const known = Object.entries(rows).flatMap(([key, row]) => {
    const value = config[key] ?? (isSetting(row) ? row.since?.before : undefined);
    return value === undefined ? [] : [[key, value] as const];
  });
  return { ...Object.fromEntries(known), ...config };
}

const defaultOf = ({ default: value }: Setting, preset: PresetName): Value =>
  typeof value === 'object' ? value[preset] : value;

/**
 * An experiment as an address says it: flat keys, a text each. What makes no sense, or does not go together, is left at
 * its preset and told.
 */
import * as v from 'valibot';
import { type LabConfig, presetConfig } from '../contract/config';
import { CLASHES } from '../contract/settings/clashes';
import { SETTING_ROWS } from '../contract/settings/table';
import { settingTextSchema } from './schemas';

/** Where a key of the address lives in the configuration, and which values it may take. */
export interface UrlKey {
  /** dotted path in LabConfig */
  path: string;
  schema: v.GenericSchema<string, unknown>;
}

/** Every key of the address, flat and readable. What is not here is ignored. */
export const URL_KEYS: Readonly<Record<string, UrlKey>> = Object.fromEntries(
  SETTING_ROWS.map(({ path, address, setting }) => [
    address,
    { path: path.join('.'), schema: settingTextSchema(setting) },
  ]),
);

const ADDRESS_OF = new Map(Object.entries(URL_KEYS).map(([key, { path }]) => [path, key]));

type Tree = { [key: string]: unknown };

/** the object that holds a path's last step, and that step; paths come from URL_KEYS only, never from the address */
function holderOf(config: LabConfig, path: string): [Tree, string] {
  const steps = path.split('.');
  const last = steps.pop() as string;
  return [steps.reduce((tree, step) => tree[step] as Tree, config as unknown as Tree), last];
}
export const readPath = (config: LabConfig, path: string): unknown => {
  const [tree, last] = holderOf(config, path);
  return tree[last];
};
const writePath = (config: LabConfig, path: string, value: unknown): void => {
  const [tree, last] = holderOf(config, path);
  tree[last] = value;
};

/** Keys of an address whose values were left at their defaults, and why, in words. */
export interface Refused {
  keys: string[];
  why: string;
}

/** @param pairs keys among URL_KEYS */
export function readExperiment(pairs: ReadonlyMap<string, string>): { config: LabConfig; refused: Refused[] } {
  const refused: Refused[] = [];
  const values = new Map<string, unknown>();
  for (const [key, text] of pairs) {
    const read = v.safeParse((URL_KEYS[key] as (typeof URL_KEYS)[string]).schema, text);
    if (read.success) values.set(key, read.output);
    else refused.push({ keys: [key], why: read.issues[0].message });
  }
  const config = presetConfig((values.get('preset') as LabConfig['preset'] | undefined) ?? 'tiny');
  for (const [key, value] of values) writePath(config, (URL_KEYS[key] as (typeof URL_KEYS)[string]).path, value);
  return { config, refused: [...refused, ...settleClashes(config, new Set(values.keys()))] };
}

/** Takes back to the preset what does not go together, and again what then no longer goes with the rest. */
export function settleClashes(config: LabConfig, given: ReadonlySet<string>): Refused[] {
  const clashes = CLASHES.map(({ paths, reason }) => ({ paths, why: reason(config) })).filter(
    ({ why }) => why !== null,
  );
  if (clashes.length === 0) return [];
  const defaults = presetConfig(config.preset);
  for (const path of clashes.flatMap(({ paths }) => paths)) writePath(config, path, readPath(defaults, path));
  const refused = clashes.map(({ paths, why }) => ({
    keys: paths.map((path) => ADDRESS_OF.get(path) as string).filter((key) => given.has(key)),
    why: why as string,
  }));
  return [...refused.filter(({ keys }) => keys.length > 0), ...settleClashes(config, given)];
}

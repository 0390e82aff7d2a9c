/** What two runs have different, in words: "β 0.05 → 0; else the same". */
import type { Recipe, RunSpec } from '../../contract/domain';
import type { OwnTaste } from '../../contract/ownTaste';
import { asHeld, type Section } from '../../contract/settings/setting';
import { SETTING_ROWS, SETTINGS } from '../../contract/settings/table';
import { tasteInWords } from '../opinions/tasteInWords';

type Value = string | number | boolean | null;

/** how things are called where their names in the code are not what people say; settings say it in their table */
const WORDS: ReadonlyMap<string, string> = new Map([
  ...SETTING_ROWS.flatMap(({ path, setting: { words } }) =>
    words === undefined ? [] : [[path.at(-1) as string, words] as const],
  ),
  ['baseId', 'base model'],
  ['rewardId', 'reward model'],
  ['startId', 'first policy'],
  ['valueId', 'first critic'],
  ['name', 'rater'],
  ['taste', 'taste of the rater'],
]);

/** `valueModel` → "value model" */
const spoken = (name: string): string =>
  WORDS.get(name) ?? name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

export const METHODS: Record<RunSpec['kind'], string> = {
  pretrain: 'pre-training',
  finetune: 'fine-tuning',
  reward: 'a reward model',
  ppo: 'PPO',
  dpo: 'DPO',
  bestOf: 'best of N',
};

/**
 * Settings by name; what is inside another object keeps its own name, of a list only the length is said, and a taste in
 * words.
 */
function flatten(tree: object): Map<string, Value> {
  const flat = new Map<string, Value>();
  for (const [name, value] of Object.entries(tree) as [string, unknown][]) {
    if (name === 'taste') flat.set(name, tasteInWords(value as OwnTaste));
    else if (Array.isArray(value)) flat.set(name, value.length);
    else if (typeof value === 'object' && value !== null)
      for (const [inner, leaf] of flatten(value)) flat.set(inner, leaf);
    else if (value !== undefined) flat.set(name, value as Value);
  }
  return flat;
}

/** @param nameOf a checkpoint in words */
function say(name: string, value: Value | undefined, nameOf: (id: string) => string): string {
  if (value === undefined && name === 'round') return '1';
  if (value === undefined || value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'number') return String(Number(value.toPrecision(4)));
  return name.endsWith('Id') ? nameOf(value) : value;
}

/** with the settings that are younger than a run as they were for it */
function held(one: Partial<RunSpec | Recipe>): object {
  const { kind, config } = one;
  return kind && typeof config === 'object' && config !== null
    ? { ...one, config: asHeld(SETTINGS[kind], config as Section) }
    : one;
}

/** in the order of the second, which is the newer one as a rule */
function changesOf(before: object, after: object, nameOf: (id: string) => string): string[] {
  const [old, now] = [flatten(held(before)), flatten(held(after))];
  const names = new Set([...now.keys(), ...old.keys()]);
  names.delete('kind');
  return [...names]
    .filter((name) => old.get(name) !== now.get(name))
    .map((name) => `${spoken(name)} ${say(name, old.get(name), nameOf)} → ${say(name, now.get(name), nameOf)}`);
}

/**
 * @param nameOf a checkpoint's name by its id
 * @returns one sentence without its full stop; two methods are named first, and of their settings only those both have
 * are compared
 */
export function describeDifference(
  before: RunSpec | Recipe,
  after: RunSpec | Recipe,
  nameOf: (checkpointId: string) => string = (id) => id,
): string {
  if (before.kind === after.kind) {
    const changes = changesOf(before, after, nameOf);
    return changes.length === 0 ? 'the same settings' : `${changes.join(', ')}; else the same`;
  }
  const shared = (spec: RunSpec | Recipe) =>
    Object.fromEntries(Object.entries(spec).filter(([name]) => name !== 'config' && name in before && name in after));
  const changes = changesOf(shared(before), shared(after), nameOf);
  return [`${METHODS[before.kind]} → ${METHODS[after.kind]}`, ...changes].join(', ');
}

/** @returns every setting by its name in words, nested ones too */
export function settingsInWords(
  recipe: Recipe,
  nameOf: (checkpointId: string) => string,
): { name: string; value: string }[] {
  const { kind: _, ...settings } = recipe;
  return [...flatten(settings)].map(([name, value]) => ({ name: spoken(name), value: say(name, value, nameOf) }));
}

/** What a model remembers about how it was made. */
import type { DpoConfig, PpoConfig } from './config';
import type { Lineage, Recipe, RunSpec, Setting, SourceCounts } from './domain';
import { type Ranking, votesIn } from './preferences';
import { withoutIdleAdapters } from './settings/lora';
import { asksModel, asksRule } from './settings/whichReward';

/** lists become their lengths: a model does not carry the texts that it learned from */
function setting(value: unknown): Setting {
  if (Array.isArray(value)) return value.length;
  if (typeof value !== 'object' || value === null) return value as Setting;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => (inner === undefined ? [] : [[name, setting(inner)]])),
  );
}

/** votes and rankings are counted apart */
function settingsNamed([name, value]: [string, unknown]): [string, Setting][] {
  if (value === undefined) return [];
  if (name === 'config') return [[name, setting(withoutIdleAdapters(value as object))]];
  if (name !== 'opinions') return [[name, setting(value)]];
  const opinions = value as Ranking[];
  const votes = votesIn(opinions).length;
  return [
    ['votes', votes],
    ['rankings', opinions.length - votes],
  ];
}

/** votes, rankings and demonstrations alike */
function sourcesOf(spec: RunSpec): SourceCounts {
  const counts: SourceCounts = {};
  for (const list of Object.values(spec)) {
    if (!Array.isArray(list)) continue;
    for (const { source } of list as { source?: keyof SourceCounts }[])
      if (source) counts[source] = (counts[source] ?? 0) + 1;
  }
  return counts;
}

/** @returns the recipe itself where it is one already */
export const recipeOf = (spec: RunSpec | Recipe): Recipe =>
  Object.fromEntries(Object.entries(spec).flatMap(settingsNamed)) as unknown as Recipe;

export const lineageOf = (spec: RunSpec): Lineage => ({ recipe: recipeOf(spec), sources: sourcesOf(spec) });

/** @returns the model that the adapters of another were trained on; null where it has none, or does not know */
export function trunkIdOf({ adapter, lineage }: { adapter?: object; lineage: Lineage | null }): string | null {
  const recipe: Record<string, unknown> = { ...lineage?.recipe };
  const trunkId = recipe.startId ?? recipe.baseId;
  return adapter && typeof trunkId === 'string' ? trunkId : null;
}

const ADVANTAGE_NAMES: Record<PpoConfig['advantages'], string> = { gae: 'PPO', rloo: 'RLOO', grpo: 'GRPO' };
const LOSS_NAMES: Record<DpoConfig['loss'], string> = {
  ...{ sigmoid: 'DPO', sigmoidMean: 'DPO', robust: 'Robust DPO' },
  ...{ ipo: 'IPO', ipoMean: 'IPO', hinge: 'Hinge DPO' },
};

const short = (value: number): string => String(Number(value.toPrecision(3)));

const paidBy = (config: PpoConfig): string => (asksRule(config) ? (asksModel(config) ? ' by mix' : ' by rule') : '');

/** "PPO β = 0.05", "GRPO by rule β = 0"; where a thermostat chooses β, what it aims at */
export function ppoName(config: PpoConfig): string {
  const { advantages, klControl, klCoef, klTarget, ptxCoef } = config;
  const method = `${ADVANTAGE_NAMES[advantages]}${ptxCoef > 0 ? '-ptx' : ''}${paidBy(config)}`;
  const leash = klControl === 'adaptive' ? `KL target ${short(klTarget)}` : `β = ${short(klCoef)}`;
  return `${method} ${leash}`;
}

/** "DPO β = 0.1" */
export const dpoName = ({ loss, beta }: DpoConfig): string => `${LOSS_NAMES[loss]} β = ${short(beta)}`;

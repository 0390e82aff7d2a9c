/**
 * Every number that the lab shows, once: what it is called (labels.ts) and what it means, with the function that
 * computes it (explanations). Charts, tooltips, CSV and the glossary beside it read this table. Logarithms are natural;
 * sums and means run over real tokens only. (Vite reads this file with its configuration, and will ask for endings
 * there.)
 */
import type { Explanation } from './explanations/explanation';
import { PPO } from './explanations/ppo.ts';
import { PREFERENCES } from './explanations/preferences.ts';
import { TEXTS } from './explanations/texts.ts';
import { TRAINING } from './explanations/training.ts';
import { LABELS, type Label, type MetricId } from './labels.ts';

export { casesOf, isMetricId, type MetricId, type MetricValues } from './labels.ts';

export type Metric = Label & Explanation;

const EXPLANATIONS: Record<MetricId, Explanation> = { ...TRAINING, ...PREFERENCES, ...PPO, ...TEXTS };

export const METRICS = Object.fromEntries(
  Object.entries(LABELS).map(([id, label]) => [id, { ...label, ...EXPLANATIONS[id as MetricId] }]),
) as unknown as Readonly<Record<MetricId, Metric>>;

import { type ComponentType, lazy } from 'react';
import type { Stage } from '../../store/state';

/** What the pipeline calls a stage; the page of the stage has the same heading. */
export const HEADINGS: Record<Stage, string> = {
  start: 'Start',
  data: 'Data',
  pretrain: 'Pretrain',
  finetune: 'Fine-tune',
  compare: 'Compare',
  reward: 'Reward model',
  optimise: 'Optimise',
};

type Load = () => Promise<{ default: ComponentType }>;

/** Every stage is a chunk of its own, so that the first screen is small. */
const LOADERS: Record<Stage, Load> = {
  start: () => import('../panels/Start/Start').then(({ Start }) => ({ default: Start })),
  data: () => import('../panels/Data/Data').then(({ Data }) => ({ default: Data })),
  pretrain: () => import('../panels/Pretrain/Pretrain').then(({ Pretrain }) => ({ default: Pretrain })),
  finetune: () => import('../panels/FineTune/FineTune').then(({ FineTune }) => ({ default: FineTune })),
  compare: () => import('../panels/Compare/Compare').then(({ Compare }) => ({ default: Compare })),
  reward: () => import('../panels/Reward/Reward').then(({ Reward }) => ({ default: Reward })),
  optimise: () => import('../panels/Optimise/Optimise').then(({ Optimise }) => ({ default: Optimise })),
};

export const PANELS: Record<Stage, ComponentType> = {
  start: lazy(LOADERS.start),
  data: lazy(LOADERS.data),
  pretrain: lazy(LOADERS.pretrain),
  finetune: lazy(LOADERS.finetune),
  compare: lazy(LOADERS.compare),
  reward: lazy(LOADERS.reward),
  optimise: lazy(LOADERS.optimise),
};

export const InspectDrawer = lazy(() => import('../panels/Inspect/Inspect').then(({ Inspect }) => ({ default: Inspect })));

export const CheckpointsDrawer = lazy(() =>
  import('../panels/Checkpoints/Checkpoints').then(({ Checkpoints }) => ({ default: Checkpoints })),
);

/** Fetches the other stages while the visitor reads the first one, so that going there is instant. */
export function prefetchStages(): () => void {
  const fetchAll = () => void Promise.allSettled(Object.values(LOADERS).map((load) => load()));
  const timer = setTimeout(fetchAll, 1500);
  return () => clearTimeout(timer);
}
